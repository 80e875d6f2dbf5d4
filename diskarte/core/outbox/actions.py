"""What a person can see of the outbox, and decide in it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from diskarte import networks
from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Moment
from diskarte.core.people.who import Stranger, Who
from diskarte.core.secrets import Secrets
from diskarte.words import Problem, Sent
from diskarte.words import Told as _

from . import channels, doubt, dryrun, ledger, machine, notices, outlook, watch
from . import queue as lane
from .attempt import remembered
from .models import Alarm, Attempt, Channel, Delivery, Listener, Notice

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


@dataclass(frozen=True)
class Detail:
    """One delivery whole: itself, what comes next, and the parts of its thread that are out."""

    delivery: Delivery
    next: outlook.Next | None
    parts: list[outlook.Part]


@dataclass(frozen=True)
class Shown:
    """A secret that is shown this one time."""

    url: str
    secret: str


@read(may="outbox.see")
def deliveries(
    who: Who, state: str | None = None, channel: int | None = None, start: Moment | None = None,
    end: Moment | None = None, search: str = "", limit: int = 50, offset: int = 0,
) -> list[Delivery]:  # fmt: skip
    """What goes out, went out and did not, newest first: by state, channel, period or words."""
    rows = ledger.found(who, ledger.Asked(state or "", channel, start, end, search))
    first = max(0, offset)
    return list(rows[first : first + max(1, min(limit, 1000))])


@read(may="outbox.see")
def tally(
    who: Who, channel: int | None = None, start: Moment | None = None, end: Moment | None = None, search: str = ""
) -> dict[str, int]:  # fmt: skip
    """How many deliveries are in each state, of a channel, a period or some words."""
    return ledger.tally(ledger.found(who, ledger.Asked("", channel, start, end, search)))


@read(may="outbox.see")
def export(
    who: Who, state: str | None = None, channel: int | None = None, start: Moment | None = None,
    end: Moment | None = None, search: str = "",
) -> str:  # fmt: skip
    """The same list as CSV, times on the brand's clock; at most 10,000 rows."""
    rows = ledger.found(who, ledger.Asked(state or "", channel, start, end, search))
    return ledger.as_csv(rows[: ledger.MOST], who.brand.zone if who.brand else None)


@read(may="outbox.see")
def detail(who: Who, delivery: int) -> Detail:
    """One delivery: where it stands, what happens next and when, and the ids of a thread's parts."""
    row = who.own(Delivery).select_related("channel", "after", "brand").filter(pk=delivery).first()
    if row is None:
        raise Stranger
    return Detail(row, outlook.coming(row, clock.now()), outlook.parts(row))


@read(may="outbox.see")
def places(who: Who) -> list[tuple[int, str]]:
    """The channels things go out on: (id, name)."""
    return [(row.pk, str(row)) for row in who.own(Channel).order_by("network", "name")]


@read(may="outbox.see")
def dry_run(who: Who, until: Moment | None = None, channel: int | None = None) -> list[dryrun.Line]:
    """What would happen until then (a week, if not said): when, where, which calls, and what stands in the way."""
    now = clock.now()
    return dryrun.run(who, now, _not_too_far(now, until), channel)


@read(may="outbox.see")
def dry_run_csv(who: Who, until: Moment | None = None, channel: int | None = None) -> str:
    """The dry run as CSV, times on the brand's clock."""
    now = clock.now()
    lines = dryrun.run(who, now, _not_too_far(now, until), channel)
    return dryrun.as_csv(lines, who.brand.zone if who.brand else None)


def _not_too_far(now: datetime, until: datetime | None) -> datetime:
    until = until or now + timedelta(days=7)
    if not now < until <= now + timedelta(days=400):
        raise Problem(_("Choose a moment within the next 400 days."), field="until")
    return until


