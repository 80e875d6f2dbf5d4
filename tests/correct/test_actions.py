"""Learning, proposing, deciding, going back: what each verb does, who may, and what can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.numbers.models import Publication
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import can_undo, undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.correct import actions, jobs
from diskarte.stages.correct.learning import levels_of
from diskarte.stages.correct.models import Finding, Proposal
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Slot, Version
from diskarte.words import Problem
from tests.correct.builders import a_finding, a_history, a_proposal
from tests.make import NOW, a_brand, a_member, alice, bob, charlie
from tests.plan.builders import a_channel, a_slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def channel():
    """A channel that posts five pictures and one reel in six."""
    row = a_channel()
    plan.set_cadence(alice(), row.pk, 6, ["image", "reel"], [5, 1])
    return row


def test_a_real_difference_becomes_a_finding_and_a_change_of_the_mix(channel):
    who = alice()
    a_history(who.brand)
    told = actions.learn(who)
    reels = next(f for f in actions.findings(who) if (f.factor, f.level) == ("kind", "reel"))
    assert told["findings"] == len(actions.findings(who))
    assert 1 < reels.low < reels.lift < reels.high
    assert reels.of == 120
    assert reels.good
    assert reels.change == (reels.low - 1, reels.lift - 1, reels.high - 1)
    (proposal,) = [p for p in actions.proposals(who) if p.finding == reels]
    kinds = proposal.patch["channels"][str(channel.pk)]["kinds"]
    assert kinds["reel"] > 1
    assert proposal.gain > 0


def test_no_difference_no_finding_and_too_few_posts_no_finding(channel):
    who = alice()
    a_history(who.brand, 19, reel=5)
    assert actions.learn(who) == {"findings": 0, "proposals": 0}  # 20 are needed
    assert actions.learnt_from(who)["posts"] == 19
    Publication.objects.all().delete()
    a_history(who.brand, 60, reel=1.0)
    actions.learn(who)
    assert not [f for f in actions.findings(who) if f.factor == "kind"]


def test_looking_again_replaces_what_was_found_and_proposed(channel):
    who = alice()
    a_history(who.brand)
    actions.learn(who)
    first = {p.pk for p in actions.proposals(who)}
    actions.learn(who)
    assert first
    assert not first & {p.pk for p in actions.proposals(who)}
    assert {p.pk for p in actions.proposals(who, "gone")} == first
    assert Finding.objects.filter(current=False).exists()


def test_young_paid_answering_and_numberless_posts_teach_nothing(channel):
    who = alice()
    a_history(who.brand, 120, reel=3)
    rows = Publication.objects.all()
    for fact in ({"is_reply": True}, {"paid": True}, {"likes": None}, {"at": NOW - timedelta(days=6)}):
        one = rows.filter(is_reply=False, paid=False, likes__isnull=False, at__lt=NOW - timedelta(days=7))
        rows.filter(pk__in=list(one.values_list("pk", flat=True)[:28])).update(**fact)
    assert actions.learn(who) == {"findings": 0, "proposals": 0}  # 8 of 120 are left


def test_a_refused_change_rests_for_two_months(channel):
    who = alice()
    a_history(who.brand)
    actions.learn(who)
    row = actions.proposals(who)[0]
    refused = actions.refuse(who, row.pk, why="We have no time for reels")
    assert (refused.state, refused.decided_by, refused.why) == (
        "refused",
        who.person,
        "We have no time for reels",
    )
    actions.learn(who)
    assert row.key not in {p.key for p in actions.proposals(who)}
    with clock.at(NOW + timedelta(days=61)):
        actions.learn(who)
        assert row.key in {p.key for p in actions.proposals(who)}


def test_an_accepted_change_is_a_version_with_its_evidence(channel):
    who, row = alice(), a_proposal()
    done = actions.accept(who, row.pk, redraft=False)
    version = Version.objects.get(number=done.version)
    assert version.settings["prefer"] == row.patch["prefer"]
    assert version.origin == f"correct.proposal:{row.pk}"
    assert version.evidence["finding"] == row.finding_id
    assert version.evidence["n"] == 30
    assert row.finding.sentence in version.why
    row.refresh_from_db()
    assert (row.state, row.version, row.decided_by, row.decided_at) == ("accepted", version, who.person, NOW)
    assert actions.history(who)[0] == version
    assert [p.pk for p in actions.proposals(who, "accepted")] == [row.pk]


def test_ones_own_words_stand_in_the_version(channel):
    actions.accept(alice(), a_proposal().pk, why="Mondays are slow anyway", redraft=False)
    assert actions.history(alice())[0].why == "Mondays are slow anyway"


def test_a_decision_is_made_once(channel):
    who, row = alice(), a_proposal()
    actions.accept(who, row.pk, redraft=False)
    versions = Version.objects.count()
    for verb in (actions.accept, actions.refuse):
        with pytest.raises(Problem, match="decided already"):
            verb(who, row.pk)
    assert Version.objects.count() == versions


def test_accepting_drafts_the_open_slots_again_and_leaves_the_written_ones(channel):
    who = alice()
    plan.draft_plan(who, NOW.date().replace(day=1))
    written = Slot.objects.order_by("at").last()
    Slot.objects.filter(pk=written.pk).update(state="written")
    before = {s.pk: (s.at, s.kind) for s in Slot.objects.all()}
    kinds = {"channels": {str(channel.pk): {"a_week": 6, "kinds": {"image": 1, "reel": 5}}}}
    done = actions.accept(who, a_proposal(patch=kinds).pk)
    after = {s.pk: (s.at, s.kind) for s in Slot.objects.all()}
    assert done.moved == sum(after.get(pk) != fact for pk, fact in before.items()) > 0
    assert after[written.pk] == before[written.pk]
    assert sum(kind == "reel" for _at, kind in after.values()) > sum(
        kind == "reel" for _at, kind in before.values()
    )


def test_undo_takes_the_whole_decision_back(channel):
    who = alice()
    plan.draft_plan(who, NOW.date().replace(day=1))
    before = {s.pk: (s.at, s.kind, s.reasons) for s in Slot.objects.all()}
    settings = plan.current_settings(who)
    kinds = {"channels": {str(channel.pk): {"a_week": 6, "kinds": {"image": 1, "reel": 5}}}}
    row = a_proposal(patch=kinds)
    actions.accept(who, row.pk)
    line = Audit.objects.get(verb="correct.accept")
    assert can_undo(line)
    undo(line)
    row.refresh_from_db()
    assert (row.state, row.version, row.decided_at, row.moved) == ("open", None, None, None)
    assert {s.pk: (s.at, s.kind, s.reasons) for s in Slot.objects.all()} == before
    assert plan.current_settings(who) == settings
    assert actions.accept(who, row.pk, redraft=False).version  # and it can be decided anew


def test_undo_of_a_refusal_brings_the_proposal_back(channel):
    row = a_proposal()
    actions.refuse(alice(), row.pk)
    undo(Audit.objects.get(verb="correct.refuse"))
    assert [p.pk for p in actions.proposals(alice())] == [row.pk]


def test_going_back_is_one_more_version(channel):
    who = alice()
    first = actions.history(who)[0]
    actions.accept(who, a_proposal().pk, redraft=False)
    back = actions.restore(who, first.pk)
    assert back.number == first.number + 2
    assert back.settings == first.settings
    with pytest.raises(Stranger):
        actions.restore(charlie(), first.pk)


def test_only_an_accepted_change_has_a_verdict(channel):
    who, row = alice(), a_proposal()
    with pytest.raises(Problem, match="not accepted"):
        actions.verdict(who, row.pk)
    actions.refuse(who, row.pk)
    with pytest.raises(Problem, match="not accepted"):
        actions.verdict(who, row.pk)


def test_a_verdict_waits_for_posts_with_their_numbers(channel):
    who, row = alice(), a_proposal()
    a_history(who.brand, 40)
    actions.accept(who, row.pk, redraft=False)
    told = actions.verdict(who, row.pk)
    assert (told.before, told.after, told.missing, told.change) == (40, 0, 20, None)


CALLS = {"accept": {}, "refuse": {}, "verdict": {}}


@pytest.mark.parametrize("verb", CALLS)
def test_a_stranger_learns_nothing(verb):
    row = a_proposal()
    with pytest.raises(Stranger):
        ALL[f"correct.{verb}"].call(charlie(), row.pk)
    row.refresh_from_db()
    assert row.state == "open"


@pytest.mark.parametrize("verb", ["learn", "accept", "refuse", "restore"])
def test_an_author_looks_and_an_analyst_decides(verb):
    given = {"learn": {}, "restore": {"version": 1}}.get(verb, {"proposal": a_proposal().pk})
    with pytest.raises(Forbidden):
        ALL[f"correct.{verb}"].run(bob(), given)
    assert len(actions.proposals(bob())) == 1
    assert a_member("Nena", "analyst").can.correct_edit


def test_findings_of_others_are_not_mixed_in():
    a_finding(charlie().brand)
    a_proposal(charlie().brand)
    assert (actions.findings(alice()), actions.proposals(alice())) == ([], [])


def test_the_strongest_stands_first():
    weak, strong, sure = (
        a_finding(lift=1.2, chance=0.97),
        a_finding(lift=3.0, chance=0.999),
        a_finding(lift=0.5, chance=0.001),
    )
    assert actions.findings(alice()) == [strong, sure, weak]
    low, high = a_proposal(gain_low=0.01), a_proposal(gain_low=0.2)
    assert actions.proposals(alice()) == [high, low]


def test_standing_from_empty_to_full(django_assert_max_num_queries, channel):
    assert actions.standing(alice()).state == "empty"
    row = a_proposal()
    told = actions.standing(alice())
    assert (told.state, told.needs[0].values, told.needs[0].url) == ("half", {"n": 1}, "correct.page")
    actions.accept(alice(), row.pk, redraft=False)
    who = alice()
    with django_assert_max_num_queries(3):
        told = actions.standing(who)
    assert (told.state, told.figure, told.needs) == ("full", "1", ())


def test_the_job_looks_only_where_numbers_arrived():
    brand, other = a_brand(), charlie().brand
    a_history(brand, 60)
    a_history(other, 60)
    Publication.objects.filter(brand=other).update(numbers_at=NOW - timedelta(days=3))
    jobs.learn(NOW)
    assert Finding.objects.filter(brand=brand).exists()
    assert not Finding.objects.filter(brand=other).exists()
    assert Audit.objects.get(verb="correct.learn").door == "worker"


def test_a_proposal_gone_by_a_new_look_is_not_accepted(channel):
    row = a_proposal()
    Proposal.objects.filter(pk=row.pk).update(state="gone")
    with pytest.raises(Problem, match="decided already"):
        actions.accept(alice(), row.pk)


def test_a_planned_slot_is_named_as_findings_name_it(channel):
    told = dict(levels_of(a_slot(channel, day=10, hour=18), a_brand().zone))
    assert told["weekday"] == "3"  # 10 December 2026 is a Thursday
    assert told["kind"] == "image"
    start, end = (int(hour) for hour in told["hour"].split("-"))
    assert start <= 18 < end
