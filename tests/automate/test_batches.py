"""A table of posts: looked through, given back where it cannot be read, taken in once, thrown away."""

from __future__ import annotations

import csv
import io

import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Stranger
from diskarte.stages.automate import actions
from diskarte.stages.automate.models import Batch
from diskarte.stages.plan.models import Pillar
from diskarte.stages.publish.models import Post
from diskarte.words import Problem
from tests.make import NOW, a_brand, alice, charlie
from tests.publish.builders import a_channel

pytestmark = pytest.mark.django_db
HEAD = "date,time,channel,text,kind,title,pillar,topic,link,first_comment"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def harbour():
    return a_channel("Harbour", handle="@harbour")


def uploaded(*rows, head=HEAD, who=None):
    return actions.upload_posts(who or alice(), Upload("posts.csv", "\n".join((head, *rows)).encode()))


def test_every_cell_reaches_the_post(harbour):
    Pillar.objects.create(brand=a_brand(), name="Useful", share=1)
    row = (
        '2026-12-05,18:30,@harbour,"Slowly, please",reel,Bean day,useful,Beans,https://kape.ph,Which brewer?'
    )
    batch = uploaded(row)
    assert (batch.good, batch.bad, batch.state) == (1, 0, "looked")
    actions.take_batch(alice(), batch.pk)
    post = Post.objects.get()
    assert (post.text, post.kind, post.title) == ("Slowly, please", "reel", "Bean day")
    assert (post.pillar.name, post.topic) == ("Useful", "Beans")
    assert (post.link, post.first_comment) == ("https://kape.ph", "Which brewer?")
    assert post.due_at.isoformat() == "2026-12-05T10:30:00+00:00"  # 18:30 in Manila
    assert [v.channel for v in post.variants.all()] == [harbour]
    assert post.origin == f"automate.batch:{batch.pk}"


def test_a_channel_is_found_by_its_name_or_its_handle(harbour):
    batch = uploaded(f"2026-12-05,18:30,{harbour},One,,,,,,", "2026-12-05,19:30,@harbour,Two,,,,,,")
    assert [row["channels"] for row in batch.rows] == [[harbour.pk], [harbour.pk]]


def test_the_channel_of_another_brand_is_no_channel(harbour):
    a_channel("Theirs", brand=charlie().brand)
    batch = uploaded("2026-12-05,18:30,theirs,One,,,,,,")
    assert (batch.good, batch.bad) == (0, 1)


def test_what_cannot_be_read_comes_back_row_for_row_and_can_be_given_again(harbour):
    batch = uploaded(
        "2026-12-05,18:30,@harbour,Fine,,,,,,", "2026-12-05,18:30,@harbour,,,,,,,", "x,,,Odd,,,,,,"
    )
    table = list(csv.reader(io.StringIO(actions.bad_rows(alice(), batch.pk))))
    assert table[0][2:] == HEAD.split(",")
    assert [row[0] for row in table[1:]] == ["3", "4"]
    assert all(row[1] for row in table[1:])
    mended = ["2026-12-06", "09:00", *table[2][4:]]
    assert uploaded(",".join(mended)).good == 1


def test_only_what_has_a_time_to_come_and_a_channel_is_scheduled(harbour):
    batch = uploaded(
        "2026-12-05,18:30,@harbour,Soon,,,,,,",
        "2026-11-05,18:30,@harbour,Too late,,,,,,",
        "2026-12-05,20:30,,Nowhere,,,,,,",
        ",,@harbour,Some day,,,,,,",
    )
    assert actions.take_batch(alice(), batch.pk, schedule=True) == {"made": 4, "scheduled": 1}
    assert [d.content["text"] for d in Delivery.objects.all()] == ["Soon"]
    batch.refresh_from_db()
    assert (batch.state, batch.scheduled, batch.rows) == ("taken", 1, [])


def test_one_post_that_no_network_takes_leaves_nothing_half_taken(harbour):
    batch = uploaded("2026-12-05,18:30,@harbour,Fine,,,,,,", f"2026-12-06,18:30,@harbour,{'x' * 1001},,,,,,")
    with pytest.raises(Problem, match="too long"):
        actions.take_batch(alice(), batch.pk, schedule=True)
    batch.refresh_from_db()
    assert (batch.state, Post.objects.count(), Delivery.objects.count()) == ("looked", 0, 0)
    assert actions.take_batch(alice(), batch.pk)["made"] == 2  # as drafts they can be mended


def test_more_posts_than_anybody_writes_are_a_wrong_file(monkeypatch, harbour):
    monkeypatch.setattr(actions, "MOST", 2)
    with pytest.raises(Problem, match="more than 2") as told:
        uploaded(*["2026-12-05,18:30,@harbour,Hi,,,,,,"] * 3)
    assert told.value.field == "file"
    assert not Batch.objects.exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"a,b\n1,2"])
def test_what_is_no_table_of_posts(content):
    with pytest.raises(Problem):
        actions.upload_posts(alice(), Upload("posts.csv", content))


def test_throwing_away_leaves_the_posts_and_can_be_undone(harbour):
    from diskarte.core.people.undo import undo

    batch = uploaded("2026-12-05,18:30,@harbour,Fine,,,,,,")
    actions.drop_batch(alice(), batch.pk)
    assert actions.batches(alice()) == []
    undo(Audit.objects.get(verb="automate.drop_batch"))
    (back,) = actions.batches(alice())
    assert actions.take_batch(alice(), back.pk) == {"made": 1, "scheduled": 0}
    actions.drop_batch(alice(), back.pk)
    assert Post.objects.count() == 1


def test_strangers(harbour):
    batch = uploaded("2026-12-05,18:30,@harbour,Fine,,,,,,")
    for verb in (actions.take_batch, actions.drop_batch, actions.bad_rows):
        with pytest.raises(Stranger):
            verb(charlie(), batch.pk)
    assert actions.batches(charlie()) == []
    assert actions.tokens(charlie()) == 0


def test_the_whole_way_by_the_forms(web, harbour):
    from django.core.files.uploadedfile import SimpleUploadedFile

    table = f"{HEAD}\n2026-12-05,18:30,@harbour,Fine,,,,,,\n,,,,,,,,,\nsoon,,,Odd,,,,,,\n".encode()
    file = SimpleUploadedFile("posts.csv", table)
    web.post("/kape-diwata/do/automate.upload_posts", {"file": file})
    batch = Batch.objects.get()
    assert "posts.csv" in web.get("/kape-diwata/automate/").content.decode()
    answer = web.get(f"/kape-diwata/automate/uploads/{batch.pk}/rows.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")  # spreadsheets read it as UTF-8
    assert "attachment" in answer["Content-Disposition"]
    web.post("/kape-diwata/do/automate.take_batch", {"batch": batch.pk, "schedule": "true"})
    assert Delivery.objects.count() == 1
    assert web.get("/kape-diwata/automate/").status_code == 200


def test_pages_of_strangers(client):
    rule = actions.add_rule(alice(), "breakout", "draft_again")
    client.force_login(charlie().person)
    for path in ("", "template.csv", f"rules/{rule.pk}/"):
        assert client.get(f"/kape-diwata/automate/{path}").status_code == 404
    assert client.get(f"/charlies-tea/automate/rules/{rule.pk}/").status_code == 404
