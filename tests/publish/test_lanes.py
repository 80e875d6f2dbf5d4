"""The outbox's pages: the list with thousands, one delivery, alarms and the dry run; and races with the sender."""

import csv
import io
import json
from datetime import timedelta

import httpx
import pytest
from django.test import Client

from diskarte.core import clock, fetch
from diskarte.core.outbox import actions as lane
from diskarte.core.outbox import machine, watch
from diskarte.core.outbox.models import Alarm, Delivery, Listener, Notice
from diskarte.core.outbox.queue import queue
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.publish import actions
from diskarte.words import Problem
from tests.make import NOW, a_brand, alice, bob, charlie
from tests.publish.builders import LATER, a_channel, a_post, a_slot, in_state

pytestmark = pytest.mark.django_db
HOME = "/kape-diwata/publish/outbox/"


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


@pytest.fixture
def asked(web, django_assert_max_num_queries):
    """The text of a page, with its queries counted once the rail is fresh."""

    def get(path="", most=15):
        web.get(HOME)
        with django_assert_max_num_queries(most):
            answer = web.get(HOME + path)
        assert answer.status_code == 200, answer.content.decode()[:1000]
        return answer.content.decode()

    return get


def many(n=5000):
    channel, brand = a_channel(), a_brand()
    facts = {"workspace": brand.workspace, "brand": brand, "channel": channel}
    rows = [
        Delivery(
            **facts, label=f"Post {k}", content={"text": f"word{k}"}, planned_at=NOW + k * timedelta(minutes=1),
            due_at=NOW, state="sent" if k % 2 else "queued",
        )
        for k in range(n)
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows)
    return channel


def test_five_thousand_deliveries_are_pages_of_fifty(asked):
    many()
    page = asked()
    assert page.count('class="row-item folds"') == 50
    assert "1–50 of 5000" in page
    assert "Post 4999" in page
    assert "Post 4949" in asked("?page=2")
    assert "4951–5000 of 5000" in asked("?page=100")
    assert "1–50 of 2500" in asked("?state=sent")


def test_by_words_by_channel_and_by_days_of_the_brands_calendar(asked):
    channel = many(3000)
    a_post("Elsewhere", a_channel("Hall"), at=LATER, then="schedule")
    assert "Post 77<" in asked("?search=word77")
    assert asked("?search=word77").count("row-item folds") == 11  # word77, word770 … word779
    assert "Elsewhere" not in asked(f"?channel={channel.pk}")
    day = asked("?start=2026-12-02&end=2026-12-02&state=queued,sent")
    assert "of 1440" in day  # Manila's second of December
    assert "Nothing in the outbox fits" in asked("?start=2031-01-01")
    assert "of 3001" in asked("?start=nonsense&page=-3&channel=x")


def test_the_list_as_a_file(web):
    a_post("=SUM(1) coffee", at=LATER, then="schedule")
    text = web.get(HOME + "list.csv?search=coffee").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["planned"], row["state"]) == ("2026-12-01 12:00:00", "queued")
    assert not row["label"].startswith("=")


def test_a_post_leads_to_its_story_and_a_reply_has_one_of_its_own(web, asked):
    post = a_post("Open at 6", at=LATER, then="schedule")
    delivery = Delivery.objects.get(origin=post.address)
    assert f"/publish/{post.pk}/story?channel=" in web.get(f"{HOME}{delivery.pk}/").headers["location"]
    reply = queue(
        a_brand(), a_channel(), {"text": "Thanks!", "answers": "5"}, LATER, action="reply", label="To Mia"
    )
    page = asked(f"{reply.pk}/")
    assert "A reply" in page
    assert "It goes out" in page
    in_doubt = Delivery.objects.filter(pk=reply.pk)
    in_doubt.update(state="unknown", do="Look", why="The line was cut.")
    page = asked(f"{reply.pk}/")
    assert "The line was cut." in page
    assert "It is there" in page
    gone = queue(a_brand(), a_channel(), {"remote_id": "at://x/1"}, LATER, action="delete")
    assert "at://x/1" in asked(f"{gone.pk}/")


def test_the_parts_of_a_thread_are_shown_with_their_ids(asked, web):
    post = a_post("One", parts=["Two", "Three"], at=LATER, then="schedule")
    told = {"parts": ["r2", "r3"], "links": ["https://n.test/2", "https://n.test/3"]}
    in_state(post, "sent", sent_at=NOW, remote_id="r1", url="https://n.test/1", told=told)
    page = web.get(f"/kape-diwata/publish/{post.pk}/story").content.decode()
    assert "https://n.test/3" in page
    assert "Part 3 is out" in page
    in_state(post, "queued", memo={"sent": [["r1", "https://n.test/1"], ["r2", ""]]}, told={})
    found = lane.detail(alice(), Delivery.objects.get(origin=post.address).pk)
    assert [part.remote_id for part in found.parts] == ["r1", "r2"]
    assert found.next.what == "It goes on with the next part."


def test_a_pasted_link_settles_a_doubt_and_tells_the_id(monkeypatch):
    from diskarte import networks

    monkeypatch.setattr(
        type(networks.get("practice")), "id_of", lambda self, url, identity: url.rpartition("/")[2]
    )
    post = a_post(then="publish_now")
    delivery = in_state(post, "unknown", do="Look", doubt_at=NOW)
    lane.resolve(alice(), delivery.pk, True, "https://n.test/77")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.url, delivery.remote_id) == ("sent", "https://n.test/77", "77")


