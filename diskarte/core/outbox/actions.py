"""What a person can see of the outbox, and decide in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Moment
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import channels, machine, watch
from . import queue as lane
from .attempt import remembered
from .models import Attempt, Channel, Delivery

AGAIN = (
    "refused",
    "asked",
    "lost",
)  # a repeat of these cannot make two of it, or a person takes it on themselves


@dataclass(frozen=True)
class Happening:
    """One line of a delivery's story."""

    at: datetime
    what: str  # planned, tried, or the state it led to
    why: str = ""
    who: str = ""  # empty: the engine
    seconds: float | None = None  # how long an attempt took; None: nobody saw its end, or no attempt
    exchanges: list[dict[str, Any]] = field(default_factory=list)


@read(may="outbox.see")
def deliveries(
    who: Who, state: str | None = None, channel: int | None = None, limit: int = 50
) -> list[Delivery]:
    """What goes out, went out and did not, newest first."""
    rows = who.own(Delivery).select_related("channel", "brand")
    if state:
        rows = rows.filter(state__in=state.split(","))
    if channel:
        rows = rows.filter(channel=channel)
    return list(rows.order_by("-due_at", "-pk")[: max(1, min(limit, 1000))])


@read(may="outbox.see")
def troubles(who: Who) -> list[watch.Trouble]:
    """What should have gone out and did not, or waits for a person, each with what can be done."""
    return watch.troubles(clock.now(), who.brand)


@read(may="outbox.see")
def story(who: Who, delivery: int) -> list[Happening]:
    """Everything that happened to one delivery, in order, with what the network said."""
    row = who.one(Delivery, delivery)
    told = [Happening(row.made_at, "planned", f"{row.planned_at:%Y-%m-%d %H:%M} UTC")]
    told += [Happening(step.at, step.state, step.why, step.who) for step in row.steps.order_by("pk")]
    told += [_tried(attempt) for attempt in row.attempts.order_by("fence")]
    return sorted(told, key=lambda happening: happening.at)


def _tried(attempt: Attempt) -> Happening:
    seconds = (attempt.ended_at - attempt.started_at).total_seconds() if attempt.ended_at else None
    return Happening(
        attempt.started_at, attempt.outcome or "tried", attempt.why, "", seconds, list(attempt.exchanges)
    )


@write(may="outbox.edit", done="It is on its way again.")
def retry(who: Who, delivery: int) -> Delivery:
    """Try again at once what was refused, is late, or was given up."""
    row = _fresh(who, delivery)
    if row.state == "blocked" and row.channel.state != "ready":
        raise Problem(
            _("The channel has lost its permission."), do=_("Connect it again: then it goes out by itself.")
        )
    if row.state == "unknown":
        raise Problem(
            _("It may be out already; a repeat could make two of it."), do=row.do or _("Look first.")
        )
    if row.state not in (*AGAIN, "blocked", "queued"):
        raise Problem(_("There is nothing to try again: it is %s.") % row.state)
    return _done(row, lane.again(row, clock.now(), str(who.person or "")))


@write(may="outbox.edit")
def retry_safe(who: Who, channel: int | None = None) -> int:
    """Try again everything refused that surely did not go out; how many."""
    rows = who.own(Delivery).filter(state="refused", doubt_at=None)
    if channel:
        rows = rows.filter(channel=who.one(Channel, channel))
    return sum(lane.again(row, clock.now(), str(who.person or "")) for row in rows)


@write(may="outbox.edit", done="Cancelled.")
def cancel(who: Who, delivery: int) -> Delivery:
    """Do not send it, nor its first comment."""
    row = _fresh(who, delivery)
    if "cancelled" not in machine.MOVES[row.state]:
        raise Problem(_("It cannot be cancelled any more: it is %s.") % row.state)
    if row.memo.get("sent"):
        raise Problem(_("A part of it is out already."), do=_("Let it finish, then delete it."))
    person = str(who.person or "")
    return _done(row, machine.cancel(row, clock.now(), _("Cancelled by %s.") % person, person))


@write(may="outbox.edit", done="It has a new time.")
def reschedule(who: Who, delivery: int, due_at: Moment) -> Delivery:
    """Send it at another time."""
    row = _fresh(who, delivery)
    if row.state not in lane.CHANGEABLE:
        raise Problem(_("It cannot be moved any more: it is %s.") % row.state)
    return _done(row, lane.amend(row, clock.now(), due_at=due_at, who=str(who.person or "")))


@write(may="outbox.edit", done="We are looking.")
def look(who: Who, delivery: int) -> Delivery:
    """Have the worker find out at once whether a doubtful one is there."""
    row, now = _fresh(who, delivery), clock.now()
    if row.state != "unknown":
        raise Problem(_("There is no doubt about it: it is %s.") % row.state)
    network = networks.get(row.channel.network)
    if not remembered(row, now) and ("find" not in network.can or network.blind):
        raise Problem(_("%s cannot be asked whether it is there.") % network.name, do=row.do)
    return _done(row, machine.move(row, "unknown", now, do="", due_at=now))


@write(may="outbox.edit", done="Thank you, noted.")
def resolve(who: Who, delivery: int, there: bool, url: str | None = None) -> Delivery:
    """Say whether it is there: for a post made by hand, and for one nobody saw arrive."""
    row = _fresh(who, delivery)
    new = "sent" if there else {"unknown": "lost", "asked": "cancelled"}.get(row.state, "")
    if row.state not in ("unknown", "asked", "lost") or not new:
        raise Problem(_("There is nothing to decide: it is %s.") % row.state)
    link = _link(row, url) if there else ""
    person, now = str(who.person or ""), clock.now()
    says = _("It is there.") if there else _("It is not there.")
    if new == "cancelled":
        return _done(row, machine.cancel(row, now, says, person))
    facts = {"url": link} if there else {"why": says, "do": _("Try again, or leave it."), "doubt_at": None}
    with transaction.atomic():
        moved = machine.move(row, new, now, **facts)
        if moved:
            machine.step(row, now, says, person)
    return _done(row, moved)


def _link(row: Delivery, url: str | None) -> str:
    url = (url or "").strip()
    if url and not url.startswith(("https://", "http://")):
        raise Problem(
            _("«%s» is not a link.") % url[:80], do=_("Paste the address of the post."), field="url"
        )
    return url or row.url


@write(may="channels.edit", done="The channel rests.")
def pause(who: Who, channel: int) -> Channel:
    """Hold everything on one channel."""
    row: Channel = who.one(Channel, channel)
    channels.pause(row)
    return row


@write(may="channels.edit", done="The channel goes on.")
def resume(who: Who, channel: int) -> Channel:
    """Go on with what was held on one channel."""
    row: Channel = who.one(Channel, channel)
    channels.resume(row, clock.now())
    return row


def _fresh(who: Who, delivery: int) -> Delivery:
    row: Delivery = who.one(Delivery, delivery)
    return row


def _done(row: Delivery, moved: bool) -> Delivery:
    if not moved:
        row.refresh_from_db()
        raise Problem(_("It moved on meanwhile: it is %s now.") % row.state, do=_("Look again, then decide."))
    return row
