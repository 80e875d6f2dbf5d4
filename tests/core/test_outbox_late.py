"""A worker that was held up wakes late, in a process of its own: it changes nothing and commits nothing twice."""

import subprocess
import sys

import pytest
from django.utils import timezone

from diskarte.core.outbox.models import Channel
from diskarte.core.outbox.queue import queue
from diskarte.core.secrets import Secrets
from tests import make
from tests.core.test_outbox_processes import ROOT, Base

BEGIN = """
import django; django.setup()
import sys
from datetime import timedelta
from django.utils import timezone
from diskarte.core.outbox import attempt, machine
from diskarte.core.outbox.worker import Worker

def halt(*_given):
    print("halted", flush=True)
    sys.stdin.readline()
"""
BEFORE_THE_CALL = """
(delivery,) = machine.take(1, "late", timezone.now())
halt()
print(attempt.attempt(delivery, timezone.now()))
"""
AFTER_THE_CALL = """
(delivery,) = machine.take(1, "late", timezone.now())
written = attempt.close
attempt.close = lambda *given: (halt(), written(*given))[1]
print(attempt.attempt(delivery, timezone.now()))
"""
ANOTHER = """
for minutes in (10, 12):
    Worker(owner="other").once(timezone.now() + timedelta(minutes=minutes))
"""


@pytest.fixture
def base(transactional_db, tmp_path, settings):
    brand = make.a_brand()
    secrets = Secrets(token="harbour")
    channel = Channel.objects.create(brand=brand, network="practice", identity="harbour", secrets=secrets)
    queue(brand, channel, {"text": "Once"}, timezone.now(), key="once")
    return Base(tmp_path, settings.SECRET_KEY)


def process(base, steps):
    command = [sys.executable, "-c", BEGIN + steps]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, env=base.env, cwd=ROOT, text=True, **pipes)


@pytest.mark.parametrize("steps", [BEFORE_THE_CALL, AFTER_THE_CALL])
def test_rescued_from_a_late_worker_it_is_sent_once_and_the_late_one_writes_nothing(base, steps):
    late = process(base, steps)
    try:
        assert late.stdout.readline() == "halted\n"
        assert process(base, ANOTHER).communicate(timeout=120) == ("", None)
        sent = base.run("SELECT * FROM outbox_delivery")
        told, _nothing = late.communicate("go on\n", timeout=120)
    finally:
        late.kill()
        late.wait()
    assert told == "False\n"
    assert base.run("SELECT * FROM outbox_delivery") == sent  # not one column of it
    assert base.run("SELECT state, fence FROM outbox_delivery") == [("sent", 2)]
    assert base.run("SELECT count(*) FROM practice_practicepost") == [(1,)]
    attempts = "SELECT fence, owner, outcome FROM outbox_attempt ORDER BY fence"
    assert base.run(attempts) == [(1, "late", ""), (2, "other", "sent")]
