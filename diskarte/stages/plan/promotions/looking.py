"""A promotion with what is known of it: its posts, their numbers, its money, and what may be expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from diskarte.core.numbers.models import Publication
from diskarte.core.people.who import Who

from .. import models as plan
from . import rules
from .models import Promotion

BEFORE = timedelta(days=56)  # the posts a promotion's are compared with
RIPE = timedelta(days=2)  # a younger post has not ended yet


@dataclass(frozen=True)
class Result:
    """What a promotion's posts brought so far; None: nobody told."""

    planned: int  # slots of its phases in the plan
    wanted: int
    posts: int  # published
    counted: int  # of them with numbers
    engagements: int | None
    clicks: int | None
    reach: int | None
    lift: rules.Lift | None
    since: datetime | None
    until: datetime | None
    per_click: Decimal | None  # budget a click
    profit: Decimal | None  # orders × profit a piece − budget


def result(who: Who, row: Promotion, now: datetime) -> Result:
    """Count it: five queries."""
    slots = list(slots_of(who, row).values_list("pk", flat=True))
    posts = list(who.own(Publication).filter(slot__in=slots, is_reply=False).order_by("at"))
    known = [post for post in posts if post.engaged is not None]
    clicks, paid = _sum(posts, "clicks"), row.budget
    return Result(
        len(slots), sum(phase["posts"] for phase in row.phases), len(posts), len(known),
        sum(post.engaged or 0 for post in known) if known else None, clicks, _sum(posts, "reach"),
        _lift(who, posts, now), posts[0].at if posts else None, posts[-1].at if posts else None,
        (paid / clicks).quantize(Decimal("0.01")) if paid is not None and clicks else None, profit(row),
    )  # fmt: skip


def slots_of(who: Who, row: Promotion) -> Any:
    """The slots that carry it."""
    return who.own(plan.Slot).filter(arc__startswith=f"{row.key} ").exclude(state="dropped").order_by("at")


def _sum(posts: list[Publication], name: str) -> int | None:
    told = [value for post in posts if (value := getattr(post, name)) is not None]
    return sum(told) if told else None


def _lift(who: Who, posts: list[Publication], now: datetime) -> rules.Lift | None:
    """Its posts against all others from eight weeks before the first one on."""
    ours = [post for post in posts if post.at < now - RIPE and not post.paid and post.engaged is not None]
    if not ours:
        return None
    found = who.own(Publication).filter(
        at__gte=ours[0].at - BEFORE, at__lt=now - RIPE, is_reply=False, paid=False
    )
    mine = {post.pk for post in ours}
    others = [post.engaged for post in found if post.pk not in mine and post.engaged is not None]
    return rules.lift([float(post.engaged or 0) for post in ours], [float(n) for n in others])


def money(row: Promotion) -> rules.Price | None:
    """What its price means, where the product's price and margin are known."""
    product = row.product
    return rules.price(product.price, product.margin, row.price) if product else None


def profit(row: Promotion) -> Decimal | None:
    """Orders times profit a piece, less the budget; None while one of them is unknown."""
    known = money(row)
    if known is None or row.orders is None:
        return None
    return known.now * row.orders - (row.budget or 0)


def expected(who: Who, now: datetime) -> tuple[list[Promotion], list[rules.Lift]]:
    """Ended promotions of the brand with the lift of their posts: the only thing an expectation can rest on."""
    told = [(row, result(who, row, now).lift) for row in who.own(Promotion).filter(state="ended")[:12]]
    known = [(row, found) for row, found in told if found is not None]
    return [row for row, _lift in known], [found for _row, found in known]
