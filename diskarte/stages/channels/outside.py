"""What opens or threatens from outside: gathered from studies, competitors' posts and followers, and shared lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from diskarte.core.numbers.models import Reading
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.science.levels import levels
from diskarte.stages.brand.models import Snapshot
from diskarte.stages.brand.rules import market
from diskarte.words import Metric

from . import choosing, knowing, studies
from .knowing import OURS, Seen
from .models import Place
from .rules import outside as rules
from .rules.choosing import NEVER
from .rules.outside import Outer
from .rules.presence import ages_of, estimate
from .rules.swot import O

NEAR = 21  # days by which our count may lie beside theirs
Shared = tuple[
    str, int, tuple[float, float, float]
]  # name, members, how many of them follow us: low, expected, high


def outer(
    who: Who, seen: Sequence[Seen], there: dict[str, list[Channel]], shared: Sequence[Shared], now: datetime
) -> list[Outer]:
    """Opportunities and threats, the surest first; `there`: our platforms; `shared`: lists of followers beside ours."""
    found = [*_places(who, seen, now, set(there)), *_kinds(seen), *_attention(seen)]
    if "brand.see" in who.rights:
        found += _growing(who, there)
    told = [rules.strangers(*one, source="") for one in shared]
    return rules.chosen([*found, *(one for one in told if one)])


def _places(who: Who, seen: Sequence[Seen], now: datetime, there: set[str]) -> list[Outer]:
    """Platforms our people use and we do not: those a portrait or a playbook names, or where a competitor is."""
    everybody = knowing.segments(who)
    people, weights, _unit, _without = choosing.weighed(everybody)
    if not people:
        return []
    rivals = knowing.rivals_there(who, seen)
    wanted = (
        {studies.key(name) for row in people for name in row.networks}
        | set(knowing.advice(everybody))
        | set(rivals)
    )
    if not wanted - there:
        return []
    never = set(who.own(Place).filter(stance=NEVER).values_list("platform", flat=True))
    cells, here = knowing.cells(who), knowing.country(who)
    found = []
    for key in sorted(wanted - there - never):
        told = [estimate(cells, key, here, ages_of(s.age_from, s.age_to), now.year) for s in people]
        found.append(rules.presence(key, told, weights, sorted(rivals.get(key, ()))))
    return [one for one in found if one]


def _kinds(seen: Sequence[Seen]) -> list[Outer]:
    found: list[Outer] = []
    for platform in sorted({one.platform for one in seen if one.page != OURS}):
        here = [one for one in seen if one.platform == platform and one.kind]
        mine = Counter(one.kind for one in here if one.page == OURS)
        told = [one for one in here if one.page != OURS and one.engaged is not None]
        if not mine or not told:
            continue
        theirs = Counter(one.kind for one in told)
        heights = levels(
            [one.kind for one in told], [one.engaged or 0.0 for one in told], [one.page for one in told]
        )
        found += rules.kinds(platform, heights, _parts(theirs), _parts(mine))
    return found


def _parts(counts: Counter[str]) -> dict[str, float]:
    return {name: n / counts.total() for name, n in counts.items()}


def _attention(seen: Sequence[Seen]) -> list[Outer]:
    """Topics they win with and we leave out, and who takes the attention, on each platform."""
    posts = [market.Seen(one.page, one.platform, one.at, one.text, one.kind, one.engaged) for one in seen]
    found: list[Outer] = []
    for one in market.markets(posts):
        found += [
            Outer(
                O, one.network, "topic", gap.term, gap.gain, gap.low - 1, gap.high - 1, gap.z, gap.n, gap.ours
            )
            for gap in one.gaps
        ]
        found += rules.voice(one.network, {side.page: side.share for side in one.sides if side.share}, OURS)
    return found


def _growing(who: Who, there: dict[str, list[Channel]]) -> list[Outer]:
    """Followers of competitors between their first and last count, beside ours over the same time."""
    rows = who.own(Snapshot).filter(followers__gt=0).select_related("competitor").order_by("at")
    counts: dict[tuple[str, str], list[Snapshot]] = {}
    for row in rows:
        counts.setdefault((row.competitor.name, row.network), []).append(row)
    counts = {
        key: told for key, told in counts.items() if told[-1].at - told[0].at >= timedelta(days=rules.LONG)
    }
    ours = _our_followers(who, there) if counts else {}
    found = []
    for (name, network), told in counts.items():
        first, last = told[0], told[-1]
        days = (last.at - first.at).total_seconds() / 86400
        gained = (last.followers or 0) / (first.followers or 1) - 1
        key = studies.key(network)
        found.append(
            rules.growth(key, name, gained, _gained(ours.get(key, []), first.at, last.at), days, last.source)
        )
    return [one for one in found if one]


def _our_followers(who: Who, there: dict[str, list[Channel]]) -> dict[str, list[tuple[datetime, float]]]:
    """Platform → (when, how many) of the channel there that was counted most often."""
    where = {one.pk: platform for platform, channels in there.items() for one in channels}
    rows = Reading.objects.filter(
        brand=who.brand, publication=None, metric=Metric.FOLLOWERS, channel__in=where
    )
    told: dict[int, list[tuple[datetime, float]]] = {}
    for pk, at, value in rows.order_by("at").values_list("channel", "at", "value"):
        told.setdefault(pk, []).append((at, value))
    found: dict[str, list[tuple[datetime, float]]] = {}
    for pk, counts in told.items():
        if len(counts) > len(found.get(where[pk], [])):
            found[where[pk]] = counts
    return found


def _gained(counts: Sequence[tuple[datetime, float]], first: datetime, last: datetime) -> float | None:
    """Our growth over the same time; None where no count of ours lies near enough."""
    ends = [min(counts, key=lambda one: abs(one[0] - at), default=None) for at in (first, last)]
    near = [one for one, at in zip(ends, (first, last), strict=True) if one and abs(one[0] - at).days <= NEAR]
    if len(near) < len(ends) or near[0][1] <= 0:
        return None
    return near[1][1] / near[0][1] - 1
