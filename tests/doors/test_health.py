"""/healthz and /metrics: who may read them, and that their numbers are those of the rows."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from diskarte.core import clock
from diskarte.core.outbox import metrics
from diskarte.core.outbox.models import Alarm, Attempt, Beat, Channel, Delivery, Notice
from diskarte.core.outbox.queue import queue
from diskarte.core.outbox.worker import beat
from diskarte.core.secrets import Secrets
from diskarte.doors import health
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def a_channel(**facts):
    return Channel.objects.create(
        brand=make.a_brand(), network="practice", secrets=Secrets(token="hush-hush"), **facts
    )


def a_delivery(channel, at=NOW, **facts):
    delivery = queue(channel.brand, channel, {"text": "a"}, at)
    Delivery.objects.filter(pk=delivery.pk).update(**facts)
    return delivery


def told(client, **more):
    return client.get("/healthz", **more)


def test_all_is_well(client):
    beat("anna", NOW)
    answer = told(client)
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert answer.json()["worker_silent_seconds"] == 0
    assert answer.json()["disk_free_bytes"] > 0
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_silent_worker_is_a_reason(client):
    assert told(client).json()["why"] == ["No worker has started."]
    Beat.objects.create(owner="anna", started_at=NOW, at=NOW - 90 * SECOND)
    answer = told(client)
    assert answer.status_code == 503
    assert answer.json()["why"] == ["No worker has given a sign of life for 90 s."]
    assert told(client, query_params={"only": "database,disk"}).status_code == 200


def test_a_delivery_that_waits_too_long_is_a_reason_but_one_that_rests_is_not(client):
    beat("anna", NOW)
    channel = a_channel()
    a_delivery(channel, NOW - 400 * SECOND)
    answer = told(client)
    assert answer.json()["why"] == ["A delivery that could go out has waited for 400 s."]
    Channel.objects.update(state="paused")
    assert told(client).status_code == 200


def test_a_full_disk_is_a_reason(client, monkeypatch):
    beat("anna", NOW)
    usage = type("Usage", (), {"free": 5 * 2**20})
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage)
    assert told(client).json()["why"] == ["Only 5 MB of disk are free."]


def test_a_database_that_does_not_answer_is_a_reason_not_a_fault(client, monkeypatch):
    def down():
        raise OperationalError("secret://host")

    beat("anna", NOW)
    monkeypatch.setitem(health.PARTS, "outbox", ("oldest_due_seconds", down))
    answer = told(client)
    assert answer.status_code == 503
    assert answer.json()["why"] == ["It cannot be looked at (OperationalError)."]


def test_numbers_are_for_those_who_may_read_them(client, settings):
    beat("anna", NOW)
    through = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
    assert told(client, **through).json() == {"ok": True, "why": []}
    assert client.get("/metrics", **through).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics").status_code == 200
    settings.METRICS_TOKEN = "look-here"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer look-her"}).status_code == 404
    shown = client.get("/metrics", headers={"Authorization": "Bearer look-here"} | through["headers"])
    assert shown.status_code == 200


def numbers():
    """Every sample as {(name, labels…): value}."""
    page = metrics.page().decode()
    assert "hush-hush" not in page
    families = text_string_to_metric_families(page)
    return {(s.name, *sorted(s.labels.values())): s.value for f in families for s in f.samples}


def test_metrics_are_counted_from_rows():
    channel = a_channel(version=3)
    a_delivery(channel, NOW - 30 * SECOND)
    a_delivery(channel, NOW + timedelta(minutes=5))
    a_delivery(channel, NOW + timedelta(days=5))
    for late in (0.5, 4, 100_000):
        sent = a_delivery(channel, state="sent", sent_at=NOW + late * SECOND)
        Attempt.objects.create(delivery=sent, number=1, fence=1, owner="a", started_at=NOW, outcome="sent")
    Attempt.objects.create(delivery=sent, number=2, fence=2, owner="a", started_at=NOW)
    beat("anna", NOW - 7 * SECOND)
    facts = {"workspace": channel.brand.workspace, "brand": channel.brand}
    Alarm.objects.create(**facts, channel=channel, kind="ahead", what="w", told_at=NOW)
    Notice.objects.create(workspace=channel.brand.workspace, way="mail", to="a@b.c", kind="test", due_at=NOW)
    found = numbers()
    assert found["diskarte_deliveries", "practice", "queued"] == 3
    assert found["diskarte_deliveries", "practice", "sent"] == 3
    assert found["diskarte_attempts_total", "practice", "sent"] == 3
    assert found["diskarte_attempts_total", "none", "practice"] == 1
    assert found["diskarte_lateness_seconds_bucket", "1.0"] == 1
    assert found["diskarte_lateness_seconds_bucket", "5.0"] == 2
    assert found["diskarte_lateness_seconds_bucket", "+Inf"] == found["diskarte_lateness_seconds_count",] == 3
    assert found["diskarte_lateness_seconds_sum",] == pytest.approx(100_004.5)
    assert found["diskarte_oldest_due_seconds",] == 30
    assert [found["diskarte_queue_depth", due] for due in ("now", "hour", "later")] == [1, 1, 1]
    assert found["diskarte_worker_beat_age_seconds", "anna"] == 7
    assert found["diskarte_permission_refreshes_total", "practice"] == 3
    assert found["diskarte_channels", "practice", "ready"] == 1
    assert found["diskarte_alarms_open", "ahead"] == 1
    assert found["diskarte_notices", "mail", "queued"] == 1


def test_an_empty_house_has_metrics_too():
    found = numbers()
    assert found["diskarte_lateness_seconds_count",] == 0
    assert found["diskarte_oldest_due_seconds",] == 0


def test_the_page_asks_few_questions(client, django_assert_max_num_queries):
    a_delivery(a_channel())
    with django_assert_max_num_queries(12):
        client.get("/metrics")
