"""Verbs of the market: competitors' posts taken in or read, who gets the attention, and the positioning map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import intake, own, watching
from .models import Canvas, Competitor, RivalFile, RivalPost
from .rules import market as rules

PERIODS = (28, 90, 365)
MOST = 20_000  # posts looked at
FILES = 20
ENDS, SCALE = 4, 10  # ends of the two axes, places on each


@dataclass(frozen=True)
class Point:
    """Somebody on the positioning map; `competitor` is None for ourselves. What nobody said is None."""

    competitor: Competitor | None
    name: str
    x: int | None
    y: int | None
    source: str


@dataclass(frozen=True)
class Map:
    """The positioning map: the words at the ends of its two axes, and where everybody stands."""

    left: str
    right: str
    lower: str
    upper: str
    points: list[Point]

    @property
    def placed(self) -> list[Point]:
        """Those who have a place."""
        return [point for point in self.points if point.x is not None and point.y is not None]


@read(may="brand.see")
def market(who: Who, days: int = 90) -> list[rules.Market]:
    """Who gets the attention on each network: levels, cadence, share of voice, breakouts, topics; of the last days."""
    since = clock.now() - timedelta(days=max(7, min(days, 3650)))
    return rules.markets([*_theirs(who, since), *_ours(who, since)])


@read(may="brand.see")
def competitor_files(who: Who) -> list[RivalFile]:
    """The tables of competitors' posts that were taken in, newest first."""
    return list(who.own(RivalFile).order_by("-at", "-pk")[:FILES])


@read(may="brand.see")
def competitor_bad_rows(who: Who, file: int) -> str:
    """The rows of a table that could not be read, as CSV with the reason of each."""
    return str(who.one(RivalFile, file).bad_rows)


@write(may="brand.edit", done=gettext_noop("{name} was taken in."))
def import_competitor_posts(
    who: Who, file: Upload, competitor: int | None = None, network: str = ""
) -> RivalFile:
    """Take in a CSV or XLSX of competitors' posts; columns page, network, date, text, likes, comments, shares.

    A page nobody named yet becomes a competitor. Good rows are kept, the others come back with their reason.
    """
    assert who.brand is not None
    rival = who.one(Competitor, competitor) if competitor else None
    return intake.take(who.brand, file, rival, network, clock.now())


@write(may="brand.edit", done=gettext_noop("Removed, with the posts that came from it."))
def remove_competitor_file(who: Who, file: int) -> None:
    """Take a table back, with the posts it brought; competitors stay."""
    who.one(RivalFile, file).delete()


@write(may="brand.edit", done=gettext_noop("Looked."), calls_out=True)
def read_competitors(who: Who, competitor: int | None = None) -> list[watching.Looked]:
    """Read competitors' public posts where a program may: networks that allow it, and feeds («RSS: address»)."""
    rows = [who.one(Competitor, competitor)] if competitor else list(who.own(Competitor).order_by("name"))
    if not any(watching.readable(place) for row in rows for place in row.handles):
        raise Problem(
            _("No competitor has a place that a program may read."),
            do=_(
                "Add a feed such as «RSS: https://rival.example/feed», or a handle on a network that allows reading."
            ),
        )
    return [looked for row in rows for looked in watching.look(row, clock.now())]


@read(may="brand.see")
def positioning_map(who: Who) -> Map:
    """Where we and the competitors stand between the ends of two axes; places run from 0 to 10."""
    canvas = who.own(Canvas).first() or Canvas(brand=who.brand)
    left, right, lower, upper = [*(end for axis in canvas.axes for end in axis), *[""] * ENDS][:ENDS]
    assert who.brand is not None
    points = [Point(None, who.brand.name, canvas.x, canvas.y, "")]
    points += [
        Point(row, row.name, row.x, row.y, row.placed_by) for row in who.own(Competitor).order_by("name")
    ]
    return Map(left, right, lower, upper, points)


@write(may="brand.edit", done=gettext_noop("Saved."))
def set_map(
    who: Who, left: str, right: str, lower: str, upper: str, x: int | None = None, y: int | None = None
) -> Map:
    """Name the ends of the two axes, and say where we stand: 0 is the left or lower end, 10 the right or upper."""
    ends = [left.strip()[:40], right.strip()[:40], lower.strip()[:40], upper.strip()[:40]]
    if not all(ends):
        raise Problem(_("Name all four ends, such as «cheap» and «dear», «quick» and «cosy»."), field="left")
    canvas = who.own(Canvas).first() or Canvas(brand=who.brand)
    canvas.axes, canvas.x, canvas.y = [ends[:2], ends[2:]], _place(x, "x"), _place(y, "y")
    canvas.save()
    return positioning_map(who)


@write(may="brand.edit", done=gettext_noop("{name} has its place."))
def place_competitor(
    who: Who, competitor: int, x: int | None = None, y: int | None = None, source: str = ""
) -> Competitor:
    """Say where a competitor stands on the map, and how you know; without places it leaves the map."""
    row: Competitor = who.one(Competitor, competitor)
    row.x, row.y, row.placed_by = _place(x, "x"), _place(y, "y"), source.strip()[:200]
    row.save()
    return row


def _place(value: int | None, field: str) -> int | None:
    if value is not None and not 0 <= value <= SCALE:
        raise Problem(_("A place on the map is a number from 0 to 10."), field=field)
    return value


def _theirs(who: Who, since: datetime) -> list[rules.Seen]:
    rows = who.own(RivalPost).filter(at__gte=since).order_by("-at")
    facts = rows.values_list(
        "competitor__name", "network", "at", "text", "kind", "url", "likes", "replies", "shares"
    )
    return [_seen(*row) for row in facts[:MOST]]


def _ours(who: Who, since: datetime) -> list[rules.Seen]:
    """Our own posts by the same three counts; what only we can see is left out, or the comparison would be unfair."""
    rows = who.own(Publication).filter(at__gte=since, is_reply=False).order_by("-at")
    where = {one.pk: own.stands_on(one) for one in who.own(Channel)}
    facts = rows.values_list("channel", "network", "at", "text", "kind", "url", "likes", "replies", "shares")
    return [_seen(rules.OURS, where.get(pk, network), *row) for pk, network, *row in facts[:MOST]]


def _seen(
    page: str, network: str, at: datetime, text: str, kind: str, url: str, *counts: int | None
) -> rules.Seen:
    known = [count for count in counts if count is not None]
    return rules.Seen(page, network, at, text, kind, float(sum(known)) if known else None, url)
