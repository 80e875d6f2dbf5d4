"""The dry run of a brand: its rows and its stages' promises, taken through the rehearsal, as lines to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core import tables
from diskarte.core.files.models import File
from diskarte.core.people.who import Who
from diskarte.words import Kind, Limits, Media, Post

from . import dry, pace
from .models import Channel, Delivery
from .rehearsal import Fate, Lane, Promise, Thing, promised, rehearse

MOST = 1000
WAITING = ("queued", "sending", "asked", "blocked", "refused", "unknown")
COLUMNS = ("at", "planned", "channel", "network", "action", "label", "what would happen", "why", "calls")


@dataclass(frozen=True)
class Line:
    """One thing of the plan and what would become of it."""

    at: datetime | None
    planned_at: datetime
    label: str
    channel: str
    network: str
    action: str
    verdict: str  # one of rehearsal.VERDICTS
    why: str
    calls: tuple[str, ...] = ()
    delivery: int | None = None


@dataclass(frozen=True)
class _Tried:
    """A delivery, why its network would refuse it (or nothing), and the calls it would make."""

    delivery: Delivery
    refused: str
    calls: dry.Calls


def run(who: Who, now: datetime, until: datetime, channel: int | None = None) -> list[Line]:
    """Every line up to `until`, soonest first; nothing is written, and nobody outside is called."""
    only = {who.one(Channel, channel).pk} if channel is not None else None
    places = {
        c.pk: c
        for c in who.own(Channel)
        if c.network in networks.all_networks() and (not only or c.pk in only)
    }
    rows = who.own(Delivery).filter(state__in=WAITING, channel__in=places, due_at__lte=until)
    rows = list(rows.select_related("channel__brand", "workspace", "after").order_by("due_at", "pk")[:MOST])
    files = _files(who, rows)
    tried = {d.pk: _try(d, files) for d in rows}
    assert who.workspace is not None
    lanes = {pk: _lane(place, now) for pk, place in places.items()}
    fates = rehearse(map(_thing, tried.values()), lanes, now, who.workspace.late)
    lines = [_line(tried[pk], fate) for pk, fate in fates.items() if fate.at is None or fate.at <= until]
    lines += [_promise(p, places[p.channel]) for p in promised(who, now, until) if p.channel in places]
    return sorted(lines, key=lambda line: (line.at or line.planned_at, line.planned_at, line.label))


def _files(who: Who, rows: Iterable[Delivery]) -> dict[int, File]:
    """The media of all of them; one query."""
    return {
        f.pk: f for f in who.own(File).filter(pk__in={pk for d in rows for pk in d.content.get("media", [])})
    }


def _thing(one: _Tried) -> Thing:
    d = one.delivery
    begun = bool(d.memo) or d.doubt_at is not None
    after = d.after_id if d.after and d.after.state != "sent" else None
    return Thing(d.pk, d.channel_id, d.due_at, d.action, begun, after, d.state, one.refused)


def _lane(channel: Channel, now: datetime) -> Lane:
    network = networks.get(channel.network)
    spans = _spans(pace.limits_of(channel))
    longest = max((span for span, _most in spans), default=timedelta(0))
    used = Delivery.objects.filter(pace.COUNTS, channel=channel, last_tried_at__gt=now - longest)
    tried = list(used.order_by("last_tried_at").values_list("last_tried_at", flat=True)) if spans else []
    ends = None if "refresh" in network.can else channel.expires_at
    return Lane(channel.state, spans, [at for at in tried if at], ends)


def _spans(limits: Limits) -> list[tuple[timedelta, int]]:
    """How many within how long, as the engine's pace reads the limits."""
    gap = timedelta(seconds=limits.gap_seconds)
    told = [(gap, 1 if gap else None), (pace.HOUR, limits.per_hour), (pace.DAY, limits.per_day)]
    return [(span, most) for span, most in told if most]


