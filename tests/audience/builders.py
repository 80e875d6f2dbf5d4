"""Builders of the audience: visible defaults, small worlds."""

from __future__ import annotations

from datetime import timedelta

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
    return [one for one in actions.people(who, limit=1000) if all(getattr(one, n) == v for n, v in facts.items())]


def a_segment(who, name="Office regulars", **facts):
    return actions.add_segment(who, name, **facts)


def a_hook(who, segment, text="Skip the line", trigger="ease", offer="Order by message"):
    return actions.add_hook(who, segment.pk, trigger, text, offer)


def a_post(who, n: int, engaged: int | None, hook="", segment="", days=30, **facts):
    return Publication.objects.create(
        brand=who.brand, network="practice", remote_id=f"{hook}{n}", at=NOW - timedelta(days=days), likes=engaged,
        hook=hook, segment=segment, **facts,
    )  # fmt: skip
