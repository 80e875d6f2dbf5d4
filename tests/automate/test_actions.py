import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Forbidden, Stranger, worker_of
from diskarte.stages.automate import actions, files
from diskarte.stages.automate.models import Firing, Rule
from diskarte.stages.publish.models import Post
from diskarte.words import Problem
from tests.make import a_brand, alice, bob, charlie
from tests.measure.builders import history

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return Channel.objects.create(
        brand=a_brand(), network="practice", name="Practice", identity="p1", base="practice://1"
    )


def a_table(*rows):
    text = "date,time,channel,text,kind\n" + "\n".join(rows) + "\n"
    return Upload("posts.csv", text.encode())


def soon(hours=48):
    return timezone.localtime(timezone.now() + timedelta(hours=hours), a_brand().zone).strftime(
        "%Y-%m-%d,%H:%M"
    )


def test_good_rows_become_drafts_and_bad_rows_come_back(channel):
    who = alice()
    batch = actions.upload_posts(
        who, a_table(f"{soon()},Practice,Good morning,text", "soon,,Practice,Beans,text")
    )
    assert (batch.good, batch.bad) == (1, 1)
    assert list(csv.reader(io.StringIO(batch.bad_rows)))[1][:2] == [
        "3",
        "«soon» is not a date and time such as 2026-12-01 18:00",
    ]
    assert not Post.objects.exists()
    assert actions.standing(who).needs
    assert actions.take_batch(who, batch.pk) == {"made": 1, "scheduled": 0}
    assert Post.objects.get().text == "Good morning"
    with pytest.raises(Problem, match="already"):
        actions.take_batch(who, batch.pk)


def test_posts_with_time_and_channel_are_scheduled(channel):
    who = alice()
    batch = actions.upload_posts(who, a_table(f"{soon()},Practice,Good morning,text", ",,,An idea,"))
    assert actions.take_batch(who, batch.pk, schedule=True) == {"made": 2, "scheduled": 1}
    assert channel.deliveries.count() == 1


def test_a_table_without_text_is_refused(channel):
    with pytest.raises(Problem, match="«text» is missing"):
        actions.upload_posts(alice(), Upload("a.csv", b"date,message\n2026-12-01,Hi\n"))


def test_our_own_example_can_be_uploaded(channel):
    text = actions.template(alice())
    batch = actions.upload_posts(alice(), Upload("posts.csv", text.encode()))
    assert (batch.good, batch.bad) == (1, 0)


def a_breakout(brand):
    history(brand, 30)
    return Publication.objects.create(
        brand=brand,
        network="practice",
        remote_id="hit",
        at=timezone.now() - timedelta(days=1),
        text="The hit",
        likes=900,
    )


def test_a_breakout_is_drafted_again_once():
    who = alice()
    a_breakout(who.brand)
    rule = actions.add_rule(who, "breakout", "draft_again")
    (match,) = actions.dry_run(who, rule.pk)
    assert "The hit" in match.said
    assert not Post.objects.exists()
    assert actions.run_rules(who) == {"fired": 1}
    assert actions.run_rules(worker_of(who.brand)) == {"fired": 0}
    assert Post.objects.get().text == "The hit"


def test_a_mail_is_sent_and_a_rule_that_is_off_sleeps():
    who = alice()
    a_breakout(who.brand)
    rule = actions.add_rule(who, "breakout", "mail", to="owner@example.com")
    actions.switch_rule(who, rule.pk, on=False)
    assert actions.run_rules(who) == {"fired": 0}
    actions.switch_rule(who, rule.pk, on=True)
    actions.run_rules(who)
    assert mail.outbox[0].to == ["owner@example.com"]
    assert Firing.objects.get().problem == ""


@pytest.mark.parametrize(
    ("when", "then", "more", "why"),
    [
        ("breakout", "mail", {}, "address"),
        ("behind", "draft_again", {}, "Only a post"),
        ("breakout", "draft_again", {"times": 1.0}, "1.5"),
    ],
)
def test_rules_that_make_no_sense(when, then, more, why):
    with pytest.raises(Problem, match=why):
        actions.add_rule(alice(), when, then, **more)


def test_rights(channel):
    with pytest.raises(Forbidden):
        actions.add_rule(bob(), "breakout", "draft_again")
    rule = actions.add_rule(alice(), "breakout", "draft_again")
    with pytest.raises(Stranger):
        actions.dry_run(charlie(), rule.pk)
    with pytest.raises(Stranger):
        actions.remove_rule(charlie(), rule.pk)


def test_rules_survive_the_folder():
    who = alice()
    actions.add_rule(who, "breakout", "draft_again", times=2.5)
    actions.add_rule(who, "trouble", "mail", to="a@example.com")
    kept = files.export(who.brand)
    Rule.objects.all().delete()
    files.restore(who.brand, kept, who)
    assert files.export(who.brand) == kept


def test_pages(web, channel, django_assert_max_num_queries):
    who = alice()
    a_breakout(who.brand)
    rule = actions.add_rule(who, "breakout", "draft_again")
    batch = actions.upload_posts(
        who, a_table(f"{soon()},Practice,Good morning,text", "soon,,Practice,Beans,text")
    )
    web.get("/kape-diwata/automate/")
    with django_assert_max_num_queries(15):
        page = web.get("/kape-diwata/automate/").content.decode()
    assert "posts.csv" in page
    assert "The hit" in web.get(f"/kape-diwata/automate/rules/{rule.pk}/").content.decode()
    assert "not a date" in web.get(f"/kape-diwata/automate/uploads/{batch.pk}/rows.csv").content.decode()
    assert web.get("/kape-diwata/automate/template.csv").status_code == 200
