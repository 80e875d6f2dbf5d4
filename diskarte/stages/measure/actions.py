"""Every verb of the stage «measure»: importing numbers, reading them from networks, and looking at them."""

from __future__ import annotations

import math
from datetime import date
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.numbers.models import COUNTS, Publication, Reading
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing
from diskarte.words import Metric, Problem

from . import looking, readings
from .importing import Opened, as_dict, kept, looked_through, opened, taken, unpacked
from .models import Import

KEPT = 50  # imports shown


@write(may="measure.edit", done=gettext_noop("Looked through. Nothing is imported yet."))
def preview_numbers(who: Who, files: list[Upload], channel: int | None = None) -> list[Import]:
    """Look through exports and say what would be imported; the files wait for `confirm_import`."""
    one = who.one(Channel, channel) if channel else None
    return [_look(who, upload, one) for upload in unpacked(files)]


@write(may="measure.edit", done=gettext_noop("Imported."))
def confirm_import(who: Who, imports: list[int]) -> list[Import]:
    """Take in files that were looked through."""
    rows = [who.one(Import, pk) for pk in imports]
    for row in rows:
        if row.state == "looked":
            _take(who, row, Upload(row.name, path=settings.DATA / row.path))
    return rows


@write(may="measure.edit", done=gettext_noop("Imported."))
def import_numbers(who: Who, files: list[Upload], channel: int | None = None) -> list[Import]:
    """Import the networks' own exports or plain tables; overlapping files are merged, unreadable rows come back."""
    one = who.one(Channel, channel) if channel else None
    rows = []
    for upload in unpacked(files):
        row = Import(brand=who.brand, name=upload.name[:255], channel=one, made_by=who.person)
        row.save()
        _take(who, row, upload)
        rows.append(row)
    return rows


@write(may="measure.edit", done=gettext_noop("Thrown away."))
def drop_import(who: Who, imports: list[int]) -> None:
    """Throw away files that were looked through but not imported."""
    for pk in imports:
        row = who.one(Import, pk)
        if row.state != "taken":
            _forget_file(row)
            row.delete()


@read(may="measure.see")
def imports(who: Who, state: str | None = None) -> list[Import]:
    """The last files that were given, newest first; `state` looked, taken or refused."""
    rows = who.own(Import).select_related("made_by", "channel").order_by("-id")
    return list(rows.filter(state=state)[:KEPT] if state else rows[:KEPT])


@read(may="measure.see")
def bad_rows(who: Who, import_: int) -> str:
    """The rows of one import that could not be read, as CSV with the reason of each."""
    return str(who.one(Import, import_).bad_rows)


def _look(who: Who, upload: Upload, channel: Channel | None) -> Import:
    row = Import(brand=who.brand, name=upload.name[:255], channel=channel, made_by=who.person)
    try:
        file = opened(upload)
        looked_through(who.brand, file)  # type: ignore[arg-type]
    except Problem as problem:
        row.state, row.why, row.do = "refused", problem.what, problem.do
    else:
        row.path = kept(upload)
        _tell(row, file)
    row.save()
    return row


def _take(who: Who, row: Import, upload: Upload) -> None:
    """A refused file leaves no post behind; the others of the same call are not harmed by it."""
    try:
        with transaction.atomic():
            file = opened(upload)
            taken(who.brand, file, row.channel, f"import:{row.pk}", clock.now())  # type: ignore[arg-type]
    except FileNotFoundError:
        row.state, row.why, row.do = "refused", _("The file is not kept any more."), _("Give it again.")
    except Problem as problem:
        row.state, row.why, row.do = "refused", problem.what, problem.do
    else:
        _tell(row, file)
        row.state, row.taken_at = "taken", clock.now()
    _forget_file(row)
    row.save()


def _tell(row: Import, file: Opened) -> None:
    row.export, row.report, row.bad_rows = file.export.name, as_dict(file.report), file.bad_rows()


def _forget_file(row: Import) -> None:
    if row.path:
        (settings.DATA / row.path).unlink(missing_ok=True)
        row.path = ""


