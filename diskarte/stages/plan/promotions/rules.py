"""Phases proposed by length, what a lower price asks for, links with UTM, and the lift of a promotion's posts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, variance
from typing import Any
from unicodedata import normalize
from urllib.parse import parse_qsl, urlencode, urlsplit

from diskarte.words import gettext_noop as _

from ..rules.arcs import PHASES, Arc, Phase

LONGEST = 366  # days of one promotion
AROUND = 60  # days before and after it in which its phases may lie
MOST_POSTS = 60  # of one phase
FEWEST = 3  # posts on each side before a lift is told


def phases(starts: date, ends: date, today: date | None = None) -> list[Phase]:
    """The usual five phases of an offer from `starts` to `ends`; what would lie before `today` is cut off.

    Teasing takes half the length (two days to a week), the last call one to three days, thanks two days.
    """
    length = (ends - starts).days + 1
    tease, launch, last = min(max(length // 2, 2), 7), 1 + (length >= 10), 1 + (length >= 7) + (length >= 21)
    day = timedelta(days=1)
    told = [
        ("tease", starts - tease * day, starts - day, 1 + (tease > 4)),
        ("launch", starts, starts + (launch - 1) * day, launch),
        (
            "peak",
            starts + launch * day,
            ends - last * day,
            max(1, min(round((length - launch - last) / 3), 12)),
        ),
        ("last_call", max(ends - (last - 1) * day, starts), ends, 1 + (last > 1)),
        ("thanks", ends + day, ends + 2 * day, 1),
    ]
    if today:
        told = [(kind, max(first, today), end, posts) for kind, first, end, posts in told]
    return [Phase(kind, first, end, posts) for kind, first, end, posts in told if first <= end]  # type: ignore[arg-type]


def contest_phases(opens: date, closes: date, today: date | None = None) -> list[Phase]:
    """A contest is told like an offer: teased, opened, reminded of, last chance, winners thanked."""
    return phases(opens, closes, today)


def as_rows(told: Iterable[Phase]) -> list[dict[str, Any]]:
    """Phases as they are kept."""
    return [
        {"kind": p.kind, "first": p.first.isoformat(), "last": p.last.isoformat(), "posts": p.posts}
        for p in told
    ]


def of_rows(rows: Iterable[dict[str, Any]], channels: Sequence[int] = ()) -> tuple[Phase, ...]:
    """Kept rows as phases on these channels."""
    return tuple(
        Phase(row["kind"], date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), int(row["posts"]),
              channels=tuple(channels))
        for row in rows
    )  # fmt: skip


def arc(key: str, name: str, rows: Iterable[dict[str, Any]], channels: Sequence[int] = ()) -> Arc | None:
    """What the plan is asked for; None when no phase is left."""
    told = of_rows(rows, channels)
    return Arc(key, name, told) if told else None


def wrong_phases(told: Sequence[Phase], starts: date, ends: date) -> str:
    """Why these phases make no promotion; empty when they do."""
    order = [PHASES.index(phase.kind) for phase in told]
    if not told:
        return _("A promotion needs at least one phase.")
    if order != sorted(set(order)):
        return _("Each phase comes once, in the order tease, launch, peak, last call, thanks.")
    if any(before.last > after.first for before, after in pairwise(told)):
        return _("Two phases overlap by more than a day.")
    first, last = starts - timedelta(days=AROUND), ends + timedelta(days=AROUND)
    if told[0].first < first or told[-1].last > last:
        return _("A phase lies more than sixty days away from the offer.")
    return _("At most sixty posts a phase.") if any(p.posts > MOST_POSTS for p in told) else ""


def now_in(told: Sequence[Phase], today: date) -> str:
    """The phase of today: its kind, «before», «between» or «over»."""
    if not told or today > told[-1].last:
        return "over"
    if today < told[0].first:
        return "before"
    return next((phase.kind for phase in reversed(told) if phase.first <= today <= phase.last), "between")


@dataclass(frozen=True)
class Price:
    """What a lower price means: profit a piece before and now, and how many times as many must be sold for the same."""

    before: Decimal
    now: Decimal
    times: float | None  # None: no number of sales earns it back


def price(usual: Decimal | None, margin: Decimal | None, promo: Decimal | None) -> Price | None:
    """None while price, margin (percent) or the promotion's price is unknown."""
    if usual is None or margin is None or promo is None or margin <= 0:
        return None
    before = usual * margin / 100
    now = promo - (usual - before)
    return Price(before, now, float(before / now) if now > 0 else None)


@dataclass(frozen=True)
class Lift:
    """How a promotion's posts did against the others: a ratio with its 80 % interval and both samples."""

    ratio: float
    low: float
    high: float
    ours: int
    others: int


def lift(ours: Sequence[float], others: Sequence[float]) -> Lift | None:
    """Ratio of geometric means of engagements + 1 with Welch's 80 % interval; None under three posts on a side.

    What it cannot tell: whether the offer or the hour, kind and topic of its posts made the difference.
    """
    from scipy.stats import t

    if min(len(ours), len(others)) < FEWEST:
        return None
    a, b = ([math.log1p(value) for value in side] for side in (ours, others))
    parts = [variance(side) / len(side) for side in (a, b)]
    apart, spread = fmean(a) - fmean(b), math.sqrt(sum(parts))
    if spread == 0:
        return Lift(math.exp(apart), math.exp(apart), math.exp(apart), len(a), len(b))
    free = sum(parts) ** 2 / sum(part**2 / (len(side) - 1) for part, side in zip(parts, (a, b), strict=True))
    off = float(t.ppf(0.9, free)) * spread
    return Lift(math.exp(apart), math.exp(apart - off), math.exp(apart + off), len(a), len(b))


def slug(name: str) -> str:
    """A name as it stands in a link: payday-sale."""
    plain = normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def address(link: str, name: str, source: str, code: str = "") -> str:
    """The link with source, medium and campaign, so that visits can be told apart; empty for no link."""
    if not link:
        return ""
    parts = urlsplit(link)
    ours = {
        "utm_source": slug(source) or "social",
        "utm_medium": "social",
        "utm_campaign": slug(name) or "promotion",
    }
    if code:
        ours["utm_content"] = slug(code)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in ours]
    return parts._replace(query=urlencode([*kept, *ours.items()])).geturl()
