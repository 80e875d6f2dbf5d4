"""Each stage's page on the demo: median server time and number of SQL queries."""

from __future__ import annotations

import os
import statistics
import tempfile
import time

from bench import Row

ROUNDS = 15


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {"DISKARTE_DATA": place, "DJANGO_SETTINGS_MODULE": "diskarte.settings"}
        import django

        django.setup()
        from diskarte.demo import build

        build(False)
        return [row for page in pages() for row in measured(page)]


def pages() -> list[tuple[str, str]]:
    """The compass and every stage's first page."""
    from diskarte.stages import STAGES

    return [("compass", "/kape-diwata/"), *((stage, f"/kape-diwata/{stage}/") for stage in STAGES)]


def measured(page: tuple[str, str]) -> list[Row]:
    """Median milliseconds after one warm-up, and the queries of one request."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from diskarte.core.people.models import Person

    name, path = page
    client = Client()
    client.force_login(Person.objects.get(email="demo@diskarte.local"))
    assert client.get(path).status_code == 200, path
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(path)
        times.append(1000 * (time.perf_counter() - began))
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return [
        Row(name, "server time", "ms", statistics.median(times), None, 100, "lower"),
        Row(name, "queries", "", len(queries), None, 15, "lower"),
    ]
