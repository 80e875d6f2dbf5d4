"""What the rules found, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from diskarte.networks import all_networks

from . import rules
from .rules.market import Market

PRICE_LEVELS = {
    "low": gettext_lazy("low"),
    "middle": gettext_lazy("in the middle"),
    "high": gettext_lazy("high"),
}
FACTORS = {
    "presence": gettext_lazy("Presence"),
    "followers": gettext_lazy("Followers"),
    "posts_a_week": gettext_lazy("Posts a week"),
    "engagement": gettext_lazy("Engagement a post"),
    "usual": gettext_lazy("Engagement of a usual post"),
    "price_level": gettext_lazy("Price level"),
    "said": gettext_lazy("Noted by hand"),
}
COUNTED = ("followers", "posts_a_week", "usual", "engagement")  # what a number stands for
WHY = {
    "ours": gettext_lazy("our own number is not known yet"),
    "theirs": gettext_lazy("nobody has written down their numbers yet"),
    "both": gettext_lazy("neither number is known yet"),
    "sample": gettext_lazy("it is not known on how many posts the numbers were counted"),
    "old": gettext_lazy("their numbers are more than 90 days old"),
}


QUESTIONS = {
    "idea": (
        gettext_lazy("What is the business, in one breath?"),
        gettext_lazy("A neighbourhood café where Benguet farmers are named on every cup."),
    ),
    "sells": (
        gettext_lazy("What does the customer buy?"),
        gettext_lazy("a café with Philippine single-origin coffee"),
    ),
    "customers": (gettext_lazy("For whom?"), gettext_lazy("people of 22 to 40 working near Katipunan")),
    "need": (
        gettext_lazy("What are they missing?"),
        gettext_lazy("want a good place to work that does not rush them"),
    ),
    "promise": (
        gettext_lazy("What do they get here and nowhere else?"),
        gettext_lazy("lets them taste and learn where their coffee grows"),
    ),
    "proof": (
        gettext_lazy("Why should anyone believe it?"),
        gettext_lazy("we buy direct from three farms and print the price we paid"),
    ),
    "earns": (
        gettext_lazy("How does money come in?"),
        gettext_lazy("Drinks 70 %, beans 20 %, workshops 10 % of sales."),
    ),
    "price_level": (gettext_lazy("How do our prices stand beside others?"), ""),
    "mission": (
        gettext_lazy("What would be missing in the world without us?"),
        gettext_lazy("Farmers who are paid and known for their coffee."),
    ),
    "tone": (
        gettext_lazy("How do we sound?"),
        gettext_lazy("Warm, a little playful, never posh; Taglish is welcome."),
    ),
}

PLACES = {
    "customers": gettext_lazy("whom"),
    "need": gettext_lazy("what they are missing"),
    "sells": gettext_lazy("what they buy"),
    "promise": gettext_lazy("what only you give them"),
    "proof": gettext_lazy("why it is true"),
}


@dataclass(frozen=True)
class Question:
    """One question of the canvas with an example answer."""

    field: str
    ask: str
    example: str


def questions() -> list[Question]:
    """The questions of the canvas in the reader's language, in their order."""
    return [Question(field, str(ask), str(example)) for field, (ask, example) in QUESTIONS.items()]


def answered(canvas: Any) -> list[tuple[Question, str]]:
    """Every question with the brand's answer as people read it; empty where there is none."""
    level = str(PRICE_LEVELS.get(canvas.price_level, ""))
    return [(q, level if q.field == "price_level" else getattr(canvas, q.field)) for q in questions()]


def levels() -> list[tuple[str, str]]:
    """Price levels to choose from."""
    return [("", "–"), *((code, str(word)) for code, word in PRICE_LEVELS.items())]


