"""Verbs of the audience: portraits, hooks, playbooks, standing."""

from __future__ import annotations

import pytest
from django.utils import translation

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.audience import actions, playbook, sentences
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.audience.rules.hooks import TRIGGERS
from diskarte.words import Problem
from tests.make import NOW, a_member, alice, bob, charlie

from .builders import a_hook, a_post, a_segment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def test_a_portrait_is_drawn_from_lines_and_spans():
    row = actions.add_segment(
        bob(),
        " Office ",
        size=1200,
        pains=["queues\nprice", "price"],
        awake="6-8, 12",
        languages=["English, Tagalog"],
    )
    assert (row.name, row.size, row.pains, row.awake) == ("Office", 1200, ["queues", "price"], [6, 7, 12])
    assert row.languages == ["en", "fil"]
    assert "jobs" in actions.segment(bob(), row.pk).unanswered


def test_editing_changes_only_what_is_given():
    row = a_segment(alice(), size=10, pains=["queues"], summary="x", awake="6")
    actions.edit_segment(alice(), row.pk, summary="", size=None, awake="")
    row.refresh_from_db()
    assert (row.summary, row.size, row.awake, row.pains, row.name) == (
        "",
        None,
        [],
        ["queues"],
        "Office regulars",
    )
    actions.edit_segment(alice(), row.pk, pains=[], state="resting")
    row.refresh_from_db()
    assert (row.pains, row.state) == ([], "resting")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Students"}, "name"),
        ({"age_from": 40, "age_to": 20}, "age_from"),
        ({"age_from": 200}, "age_from"),
        ({"awake": "mornings"}, "awake"),
        ({"languages": ["Klingonish"]}, "languages"),
    ],
)
def test_nonsense_is_refused_in_words(wrong, field):
    a_segment(alice(), "Students")
    row = a_segment(alice())
    with pytest.raises(Problem) as problem:
        actions.edit_segment(alice(), row.pk, **wrong)
    assert problem.value.field == field


def test_a_removed_segment_comes_back_with_its_hooks_by_undo():
    row = a_segment(alice())
    a_hook(alice(), row)
    actions.remove_segment(alice(), row.pk)
    assert not Hook.objects.exists()
    undo(Audit.objects.latest("pk"))
    assert Segment.objects.get().hooks.get().text == "Skip the line"


def test_a_hook_is_one_short_line_and_stands_once():
    row = a_segment(alice())
    hook = a_hook(alice(), row, "Skip\nthe  line")
    assert hook.text == "Skip the line"
    for text in ("", "x" * 201, "Skip the line"):
        with pytest.raises(Problem):
            actions.add_hook(alice(), row.pk, "ease", text)
    actions.edit_hook(alice(), hook.pk, trigger="proof", offer="")
    hook.refresh_from_db()
    assert (hook.trigger, hook.offer, hook.text) == ("proof", "", "Skip the line")
    actions.remove_hook(alice(), hook.pk)
    assert actions.hooks(alice()) == []


def test_hooks_are_ranked_by_what_worked_for_this_segment():
    who = alice()
    office, students = a_segment(who), a_segment(who, "Students")
    for text in ("Weak", "Strong", "New"):
        a_hook(who, office, text)
    a_hook(who, students, "Strong")
    for n in range(12):
        a_post(who, n, 100 + n)
        a_post(who, n, 300 + n, "Strong", "Office regulars")
        a_post(who, n, 30 + n, "Weak", "Office regulars")
    ranked = actions.hooks(who, office.pk)
    assert [str(r.hook) for r in ranked] == ["Strong", "Weak", "New"]
    assert [r.score.verdict for r in ranked] == ["better", "worse", "untried"]
    assert ranked[0].score.uses == 12
    assert actions.hooks(who, students.pk)[0].score.verdict == "untried"  # the same words, other people


def test_only_own_finished_counted_posts_speak_for_a_hook():
    who = alice()
    office = a_segment(who)
    a_hook(who, office, "Strong")
    facts = {"hook": "Strong", "segment": "Office regulars"}
    a_post(who, 1, 300, **facts, days=1)  # still growing
    a_post(who, 2, 300, **facts, paid=True)
    a_post(who, 3, 300, **facts, is_reply=True)
    a_post(who, 4, None, **facts)
    assert actions.hooks(who)[0].score.uses == 0
    a_post(who, 5, 300, **facts)
    assert actions.hooks(who)[0].score.uses == 1


def test_resting_hooks_stand_last():
    who = alice()
    office = a_segment(who)
    first, _second = a_hook(who, office, "A"), a_hook(who, office, "B")
    actions.edit_hook(who, first.pk, state="resting")
    assert [str(r.hook) for r in actions.segment(who, office.pk).hooks] == ["B", "A"]


def test_a_playbook_adds_what_is_not_there_and_says_where_it_is_from():
    added = actions.add_playbook(bob(), "cafe")
    assert (added.segments, added.hooks) == (3, Hook.objects.count())
    assert set(Segment.objects.values_list("source", flat=True)) == {"playbook: cafe"}
    again = actions.add_playbook(bob(), "cafe")
    assert (again.segments, again.hooks) == (0, 0)
    with pytest.raises(Problem, match="cafe, shop"):
        actions.add_playbook(bob(), "bakery")


def test_playbooks_speak_the_readers_language():
    with translation.override("fil"):
        assert "Suki sa opisina" in [s["name"] for s in actions.playbooks(bob())[0].segments]


@pytest.mark.parametrize("language", ["en", "fil"])
def test_every_playbook_can_be_added_whole(language):
    for book in playbook.playbooks(language):
        added = actions.add_playbook(alice(), book.name, language)
        assert added.segments >= 3
        assert book.language == language
    assert all(h.trigger in TRIGGERS and h.offer and len(str(h)) <= 80 for h in Hook.objects.all())
    assert not [p.unanswered for p in actions.segments(alice()) if set(p.unanswered) - {"size", "evidence"}]


def test_every_trigger_has_its_words():
    assert tuple(sentences.TRIGGERS) == TRIGGERS


def test_standing_grows():
    who = alice()
    assert actions.standing(who).state == "empty"
    row = a_segment(who, "Mine")
    assert actions.standing(who).state == "half"
    for text in "ABC":
        a_hook(who, row, text)
    assert actions.standing(who).missing == "Answer more about every segment"
    actions.add_playbook(who, "cafe")
    actions.remove_segment(who, row.pk)
    assert (actions.standing(who).state, actions.standing(who).figure) == ("full", "3")


def test_members_may_what_their_role_says_and_strangers_see_nothing():
    row = a_segment(bob())
    hook = a_hook(bob(), row)
    analyst = a_member("Dina", "analyst")
    assert actions.segments(analyst)
    with pytest.raises(Forbidden):
        a_segment(analyst, "Mine")
    for verb, given in (
        ("segment", {"segment": row.pk}),
        ("hooks", {"segment": row.pk}),
        ("edit_segment", {"segment": row.pk}),
        ("remove_segment", {"segment": row.pk}),
        ("add_hook", {"segment": row.pk, "trigger": "ease", "text": "x"}),
        ("edit_hook", {"hook": hook.pk}),
        ("remove_hook", {"hook": hook.pk}),
    ):
        with pytest.raises(Stranger):
            ALL[f"audience.{verb}"].run(charlie(), given)
    assert actions.segments(charlie()) == []
