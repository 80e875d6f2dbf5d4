"""The plan's calendar with 200, 5,000 and 50,000 posts in the brand: what the server needs for a month and for a week.

Everything runs in a database of its own in memory; the page is asked as a signed-in person asks it. A page is two
requests, the page with the figures beside the calendar and the JSON of what it draws: both are measured.

Server time is the processor's (median): on a busy machine the clock on the wall measures the neighbours.

The baseline of one row is a quotation, not measured here: a peer's month view with 5,000 posts (1,400 ms, 130 queries).
"""

from __future__ import annotations

import os
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import Row

ROUNDS = 7
CASES = ((200, 200), (5_000, 5_000), (50_000, 5_000))  # posts in the brand, of them in the month looked at
MONTH = datetime(2027, 3, 1, tzinfo=UTC)
QUOTED_MS, QUOTED_QUERIES = 1400, 130


def run() -> list[Row]:
    """Milliseconds of server time (median) and queries, for each number of posts and each view."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diskarte.settings")
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    made = setup_databases(0, False)
    try:
        return [row for posts, here in CASES for row in _case(posts, here)]
    finally:
        teardown_databases(made, 0)


def _case(posts: int, here: int) -> list[Row]:
    client = _brand(posts, here)
    base = f"/bench-{posts}/plan/"
    pages = {
        "month, page": f"{base}?month=2027-03",
        "month, events": f"{base}events?start=2027-02-22&end=2027-04-05",
        "week, page": f"{base}?month=2027-03&view=week&day=2027-03-15",
        "week, events": f"{base}events?start=2027-03-15&end=2027-03-22",
    }
    rows = []
    for view, path in pages.items():
        quoted = posts == 5_000 and view == "month, page"
        ms, queries = _asked(client, path)
        case = f"{posts:,} posts, {here:,} in the month: {view}" + (" (baseline quoted)" if quoted else "")
        rows += [
            Row(case, "server time", "ms", ms, QUOTED_MS if quoted else None, 80, "lower"),
            Row(case, "queries", "", queries, QUOTED_QUERIES if quoted else None, 15, "lower"),
        ]
    return rows


def _asked(client: Any, path: str) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert client.get(path).status_code == 200, path
    times = []
    for _round in range(ROUNDS):
        began = time.process_time()
        client.get(path)
        times.append(1000 * (time.process_time() - began))
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return statistics.median(times), len(queries)


def _brand(posts: int, here: int) -> Any:
    """A brand with four channels, `here` posts in the month and the rest in the two years before it."""
    from django.test import Client

    from diskarte.core.outbox.models import Channel
    from diskarte.core.people.models import Brand, Membership, Person, Workspace
    from diskarte.stages.plan.models import Pillar, Slot

    space = Workspace.objects.create(slug=f"bench-{posts}", name="Bench")
    brand = Brand.objects.create(slug=f"bench-{posts}", name="Bench", workspace=space)
    person = Person.objects.create(email=f"bench-{posts}@example.com", name="Bench")
    Membership.objects.create(person=person, workspace=space, role="owner")
    channels = [
        Channel.objects.create(
            brand=brand, network="practice", name=f"Channel {n}", handle=f"c{n}", identity=f"c{n}"
        )
        for n in range(4)
    ]
    pillars = [Pillar.objects.create(brand=brand, name=f"Pillar {n}", share=0.25, order=n) for n in range(4)]
    Slot.objects.bulk_create(
        [
            Slot(
                brand=brand, channel=channels[n % 4], pillar=pillars[n % 3], at=_moment(n, posts, here),
                title=f"Post {n}", kind=("image", "reel")[n % 2], expected=40.0, expected_low=20.0, expected_high=80.0,
            )
            for n in range(posts)
        ],
        batch_size=2000,
    )  # fmt: skip
    client = Client()
    client.force_login(person)
    return client


def _moment(n: int, posts: int, here: int) -> datetime:
    if n < here:
        return MONTH + timedelta(days=31) * (n / here)
    return MONTH - timedelta(days=730) * ((n - here + 1) / (posts - here))
