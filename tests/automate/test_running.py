"""Rules that run by themselves, for whom, who may change them, and what undo brings back."""

from __future__ import annotations

import pytest
from django.core import mail

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.automate import actions, jobs
from diskarte.stages.automate.models import Rule
from tests.automate.test_firing import a_delivery, mailing
from tests.make import NOW, a_brand, alice, bob, charlie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def test_the_job_runs_the_rules_of_every_brand_for_that_brand_only():
    other = charlie()
    mailing("trouble")
    mailing("trouble", other, to="charlie@example.com")
    a_delivery()
    jobs.run_rules(NOW)
    assert [letter.to for letter in mail.outbox] == [["owner@example.com"]]
    assert {line.door for line in Audit.objects.filter(verb="automate.run_rules")} == {"worker"}
    jobs.run_rules(NOW)
    assert len(mail.outbox) == 1


def test_a_brand_whose_rules_are_off_is_not_even_looked_at():
    rule = mailing("trouble")
    actions.switch_rule(alice(), rule.pk, on=False)
    jobs.run_rules(NOW)
    assert not Audit.objects.filter(verb="automate.run_rules").exists()


def test_removing_a_rule_can_be_undone():
    rule = mailing("trouble", times=2.0)
    actions.remove_rule(alice(), rule.pk)
    undo(Audit.objects.get(verb="automate.remove_rule"))
    (back,) = actions.rules(alice())
    assert (back.pk, back.when, back.to, back.times) == (rule.pk, "trouble", "owner@example.com", 2.0)


def test_standing(django_assert_max_num_queries):
    assert actions.standing(alice()).state == "empty"
    mailing("trouble")
    Rule.objects.create(brand=a_brand(), when="behind", then="mail", on=False)
    who = alice()
    with django_assert_max_num_queries(3):
        told = actions.standing(who)
    assert (told.state, told.figure) == ("full", "1")


@pytest.mark.parametrize("verb", [name for name in ALL if name.startswith("automate.") and ALL[name].writes])
def test_an_author_automates_nothing(verb):
    with pytest.raises(Forbidden):
        ALL[verb].run(bob(), {})


@pytest.mark.parametrize("verb", ["switch_rule", "remove_rule", "dry_run"])
def test_somebody_elses_rule_does_not_exist(verb):
    rule = mailing("trouble")
    given = {"rule": rule.pk} | ({"on": False} if verb == "switch_rule" else {})
    with pytest.raises(Stranger):
        ALL[f"automate.{verb}"].run(charlie(), given)
    rule.refresh_from_db()
    assert rule.on
    assert actions.firings(charlie()) == []
