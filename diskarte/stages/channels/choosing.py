"""Verbs of the choice: where should we be, what a person says of platforms and studies, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte import networks
from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.outbox import channels as accounts
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.science import choice as science
from diskarte.stages.audience.models import Segment
from diskarte.words import Problem

from . import knowing, studies, wiring
from .matrix import how
from .models import Budget, Decision, LeftOut, Place, Presence
from .rules import choosing as rules
from .rules.presence import INTERNET, WORLD, Cell
from .rules.presence import newest as newest_cell

SEED, SHOWN, WORTH_ASKING = 41, 3, 0.005
PERCENT = 100.0


@dataclass(frozen=True)
class Standing:
    """One platform in the choice, with its chance to belong to the best set and what that rests on."""

    platform: str
    label: str
    chosen: bool
    chance: float | None  # None: nothing is known of who is there
    people: float | None  # of all portraits who are there, expected
    adds: float | None  # people it can win beside those the others of the set win
    believed: rules.Believed
    rivals: tuple[str, ...]
    channels: tuple[int, ...]  # ids of ours there

    @property
    def hours(self) -> float:
        """Hours a week it takes."""
        return self.believed.hours


@dataclass(frozen=True)
class Turn:
    """An unknown: how often knowing it would change the set, and how many people better the new set would be."""

    platform: str
    label: str
    what: str  # presence, fit, hours
    changes: float
    gain: float


@dataclass(frozen=True)
class Answer:
    """Where to be. `missing` says what hinders the answer: segments, hours, presence; empty when there is one."""

    missing: str
    chosen: tuple[str, ...]  # labels
    platforms: tuple[Standing, ...]
    people: tuple[float, float, float] | None  # different people who are there: low, expected, high
    won: (
        tuple[float, float, float] | None
    )  # those of them who can be won, by goal, content, engagement and rivals
    bounds: tuple[float, float] | None
    hours: float
    hours_there_are: float | None
    cost: float
    money_there_is: float | None
    unit: str  # people, or percent of the portraits where none says how many they are
    turns: tuple[Turn, ...]
    without_size: tuple[str, ...]  # portraits left out as nobody knows how many they are
    country: str
    decision: Decision | None
    short: bool  # what must be takes more hours than there are
    lean: bool  # chosen at two posts a week, as no platform fits the hours at the playbook's pace


@read(may="channels.see")
def choice(who: Who) -> Answer:
    """Where should we be: the set of platforms that reaches most different people for our hours and money."""
    now = clock.now()
    everybody = knowing.segments(who)
    people, weights, unit, without = weighed(everybody)
    seen = knowing.posts(who, now)
    rows = knowing.believed(who, people, knowing.advice(everybody), seen, now)
    told = who.own(Budget).first() or Budget()
    missing = _missing(people, told, rows)
    found = None if missing else _chosen(rows, weights, told)
    lean = found is not None and not len(found.chosen)
    if lean:
        rows = rules.slowed(rows)
        found = _chosen(rows, weights, told)
    known = [row for row in rows if row.known]
    return _answer(who, found, rows, known, weights, seen, _Told(missing, told, unit, without, lean))


def _chosen(rows: Sequence[rules.Believed], weights: list[float], told: Budget) -> science.Choice:
    money = None if told.money_a_month is None else float(told.money_a_month)
    known = [row for row in rows if row.known]
    return science.choose(rules.places(known, weights), float(told.hours_a_week or 0), money, seed=SEED)


@dataclass(frozen=True)
class _Told:
    missing: str
    budget: Budget
    unit: str
    without: tuple[str, ...]
    lean: bool


def weighed(everybody: list[Segment]) -> tuple[list[Segment], list[float], str, tuple[str, ...]]:
    """The portraits that can be weighed: by their people, or all alike where none has a number."""
    sized = [row for row in everybody if row.size]
    if not sized:
        share = PERCENT / len(everybody) if everybody else 0.0
        return everybody, [share] * len(everybody), "percent", ()
    without = tuple(row.name for row in everybody if not row.size)
    return sized, [float(row.size or 0) for row in sized], "people", without


def _missing(people: Sequence[Segment], told: Budget, rows: Sequence[rules.Believed]) -> str:
    if not people:
        return "segments"
    if not told.hours_a_week:
        return "zero" if told.hours_a_week is not None else "hours"
    return "" if any(row.known for row in rows) else "presence"


def _answer(who: Who, found: science.Choice | None, rows: list[rules.Believed], known: list[rules.Believed],
            weights: list[float], seen: list[knowing.Seen], told: _Told) -> Answer:  # fmt: skip
    at = {row.platform: i for i, row in enumerate(known)}
    there, rivals = knowing.ours(who), knowing.rivals_there(who, seen)
    lines = [_standing(row, found, at.get(row.platform), weights, there, rivals) for row in rows]
    lines.sort(key=lambda one: (not one.chosen, -(one.chance or -1.0), one.label))
    turns = _turns(found, known) if found else []
    hours, money = told.budget.hours_a_week, told.budget.money_a_month
    spent = found.hours if found else 0.0
    return Answer(
        told.missing, tuple(one.label for one in lines if one.chosen), tuple(lines), found.people if found else None,
        found.worth if found else None, found.bounds if found else None, spent, None if hours is None else float(hours),
        found.cost if found else 0.0, None if money is None else float(money), told.unit, tuple(turns), told.without,
        knowing.country(who),
        who.own(Decision).first(), hours is not None and spent > float(hours) + 1e-9,
        told.lean and any(one.chosen for one in lines),
    )  # fmt: skip


def _standing(row: rules.Believed, found: science.Choice | None, i: int | None, weights: list[float],
              there: dict[str, Any], rivals: dict[str, set[str]]) -> Standing:  # fmt: skip
    known = found is not None and i is not None
    people = sum(w * e.share for w, e in zip(weights, row.there, strict=True) if e) if row.known else None
    return Standing(
        row.platform, knowing.label(row.platform), known and i in found.chosen,  # type: ignore[union-attr]
        float(found.chance[i]) if known else None, people, float(found.adds[i]) if known else None,  # type: ignore[union-attr]
        row, tuple(sorted(rivals.get(row.platform, ()))), tuple(c.pk for c in there.get(row.platform, ())),
    )  # fmt: skip


def _turns(found: science.Choice, known: list[rules.Believed]) -> list[Turn]:
    """The unknowns worth asking about: those that would win a two-hundredth more."""
    told = [one for one in found.unknowns if one.gain >= WORTH_ASKING * found.worth[1]]
    return [_turn(one, known) for one in told[:SHOWN]]


def _turn(one: science.Unknown, known: list[rules.Believed]) -> Turn:
    platform = known[one.place].platform
    return Turn(platform, knowing.label(platform), one.what, one.changes, one.gain)


@write(may="channels.edit", done=gettext_noop("Noted. The choice was made anew."))
def set_place(
    who: Who,
    platform: str,
    hours_a_week: float | None = None,
    cost_a_month: Decimal | None = None,
    fit: int | None = None,
    stance: Literal["", "anyway", "never"] = "",
) -> Place:
    """Say what a platform takes (hours, money), how well it serves the goal (0 to 10), and «anyway» or «never»."""
    key = _key(platform)
    told = (("hours_a_week", hours_a_week, 168), ("cost_a_month", cost_a_month, 10**9), ("fit", fit, 10))
    for name, value, most in told:
        if value is not None and not 0 <= value <= most:
            raise Problem(_("«%(n)s» cannot be right.") % {"n": value}, field=name)
    row: Place = who.own(Place).filter(platform=key).first() or Place(brand=who.brand, platform=key)
    row.hours_a_week, row.cost_a_month, row.fit, row.stance = hours_a_week, cost_a_month, fit, stance
    row.save()
    return row


def _key(platform: str) -> str:
    key = studies.key(platform)
    if not key:
        raise Problem(_("Say which platform."), field="platform")
    return key


@read(may="channels.see")
def platforms(who: Who) -> list[studies.Platform]:
    """Every platform a public study names."""
    return list(studies.platforms().values())


@read(may="channels.see")
def place(who: Who, platform: str) -> Place:
    """What was said of one platform; nothing said is None."""
    key = studies.key(platform)
    return who.own(Place).filter(platform=key).first() or Place(brand=who.brand, platform=key)


@write(may="channels.edit", done=gettext_noop("Decided. The plan keeps to these channels."))
def accept_choice(who: Who) -> Decision:
    """Take the recommended set: the plan leaves out channels on other platforms, which stay connected."""
    found = choice(who)
    if found.missing or not found.chosen:
        do = _("Say who you want to reach and how many hours there are.")
        raise Problem(_("There is no set to take yet."), do=do)
    lines = [one for one in found.platforms if one.chosen]
    _leave_out(who, found)
    row: Decision = who.own(Decision).first() or Decision(brand=who.brand)
    row.platforms = [one.platform for one in lines]
    row.told = {
        "chances": {one.platform: round(one.chance or 0.0, 3) for one in lines}, "unit": found.unit,
        "people": [round(value, 1) for value in found.people or ()], "hours": round(found.hours, 2),
        "hours_there_are": found.hours_there_are,
    }  # fmt: skip
    row.made_at, row.made_by = clock.now(), who.person
    row.save()
    return row


def _leave_out(who: Who, found: Answer) -> None:
    """Channels on platforms outside the set are left out of the plan; those of the set are not."""
    out = {pk for one in found.platforms if not one.chosen for pk in one.channels}
    for row in who.own(LeftOut):
        if row.channel_id not in out:
            row.delete()
    have = set(who.own(LeftOut).values_list("channel", flat=True))
    for pk in sorted(out - have):
        LeftOut(brand=who.brand, channel_id=pk).save()


@write(may="channels.edit", done=gettext_noop("{name} is here, to post by hand."))
def add_by_hand(who: Who, platform: str) -> Channel:
    """Add a platform without a connection: you post there yourself when you are reminded."""
    assert who.brand is not None
    by_hand = next(name for name, one in networks.all_networks().items() if how(one) == "by_hand")
    account, _limits = wiring.sign_in(
        networks.get(by_hand), {"handle": who.brand.slug}, knowing.label(_key(platform))
    )
    return accounts.keep(who.brand, by_hand, account, clock.now())


@write(may="channels.edit", done=gettext_noop("The decision was taken back; the plan may use every channel."))
def withdraw_choice(who: Who) -> None:
    """Forget the decision about platforms: the plan may use every channel again."""
    row = who.own(Decision).first()
    if row is None:
        raise Problem(_("Nothing has been decided."))
    for channel in who.own(LeftOut):
        channel.delete()
    row.delete()


@read(may="channels.see")
def without_connection(who: Who, most: int = 6) -> list[tuple[str, str]]:
    """Platforms people here use, most used first, that no program connects and where we have no channel yet."""
    here, have = knowing.country(who), knowing.ours(who)
    newest = [newest_cell(cells) for cells in _by_platform(here).values()]
    shares = [(one.share, one.platform) for one in newest if one is not None]
    keys = [key for _share, key in sorted(shares, reverse=True) if key != INTERNET and key not in have]
    return [(key, knowing.label(key)) for key in keys if key not in networks.all_networks()][:most]


def _by_platform(country: str) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in studies.cells():
        if cell.country == country:
            found.setdefault(cell.platform, []).append(cell)
    return found


@dataclass(frozen=True)
class Line:
    """One platform of the presence table: the newest share of everybody, every cell of it, the brand's own first."""

    platform: str
    label: str
    newest: Cell | None
    cells: tuple[Cell, ...]


