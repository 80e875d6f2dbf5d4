"""A trouble is told once, by letter and by a signed call, and told again when it is solved."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from django.core import mail

from diskarte.core import clock, fetch
from diskarte.core.outbox import notices, queue, watch
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.models import Alarm, Delivery, Listener, Notice
from diskarte.core.outbox.worker import Worker
from diskarte.core.secrets import Secrets
from tests import make
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW, again
from tests.servers import free_port, running, shared

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
URL = "https://hooks.example/diskarte"


@pytest.fixture
def alice(world):
    return make.alice()


@pytest.fixture
def program(alice, monkeypatch):
    """The program of Alice's workspace: what it got, and how it answers."""
    Listener.objects.create(workspace=alice.workspace, url=URL, secrets=Secrets(key=KEY))

    class Program:
        got: list = []
        answers: list = []

        def __call__(self, request):
            self.got.append(request)
            how = self.answers.pop(0) if self.answers else 200
            if isinstance(how, Exception):
                raise how
            return httpx.Response(how, text="x" * 100)

    there = Program()
    there.got, there.answers = [], []
    line = lambda **more: httpx.Client(transport=httpx.MockTransport(there))  # noqa: E731
    monkeypatch.setattr(fetch, "client", line)
    return there


def body(request):
    return json.loads(request.content)


