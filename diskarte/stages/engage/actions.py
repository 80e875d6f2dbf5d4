"""Every verb of the stage «engage»."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.people.who import Who
from diskarte.core.standing import Standing
from diskarte.words import Problem

from . import board, deals, inbox, rules
from . import telling as telling  # tells earlier stages who wrote under a post
from .models import Check, Deal, Message, Partner, Reply

KEEP = deals.KEEP
Kind = Literal["brand", "creator", "media", "community"]
DealKind = Literal["mutual", "barter", "paid", "guest"]
State = Literal["idea", "contacted", "agreed", "live", "checked", "done"]


@read(may="engage.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    return board.standing(who, clock.now())


@read(may="engage.see")
def partners(who: Who) -> list[board.PartnerCard]:
    """Everybody we know of, largest audience first, with the price for a thousand of their people."""
    return board.partners(who)


@read(may="engage.see")
def partner(who: Who, partner: int) -> Partner:
    """One partner."""
    row: Partner = who.one(Partner, partner)
    return row


@write(may="engage.edit", done=gettext_noop("{name} is in the list."))
def add_partner(
    who: Who, name: str, kind: Kind = "creator", audience: int | None = None, price: Decimal | None = None,
    topics: list[str] | None = None, contact: str = "", link: str = "", note: str = "",
) -> Partner:  # fmt: skip
    """Add somebody whose audience we would like to meet: a brand, a creator, a medium, a community."""
    row = Partner(brand=who.brand, currency=deals.currency(who), made_at=clock.now(), kind=kind)
    said = {"name": name, "contact": contact, "link": link, "note": note}
    deals.fill_partner(row, said, {"audience": audience, "price": price}, topics, whole=True)
    row.save()
    return row


@write(may="engage.edit", done=gettext_noop("Saved."))
def edit_partner(
    who: Who, partner: int, name: str = KEEP, kind: Kind | None = None, audience: int | None = None,
    price: Decimal | None = None, topics: list[str] | None = None, contact: str = KEEP, link: str = KEEP,
    note: str = KEEP, whole: bool = False,
) -> Partner:  # fmt: skip
    """Change a partner; what is not given stays. With `whole`, numbers that are left out become unknown."""
    row: Partner = who.one(Partner, partner)
    said = {"name": name, "contact": contact, "link": link, "note": note}
    row.kind = kind or row.kind
    deals.fill_partner(row, said, {"audience": audience, "price": price}, topics, whole)
    row.save()
    return row


@write(may="engage.edit", done=gettext_noop("Deleted."))
def delete_partner(who: Who, partner: int) -> None:
    """Delete a partner without deals."""
    row: Partner = who.one(Partner, partner)
    if row.deals.exists():
        raise Problem(_("There are deals with %(name)s.") % {"name": row.name}, do=_("Delete those first."))
    row.delete()


@read(may="engage.see")
def pipeline(who: Who) -> board.Pipeline:
    """All deals by state, with the balance of each and of all that are agreed on."""
    return board.pipeline(who)


@read(may="engage.see")
def deal(who: Who, deal: int) -> board.DealCard:
    """One deal with its balance, link, code and what was seen of it."""
    return board.card(who.one(Deal, deal), with_checks=True)


@write(may="engage.edit", done=gettext_noop("The idea is noted."))
def propose_deal(
    who: Who, partner: int, title: str, kind: DealKind = "mutual", give: str = "", give_value: Decimal | None = None,
    get: str = "", get_value: Decimal | None = None, due: date | None = None, link: str = "", promo_code: str = "",
    note: str = "",
) -> Deal:  # fmt: skip
    """Note an idea for a deal: what we give, what we get, and what each is worth."""
    row = Deal(brand=who.brand, partner=who.one(Partner, partner), currency=deals.currency(who), kind=kind)
    row.made_at = row.moved_at = clock.now()
    said = {"title": title, "give": give, "get": get, "link": link, "promo_code": promo_code, "note": note}
    deals.fill_deal(row, said, {"give_value": give_value, "get_value": get_value, "due": due}, whole=True)
    row.save()
    if not row.promo_code:
        row.promo_code = rules.promo_code(row.partner.name, row.pk)
        row.save()
    return row


@write(may="engage.edit", done=gettext_noop("Saved."))
def edit_deal(
    who: Who, deal: int, title: str = KEEP, kind: DealKind | None = None, give: str = KEEP,
    give_value: Decimal | None = None, get: str = KEEP, get_value: Decimal | None = None, due: date | None = None,
    link: str = KEEP, promo_code: str = KEEP, note: str = KEEP, whole: bool = False,
) -> Deal:  # fmt: skip
    """Change a deal; what is not given stays. With `whole`, values and the day become unknown when left out."""
    row: Deal = who.one(Deal, deal)
    said = {"title": title, "give": give, "get": get, "link": link, "promo_code": promo_code, "note": note}
    row.kind = kind or row.kind
    deals.fill_deal(row, said, {"give_value": give_value, "get_value": get_value, "due": due}, whole)
    deals.keep(who, row)
    return row


@write(may="engage.edit", done=gettext_noop("Moved."))
def move_deal(who: Who, deal: int, state: State) -> Deal:
    """Move a deal along the pipeline: idea, contacted, agreed, live, checked, done. An agreed day enters the plan."""
    row: Deal = who.one(Deal, deal)
    lacks = rules.lacks(state, give=row.give, get=row.get, due=row.due is not None, proof=bool(row.proof))
    if lacks:
        raise Problem(
            deals.lacking(lacks), kept=_("The deal stays where it was."), do=_("Fill it in, then move it.")
        )
    row.state, row.moved_at = state, clock.now()
    deals.keep(who, row)
    return row


@write(may="engage.edit", done=gettext_noop("Noted."))
def check_deal(who: Who, deal: int, there: bool, url: str = "", note: str = "") -> Check:
    """Say whether the partner's post is there, with its link as proof; a live deal is then checked."""
    row: Deal = who.one(Deal, deal)
    link = deals.link(url, "url") or row.proof
    if there and not link:
        raise Problem(_("A proof needs the link of their post."), do=_("Paste it."), field="url")
    found = Check(
        deal=row, at=clock.now(), there=there, url=link, note=note.strip()[:300], by=deals.person(who)
    )
    found.save()
    if there:
        row.proof = link
        if row.state == "live":
            row.state, row.moved_at = "checked", clock.now()
        row.save()
    return found


