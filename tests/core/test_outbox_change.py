"""Compare and set: one statement, the same outcome as Django's own."""

from datetime import timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from diskarte.core.outbox.change import change
from diskarte.core.outbox.models import Attempt, Delivery
from diskarte.words import Told
from tests.core.outbox_world import NOW, again


@pytest.fixture
def row(world):
    return world.delivery()


def test_what_still_is_as_it_was_read_changes(row):
    still = {"id": row.pk, "state": "queued", "fence": row.fence}
    assert change(Delivery, still, {"state": "sending", "lease_until": NOW}) == 1
    now = again(row)
    assert (now.state, now.lease_until) == ("sending", NOW)
    assert change(Delivery, still, {"state": "sent"}) == 0
    assert again(row).state == "sending"


def test_other_rows_stay_as_they_are(world, row):
    other = world.delivery()
    change(Delivery, {"id": row.pk}, {"tries": 3})
    assert (again(row).tries, again(other).tries) == (3, 0)


def test_where_something_stands_already_the_first_value_stays(row):
    for moment in (NOW, NOW + timedelta(minutes=1)):
        change(Delivery, {"id": row.pk}, {"lease_until": moment}, empty={"doubt_at": moment})
    now = again(row)
    assert (now.doubt_at, now.lease_until) == (NOW, NOW + timedelta(minutes=1))


def test_values_come_back_as_they_were_given(row):
    told, memo = Told("%(n)s posts wait.", n=3), {"sent": ["ünïcode \u2028 'quoted'", {"n": None}]}
    change(Delivery, {"id": row.pk}, {"why": told, "memo": memo, "sent_at": None, "url": "%s'; --"})
    now = again(row)
    assert (now.why, now.memo, now.sent_at, now.url) == ("3 posts wait.", memo, None, "%s'; --")
    assert isinstance(now.why, Told)


def test_a_row_is_found_by_a_foreign_key(row):
    Attempt.objects.create(delivery=row, number=1, fence=1, owner="a", started_at=NOW)
    assert (
        change(Attempt, {"delivery_id": row.pk, "fence": 1}, {"outcome": "sent", "exchanges": [{"a": 1}]})
        == 1
    )
    assert change(Attempt, {"delivery_id": row.pk, "fence": 2}, {"outcome": "lost"}) == 0
    assert Attempt.objects.get().exchanges == [{"a": 1}]


def test_it_is_one_statement(row, django_assert_num_queries):
    with django_assert_num_queries(1):
        change(Delivery, {"id": row.pk}, {"tries": 3, "memo": {}}, empty={"doubt_at": NOW})


def test_a_field_that_is_not_there_is_a_bug(row):
    with pytest.raises(FieldDoesNotExist):
        change(Delivery, {"id": row.pk}, {"nonsense": 1})


def test_what_the_database_refuses_is_djangos_error_and_changes_nothing(row, world):
    other = world.delivery()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(Delivery, {"id": row.pk}, {"tries": 1, "key": other.key})
    assert (again(row).tries, again(row).key) == (0, row.key)


@pytest.mark.parametrize(
    "facts", [{"state": "sent"}, {"memo": {"a": 1}}, {"why": "said"}, {"lease_until": NOW}]
)
def test_django_says_the_same(row, facts):
    with CaptureQueriesContext(connection) as asked:
        change(Delivery, {"id": row.pk, "state": "queued"}, facts)
        ours = Delivery.objects.filter(pk=row.pk).values(*facts).get()
        Delivery.objects.filter(pk=row.pk, state="queued").update(**facts)
    assert Delivery.objects.filter(pk=row.pk).values(*facts).get() == ours
    assert asked.captured_queries[0]["sql"].startswith("UPDATE")
