"""A question whose SQL was written once is answered as Django would answer it anew."""

import gc
import threading
import weakref
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from diskarte.core.outbox import turns
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.question import KEPT, Question, _Statement
from diskarte.core.outbox.queue import queue
from tests.make import NOW, a_brand

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
FACTS = ("pk", "due_at", "channel__limits_told", "lease_until")


@pytest.fixture
def three():
    told = {"per_day": 3, "text": 500}
    channel = Channel.objects.create(
        brand=a_brand(), network="practice", identity="1", name="A", limits_told=told
    )
    return [queue(channel.brand, channel, {"text": str(n)}, NOW + n * MINUTE) for n in range(3)]


def between(first, last):
    rows = Delivery.objects.filter(due_at__gte=first, due_at__lt=last).order_by(F("due_at").desc())
    return rows.values_list(*FACTS)


@pytest.mark.parametrize(("first", "last"), [(0, 3), (1, 2), (1, 3), (2, 2), (-5, 1)])
def test_it_tells_what_django_tells_for_each_moment(three, first, last):
    asked = Question(between)
    asked(NOW - MINUTE, NOW)  # its SQL was written for other moments
    moments = (NOW + first * MINUTE, NOW + last * MINUTE)
    assert asked(*moments) == list(between(*moments))


def test_values_come_as_the_fields_have_them(three):
    pk, due_at, limits, lease = Question(between)(NOW, NOW + MINUTE)[0]
    assert (pk, due_at, limits, lease) == (three[0].pk, NOW, {"per_day": 3, "text": 500}, None)


def test_microseconds_and_two_equal_moments_are_kept_apart(three):
    Delivery.objects.filter(pk=three[1].pk).update(due_at=NOW + timedelta(microseconds=1))
    asked = Question(between)
    assert [row[0] for row in asked(NOW + timedelta(microseconds=1), NOW + MINUTE)] == [three[1].pk]
    assert asked(NOW, NOW) == []


def test_a_moment_that_is_reckoned_with_inside_is_refused(three):
    with pytest.raises(AssertionError, match="does not stand"):
        Question(lambda now: between(now - MINUTE, now + MINUTE))(NOW)


def test_what_is_due_is_what_the_query_written_anew_tells(three):
    for minutes in range(4):
        now = NOW + minutes * MINUTE
        told = [row[3] for row in turns.backlog(200)(now)]
        assert sorted(told) == sorted(turns.due(now).values_list("pk", flat=True))


def test_it_is_written_once(three):
    made = []

    def build(now):
        made.append(now)
        return Delivery.objects.filter(due_at__lte=now).values_list("pk")

    asked = Question(build)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answers = [len(asked(NOW + n * MINUTE)) for n in range(3)]
    assert (answers, len(made), len(seen)) == ([1, 2, 3], 1, 3)


def test_what_was_written_goes_with_its_line():
    lines = []

    def elsewhere():
        line = connections["default"]
        vars(line)[KEPT] = {"a question": _Statement(between, line, 2)}
        lines.append(weakref.ref(line))
        line.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    del thread
    gc.collect()
    assert lines[0]() is None
