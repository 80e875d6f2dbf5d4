"""Where to be: the set for the hours, what people say, the decision, and everything that can be missing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from diskarte import networks
from diskarte.core import clock
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden
from diskarte.stages.audience.models import Segment
from diskarte.stages.channels import actions, files, knowing, wording
from diskarte.stages.channels.models import Decision, LeftOut, Place
from diskarte.stages.channels.rules import choosing as rules
from diskarte.stages.plan.in_force import lines
from diskarte.words import Problem
from tests.make import NOW, a_brand, alice, bob, charlie

pytestmark = pytest.mark.django_db
verbs = actions.choosing


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def a_segment(who, name="Students", size=10_000, **facts):
    return Segment.objects.create(brand=who.brand, name=name, size=size, **facts)


def ready(hours="7", **facts):
    who = alice()
    a_segment(who, **facts)
    actions.set_budget(who, Decimal(hours))
    return who


def by_key(found):
    return {one.platform: one for one in found.platforms}


def test_the_set_fits_the_hours_and_the_people():
    found = verbs.choice(ready("7"))
    assert found.missing == ""
    assert 0 < found.hours <= 7
    assert len(found.chosen) == 2
    low, mid, high = found.people
    assert 0 < low < mid < high <= 10_000
    assert found.bounds[0] <= mid + 500
    assert found.bounds[0] < found.bounds[1] <= 10_000
    rows = by_key(found)
    assert all(0 <= one.chance <= 1 for one in rows.values() if one.chance is not None)
    assert sum(one.chosen for one in rows.values()) == 2
    assert rows["facebook"].people == pytest.approx(10_000 * 0.949 * 0.838, rel=0.2)


def test_the_answer_is_the_same_each_time():
    who = ready()
    assert verbs.choice(who) == verbs.choice(who)


def test_ages_and_networks_of_the_portrait_count():
    who = ready(age_from=55, age_to=70)
    old = by_key(verbs.choice(who))["facebook"].people
    Segment.objects.update(age_from=18, age_to=29)
    assert by_key(verbs.choice(who))["facebook"].people > old
    before = by_key(verbs.choice(who))["tiktok"].chance
    Segment.objects.update(networks=["TikTok"])
    found = by_key(verbs.choice(who))
    assert found["tiktok"].chance > before
    assert not all(found["facebook"].believed.named)


@pytest.mark.parametrize(("hours", "missing"), [(None, "hours"), (Decimal(0), "zero")])
def test_without_hours_it_asks(hours, missing):
    who = alice()
    a_segment(who)
    actions.set_budget(who, hours)
    found = verbs.choice(who)
    assert (found.missing, found.chosen, found.people) == (missing, (), None)
    with pytest.raises(Problem):
        verbs.accept_choice(who)


def test_without_portraits_it_asks():
    assert verbs.choice(alice()).missing == "segments"


def test_portraits_without_a_size_are_told_or_all_counted_alike():
    who = ready()
    a_segment(who, "Nobody counted", None)
    assert verbs.choice(who).without_size == ("Nobody counted",)
    Segment.objects.update(size=None)
    found = verbs.choice(who)
    assert (found.unit, found.without_size) == ("percent", ())
    assert found.people[1] <= 100


def test_what_nobody_knows_is_unknown_and_not_zero():
    who = ready()
    verbs.set_place(who, "Friendster", 1)
    row = by_key(verbs.choice(who))["friendster"]
    assert (row.chance, row.people, row.chosen) == (None, None, False)
    verbs.set_presence(who, "Friendster", 95, "our own count", quality="counted")
    assert by_key(verbs.choice(who))["friendster"].chance > 0.7


def test_anyway_and_never_are_obeyed():
    who = ready()
    verbs.set_place(who, "viber", 2, stance="anyway")
    verbs.set_place(who, "facebook", stance="never")
    found = verbs.choice(who)
    rows = by_key(found)
    assert (rows["viber"].chosen, rows["viber"].chance) == (True, 1.0)
    assert (rows["facebook"].chosen, rows["facebook"].chance) == (False, 0.0)
    verbs.set_place(who, "viber", 9, stance="anyway")
    assert verbs.choice(who).short


def test_what_takes_fewer_hours_or_serves_the_goal_has_a_larger_chance():
    who = ready("4")
    before = by_key(verbs.choice(who))["instagram"].chance
    verbs.set_place(who, "instagram", 1.0, fit=9)
    after = by_key(verbs.choice(who))["instagram"]
    assert after.chance > before
    assert after.believed.hours_from == "you"


def test_a_study_that_is_doubted_more_turns_the_answer():
    who = ready("3")
    turns = verbs.choice(who).turns
    assert turns
    assert all(one.gain > 0 and 0 < one.changes <= 1 for one in turns)
    assert [one.gain for one in turns] == sorted((one.gain for one in turns), reverse=True)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"hours_a_week": -1.0}, "hours_a_week"), ({"fit": 11}, "fit"), ({"platform": ""}, "platform")],
)
def test_nonsense_is_told(given, field):
    with pytest.raises(Problem) as problem:
        verbs.set_place(alice(), **({"platform": "facebook"} | given))
    assert problem.value.field == field
    assert not Place.objects.exists()


def test_our_own_engagement_counts():
    who = ready()
    for name, likes in (("Facebook", 90), ("TikTok", 5)):
        channel = actions.connect(who, "by_hand", {"handle": "@kape"}, name)
        for i in range(12):
            Publication.objects.create(
                brand=who.brand, channel=channel, network="by_hand", remote_id=f"{name}{i}", likes=likes + i,
                at=NOW - timedelta(days=i + 1),
            )  # fmt: skip
    rows = by_key(verbs.choice(who))
    good, weak = (
        next(p for p in rows[key].believed.parts if p.name == "ours") for key in ("facebook", "tiktok")
    )
    assert good.factor > 1 > weak.factor
    assert (good.n, weak.n) == (12, 12)


def test_accepting_keeps_the_plan_to_the_set():
    who = ready()
    spare = actions.connect(who, "by_hand", {"handle": "@kape"}, "Viber")
    feed = actions.connect(who, "own_feed", {"handle": "Kape"})
    row = verbs.accept_choice(who)
    assert len(row.platforms) == 2
    assert [c.pk for c in lines(who)] == [feed.pk]  # a feed is nobody's platform: it stays
    for key in row.platforms:
        made = verbs.add_by_hand(who, key)
        assert knowing.platform_of(made) == key
    assert len(lines(who)) == 3
    assert all(one.channels for one in verbs.choice(who).platforms if one.chosen)
    verbs.set_place(who, "viber", 0.5, stance="anyway")
    again = verbs.accept_choice(who)
    assert (again.pk, "viber" in again.platforms) == (row.pk, True)
    assert spare in lines(who)
    assert row.told["people"]
    verbs.withdraw_choice(who)
    assert len(lines(who)) == Channel.objects.count()
    with pytest.raises(Problem):
        verbs.withdraw_choice(who)


def test_who_may():
    ready()
    assert verbs.choice(bob()).chosen
    for verb, given in (
        (verbs.accept_choice, ()),
        (verbs.add_by_hand, ("viber",)),
        (verbs.withdraw_choice, ()),
    ):
        with pytest.raises(Forbidden):
            verb(bob(), *given)
    stranger = charlie()
    assert verbs.choice(stranger).missing == "segments"
    assert verbs.place(stranger, "facebook").pk is None


def test_a_decision_comes_back_from_files_and_nonsense_does_not():
    who = ready()
    actions.connect(who, "by_hand", {"handle": "@kape"}, "Viber")
    verbs.accept_choice(who)
    told = files.export(a_brand())
    other = a_brand("second", name="Second")
    files.restore(other, told, who)
    assert files.export(other) == told
    assert [row.channel.name for row in LeftOut.objects.filter(brand=other)] == ["Viber"]
    wrong = 'place = [{platform = "viber", stance = "sometimes"}]'
    with pytest.raises(ValueError, match="sometimes"):
        files.restore(other, {"platforms.toml": wrong}, who)


def test_parts_are_bounded_and_need_posts():
    assert rules.gap_part("ours", 3.0, 0.2, 4) is None
    assert rules.gap_part("ours", 9.0, 0.2, 40).factor == 1.5
    assert rules.gap_part("ours", -9.0, 0.2, 40).factor == 0.5
    assert rules.content_part(["reel", "text"], ["text"]).factor == 0.75
    assert rules.content_part(["reel"], None) is None
    assert rules.goal_part(0).factor == 0
    assert rules.goal_part(None).sd > rules.goal_part(5).sd


def test_a_channel_by_hand_is_on_the_platform_its_name_begins_with():
    who = ready()
    actions.connect(who, "by_hand", {"handle": "@kape"}, "Facebook page (by hand)")
    assert len(by_key(verbs.choice(who))["facebook"].channels) == 1


def test_the_playbook_of_a_portrait_tells_the_hours():
    who = ready()
    a_segment(who, "From a playbook", None, source="playbook: cafe")
    rows = by_key(verbs.choice(who))
    told = [(rows[key].believed.hours_from, rows[key].believed.hours) for key in ("tiktok", "youtube")]
    assert told[0] == ("playbook", 7.5)  # two reels of three hours, a quarter more for answers
    assert told[1] == ("guess", 7.5)  # the median of the advised ones: the unknown is not cheaper


def undone(verb):
    undo(Audit.objects.filter(verb=f"channels.{verb}").latest("pk"))


def test_accepting_is_undone_as_a_whole():
    who = ready()
    spare = actions.connect(who, "by_hand", {"handle": "@kape"}, "Viber")
    verbs.accept_choice(who)
    assert lines(who) == []
    undone("accept_choice")
    assert lines(who) == [spare]
    assert not Decision.objects.exists()


def test_a_word_about_a_platform_and_an_own_number_are_undone():
    who = ready()
    verbs.set_place(who, "facebook", 9.0)
    verbs.set_place(who, "facebook", 2.0)
    undone("set_place")
    assert verbs.place(who, "facebook").hours_a_week == 9.0
    row = verbs.set_presence(who, "facebook", 50, "a guess")
    verbs.remove_presence(who, row.pk)
    undone("remove_presence")
    assert any(one.own for line in verbs.presence(who) for one in line.cells)


def test_money_is_a_limit_of_the_month():
    who = ready("20")
    verbs.set_place(who, "facebook", 1.0, Decimal(5000), 10)
    assert by_key(verbs.choice(who))["facebook"].chosen
    actions.set_budget(who, Decimal(20), Decimal(1000))
    found = verbs.choice(who)
    assert not by_key(found)["facebook"].chosen
    assert found.money_there_is == 1000
    assert found.cost <= 1000


def test_everything_ruled_out_is_an_answer_without_places():
    who = ready()
    for one in verbs.choice(who).platforms:
        verbs.set_place(who, one.platform, stance="never")
    found = verbs.choice(who)
    assert (found.chosen, found.people, found.missing) == ((), (0, 0, 0), "")
    with pytest.raises(Problem):
        verbs.accept_choice(who)
    assert not Decision.objects.exists()


def test_a_country_without_studies_is_weighed_by_the_world(monkeypatch):
    who = alice(a_brand("oslo", name="Oslo", country="NO"))
    a_segment(who)
    actions.set_budget(who, Decimal(7))
    assert verbs.choice(who).country == "001"
    assert verbs.choice(who).chosen
    monkeypatch.setattr(knowing.studies, "cells", lambda: ())
    assert verbs.choice(who).missing == "presence"


def test_a_resting_portrait_does_not_count():
    who = ready()
    a_segment(who, "Once wanted", 1_000_000, state="resting")
    assert verbs.choice(who).people[2] <= 10_000


def test_few_hours_are_met_at_a_slower_pace_instead_of_nowhere():
    who = ready("6", source="playbook: cafe")
    found = verbs.choice(who)
    assert found.lean
    assert found.chosen
    assert found.hours <= 6
    chosen = next(one for one in found.platforms if one.chosen)
    assert chosen.believed.hours_from == "lean"
    actions.set_budget(who, Decimal("40"))
    assert not verbs.choice(who).lean
    assert "two posts" in " ".join(wording.on_paper(found))
    actions.set_budget(who, Decimal("0.5"))
    nothing = verbs.choice(who)
    assert (nothing.chosen, nothing.lean) == ((), False)
    assert wording.on_paper(nothing) == ["No platform fits 0.5 hours a week, not even at two posts a week."]


def test_hours_a_person_said_are_never_slowed():
    row = rules.Believed("x", (), (), 9.0, "you", 0.0, "", ())
    slow = rules.Believed("y", (), (), 9.0, "playbook", 0.0, "", (), 4.5)
    assert [(one.hours, one.hours_from) for one in rules.slowed([row, slow])] == [(9.0, "you"), (4.5, "lean")]


def test_what_no_program_connects_is_offered_by_hand_most_used_first():
    who = alice()
    offered = verbs.without_connection(who)
    assert [key for key, _label in offered][:1] == ["facebook"]
    assert not {key for key, _label in offered} & set(networks.all_networks())
    verbs.add_by_hand(who, "facebook")
    assert "facebook" not in dict(verbs.without_connection(who))
