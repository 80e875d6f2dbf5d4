"""Log lines: what they are about, in both forms, and what they never say."""

import json
import logging
import sys

import pytest

from diskarte.core import logs, secrets
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.models import Attempt, Delivery
from diskarte.core.outbox.worker import Worker, try_one
from diskarte.core.secrets import Secrets
from tests import make
from tests.core.outbox_world import MINUTE, NOW, again

SECRET = "s3cr3t/with+odd=signs-9f27"


def a_record(text, *given, error=None, **extra):
    info = None
    if error is not None:
        try:
            raise error
        except type(error):
            info = sys.exc_info()
    record = logging.LogRecord("diskarte.outbox", logging.INFO, __file__, 1, text, given, info)
    vars(record).update(extra)
    return record


def as_text(record):
    return logs.Text("%(levelname)s %(name)s %(about)s%(message)s").format(record)


def test_a_line_for_people_names_its_delivery():
    with logs.about(12):
        assert (
            as_text(a_record("queued → %s", "sending")) == "INFO diskarte.outbox delivery=12 queued → sending"
        )
    assert as_text(a_record("hello")) == "INFO diskarte.outbox hello"


def test_a_line_for_programs_is_one_json_object():
    told = json.loads(logs.Json().format(a_record("GET %s", "/posts", delivery=7, status=200, ms=12)))
    assert (told["delivery"], told["status"], told["ms"], told["level"]) == (7, 200, 12, "info")
    assert told["message"] == "GET /posts"
    assert told["at"].endswith("+00:00")


def test_an_error_keeps_its_traceback_in_one_line():
    line = logs.Json().format(a_record("failed", error=ValueError("no")))
    assert "\n" not in line
    assert "ValueError: no" in json.loads(line)["error"]


@pytest.mark.parametrize("form", [as_text, lambda record: logs.Json().format(record)])
def test_a_secret_that_was_ever_opened_is_in_no_line(form):
    secrets.open(secrets.seal({"token": SECRET, "deep": {"key": 'quo"ted-secret'}}))
    quoted = "s3cr3t%2Fwith%2Bodd%3Dsigns-9f27"
    for text in (SECRET, quoted, f"https://h/{quoted}?a", 'quo"ted-secret', json.dumps('quo"ted-secret')):
        line = form(a_record("it said %s", text, error=ValueError(f"bad {text}")))
        assert "s3cr3t" not in line
        assert "ted-secret" not in line
        assert logs.HIDDEN in line


def test_what_looks_like_a_proof_is_hidden_even_when_nobody_knows_it():
    line = as_text(a_record("Authorization: Bearer abcdef.123 to postgresql://me:hush-hush@db/x"))
    assert "abcdef" not in line
    assert "hush" not in line
    assert "@db/x" in line


def test_only_the_latest_secrets_are_known(monkeypatch):
    monkeypatch.setattr(logs, "MOST", 3)
    for number in range(5):
        logs.keep_quiet(f"secret-number-{number}")
    assert len(logs._known) == 3
    assert logs.hide("secret-number-4") == logs.HIDDEN


def lines(caplog):
    return [logs.Text("%(name)s %(about)s%(message)s").format(record) for record in caplog.records]


def test_every_line_of_a_deliverys_life_names_it_and_none_holds_the_secret(world, caplog, monkeypatch):
    """Faults of every sort, with the secret in the network's own words, in addresses and in our errors."""
    caplog.set_level(logging.DEBUG, "diskarte")
    make.alice()
    world.server.token = SECRET
    channel = world.channel(secrets=Secrets(token=SECRET))
    answer = world.server._answer

    def echo(request):
        told = answer(request)
        told._content = json.dumps(
            {"id": json.loads(told.content)["id"], "token": SECRET, "echo": SECRET}
        ).encode()
        return told

    monkeypatch.setattr(world.server, "_answer", echo)
    delivery = world.delivery(channel)
    for number, fault in enumerate(["lost", "down", 429, 500, 422, None]):
        world.server.breaks = [fault]
        Delivery.objects.filter(pk=delivery.pk).update(state="queued", doubt_at=None, due_at=NOW)
        Worker(1).once(NOW + number * MINUTE)
    monkeypatch.setattr("diskarte.core.outbox.attempt.post_of", lambda _: 1 / 0)
    other = again(world.delivery(channel))
    from diskarte.core.outbox.machine import take

    (taken,) = take(1, "anna", NOW + 9 * MINUTE)
    with logs.about(other.pk):
        try_one(taken, NOW + 9 * MINUTE)
    found = lines(caplog)
    assert any("ZeroDivisionError" in line for line in found)
    assert not [line for line in found if SECRET in line]
    about = [line for line in found if "→" in line or "POST" in line]
    assert len(about) >= 12
    assert sum("delivery=" in line for line in found if "→" in line) == sum("→" in line for line in found)
    stored = json.dumps(list(Attempt.objects.values_list("why", "exchanges")))
    assert SECRET not in stored
    rows = Delivery.objects.values_list("why", "do", "told", "content", "memo")
    assert SECRET not in json.dumps(list(rows))


def test_an_exchange_is_a_line_and_is_still_kept(world, caplog):
    caplog.set_level(logging.INFO, "diskarte")
    delivery = world.delivery()
    with logs.about(delivery.pk):
        assert attempt(delivery, NOW)
    (record,) = [r for r in caplog.records if getattr(r, "method", "") == "POST"]
    assert (record.path, record.status) == ("/posts", 200)
    assert Attempt.objects.get().exchanges[0]["path"] == "/posts"
