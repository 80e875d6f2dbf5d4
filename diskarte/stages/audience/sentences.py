"""What the rules found, as sentences in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from .rules.hooks import FEW, Score

TRIGGERS = {
    "curiosity": (gettext_lazy("Curiosity"), gettext_lazy("opens a question they want answered")),
    "loss": (gettext_lazy("Fear of missing"), gettext_lazy("shows what it costs to do nothing")),
    "proof": (gettext_lazy("Proof"), gettext_lazy("numbers, reviews, before and after")),
    "identity": (gettext_lazy("Identity"), gettext_lazy("«this is for people like me»")),
    "belonging": (gettext_lazy("Belonging"), gettext_lazy("others like them are here already")),
    "ease": (gettext_lazy("Ease"), gettext_lazy("it takes less time or effort than they think")),
    "urgency": (gettext_lazy("Urgency"), gettext_lazy("a real reason to act today")),
    "novelty": (gettext_lazy("Novelty"), gettext_lazy("something that was not there before")),
    "savings": (gettext_lazy("Savings"), gettext_lazy("a clear gain in money")),
    "pride": (gettext_lazy("Pride"), gettext_lazy("makes them look good to others")),
    "story": (gettext_lazy("Story"), gettext_lazy("a person, a moment, a turn")),
}
# trigger → a pattern to fill in
FORMULAS = {
    "curiosity": gettext_lazy("Why … does … (and what to do instead)"),
    "loss": gettext_lazy("What … costs you every week"),
    "proof": gettext_lazy("We tried … for … days: here is what happened"),
    "identity": gettext_lazy("If you …, this is for you"),
    "belonging": gettext_lazy("Tag the one who always …"),
    "ease": gettext_lazy("… in … minutes, without …"),
    "urgency": gettext_lazy("Only until …, because …"),
    "novelty": gettext_lazy("New today: the first … in …"),
    "savings": gettext_lazy("… for the price of …"),
    "pride": gettext_lazy("Show us your …: the best one …"),
    "story": gettext_lazy("… came in with …. This is what happened next."),
}
STEPS = {
    "notice": (gettext_lazy("Notice us"), gettext_lazy("people who do not know us yet stop and look")),
    "weigh": (gettext_lazy("Weigh it"), gettext_lazy("people who know us find a reason to choose us")),
    "buy": (gettext_lazy("Buy"), gettext_lazy("people who have chosen do it today")),
    "return": (gettext_lazy("Come back"), gettext_lazy("people who bought come again or bring somebody")),
}
STATES = {"active": gettext_lazy("in use"), "resting": gettext_lazy("resting")}
ADVICE = {
    "keep": gettext_lazy("Keep using"), "test": gettext_lazy("Still to be tested"),
    "retire": gettext_lazy("Let it rest"), "rest": gettext_lazy("Resting"),
}  # fmt: skip
SOURCES = {
    "playbook": gettext_lazy("Playbook «%(name)s»: experience of the trade, not measured"),
    "customers": gettext_lazy("Drawn from your purchases"),
    "": gettext_lazy("Written by hand"),
}
QUESTIONS = {
    "summary": gettext_lazy("who it is, in one sentence"),
    "size": gettext_lazy("how many they are"),
    "places": gettext_lazy("where they are"),
    "languages": gettext_lazy("what they speak"),
    "jobs": gettext_lazy("what they try to get done"),
    "pains": gettext_lazy("what hurts"),
    "gains": gettext_lazy("what they hope for"),
    "objections": gettext_lazy("why they hesitate"),
    "awake": gettext_lazy("when they look at their phones"),
    "networks": gettext_lazy("which networks they use"),
    "evidence": gettext_lazy("how we know all this"),
}
# question → how to find out in an afternoon
ASK = {
    "summary": gettext_lazy("Describe the last three of them who came, in one sentence."),
    "size": gettext_lazy("Ads managers show how many fit before you pay; the census counts your town."),
    "places": gettext_lazy("Ask ten of them at the counter where they came from."),
    "languages": gettext_lazy("Read the last thirty comments: which language do they answer in?"),
    "jobs": gettext_lazy("Ask five: «what were you doing just before you came to us?»"),
    "pains": gettext_lazy("Read the one- and two-star reviews of everybody in your trade."),
    "gains": gettext_lazy("Read the five-star reviews: what do they thank for?"),
    "objections": gettext_lazy("Ask the last five who did not buy what kept them."),
    "awake": gettext_lazy("Look at the hours of their messages to you."),
    "networks": gettext_lazy("Ask ten: «where did you see us first?»"),
    "evidence": gettext_lazy("Talk with five of them and write down when; until then this is a guess."),
}
FIELDS = {
    "external_id": gettext_lazy("Customer number"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "name": gettext_lazy("Name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "joined_at": gettext_lazy("Since (date)"),
    "language": gettext_lazy("Language"),
    "place": gettext_lazy("Place"),
    "country": gettext_lazy("Country"),
    "consent": gettext_lazy("Consent"),
    "bought_at": gettext_lazy("Day of the purchase"),
    "amount": gettext_lazy("Amount paid"),
    "price": gettext_lazy("Price of one"),
    "quantity": gettext_lazy("How many"),
    "currency": gettext_lazy("Currency"),
    "order_no": gettext_lazy("Receipt or order number"),
    "item": gettext_lazy("What was bought"),
}
CONSENT = {"yes": gettext_lazy("agreed"), "no": gettext_lazy("said no"), "unknown": gettext_lazy("not known")}
REASONS = {
    "nobody": gettext_lazy("No e-mail, phone or customer number."),
    "email": gettext_lazy("«%(value)s» is not an e-mail address."),
    "phone": gettext_lazy("«%(value)s» is not a valid phone number."),
    "phone_cut": gettext_lazy(
        "The spreadsheet has cut the phone number to «%(value)s». Format the column as text."
    ),
    "date": gettext_lazy("«%(value)s» is not a date."),
    "language": gettext_lazy("«%(value)s» is not a language we know."),
    "consent": gettext_lazy("«%(value)s» says neither yes nor no to being contacted."),
    "forgotten": gettext_lazy("This person asked to be forgotten."),
    "bought_at": gettext_lazy("«%(value)s» is not the day of a purchase."),
    "amount": gettext_lazy("«%(value)s» is not an amount of money."),
    "quantity": gettext_lazy("«%(value)s» is not a number of things."),
    "extra": gettext_lazy("The row has more cells than the header: «%(value)s»."),
}
SHORT = {
    "nobody": gettext_lazy("no e-mail, phone or customer number"),
    "email": gettext_lazy("not an e-mail address"),
    "phone": gettext_lazy("not a valid phone number"),
    "phone_cut": gettext_lazy("phone number cut by the spreadsheet"),
    "date": gettext_lazy("not a date"),
    "language": gettext_lazy("not a known language"),
    "consent": gettext_lazy("consent neither yes nor no"),
    "forgotten": gettext_lazy("asked to be forgotten"),
    "bought_at": gettext_lazy("no day of a purchase"),
    "amount": gettext_lazy("not an amount of money"),
    "quantity": gettext_lazy("not a number of things"),
    "extra": gettext_lazy("more cells than the header"),
}

# cell → its name, who they are, what to do about them
CELLS = {
    "champions": (
        gettext_lazy("Champions"), gettext_lazy("They buy often, bought lately, and will bring the most."),
        gettext_lazy("Thank them first: early access, a small surprise, a reason to bring a friend."),
    ),
    "regulars": (
        gettext_lazy("Regulars"), gettext_lazy("They are here and come back at a steady pace."),
        gettext_lazy("Offer what goes with their usual, and something to try."),
    ),
    "waking": (
        gettext_lazy("Waking up"),
        gettext_lazy("Most likely still customers, but they come seldom or buy little so far."),
        gettext_lazy("Make the next visit easy: a second-purchase offer with a date on it."),
    ),
    "cooling": (
        gettext_lazy("Cooling down"), gettext_lazy("They used to come more often; the pause is getting long."),
        gettext_lazy("Remind them now, with the thing they bought most."),
    ),
    "slipping": (
        gettext_lazy("Slipping away"),
        gettext_lazy("Good customers who probably left, though much would come back with them."),
        gettext_lazy("Worth a personal message: ask what went wrong, and offer to make it good."),
    ),
    "lost": (
        gettext_lazy("Lost"), gettext_lazy("They bought more than once and have most likely stopped."),
        gettext_lazy("One last win-back offer; then save the money."),
    ),
    "new": (
        gettext_lazy("Newcomers"), gettext_lazy("They bought once, not long ago."),
        gettext_lazy("Welcome them: how to get the most of it, and a reason to come a second time."),
    ),
    "once": (
        gettext_lazy("Once only"), gettext_lazy("They bought once, a good while ago, and were not seen again."),
        gettext_lazy("Try one cheap reminder at the season they came in."),
    ),
}  # fmt: skip
FROM_PURCHASES = gettext_lazy("counted from your purchases")
CONDITIONS = {
    "bought": gettext_lazy("bought something with … in its name"),
    "since": gettext_lazy("bought within the last … days"),
    "not_since": gettext_lazy("silent for … days (bought before, not since)"),
    "times": gettext_lazy("bought on at least … days"),
    "spent": gettext_lazy("spent at least …"),
    "list": gettext_lazy("is on the list, or answered …"),
    "cell": gettext_lazy("is one of the customers called …"),
    "group": gettext_lazy("is in the group …"),
    "place": gettext_lazy("lives in …"),
    "language": gettext_lazy("speaks … (code, like fil)"),
    "joined": gettext_lazy("joined within the last … days"),
    "consent": gettext_lazy("agreed to hear from us: yes, no, unknown"),
    "email": gettext_lazy("has an e-mail"),
    "phone": gettext_lazy("has a phone"),
    "everybody": gettext_lazy("everybody we know"),
}
HOWS = {"and": gettext_lazy("and also"), "or": gettext_lazy("or else"), "not": gettext_lazy("but not")}
MISFITS = {
    "empty": gettext_lazy("A group needs at least one condition."),
    "many": gettext_lazy("A group has at most %(value)s conditions."),
    "condition": gettext_lazy("«%(value)s» is no condition we know."),
    "value": gettext_lazy("A condition is empty: say what it means."),
    "days": gettext_lazy("«%(value)s» is not a number of days."),
    "number": gettext_lazy("«%(value)s» is not a number."),
}
PLACES = {
    "people": gettext_lazy("people"), "purchases": gettext_lazy("purchases"), "lists": gettext_lazy("lists"),
    "spending": gettext_lazy("sums of purchases"), "value": gettext_lazy("forecasts"),
    "refused rows": gettext_lazy("refused rows"), "sketches": gettext_lazy("communities"),
    "waiting files": gettext_lazy("files that waited to be imported"),
}  # fmt: skip
REFUSED = {
    "few": gettext_lazy("%(n)s customers are too few for a forecast; it takes about 50."),
    "once": gettext_lazy("Only %(n)s customers came back a second time; a forecast takes about 20 of them."),
    "short": gettext_lazy("The purchases cover %(n)s weeks; a forecast takes at least 8."),
    "fit": gettext_lazy("These purchases follow no rhythm a forecast could be built on."),
}
OFTEN = (gettext_lazy("1 time"), "2", "3–4", "5–8", "9–16", "17+")
AGO = (
    gettext_lazy("this month"), gettext_lazy("1–3 months"), gettext_lazy("3–6 months"), gettext_lazy("6–12 months"),
    gettext_lazy("1–2 years"), gettext_lazy("longer"),
)  # fmt: skip


def misfit(code: str, value: str) -> str:
    """Why a rule of a group cannot be."""
    return str(MISFITS[code]) % {"value": value}


def refused(code: str, value: float) -> str:
    """Why the purchases carry no forecast."""
    return str(REFUSED[code]) % {"n": number_format(round(value))}


@dataclass(frozen=True)
class Tried:
    """A hook's score in words: a tone for the badge, the verdict, and the posts it stands on."""

    tone: str  # good, bad, plain, none
    says: str
    basis: str