def _try(d: Delivery, files: dict[int, File]) -> _Tried:
    channel, network = d.channel, networks.get(d.channel.network)
    if any(pk not in files for pk in d.content.get("media", [])):
        return _Tried(d, _("A file of this post is not there any more."), dry.Calls((), True))
    post = _imagined(d, files)
    wrong = _refusal(channel, network, post) if d.action == "publish" and not d.memo else ""
    return _Tried(d, wrong, dry.calls(network, post, d.action, channel.base, channel.identity, d.memo))


def _imagined(d: Delivery, files: dict[int, File]) -> Post:
    """The post as the engine would build it; media carry zeros instead of their bytes: only sizes count here."""
    given = d.content
    answers = given.get("remote_id" if d.action == "delete" else "answers", "")
    if d.action == "comment" and d.after:
        answers = d.after.remote_id or "…"
    media = [files[pk] for pk in given.get("media", [])]
    return Post(
        key=d.key, text=given.get("text", ""), answers=answers, parts=tuple(given.get("parts", [])),
        media=tuple(Media(f.name, f.mime, bytes(f.size), f.alt) for f in media), due_at=d.planned_at,
        languages=tuple(given.get("languages", [])), kind=Kind(given.get("kind") or Kind.TEXT),
    )  # fmt: skip


def _refusal(channel: Channel, network: networks.base.Network, post: Post) -> str:
    found = [c for c in network.preflight(post, pace.limits_of(channel)) if c.fatal]
    return " ".join(_(part) % found[0].values for part in (found[0].what, found[0].do)) if found else ""


def _line(one: _Tried, fate: Fate) -> Line:
    d, calls = one.delivery, one.calls
    verdict = "asks" if calls.ask and fate.verdict in ("goes", "held") else fate.verdict
    goes = verdict in ("goes", "held")
    told = (*calls.calls, "…") if goes and not calls.whole else calls.calls if goes else ()
    why = says(verdict, d, fate, one.refused)
    return Line(
        fate.at, d.planned_at, str(d), str(d.channel), d.channel.network, d.action, verdict, why, told, d.pk
    )


def _promise(p: Promise, channel: Channel) -> Line:
    at = p.at if p.verdict == "goes" else None
    return Line(
        at, p.at, p.label, str(channel), channel.network, "publish", p.verdict, _PROMISED[p.verdict]()
    )


_PROMISED = {
    "approval": lambda: _("It waits for approval; it does not go out without."),
    "draft": lambda: _("It is a draft: nobody has scheduled it."),
    "unwritten": lambda: _("The plan has a place for it; nobody has written it yet."),
    "goes": lambda: _("It repeats: it is handed over ahead of its time."),
}


def says(verdict: str, d: Delivery, fate: Fate, refused: str) -> str:
    """Why this would become of a delivery, in words."""
    minutes = round(fate.held.total_seconds() / 60)
    told = {
        "held": _("The channel's pace holds it for %(n)s minutes.") % {"n": minutes},
        "refused": refused or d.why,
        "asks": d.why if d.state == "asked" else _("A person would post it by hand."),
        "late": _("It is late: you would be asked first."),
        "skipped": _("It is late: it would be skipped."),
        "rests": _("The channel rests."),
        "blocked": _("The channel has lost its permission: it waits until somebody connects it again."),
        "ends": _("The permission of the channel will have ended: it waits until somebody connects it again."),
        "waits": _("It belongs to a post that does not go out."),
        "doubt": d.do or _("Nobody knows whether it is out: it is looked for first."),
    }  # fmt: skip
    return told.get(verdict, "")


def as_csv(lines: list[Line], zone: Any) -> str:
    """The lines for a spreadsheet, times on the brand's clock."""
    rows = [
        [_local(x.at, zone), _local(x.planned_at, zone), x.channel, x.network, x.action, x.label, x.verdict, x.why,
         "; ".join(x.calls)]
        for x in lines
    ]  # fmt: skip
    return tables.write_csv(COLUMNS, rows).decode("utf-8-sig")


def _local(at: datetime | None, zone: Any) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""