@read(may="channels.see")
def presence(who: Who, country: str = "") -> list[Line]:
    """Who is where in a country, by public studies and by what you know yourselves; every cell with its source."""
    here = country or knowing.country(who)
    found: dict[str, list[Cell]] = {}
    for cell in knowing.cells(who):
        if cell.country == here:
            found.setdefault(cell.platform, []).append(cell)
    lines = [_line(key, cells) for key, cells in found.items()]
    return sorted(lines, key=lambda one: -(one.newest.share if one.newest else 0))


def _line(key: str, cells: list[Cell]) -> Line:
    ordered = sorted(cells, key=lambda c: (c.own is None, -c.year, not c.whole, c.age_from or 0))
    own = [c for c in cells if c.own is not None]
    return Line(key, knowing.label(key), newest_cell(own) or newest_cell(cells), tuple(ordered))


@write(may="channels.edit", done=gettext_noop("Your own number stands before the studies now."))
def set_presence(
    who: Who,
    platform: str,
    percent: float,
    source: str,
    country: str = "",
    age_from: int | None = None,
    age_to: int | None = None,
    quality: Literal["counted", "study", "expert"] = "expert",
    url: str = "",
    year: int | None = None,
) -> Presence:
    """Say what part of the people of a country and age is on a platform, and how you know; studies stay beside it."""
    key, now = _key(platform), clock.now()
    if not 0 <= percent <= PERCENT:
        raise Problem(_("A share is a number from 0 to 100 percent."), field="percent")
    if not source.strip():
        raise Problem(
            _("Say where the number comes from."), do=_("«Our own guess» is a source too."), field="source"
        )
    if age_from is not None and age_to is not None and age_from > age_to:
        raise Problem(_("The younger age comes first."), field="age_to")
    here = (country or knowing.country(who)).upper()[:3]
    cell = {"platform": key, "country": here, "age_from": age_from, "age_to": age_to}
    row: Presence = who.own(Presence).filter(**cell).first() or Presence(brand=who.brand, **cell)
    row.share, row.source, row.quality = percent / PERCENT, source.strip()[:200], quality
    row.url, row.year = url.strip()[:500], year or now.year
    row.save()
    return row


@write(may="channels.edit", done=gettext_noop("Your number is gone; the studies speak again."))
def remove_presence(who: Who, presence: int) -> None:
    """Take your own number of a platform back."""
    who.one(Presence, presence).delete()


@read(may="channels.see")
def countries(who: Who) -> list[str]:
    """Countries of which some share is known, the brand's own first, the world last."""
    here = knowing.country(who)
    others = sorted({cell.country for cell in knowing.cells(who)} - {here, WORLD})
    return [here, *others, *([WORLD] if here != WORLD else [])]