def networks(handles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Networks to choose from: where the competitor is known to be, then all we can speak to."""
    return [(name, network(name)) for name in dict.fromkeys([*handles, *all_networks()])]


@dataclass(frozen=True)
class Said:
    """One line of the comparison as a person reads it: the sentence, and the number or source it rests on."""

    verdict: str  # ahead, behind, same, different, unknown
    factor: str
    network: str
    sentence: str
    evidence: str
    ours: float | None = None
    theirs: float | None = None


@dataclass(frozen=True)
class Beside:
    """One number of all pages: what it is, ours, and theirs in the order of the competitors, each with its verdict."""

    factor: str
    network: str
    ours: float | None
    cells: list[tuple[float | None, str, str]]  # theirs, the verdict, who


def side_by_side(every: Mapping[str, Sequence[Said]]) -> list[Beside]:
    """The numbers of all competitors' lines (by name) as a table; a number nobody has of any of them is left out."""
    told = [{(s.factor, s.network): s for s in lines if s.factor in COUNTED} for lines in every.values()]
    keys = [(f, n) for f in COUNTED for n in dict.fromkeys(k[1] for row in told for k in row if k[0] == f)]
    rows = []
    for factor, name in keys:
        said = [row.get((factor, name)) for row in told]
        ours = next((s.ours for s in said if s is not None and s.ours is not None), None)
        pairs = [(s.theirs, s.verdict) if s is not None else (None, "unknown") for s in said]
        cells = [(*pair, who) for pair, who in zip(pairs, every, strict=True)]
        if any(value is not None for value, _verdict in pairs):
            rows.append(Beside(str(FACTORS[factor]), network(name), ours, cells))
    return rows


def line(found: rules.Line) -> Said:
    """A line of the comparison in words."""
    where = network(found.network)
    factor = str(FACTORS[found.factor])
    return Said(
        found.verdict,
        found.factor,
        found.network,
        _sentence(found, factor, where),
        _evidence(found),
        found.ours,
        found.theirs,
    )


SPELT = {"tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn", "whatsapp": "WhatsApp"}


def network(name: str) -> str:
    """How people call a network; one we do not know keeps the name it was given."""
    known = all_networks().get(name)
    return known.name.partition(" (")[0] if known else SPELT.get(name, name.replace("_", " ").title())


def statement(name: str, answers: Mapping[str, str]) -> str:
    """The positioning statement; what is missing stands in brackets."""
    told = {key: rules.phrase(answers.get(key, "")) or f"[{PLACES[key]}]" for key in rules.STATEMENT}
    return _("For %(customers)s who %(need)s, %(name)s is %(sells)s that %(promise)s, because %(proof)s.") % {
        "name": name,
        **told,
    }


def _sentence(found: rules.Line, factor: str, where: str) -> str:
    if found.factor == "said":
        return found.text
    if found.factor == "price_level":
        return _price(found)
    if found.factor == "presence" and found.verdict == "behind":
        return _("They are on %(network)s, we are not.") % {"network": where}
    if found.factor == "presence":
        return _("%(network)s: cannot tell, %(why)s.") % {"network": where, "why": WHY[found.why]}
    facts = {"factor": factor, "network": where, "ours": number(found.ours), "theirs": number(found.theirs)}
    if found.verdict == "unknown":
        return _("%(factor)s on %(network)s: cannot tell, %(why)s.") % {**facts, "why": WHY[found.why]}
    return _("%(factor)s on %(network)s: ours %(ours)s, theirs %(theirs)s.") % facts


def _price(found: rules.Line) -> str:
    levels = [str(PRICE_LEVELS.get(level, level)) for level in found.text.split()]
    if found.verdict == "unknown":
        return _("Their price level is %(level)s; ours is not written down.") % {"level": levels[0]}
    if found.verdict == "same":
        return _("Both price levels are %(level)s.") % {"level": levels[0]}
    return _("Our price level is %(ours)s, theirs is %(theirs)s.") % {"ours": levels[0], "theirs": levels[1]}


def _evidence(found: rules.Line) -> str:
    parts = []
    if found.low is not None and found.high is not None and found.factor != "followers":
        between = {"low": number(found.low), "high": number(found.high)}
        parts.append(_("ours is %(low)s to %(high)s times theirs, in 9 of 10 cases") % between)
    if found.verdict == "same" and found.factor not in ("price_level", "presence"):
        parts.append(_("the difference is not larger than chance"))
    parts.append(found.source or (_("your own note") if found.factor == "said" else ""))
    if found.at is not None:
        parts.append(format_date(timezone.localtime(found.at), "d MMM y", locale=_locale()))
    return ", ".join(part for part in parts if part)


def number(value: float | None) -> str:
    """A number for a sentence: whole from ten on, one decimal below; unknown is a dash."""
    if value is None:
        return "–"
    pattern = "#,##0" if value >= 10 or value == int(value) else "#,##0.0"
    return str(format_decimal(value, pattern, locale=_locale()))


def _locale() -> str:
    return (get_language() or "en").replace("-", "_")


def finding(found: Market, name: str) -> str:
    """What one network's comparison says, in one sentence."""
    ours = next((side for side in found.sides if side.is_ours), None)
    best = next((side for side in found.sides if side.level and not side.is_ours), None)
    if best is None or best.level is None:
        return _("How often they post is known; what their posts bring is not.")
    facts = {"rival": best.page, "theirs": number(best.level.typical), "name": name}
    if ours is None or ours.level is None:
        return _("A usual post of %(rival)s brings %(theirs)s. Ours are not known here yet.") % facts
    facts["ours"] = number(ours.level.typical)
    if set(best.level.letters) & set(ours.level.letters):
        return (
            _(
                "A usual post brings %(rival)s %(theirs)s and us %(ours)s: the difference is not larger than chance."
            )
            % facts
        )
    if best.level.typical > ours.level.typical:
        return _("A usual post of %(rival)s brings %(theirs)s, ours %(ours)s: they are ahead.") % facts
    return (
        _("Ours are ahead: a usual post brings us %(ours)s, and %(rival)s, the next one, %(theirs)s.") % facts
    )
