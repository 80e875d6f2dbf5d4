"""Builders of the audience: visible defaults, small worlds."""

from __future__ import annotations

from datetime import date, timedelta

from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.tables import write_csv
from diskarte.stages.audience import actions
from tests.make import NOW

PEOPLE = ["Name", "E-mail Address", "Mobile No.", "Date Joined", "Opt in", "Favourite drink"]
ANA = ["Ana Reyes", "ana@example.com", "0917 123 4567", "2026-03-04", "yes", "latte"]
BEN = ["Ben Cruz", "ben@example.com", "", "", "", ""]


def people_file(*rows, headers=PEOPLE, name="people.csv") -> Upload:
    return Upload(name, write_csv(headers, rows))


def known(who, **facts):
    """The people who are known, those with these facts, by their order of arrival."""
    return [
        one for one in actions.people(who, limit=1000) if all(getattr(one, n) == v for n, v in facts.items())
    ]


def a_segment(who, name="Office regulars", **facts):
    return actions.add_segment(who, name, **facts)


def a_hook(who, segment, text="Skip the line", trigger="ease", offer="Order by message"):
    return actions.add_hook(who, segment.pk, trigger, text, offer)


def a_post(who, n: int, engaged: int | None, hook="", segment="", days=30, **facts):
    return Publication.objects.create(
        brand=who.brand, network="practice", remote_id=f"{hook}{n}", at=NOW - timedelta(days=days), likes=engaged,
        hook=hook, segment=segment, **facts,
    )  # fmt: skip


def shop(n: int = 120, seed: int = 4) -> Upload:
    """Purchases of a small shop: each customer with a pace of their own, some of whom left, over a year."""
    import random

    rng = random.Random(seed)
    rows = []
    for who in range(n):
        day, pace, stay = rng.randrange(150), rng.choice([7, 21, 60]), rng.random() < 0.6
        while day < (365 if stay else 220):
            at = date(2025, 11, 20) + timedelta(days=int(day))
            rows.append(
                [f"{who}", at.isoformat(), f"₱{rng.randrange(80, 900)}.50", rng.choice(["Beans", "Latte"])]
            )
            day += max(1, rng.expovariate(1 / pace))
    return Upload("sales.csv", write_csv(["customer id", "order date", "amount", "product"], rows))