def test_the_program_gets_a_signed_call_it_can_check(world, program):
    delivery = world.delivery(label="Undas promo")
    watch.warn(NOW + MINUTE)
    assert notices.send_due(NOW + MINUTE) == 2  # the letter and the call
    (request,) = program.got
    told = body(request)
    assert told["type"] == "outbox.trouble"
    (trouble,) = told["data"]["troubles"]
    assert (trouble["delivery"], trouble["kind"], trouble["label"]) == (delivery.pk, "late", "Undas promo")
    assert trouble["url"].endswith(f"/kape-diwata/publish/outbox/{delivery.pk}/")
    key, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    ours = hmac.new(b"k" * 32, f"{key}.{at}.".encode() + request.content, hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == "v1," + base64.b64encode(ours).decode()


def test_a_program_that_is_down_is_called_again_with_the_same_id_and_given_up_in_the_end(world, program):
    world.delivery()
    program.answers = [500, httpx.ConnectError("down"), 200]
    watch.warn(NOW + MINUTE)
    notices.send_due(NOW + MINUTE)
    assert notices.send_due(NOW + MINUTE + timedelta(seconds=10)) == 0  # not yet
    assert notices.send_due(NOW + 2 * MINUTE) == 0
    assert notices.send_due(NOW + HOUR) == 1
    assert len({request.headers["webhook-id"] for request in program.got}) == 1
    assert len(program.got) == 3


def test_what_nobody_takes_is_given_up_with_the_reason(world, program):
    world.delivery()
    program.answers = [500] * 20
    watch.warn(NOW + MINUTE)
    for day in range(20):
        notices.send_due(NOW + MINUTE + day * DAY)
    row = Notice.objects.get(way="webhook")
    assert (row.state, row.why, row.tries) == ("failed", "It answered 500.", 7)


def test_gone_means_gone(world, program):
    world.delivery()
    program.answers = [410]
    watch.warn(NOW + MINUTE)
    notices.send_due(NOW + MINUTE)
    assert Notice.objects.get(way="webhook").state == "failed"


def test_an_address_inside_is_never_called(world, alice, settings):
    settings.ALLOW_LOOPBACK = False
    Listener.objects.create(workspace=alice.workspace, url="http://127.0.0.1:9/", secrets=Secrets(key=KEY))
    world.delivery()
    watch.warn(NOW + MINUTE)
    notices.send_due(NOW + MINUTE)
    row = Notice.objects.get(way="webhook")
    assert (row.state, row.why) == ("failed", "This address is not on the public internet.")


def test_solved_is_told_once(world, program):
    delivery = world.delivery(label="Undas promo")
    watch.warn(NOW + MINUTE)
    assert attempt(delivery, NOW + 2 * MINUTE)
    assert watch.warn(NOW + 2 * MINUTE) == 0
    watch.warn(NOW + 3 * MINUTE)
    notices.send_due(NOW + 3 * MINUTE)
    kinds = [body(request)["type"] for request in program.got]
    assert kinds == ["outbox.trouble", "outbox.solved"]
    (solved,) = body(program.got[1])["data"]["solved"]
    assert (solved["delivery"], solved["how"]) == (delivery.pk, "sent")
    assert [letter.subject.split(":")[0] for letter in mail.outbox] == ["1 post needs you", "Solved"]


def test_another_trouble_of_the_same_post_is_told(world, alice):
    delivery = world.delivery()
    assert watch.warn(NOW + MINUTE) == 1
    world.server.breaks = [422]
    attempt(delivery, NOW + 2 * MINUTE)
    assert watch.warn(NOW + 2 * MINUTE) == 1
    assert [alarm.kind for alarm in Alarm.objects.order_by("pk")] == ["late", "refused"]
    assert Alarm.objects.filter(solved_at=None).count() == 1


def test_a_post_that_moved_to_another_time_is_solved(world, alice):
    delivery = world.delivery()
    watch.warn(NOW + MINUTE)
    assert queue.amend(again(delivery), NOW + MINUTE, due_at=NOW + DAY)
    assert watch.warn(NOW + MINUTE) == 0
    assert Alarm.objects.get().solved_at == NOW + MINUTE


def test_a_post_that_is_tried_again_and_again_is_worth_a_word(world, alice):
    delivery = world.delivery()
    world.server.breaks = [503, 503]
    Delivery.objects.filter(pk=delivery.pk).update(
        state="queued", tries=4, why="The server is down.", first_tried_at=NOW, due_at=NOW + HOUR
    )
    assert watch.troubles(NOW + 4 * MINUTE) == []
    (trouble,) = watch.troubles(NOW + 6 * MINUTE)
    assert (trouble.what, trouble.urgency) == ("The server is down.", "look")


def test_two_watchdogs_tell_once(world, alice):
    world.delivery()
    first, second = watch.troubles(NOW + MINUTE), watch.troubles(NOW + MINUTE)
    assert list(watch._opened(first, NOW + MINUTE)) == first
    assert list(watch._opened(second, NOW + MINUTE)) == []


def test_one_process_goes_round_at_a_time(world, alice):
    world.delivery()
    assert watch.go_round(NOW + MINUTE)
    assert not watch.go_round(NOW + MINUTE + timedelta(seconds=5))
    assert watch.go_round(NOW + MINUTE + timedelta(seconds=10))
    notices.send_due(NOW + MINUTE)
    assert len(mail.outbox) == 1


def test_hundreds_of_troubles_are_one_short_letter_and_an_alarm_each(
    world, alice, django_assert_max_num_queries
):
    channel = world.channel()
    for _n in range(30):
        world.delivery(channel)
    with django_assert_max_num_queries(60):
        assert watch.warn(NOW + MINUTE) == 30
    notices.send_due(NOW + MINUTE)
    (letter,) = mail.outbox
    assert letter.body.count("no worker is running") == watch.LISTED
    assert "and 10 more" in letter.body
    assert Alarm.objects.filter(solved_at=None).count() == 30


def test_letters_speak_the_readers_language_and_the_call_is_carried_by_one_only(world, alice):
    alice.person.language = "fil"
    alice.person.save()
    world.delivery()
    watch.warn(NOW + MINUTE)
    notice = Notice.objects.get()
    same = Notice.objects.get()
    assert notices.carry(notice, NOW + MINUTE)
    assert not notices.carry(same, NOW + MINUTE)
    assert "no worker is running" not in mail.outbox[0].body


def test_letters_that_cannot_be_sent_are_sent_later(world, alice, monkeypatch, caplog):
    def refuse(*_):
        raise ConnectionRefusedError

    world.delivery()
    assert watch.warn(NOW + MINUTE) == 1
    with monkeypatch.context() as broken:
        broken.setattr(notices, "send_mail", refuse)
        notices.send_due(NOW + MINUTE)
    assert "could not be sent" in caplog.text
    assert mail.outbox == []
    notices.send_due(NOW + 2 * MINUTE)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_the_watchdog_barks_while_the_workers_loop_hangs(world, alice, monkeypatch):
    hangs, stop, barked = threading.Event(), threading.Event(), threading.Event()
    monkeypatch.setattr(watch, "POLL", 0.01)
    monkeypatch.setattr(Worker, "_pass", lambda self, pool: hangs.wait(10))
    monkeypatch.setattr(watch, "warn", lambda now: barked.set())
    worker = threading.Thread(target=Worker(1).run, args=(stop,))
    worker.start()
    try:
        assert barked.wait(5)
    finally:
        stop.set()
        hangs.set()
        worker.join(20)


def test_a_real_mail_server_gets_the_letters_and_its_faults_are_survived(world, settings):
    script = shared("servers", "mail", "start.sh")
    port, web = free_port(), free_port()
    for name in ("Alice", "Later", "Reject"):
        make.a_member(name, "owner")
    world.delivery(label="Undas promo")
    options = {"host": "127.0.0.1", "port": port, "timeout": 10}
    settings.MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    }
    with running(["sh", script], PORT=str(port), WEB_PORT=str(web)):
        watch.warn(NOW + MINUTE)
        assert notices.send_due(NOW + MINUTE) == 1  # later@ says 451, reject@ says 550
        notices.send_due(NOW + 5 * MINUTE)
        box = httpx.get(f"http://127.0.0.1:{web}/messages").json()
    assert sorted(letter["to"][0] for letter in box) == ["alice@example.com", "later@example.com"]
    assert box[0]["subject"] == "1 post needs you: Kape"
    assert "Undas promo" in box[0]["text"]
    assert "550" in Notice.objects.get(to="reject@example.com").why


def test_a_real_program_over_a_real_line(world, alice):
    got = []

    class Program(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(
                (self.headers["webhook-signature"], self.rfile.read(int(self.headers["Content-Length"])))
            )
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Program)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hook"
    Listener.objects.create(workspace=alice.workspace, url=url, secrets=Secrets(key=KEY))
    with clock.at(NOW):
        notice = notices.call(alice.workspace, "test", {}, NOW)
        assert notices.carry(notice, NOW)
    server.shutdown()
    assert got[0][0].startswith("v1,")
    assert json.loads(got[0][1])["type"] == "outbox.test"