def reason(code: str, value: str) -> str:
    """Why a row was not taken."""
    return str(REASONS[code]) % {"value": value}


def tried(score: Score) -> Tried:
    """«Better than your usual», with the interval and the number of posts; or «not tried yet»."""
    if score.mid is None or score.low is None or score.high is None:
        return Tried("none", _("not tried yet"), "")
    posts = ngettext("%(n)s post", "%(n)s posts", score.uses) % {"n": score.uses}
    if score.more is not None:
        posts = _("%(posts)s, about %(n)s more would tell") % {"posts": posts, "n": score.more}
    if score.verdict == "better":
        return Tried("good", _("works: %(mid)s") % {"mid": _percent(score.mid)}, posts)
    if score.verdict == "worse":
        return Tried("bad", _("does not work: %(mid)s") % {"mid": _percent(score.mid)}, posts)
    says = _("too early to tell") if score.uses < FEW else _("no clear difference")
    return Tried("plain", says, posts)


def _percent(factor: float) -> str:
    change = round((factor - 1) * 100)
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{number_format(abs(change))} %"


def source(text: str, titles: dict[str, str]) -> str:
    """Where a portrait or a hook comes from; `titles` are the playbooks' by name."""
    kind, _colon, name = text.partition(": ")
    if kind == "playbook":
        return str(SOURCES[kind]) % {"name": titles.get(name, name)}
    return str(SOURCES[text]) if text in SOURCES else text


def languages(codes: list[str]) -> str:
    """The names of languages, in the reader's own."""
    return ", ".join(language_names(codes).values())


def language_names(codes: list[str]) -> dict[str, str]:
    """Code → the language's name in the reader's own."""
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(get_language() or "en", sep="-").languages
    except (UnknownLocaleError, ValueError):
        names = Locale("en").languages
    return {code: names.get(code, code) for code in codes}
