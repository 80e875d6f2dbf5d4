"""What each verb does, who may, and what a stranger learns (nothing)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from unittest.mock import Mock

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL, Wrong
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan import actions, drafting
from diskarte.stages.plan.models import Pillar, Slot, Version
from diskarte.words import Kind, Problem
from tests.make import NOW, a_brand, a_member, alice, bob, charlie
from tests.plan.builders import a_channel, a_history, a_slot, moment, standing_at

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)
JANUARY = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def planned(month: date = JANUARY) -> list[Slot]:
    return actions.slots(alice(), month, month + timedelta(days=30))


def test_a_first_plan_is_sensible_without_any_history():
    a_channel()
    done = actions.draft_plan(alice(), JANUARY)
    rows = planned()
    assert done.outcome.made == len(rows) == 18
    assert done.said == "January 2027 is drafted: 18 posts."
    assert Counter(row.pillar.name for row in rows) == {"Useful": 7, "Fun": 5, "Community": 4, "Selling": 2}
    hours = {row.at.astimezone(a_brand().zone).hour for row in rows}
    assert min(hours) >= 7
    assert max(hours) < 22
    assert len(hours) > 2  # by lot among near-equal hours, so that their numbers will tell something
    assert all(row.expected is None for row in rows)  # nobody can know
    assert "cautious guess" in " ".join(actions.explain(alice(), rows[0].pk).why)
    assert actions.versions(alice())[0].number == 1
    assert [p.name for p in actions.pillars(alice())] == ["Useful", "Fun", "Community", "Selling"]


def test_history_moves_the_plan_and_is_told_with_numbers():
    channel = a_channel()
    a_history(channel)
    actions.draft_plan(alice(), JANUARY)
    rows = [row for row in planned() if not row.trial]
    evening = [row for row in rows if row.at.astimezone(a_brand().zone).hour in (17, 18, 19, 20)]
    assert len(evening) >= 0.8 * len(rows)
    told = actions.explain(alice(), evening[0].pk)
    assert len(told.why) == 3
    assert any("%" in line for line in told.why)
    assert told.low < told.expected < told.high
    assert 20 < told.expected < 160
    assert 1 <= sum(row.trial for row in planned()) <= 3  # a tenth is placed to learn


def test_slots_know_whom_they_speak_to_and_for_which_goal():
    brand = a_brand()
    a_channel()
    segments = [
        Segment.objects.create(brand=brand, name=name, awake=[19, 20]) for name in ("Students", "Parents")
    ]
    for segment in segments:
        Hook.objects.create(brand=brand, segment=segment, trigger="curiosity", text=f"Why {segment.name}?")
    goal = Goal.objects.create(
        brand=brand,
        sentence="Reach 40,000",
        metric="reach",
        target=40000,
        starts=DECEMBER,
        deadline=date(2027, 1, 20),
    )
    actions.draft_plan(alice(), JANUARY)
    rows = planned()
    assert Counter(row.segment.name for row in rows) == {"Students": 9, "Parents": 9}
    assert all(row.hook.segment_id == row.segment_id for row in rows)
    day = {row.pk: row.at.astimezone(brand.zone).date() for row in rows}
    assert {row.goal_id for row in rows if day[row.pk] <= goal.deadline} == {goal.pk}
    assert {row.goal_id for row in rows if day[row.pk] > goal.deadline} == {None}


def test_the_same_input_gives_the_same_plan():
    a_history(a_channel())
    actions.draft_plan(alice(), JANUARY)
    before = [standing_at(row) for row in planned()]
    for row in planned():
        row.delete()
    actions.draft_plan(alice(), JANUARY)
    assert [standing_at(row) for row in planned()] == before


def test_a_new_draft_without_a_reason_changes_nothing():
    a_history(a_channel())
    actions.draft_plan(alice(), JANUARY)
    before = [(row.pk, *standing_at(row), row.title) for row in planned()]
    done = actions.redraft(alice(), JANUARY)
    assert done.outcome.touched == 0
    assert done.outcome.kept + sum(row.trial for row in planned()) == len(before)
    assert [(row.pk, *standing_at(row), row.title) for row in planned()] == before


@pytest.mark.parametrize(
    ("patch", "about"),
    [
        ({"avoid": []}, "hour"),
        ({"prefer": [{"factor": "kind", "level": "reel", "weight": 1.5}]}, "kind"),
        ({"prefer": [{"factor": "pillar", "level": "Fun", "weight": 1.5}]}, "pillar"),
    ],
)
def test_an_accepted_change_shows_in_the_plan_there_and_only_there(patch, about):
    a_history(a_channel())
    actions.draft_plan(alice(), JANUARY)
    before = {row.pk: standing_at(row) for row in planned()}
    hours = Counter(row.at.astimezone(a_brand().zone).hour for row in planned() if not row.trial)
    busiest = hours.most_common()[0][0]
    if about == "hour":
        patch = {"avoid": [{"factor": "hour", "level": str(busiest)}]}
    actions.change_settings(alice(), patch, why="a finding")
    touched = actions.redraft_ahead(alice())
    after = {row.pk: standing_at(row) for row in planned()}
    changed = {pk for pk in after if after[pk] != before.get(pk)}
    assert 0 < touched == len(changed)
    zone = a_brand().zone
    for pk in changed:
        (at, kind, pillar, _c), (new_at, new_kind, new_pillar, _d) = before[pk], after[pk]
        if about == "hour":
            assert at.astimezone(zone).hour == busiest
            assert (kind, pillar) == (new_kind, new_pillar)
        if about == "kind":
            assert (at, new_kind) == (new_at, "reel")
        if about == "pillar":
            assert (at, kind) == (new_at, new_kind)
    if about == "hour":
        left = [row for row in planned() if row.at.astimezone(zone).hour == busiest and not row.trial]
        assert not left


def test_locked_written_and_own_slots_stay_and_count():
    channel = a_channel()
    actions.draft_plan(alice(), JANUARY)
    rows = planned()
    actions.lock(alice(), rows[0].pk)
    rows[1].state = "written"
    rows[1].save()
    actions.change_settings(
        alice(), {"avoid": [{"factor": "weekday", "level": "0-7"}], "explore": 0}, why="none"
    )
    done = actions.redraft(alice(), JANUARY)
    left = {row.pk for row in planned()}
    assert left == {rows[0].pk, rows[1].pk}
    assert len(done.outcome.unplaced) == 16
    assert done.outcome.unplaced[0]["reasons"][0][0] == "window"
    assert "16 posts found no place" in done.said
    assert (
        f"4 posts on {channel.name} from 4 Jan to 10 Jan; the hours and days your settings avoid" in done.said
    )
    assert [way.claim.about for way in done.outcome.conflict.ways] == ["avoid"]


def test_a_dropped_slot_is_not_filled_again():
    a_channel()
    actions.draft_plan(alice(), JANUARY)
    first = planned()[0]
    actions.drop_slot(alice(), first.pk)
    assert actions.redraft(alice(), JANUARY).outcome.made == 0
    assert len(planned()) == 17


def test_team_hours_are_kept_and_what_does_not_fit_is_explained():
    a_channel()
    actions.change_settings(alice(), {"hours_a_week": 3}, why="holidays")
    done = actions.draft_plan(alice(), JANUARY)
    month = actions.month(alice(), JANUARY)
    assert all(week.hours <= 3 for week in month.weeks)
    assert done.outcome.unplaced
    assert "2 posts on Harbour from 1 Jan to 3 Jan; 3 team hours from 28 Dec to 3 Jan" in done.said
    enough = next(way.amount for way in done.outcome.conflict.ways if way.claim.code == "hours")
    assert f"{enough:g} team hours a week" in done.said
    Slot.objects.all().delete()  # what was drafted before shapes the weeks of a second draft
    actions.change_settings(alice(), {"hours_a_week": enough})
    assert not actions.redraft(alice(), JANUARY).outcome.unplaced
    assert any("lacks" in remark.text for remark in month.remarks)


def test_moving_locks_and_tells_the_new_reasons():
    channel = a_channel()
    a_history(channel)
    actions.draft_plan(alice(), JANUARY)
    row = planned()[3]
    moved = actions.move_slot(bob(), row.pk, moment(5, 12, month=12))
    assert moved.locked
    assert moved.reasons[0]["code"] == "by_hand"
    assert moved.expected is not None
    with pytest.raises(Problem, match="passed"):
        actions.move_slot(bob(), row.pk, NOW - timedelta(hours=1))
    with pytest.raises(Stranger):
        actions.move_slot(charlie(), row.pk, moment(5, 12))


def test_a_slot_by_hand_edited_and_undone():
    channel = a_channel()
    pillar = actions.add_pillar(alice(), "Beans", 20, "Roasts\nOrigins\nRoasts")
    assert pillar.topics == ["Roasts", "Origins"]
    row = actions.add_slot(
        alice(), moment(24, 9), channel.pk, Kind.IMAGE, pillar=pillar.pk, title="Open late"
    )
    assert (row.version, row.reasons[0]["code"]) == (None, "by_hand")
    actions.edit_slot(alice(), row.pk, moment(24, 10), Kind.TEXT, title="Open very late", note="ask Ana")
    row.refresh_from_db()
    assert (row.title, row.kind, row.pillar, row.note) == ("Open very late", "text", None, "ask Ana")
    undo(Audit.objects.latest("pk"))
    row.refresh_from_db()
    assert (row.title, row.kind, row.pillar) == ("Open late", "image", pillar)


def test_what_a_channel_cannot_carry_is_refused_in_words(monkeypatch):
    channel = a_channel()
    from diskarte.stages.plan import in_force

    monkeypatch.setattr(in_force, "kinds", lambda _channel: ("text",))
    with pytest.raises(Problem, match=r"Harbour takes no Live\."):
        actions.add_slot(alice(), moment(24, 9), channel.pk, Kind.LIVE)


def test_settings_have_versions_with_a_difference():
    channel = a_channel()
    actions.draft_plan(alice(), JANUARY)
    second = actions.set_limits(alice(), "21:00", "7:00", 3, 2, 12, why="more hands")
    assert second.number == 2
    assert {"path": "per_day", "before": 2, "after": 3} in second.diff
    third = actions.set_cadence(alice(), channel.pk, 6, ["image", "reel"], [1, 0])
    assert third.settings["channels"][str(channel.pk)] == {"a_week": 6, "kinds": {"image": 1}}
    back = actions.restore_version(alice(), Version.objects.get(number=1).pk)
    assert (back.number, back.origin) == (4, "restored:1")
    assert actions.current_settings(alice())["per_day"] == 2
    assert [v.number for v in actions.versions(alice())] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ({"per_day": 0}, "«per_day» must be a number from 1 to 20, not «0»."),
        ({"quiet": ["25:00", "7:00"]}, "«25:00» is no time of day; write it like 21:00."),
        ({"colour": "red"}, "There is no setting «colour»."),
        (
            {"prefer": [{"factor": "moon", "level": "full"}]},
            "«moon» is nothing the plan can prefer or avoid.",
        ),
        ({"channels": {"999": {"a_week": 3}}}, "There is no such channel."),
        ({"channels": 3}, "These settings have the wrong shape."),
        ({"per_day": 2}, "Nothing would change."),
    ],
)
def test_settings_that_make_no_sense_change_nothing(patch, says):
    a_channel()
    actions.draft_plan(alice(), JANUARY)
    with pytest.raises(Problem) as told:
        actions.change_settings(alice(), patch)
    assert told.value.what == says
    assert told.value.kept == "The settings stayed as they were."
    assert Version.objects.count() == 1


def test_the_mix_is_made_to_sum_to_one_and_pillars_follow():
    a_channel()
    actions.add_pillar(alice(), "Beans", 20)
    rows = {row.name: row for row in actions.pillars(alice())}
    assert rows["Useful"].share == pytest.approx(0.32)
    actions.set_mix(alice(), [rows["Beans"].pk, rows["Useful"].pk], [50, 30])
    assert sum(row.share for row in actions.pillars(alice())) == pytest.approx(1, abs=0.001)
    actions.edit_pillar(alice(), rows["Beans"].pk, "Beans and roasts")
    assert Pillar.objects.get(pk=rows["Beans"].pk).name == "Beans and roasts"
    actions.set_pillars(alice(), {"Only": 1})
    assert [row.name for row in actions.pillars(alice())] == ["Only"]
    with pytest.raises(Problem, match="at least one"):
        actions.remove_pillar(alice(), Pillar.objects.get(name="Only").pk)
    with pytest.raises(Problem, match="already"):
        actions.add_pillar(alice(), "only")


def test_removing_a_pillar_keeps_its_slots():
    a_channel()
    actions.draft_plan(alice(), JANUARY)
    fun = Pillar.objects.get(name="Fun")
    actions.remove_pillar(alice(), fun.pk)
    assert sum(row.pillar is None for row in planned()) == 5
    assert sum(actions.current_settings(alice())["pillars"].values()) == pytest.approx(1, abs=0.001)


def test_days_of_note():
    a_channel()
    names = [day.name for day in actions.occasions(alice(), date(2026, 11, 1), date(2026, 12, 31))]
    assert {"Black Friday", "12.12", "Simbang Gabi begins", "Christmas Day", "Payday"} <= set(names)
    actions.mute_occasion(alice(), date(2026, 11, 27), "Black Friday")
    row = actions.add_occasion(alice(), date(2027, 1, 15), "Anniversary", "promotion", 10)
    names = [day.name for day in actions.occasions(alice(), date(2026, 11, 1), date(2027, 1, 31))]
    assert "Black Friday" not in names
    assert "Anniversary" in names
    with pytest.raises(Problem, match="already"):
        actions.add_occasion(alice(), date(2027, 1, 15), "Anniversary")
    actions.draft_plan(alice(), JANUARY)
    spoken = [
        slot.at.astimezone(a_brand().zone).date() for slot in planned() if slot.occasion == "Anniversary"
    ]
    assert len(spoken) == 2
    assert all(date(2027, 1, 5) <= day <= date(2027, 1, 15) for day in spoken)
    actions.delete_occasion(alice(), row.pk)


def test_the_month_tells_its_conflicts():
    channel = a_channel()
    actions.draft_plan(alice(), DECEMBER)
    a_slot(channel, day=28, hour=23)
    a_slot(channel, day=29, hour=12)
    a_slot(channel, day=29, hour=14)
    told = [remark.text for remark in actions.month(alice(), DECEMBER).remarks]
    assert "It stands in the quiet hours (23:00)." in told
    assert "Only 2.0 hours after the post before it on this channel." in told


def test_csv_goes_out_and_comes_back_with_row_errors():
    from diskarte.core.given import Upload

    channel = a_channel()
    actions.draft_plan(alice(), JANUARY)
    text = actions.export_slots(alice(), JANUARY, date(2027, 1, 31))
    assert text.splitlines()[0] == "date,time,channel,kind,pillar,topic,title,note,occasion,locked"
    assert len(text.splitlines()) == 19
    bad = "date,time,channel,kind,pillar\r\n2027-02-03,18:30,Harbour,reel,Fun\r\n"
    bad += "2027-02-30,,Harbour,,\r\n2027-02-03,,Nowhere,,\r\n"
    done = actions.import_slots(alice(), Upload("plan.csv", bad.encode("utf-16")))
    assert (done.made, [row["row"] for row in done.refused]) == (1, [3, 4])
    assert "«2027-02-30» is no day" in done.refused[0]["why"]
    assert "There is no channel «Nowhere»." in done.file
    row = Slot.objects.latest("pk")
    assert row.at == moment(3, 18, 2).replace(year=2027, minute=30)
    assert (row.kind, row.pillar.name, row.channel) == ("reel", "Fun", channel)
    with pytest.raises(Problem, match="no column for: date, channel"):
        actions.import_slots(alice(), Upload("plan.csv", b"a,b\n1,2\n"))


def test_the_calendar_feed_opens_only_with_its_key():
    from icalendar import Calendar

    channel = a_channel()
    row = a_slot(channel, title="Open late")
    key = actions.open_feed(alice())["key"]
    text = actions.feed_text("kape-diwata", key)
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [str(e["uid"]) for e in events] == [f"slot-{row.pk}@kape-diwata.127.0.0.1"]
    assert events[0].decoded("dtstart") == row.at
    assert actions.feed_text("kape-diwata", "wrong") is None
    assert actions.feed_text("charlies-tea", key) is None
    actions.close_feed(alice())
    assert actions.feed_text("kape-diwata", key) is None
    assert "BEGIN:VCALENDAR" in actions.calendar_feed(alice())


def test_standing_says_what_is_not_written():
    assert actions.standing(alice()).state == "empty"
    channel = a_channel()
    a_slot(channel, day=2)
    told = actions.standing(alice())
    assert (told.state, told.figure, told.needs[0].values) == ("half", "1", {"n": 1})
    a_slot(channel, day=20)
    assert actions.standing(alice()).state == "full"


def test_no_channel_and_a_month_that_is_over_are_told_in_words():
    with pytest.raises(Problem, match="no channel"):
        actions.draft_plan(alice(), JANUARY)
    a_channel()
    with pytest.raises(Problem, match="over"):
        actions.draft_plan(alice(), date(2026, 10, 1))


def test_a_written_slot_is_not_dropped():
    row = a_slot(a_channel(), state="written")
    with pytest.raises(Problem, match="written"):
        actions.drop_slot(alice(), row.pk)


def test_strangers_guests_and_nonsense():
    row = a_slot(a_channel())
    for verb in ("lock", "unlock", "drop_slot"):
        with pytest.raises(Stranger):
            getattr(actions, verb)(charlie(), row.pk)
    for verb in ("explain", "weigh", "slot"):
        with pytest.raises(Stranger):
            getattr(actions, verb)(charlie(), row.pk)
    with pytest.raises(Stranger):
        actions.add_slot(alice(), moment(12, 9), a_channel("Tea", brand=charlie().brand).pk, Kind.TEXT)
    guest = a_member("Gina", "guest")
    assert actions.slots(guest, DECEMBER, date(2026, 12, 31))
    with pytest.raises(Forbidden):
        actions.lock(guest, row.pk)
    with pytest.raises(Wrong):
        ALL["plan.move_slot"].run(alice(), {"slot": row.pk, "at": "tomorrow"})


def test_the_drag_is_weighed_only_when_something_is_known():
    channel = a_channel()
    row = a_slot(channel, hour=12)
    assert actions.weigh(alice(), row.pk) == {"now": None, "hours": {}}
    a_history(channel)
    told = actions.weigh(alice(), row.pk)
    assert len(told["hours"]) == 168
    assert told["hours"]["4-18"] > told["now"] > 0  # 10 December 2026 is a Thursday


def test_a_goal_that_falls_behind_gets_more_posts(monkeypatch):
    a_channel()
    facts = {
        "brand": a_brand(),
        "metric": "reach",
        "target": 100,
        "starts": DECEMBER,
        "deadline": date(2027, 3, 1),
    }
    near = Goal.objects.create(sentence="Likely", **facts)
    far = Goal.objects.create(sentence="Behind", **facts)
    chances = [Mock(goal=near, chance=0.95), Mock(goal=far, chance=0.1), Mock(goal=Goal(pk=9), chance=None)]
    monkeypatch.setattr(drafting.goals, "pace", lambda who: chances)
    actions.draft_plan(alice(), JANUARY)
    counts = Counter(row.goal_id for row in planned())
    assert counts[far.pk] == pytest.approx(18 * 1.9 / 2.95, abs=1)
    assert counts[near.pk] == 18 - counts[far.pk]