@write(may="measure.edit", done=gettext_noop("Read {posts} posts and {channels} channels."), calls_out=True)
def read_numbers(who: Who) -> dict[str, int]:
    """Ask every connected network for the newest numbers of posts that are due, and for followers."""
    readings.keep_sent(who.own(Delivery), clock.now())
    channels = list(who.own(Channel).filter(state="ready"))
    posts = sum(readings.read_posts(channel, clock.now()) for channel in channels)
    told = sum(readings.read_channel(channel, clock.now()) for channel in channels)
    return {"posts": posts, "channels": told}


@read(may="measure.see")
def overview(
    who: Who,
    start: date | None = None,
    end: date | None = None,
    channel: int | None = None,
    replies: bool = False,
) -> looking.Overview:
    """What happened in a period, beside the period before: totals, months, kinds, weekdays, hours."""
    period = looking.period(who.own(Publication), start, end, who.brand.zone)  # type: ignore[union-attr]
    rows = who.own(Publication) if replies else who.own(Publication).filter(is_reply=False)
    rows = rows.filter(channel=who.one(Channel, channel)) if channel else rows
    return looking.overview(rows, period, who.brand.zone)  # type: ignore[union-attr]


@read(may="measure.see")
def posts(
    who: Who,
    sort: Literal["at", "engaged", "views", "rate"] = "at",
    kind: str = "",
    pillar: str = "",
    search: str = "",
    start: date | None = None,
    end: date | None = None,
    replies: bool = False,
    limit: int = 50,
    offset: int = 0,
    goal: int | None = None,
    weekday: int | None = None,
    hours: str = "",
) -> list[Publication]:
    """Published posts with their newest numbers; unknown numbers come last.

    `weekday` counts from Monday = 0; `hours` such as «18-21» is a part of the day, both on the brand's clock.
    A year's `goal` counts its months in.
    """
    rows = who.own(Publication).select_related("channel")
    rows = rows if replies else rows.filter(is_reply=False)
    exact = {"kind": kind, "pillar": pillar, "text__icontains": search}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    rows = rows if goal is None else rows.filter(goal__in=looking.goal_with_parts(goal))
    zone = who.brand.zone  # type: ignore[union-attr]
    rows = looking.at_times(looking.between(rows, start, end, zone), weekday, hours, zone)
    return list(looking.sorted_by(rows, sort)[offset : offset + min(limit, 500)])


@read(may="measure.see")
def post(who: Who, publication: int) -> looking.Story:
    """One post: its numbers, how they grew, how it compares with the usual post of its kind, where it came from."""
    return looking.story(who.one(Publication, publication), who.own(Publication))


@read(may="measure.see")
def publications_of(who: Who, origin: str) -> list[Publication]:
    """The publications that came from one origin, such as «publish.post:12»."""
    return list(who.own(Publication).filter(origin=origin).order_by("at"))


@read(may="measure.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    told = who.own(Publication).aggregate(n=Count("pk"), newest=Max("numbers_at"))
    waiting = who.own(Import).filter(state="looked").count()
    needs: tuple[Need, ...] = ()
    if waiting:
        one = gettext_noop("A file was looked through and waits to be imported.")
        more = gettext_noop("%(n)s files were looked through and wait to be imported.")
        what = one if waiting == 1 else more
        needs = (Need(what, "measure.page", {"n": waiting}, do=gettext_noop("Import")),)
    if not told["n"]:
        return Standing("empty", needs=needs, missing=gettext_noop("Import numbers or publish a first post."))
    return Standing("full" if told["newest"] else "half", _short(told["n"]), needs)


def _short(n: int) -> str:
    return str(n) if n < 1000 else f"{n / 1000:.1f}k" if n < 100_000 else f"{math.floor(n / 1000)}k"


@read(may="measure.see")
def followers(who: Who) -> list[Reading]:
    """Followers over time, of every channel and of imported tables."""
    rows = who.own(Reading).filter(Q(publication=None), metric=Metric.FOLLOWERS)
    return list(rows.select_related("channel").order_by("at"))


@read(may="measure.see")
def metrics(who: Who) -> list[str]:
    """The numbers this brand's posts have ever told."""
    told = who.own(Publication).aggregate(**{f"n_{m.value}": Count(m.value) for m in COUNTS})
    return [m.value for m in COUNTS if told[f"n_{m.value}"]]