@write(may="engage.edit", done=gettext_noop("Deleted."))
def delete_deal(who: Who, deal: int) -> None:
    """Delete a deal and take its day out of the plan."""
    deals.delete(who, who.one(Deal, deal))


@read(may="engage.see")
def letter(who: Who, partner: int, deal: int | None = None) -> str:
    """The first message to a partner, filled with what the brand and the deal say; unknown lines are left out."""
    return deals.letter(who, who.one(Partner, partner), who.one(Deal, deal) if deal else None)


@read(may="engage.see")
def messages(
    who: Who, state: str = "open", channel: int | None = None, mine: bool = False, limit: int = 100
) -> list[inbox.Card]:
    """What people wrote under our posts, newest first: open, done, or all with an empty state."""
    return inbox.cards(who, state, channel, mine, limit)


@read(may="engage.see")
def inbox_counts(who: Who) -> inbox.Counts:
    """How many messages are open, done and mine, and how long people wait for an answer."""
    return inbox.counts(who)


@read(may="engage.see")
def colleagues(who: Who) -> list[tuple[int, str]]:
    """Who a message can be assigned to."""
    return inbox.colleagues(who)


@write(may="engage.edit", done=gettext_noop("The answer is on its way."))
def reply(who: Who, message: int, text: str) -> Reply:
    """Answer a message: through the outbox, once; the message is then done."""
    return inbox.reply(who, who.one(Message, message), text)


@write(may="engage.edit", done=gettext_noop("Saved."))
def assign(who: Who, message: int, person: int | None = None) -> Message:
    """Give a message to a colleague, or to nobody."""
    return inbox.assign(who, who.one(Message, message), person)


@write(may="engage.edit", done=gettext_noop("Saved."))
def label(who: Who, message: int, label: str = "") -> Message:
    """Put one word on a message; an empty one takes it off."""
    row: Message = who.one(Message, message)
    row.label = label.strip()[:40]
    row.save()
    return row


@write(may="engage.edit", done=gettext_noop("Done."))
def close(who: Who, message: int, done: bool = True) -> Message:
    """A message needs no answer (any more), or does again."""
    row: Message = who.one(Message, message)
    row.state = "done" if done else "open"
    row.save()
    return row


@write(may="engage.edit", done=gettext_noop("We look for new messages; they appear in a minute."))
def read_inbox(who: Who) -> int:
    """Have the worker read what people wrote under our posts now; how many posts it will look under."""
    return inbox.soon(who, clock.now())