@read(may="outbox.see")
def troubles(who: Who, limit: int = 100) -> list[watch.Trouble]:
    """What should have gone out and did not, or waits for a person, each with what can be done."""
    return watch.troubles(clock.now(), who.brand, max(1, min(limit, 1000)))


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
    if row.after and row.after.state == "lost":
        raise Problem(_("What it belongs to did not arrive."), do=machine.send_that_first())
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
    return _done(row, machine.cancel(row, clock.now(), _("Cancelled by %(person)s.", person=person), person))


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
    facts: dict[str, Any] = {"why": says, "do": _("Try again, or leave it."), "doubt_at": None}
    if there and row.state == "asked":
        facts = {"url": link, "remote_id": _found(row, link).remote_id}
    elif there:
        new, facts = doubt.arrived(row, _found(row, link), now)
    with transaction.atomic():
        moved = machine.move(row, new, now, **facts)
        if moved:
            machine.step(row, now, says, person)
            (machine.strand if new == "lost" else machine.follow)(row, now, person)
    return _done(row, moved)


def _found(row: Delivery, link: str) -> Sent:
    """What a pasted link tells: the address and, where its network can read it, the post's id."""
    told = networks.get(row.channel.network).id_of(link, row.channel.identity) if link else ""
    return Sent(row.remote_id or told, link)


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


@read(may="outbox.see")
def alarms(who: Who, limit: int = 50) -> list[Alarm]:
    """What people were told of: open ones first, then the latest that were solved."""
    rows = (
        who.own(Alarm)
        .select_related("delivery", "channel")
        .order_by(F("solved_at").desc(nulls_first=True), "-pk")
    )
    return list(rows[: max(1, min(limit, 500))])


@read(may="outbox.see")
def notices_sent(who: Who, limit: int = 20) -> list[Notice]:
    """The latest letters and calls about troubles of this workspace, and whether they arrived."""
    rows = Notice.objects.filter(workspace=who.workspace).order_by("-pk")
    return list(rows[: max(1, min(limit, 500))])


@read(may="outbox.see")
def webhook(who: Who) -> Listener | None:
    """The program of this workspace that is told of troubles, if there is one."""
    return Listener.objects.filter(workspace=who.workspace).first()


@write(may="outbox.edit", done=gettext_noop("Saved. Copy the signing secret now: it is not shown again."))
def set_webhook(who: Who, url: str) -> Shown:
    """Have a program of yours told of troubles by a signed call; each saving makes a new signing secret."""
    url = url.strip()
    if not url.startswith(("https://", "http://")) or len(url) > 500 or not urlsplit(url).hostname:
        raise Problem(
            _("«%s» is not a web address.") % url[:80], do=_("Write it with https://."), field="url"
        )
    assert who.workspace is not None
    key = "whsec_" + base64.b64encode(token_bytes(32)).decode()
    row = Listener.objects.filter(workspace=who.workspace).first() or Listener(workspace=who.workspace)
    row.url, row.secrets, row.made_at = url, Secrets(key=key), clock.now()
    row.save()
    return Shown(url, key)


@write(may="outbox.edit", done=gettext_noop("No program is told any more."))
def remove_webhook(who: Who) -> None:
    """Tell no program of troubles; people are still told by e-mail."""
    row = Listener.objects.filter(workspace=who.workspace).first()
    if row is not None:
        row.delete()


@write(may="outbox.edit", done=gettext_noop("It arrived: your program answered."), calls_out=True)
def test_webhook(who: Who) -> Notice:
    """Send your program a test at once. Raises Problem with what it answered when it did not take it."""
    assert who.workspace is not None
    notice = notices.call(who.workspace, "test", {"workspace": who.workspace.slug}, clock.now())
    if notice is None:
        raise Problem(_("No program is named yet."), do=_("Save its address first."))
    arrived = notices.carry(notice, clock.now())
    notice.refresh_from_db()
    if not arrived:
        Notice.objects.filter(pk=notice.pk, state="queued").update(state="failed")
        raise Problem(
            _("It did not arrive: %s") % notice.why,
            kept=_("The address is kept."),
            do=_("Look at your program's log."),
        )
    return notice


def _fresh(who: Who, delivery: int) -> Delivery:
    row: Delivery = who.one(Delivery, delivery)
    return row


def _done(row: Delivery, moved: bool) -> Delivery:
    if not moved:
        row.refresh_from_db()
        raise Problem(_("It moved on meanwhile: it is %s now.") % row.state, do=_("Look again, then decide."))
    return row