def test_alarms_are_on_the_page_and_so_is_who_was_told(asked):
    assert "All is well" in asked("alarms/")
    a_post("Undas promo", then="publish_now")
    with clock.at(NOW + timedelta(minutes=2)):
        watch.warn(clock.now())
    page = asked("alarms/")
    assert "no worker is running" in page
    assert "alice@example.com" in page
    assert "See 1 open alarm" in asked()
    assert Alarm.objects.get().solved_at is None


def test_a_program_is_named_tested_and_its_secret_is_shown_once_and_sealed(web, asked, monkeypatch):
    got = []

    def program(request):
        got.append(request)
        return httpx.Response(200 if len(got) == 1 else 500)

    line = lambda **_: httpx.Client(transport=httpx.MockTransport(program))  # noqa: E731
    monkeypatch.setattr(fetch, "client", line)
    web.post(
        "/kape-diwata/do/outbox.set_webhook", {"url": "https://hooks.example/x", "next": HOME + "alarms/"}
    )
    key = Listener.objects.get().secrets["key"]
    assert key in web.get(HOME + "alarms/").content.decode()
    assert key not in web.get(HOME + "alarms/").content.decode()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM outbox_listener")
        assert key not in cursor.fetchone()[0]
    assert lane.test_webhook(alice()).state == "sent"
    assert json.loads(got[0].content)["type"] == "outbox.test"
    with pytest.raises(Problem, match="answered 500"):
        lane.test_webhook(alice())
    assert Notice.objects.filter(state="queued").count() == 0
    assert "answered 500" in asked("alarms/")
    lane.remove_webhook(alice())
    with pytest.raises(Problem, match="No program"):
        lane.test_webhook(alice())


@pytest.mark.parametrize("url", ["ftp://x/", "hooks.example", "https://", "javascript:alert(1)"])
def test_only_an_address_is_an_address(url):
    with pytest.raises(Problem, match="not a web address"):
        lane.set_webhook(alice(), url)


def test_the_dry_run_tells_posts_drafts_and_empty_places(asked, web):
    a_post("Goes out", at=LATER, then="schedule")
    a_post("Nobody scheduled me", at=LATER)
    a_slot(title="Empty place", at=LATER)
    page = asked("dry-run/", 20)
    for words in (
        "Goes out",
        "Nobody scheduled me",
        "Empty place",
        "POST /posts",
        "A draft",
        "Not written yet",
    ):
        assert words in page
    text = web.get(HOME + "dry-run.csv?days=7").content.decode("utf-8-sig")
    assert {row["what would happen"] for row in csv.DictReader(io.StringIO(text))} == {
        "goes",
        "draft",
        "unwritten",
    }
    a_brand().workspace.__class__.objects.update(approval="required")
    assert "Needs approval" in asked("dry-run/", 20)
    assert "Nothing would happen" in asked(f"dry-run/?channel={a_channel('Hall').pk}", 20)


def test_charlie_and_guests_see_nothing_and_bob_changes_nothing():
    delivery = Delivery.objects.get(origin=a_post(at=LATER, then="schedule").address)
    stranger = Client()
    stranger.force_login(charlie().person)
    for path in ("", f"{delivery.pk}/", "alarms/", "dry-run/", "list.csv", "dry-run.csv"):
        assert stranger.get(HOME + path).status_code == 404
        assert stranger.get(f"/charlies-tea/publish/outbox/{path}").status_code == (
            404 if path[:1].isdigit() else 200
        )
    with pytest.raises(Stranger):
        lane.detail(charlie(), delivery.pk)
    for verb, given in (
        (lane.set_webhook, ["https://a.b"]),
        (lane.remove_webhook, []),
        (lane.test_webhook, []),
    ):
        with pytest.raises(Forbidden):
            verb(bob(), *given)
    assert lane.alarms(charlie()) == []


def test_moving_or_taking_back_a_post_while_it_is_sent_loses_to_the_sender():
    """Each order of the two: whoever's row moves first has won, and the other is told."""
    post = a_post("Race", then="publish_now")
    (taken,) = machine.take(1, "anna", NOW)
    for verb, given in (
        (lane.reschedule, [taken.pk, LATER]), (lane.cancel, [taken.pk]), (actions.cancel, [post.pk]),
        (actions.schedule, [post.pk, LATER]), (actions.delete, [post.pk]), (actions.edit, [post.pk, "New words"]),
    ):  # fmt: skip
        with pytest.raises(Problem):
            verb(alice(), *given)
    taken.refresh_from_db()
    assert (taken.state, taken.content["text"]) == ("sending", "Race")


@pytest.mark.parametrize("how", ["move", "cancel", "words"])
def test_a_sender_that_read_the_row_before_it_changed_gets_nothing(how):
    post = a_post("Race", then="publish_now")
    stale = Delivery.objects.select_related("channel").get(origin=post.address)
    if how == "move":
        lane.reschedule(alice(), stale.pk, LATER)
    elif how == "cancel":
        actions.cancel(alice(), post.pk)
    else:
        actions.edit(alice(), post.pk, "New words")
    taken = machine.take(5, "anna", NOW)
    assert [row.content["text"] for row in taken] == (["New words"] if how == "words" else [])


def test_a_change_that_read_the_row_before_it_was_taken_changes_nothing():
    post = a_post("Race", then="publish_now")
    stale = Delivery.objects.get(origin=post.address)
    machine.take(1, "anna", NOW)
    from diskarte.core.outbox.queue import amend

    assert not amend(stale, NOW, content={"text": "Too late"}, due_at=LATER)
    assert not machine.cancel(Delivery(**{**vars_of(stale), "state": "queued"}), NOW, "Too late")
    assert Delivery.objects.get(pk=stale.pk).content["text"] == "Race"


def vars_of(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
