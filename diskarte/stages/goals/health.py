"""How healthy the brand is beside its competitors: followers, engagement, cadence and share of voice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.brand import actions as brand
from diskarte.stages.brand.models import Snapshot
from diskarte.stages.brand.rules.market import Market, Side

DAYS = 90
OLD = timedelta(days=90)


@dataclass(frozen=True)
class Sign:
    """One sign on one network: ours beside the median of the competitors; `verdict` ahead, behind, same, unknown.

    `low` and `high` are the 90 % interval of ours; None where it is a plain count.
    """

    name: str  # followers, engagement, posts_a_week, share
    network: str
    ours: float | None
    theirs: float | None
    low: float | None
    high: float | None
    n: int  # our posts behind it
    rivals: int
    verdict: str


def signs(who: Who, now: datetime) -> list[Sign]:
    """Every sign that can be told, network by network."""
    found = [sign for market in brand.market.market(who, DAYS) for sign in _of_posts(market)]
    return _followers(who, now) + found


def _followers(who: Who, now: datetime) -> list[Sign]:
    ours: dict[str, int] = {}
    for network, followers in who.own(Channel).exclude(followers=None).values_list("network", "followers"):
        ours[network] = max(followers, ours.get(network, 0))
    theirs: dict[str, dict[int, int]] = {}
    rows = who.own(Snapshot).filter(at__gt=now - OLD).exclude(followers=None).order_by("at")
    for network, rival, followers in rows.values_list("network", "competitor", "followers"):
        theirs.setdefault(network, {})[rival] = followers
    return [_plain("followers", name, float(ours[name]), [float(v) for v in theirs[name].values()])
            for name in ours if name in theirs]  # fmt: skip


def _plain(name: str, network: str, ours: float, theirs: list[float]) -> Sign:
    middle = median(theirs)
    verdict = "ahead" if ours > 1.05 * middle else "behind" if ours < 0.95 * middle else "same"
    return Sign(name, network, ours, middle, None, None, 0, len(theirs), verdict)


def _of_posts(market: Market) -> list[Sign]:
    ours = next((side for side in market.sides if side.is_ours), None)
    rivals = [side for side in market.sides if not side.is_ours]
    if ours is None or not rivals:
        return []
    found = []
    if ours.level and any(side.level for side in rivals):
        typical = [side.level.typical for side in rivals if side.level]
        found.append(_sign("engagement", market.network, ours, typical, _ends(ours.level, "typical")))
    rhythm = (ours.a_week, ours.a_week_low, ours.a_week_high)
    found.append(_sign("posts_a_week", market.network, ours, [side.a_week for side in rivals], rhythm))
    if ours.share and any(side.share for side in rivals):
        shares = [side.share.share for side in rivals if side.share]
        found.append(_sign("share", market.network, ours, shares, _ends(ours.share, "share")))
    return found


def _ends(found: Any, name: str) -> tuple[float, float, float]:
    return getattr(found, name), found.low, found.high


def _sign(name: str, network: str, side: Side, theirs: list[float], ours: tuple[float, float, float]) -> Sign:
    """Ahead or behind only when the competitors' median lies outside our interval."""
    value, low, high = ours
    middle = median(theirs)
    verdict = "ahead" if low > middle else "behind" if high < middle else "same"
    return Sign(name, network, value, middle, low, high, side.posts, len(theirs), verdict)
