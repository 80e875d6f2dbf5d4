"""Pure decisions: settings, days of a year, what is due, where it may stand, what it is worth, what collides."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.stages.plan.rules import (
    demand,
    draft,
    labels,
    moments,
    occasions,
    reasons,
    settings,
    watching,
    worth,
)

MANILA = ZoneInfo("Asia/Manila")
DECEMBER = date(2026, 12, 1)
FIRST = settings.checked(settings.first_settings())


# Settings


def test_a_patch_merges_tables_and_replaces_lists():
    before = settings.checked({"channels": {"7": {"a_week": 4, "kinds": {"image": 2, "reel": 1}}}})
    after = settings.patched(before, {"channels": {"7": {"a_week": 5}}, "quiet": ["20:00", "8:00"]})
    assert after["channels"]["7"] == {"a_week": 5, "kinds": {"image": 2, "reel": 1}}
    assert settings.patched(after, {"channels": {"7": None}})["channels"] == {}
    assert set(settings.patched(before, {"pillars": {"Fun": None}})["pillars"]) == {
        "Useful",
        "Community",
        "Selling",
    }
    assert settings.difference(before, settings.checked(after)) == [
        {"path": "channels.7.a_week", "before": 4, "after": 5},
        {"path": "quiet", "before": ["22:00", "07:00"], "after": ["20:00", "08:00"]},
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"per_day": True}, "per_day"),
        ({"gap_hours": "4"}, "gap_hours"),
        ({"quiet": ["22:00"]}, "quiet"),
        ({"quiet": ["22:61", "7:00"]}, "quiet"),
        ({"channels": {"7": {"a_week": 99}}}, "a_week"),
        ({"channels": {"7": {"kinds": {"hologram": 1}}}}, "kinds"),
        ({"avoid": [{"factor": "hour"}]}, "level"),
        ({"prefer": [{"factor": "hour", "level": "6", "weight": 99}]}, "weight"),
        ({"blackout": ["2026-02-30"]}, "blackout"),
        ({"blackout": ["2026-12-26..2026-12-24"]}, "blackout"),
        ({"lead_days": {"reel": 99}}, "lead_days"),
        ({"cost_of": {"reel": -1}}, "cost_of"),
        ({"channels": {"7": {"zone": "Mars/Olympus"}}}, "zone"),
        ({"channels": {"7": {"per_week": "many"}}}, "per_week"),
    ],
)
def test_mistakes_name_their_field(wrong, field):
    with pytest.raises(settings.Mistake) as told:
        settings.checked(wrong)
    assert told.value.field == field


def test_what_the_numbers_call_a_factor_becomes_the_plans_word():
    told = settings.checked({"prefer": [{"factor": "type", "level": "reel", "weight": 1.3}]})
    assert told["prefer"] == [{"factor": "kind", "level": "reel", "weight": 1.3}]


def test_a_first_channel_only_gets_what_its_network_takes():
    assert settings.first_channel(["image", "text", "reel"]) == {
        "a_week": 4,
        "kinds": {"image": 3, "reel": 2},
    }
    assert settings.first_channel(["text", "image"])["kinds"] == {"image": 3, "text": 2}
    assert settings.first_channel(["live"])["kinds"] == {"live": 1}


# Moments


@pytest.mark.parametrize(
    ("quiet", "minute", "is_quiet"),
    [
        (("22:00", "07:00"), 22 * 60, True),
        (("22:00", "07:00"), 7 * 60, False),
        (("22:00", "07:00"), 6 * 60 + 59, True),
        (("12:00", "14:00"), 13 * 60, True),
        (("12:00", "14:00"), 14 * 60, False),
        (("09:00", "09:00"), 9 * 60, False),
    ],
)
def test_quiet_hours_may_go_over_midnight(quiet, minute, is_quiet):
    assert moments.is_quiet(minute, quiet) is is_quiet


def test_levels_are_single_hours_or_ranges():
    assert moments.in_level("18", 18)
    assert moments.in_level("18-21", 20)
    assert not moments.in_level("18-21", 21)
    assert moments.in_level("21-5", 2)
    assert not moments.in_level("evening", 18)


def test_avoided_hours_and_days_leave_no_place():
    told = settings.checked(
        {"avoid": [{"factor": "hour", "level": "18-21"}, {"factor": "weekday", "level": "6"}]}
    )
    assert moments.free_minutes(told, date(2026, 12, 6)) == []  # a Sunday
    hours = [m // 60 for m in moments.free_minutes(told, date(2026, 12, 7))]
    assert hours == [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 21]


def test_months_fall_into_calendar_weeks():
    days = moments.days_of(date(2026, 12, 24))
    assert (days[0], days[-1]) == (date(2026, 12, 1), date(2026, 12, 31))
    assert [len(week) for week in moments.weeks_of(days)] == [6, 7, 7, 7, 4]


def test_local_time_survives_a_clock_change():
    berlin = ZoneInfo("Europe/Berlin")
    spring = date(2026, 3, 29).toordinal()
    assert moments.to_utc(spring - 1, 18 * 60, berlin) == datetime(2026, 3, 28, 17, tzinfo=UTC)
    assert moments.to_utc(spring, 18 * 60, berlin) == datetime(2026, 3, 29, 16, tzinfo=UTC)
    assert moments.to_local(datetime(2026, 3, 29, 16, tzinfo=UTC), berlin) == (spring, 18 * 60)


@given(
    st.sampled_from(
        ["Asia/Manila", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]
    ),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_thousands_of_moments_are_told_as_one_is(name, at):
    zone, seconds = ZoneInfo(name), int(at.timestamp())
    assert moments.Wall(zone)(seconds) == moments.to_local(datetime.fromtimestamp(seconds, UTC), zone)


@pytest.mark.parametrize("month", [3, 10])
def test_a_wall_clock_shows_the_hours_before_and_after_its_change(month):
    wall = moments.Wall(ZoneInfo("Europe/Berlin"))
    day = date(2026, month, 29 if month == 3 else 25)
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    hours = [wall(midnight + 3600 * n)[1] // 60 for n in range(3)]
    assert hours == ([1, 3, 4] if month == 3 else [2, 2, 3])


def test_silent_days_may_be_one_or_several():
    told = settings.checked({"blackout": ["2026-12-24..2026-12-26", "2027-01-01"]})
    days = [date(2026, 12, 23), date(2026, 12, 24), date(2026, 12, 26), date(2026, 12, 27), date(2027, 1, 1)]
    assert [moments.is_blackout(told, day) for day in days] == [False, True, True, False, True]
    assert moments.free_minutes(told, days[1]) == []
    assert moments.shut_by(told, days[1], 23 * 60) == ("blackout", "quiet")


# Demand


@given(st.integers(0, 200), st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 5), min_size=1))
def test_apportioning_gives_away_exactly_what_there_is(total, weights):
    told = demand.apportioned(total, weights)
    whole = sum(weights.values())
    assert sum(told.values()) == (total if whole > 0 else 0)
    assert all(abs(n - total * weights[name] / whole) < 1 for name, n in told.items() if whole > 0)


@given(st.floats(0, 20), st.lists(st.integers(1, 7), min_size=1, max_size=6))
def test_cadence_carries_halves_over(a_week, lengths):
    weeks = [[DECEMBER] * n for n in lengths]
    told = demand.cadence(a_week, weeks)
    assert abs(sum(told) - a_week * sum(lengths) / 7) <= 0.5 + 1e-9


@given(
    st.lists(st.integers(0, 8), min_size=1, max_size=6),
    st.dictionaries(st.sampled_from(["image", "reel", "text"]), st.floats(0.1, 5), min_size=1),
    st.lists(
        st.dictionaries(st.sampled_from(["image", "reel", "text"]), st.integers(0, 4)), min_size=6, max_size=6
    ),
)
def test_kinds_fill_every_week_and_follow_the_month(counts, weights, before):
    told = demand.kinds_by_week(counts, weights, [Counter(week) for week in before[: len(counts)]])
    assert [week.total() for week in told] == counts
    assert sum(told, Counter()) == +Counter(demand.apportioned(sum(counts), weights))


def test_a_little_more_of_one_kind_changes_as_few_weeks_as_it_can():
    before = demand.kinds_by_week([4, 4, 4], {"image": 3, "reel": 1}, [Counter()] * 3)
    assert [week["reel"] for week in before] == [1, 1, 1]
    after = demand.kinds_by_week([4, 4, 4], {"image": 3, "reel": 1.4}, before)
    assert sum(abs(a[k] - b[k]) for a, b in zip(after, before, strict=True) for k in ("image", "reel")) == 2


def test_preferences_move_shares_and_kinds():
    told = settings.checked(
        {
            "prefer": [{"factor": "pillar", "level": "fun", "weight": 2}],
            "avoid": [{"factor": "kind", "level": "reel"}],
        }
    )
    shares = demand.pillar_shares(told)
    assert shares["Fun"] == pytest.approx(0.6 / 1.3)
    assert sum(shares.values()) == pytest.approx(1)
    weights = demand.kind_weights(told, {"kinds": {"image": 2, "reel": 1}}, ("image", "reel"))
    assert weights == {"image": 2}
    assert demand.kind_weights(told, {"kinds": {"reel": 1}}, ("reel", "text")) == {"text": 1.0}


# Days of note


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("Black Friday", 2025, date(2025, 11, 28)),
        ("Black Friday", 2026, date(2026, 11, 27)),
        ("Cyber Monday", 2024, date(2024, 12, 2)),
        ("Mother's Day", 2026, date(2026, 5, 10)),
        ("Father's Day", 2026, date(2026, 6, 21)),
        ("11.11", 2026, date(2026, 11, 11)),
        ("Christmas Day", 2026, date(2026, 12, 25)),
    ],
)
def test_the_days_a_shop_lives_by(name, year, day):
    assert day in [found.day for found in occasions.occasions("PH", year) if found.name == name]


def test_paydays_fall_on_the_friday_before_a_weekend():
    paid = [d.day for d in occasions.between("PH", date(2026, 8, 1), date(2026, 8, 31)) if d.name == "Payday"]
    assert paid == [date(2026, 8, 14), date(2026, 8, 28)]  # 15 August is a Saturday, 30 August a Sunday
    assert date(2026, 2, 27) in [d.day for d in occasions.occasions("PH", 2026) if d.name == "Payday"]


def test_mothers_day_where_it_is_another_day():
    assert occasions.mothers_day("GB", 2026) == date(2026, 3, 15)
    assert occasions.mothers_day("RU", 2026) == date(2026, 11, 29)
    assert occasions.mothers_day("TH", 2026) == date(2026, 8, 12)


def test_every_day_names_its_source_and_unknown_countries_have_no_holidays():
    assert all(day.source for day in occasions.occasions("PH", 2026))
    assert "holiday" not in {day.kind for day in occasions.occasions("ZZ", 2026)}
    assert not any(day.name == "11.11" for day in occasions.occasions("DE", 2026))
    assert occasions.nth(2026, 12, 6, -1) == date(2026, 12, 27)
    assert occasions.holiday_name("PH", date(2026, 12, 30), "fil") == "Araw ng Kabayanihan ni Rizal"


# Worth


def history(n, channel="1", hour=18, base=40):
    """Every third post stands in the evening and brings twice as much."""
    start = date(2026, 6, 1).toordinal()
    late = [i % 3 == 0 for i in range(n)]
    return [
        worth.Post(
            channel, ("image", "reel")[i % 2], "Fun", start + i, (9, hour)[late[i]] * 60, base * (1 + late[i])
        )
        for i in range(n)
    ]


def learnt(posts, channels=("1", "2")):
    return worth.learn(posts, channels, ("image", "reel"), ("Fun", "Useful"), ())


def test_without_numbers_the_guess_is_careful_and_promises_nothing():
    told = learnt([])["1"]
    noon, night = (told.candidate("image", "Fun", DECEMBER.toordinal(), h * 60) for h in (12, 3))
    assert told.lifts([noon])[0] > told.lifts([night])[0]
    assert told.expected(noon) == worth.Expected()
    assert told.reasons(noon) == []


def test_a_channel_speaks_for_itself_or_borrows_with_less_certainty():
    told = learnt(history(60))
    own, borrowed = told["1"], told["2"]
    assert (own.own, borrowed.own, own.n) == (True, False, 60)
    at = own.candidate("image", "Fun", DECEMBER.toordinal(), 18 * 60)
    sure, unsure = own.expected(at), borrowed.expected(at)
    assert 60 < sure.mid < 100
    assert unsure.high / unsure.low > 2 * sure.high / sure.low
    assert own.reasons(at)[0]["code"] == "hour"
    assert own.reasons(at)[0]["values"]["lift"] > 0.2


def test_an_hour_never_tried_says_so():
    told = learnt(history(60))["1"]
    codes = [
        row["code"] for row in told.reasons(told.candidate("image", "Fun", DECEMBER.toordinal(), 14 * 60))
    ]
    assert "hour" not in codes


def test_awake_hours_replace_the_guess():
    assert worth.hour_prior([5])[5] > worth.hour_prior([5])[19]
    assert worth.hour_prior([])[19] > worth.hour_prior([])[5]


# The draft


def ask(**patch):
    chosen = settings.checked(
        {**FIRST, "channels": {"1": {"a_week": 4, "kinds": {"image": 2, "reel": 1}}}, **patch}
    )
    now, line = (date(2026, 11, 20).toordinal(), 0), draft.Line("1", ("image", "reel"))
    return draft.Ask(DECEMBER, now, chosen, (line,), learnt([]))


def test_a_month_in_the_middle_of_it_only_plans_what_is_left():
    asked = ask()
    late = draft.Ask(
        asked.month, (date(2026, 12, 17).toordinal(), 600), asked.settings, asked.lines, asked.worth
    )
    found = draft.draft(late)
    assert len(found.slots) == 9
    assert min((s.day, s.minute) for s in found.slots) >= (date(2026, 12, 17).toordinal(), 720)


def test_slots_of_the_neighbouring_months_keep_their_distance():
    before = draft.Had(1, "1", "image", "Fun", date(2026, 11, 30).toordinal(), 20 * 60, stays=True)
    asked = ask(gap_hours=48)
    found = draft.draft(
        draft.Ask(asked.month, asked.now, asked.settings, asked.lines, asked.worth, had=(before,))
    )
    first = min(found.slots, key=lambda s: (s.day, s.minute))
    assert (first.day - before.day) * 1440 + first.minute - before.minute >= 48 * 60


def test_no_channel_and_no_pillar_draft_nothing_and_do_not_fail():
    asked = ask()
    assert draft.draft(draft.Ask(asked.month, asked.now, asked.settings, (), {})).slots == ()
    bare = draft.draft(
        draft.Ask(asked.month, asked.now, {**asked.settings, "pillars": {}}, asked.lines, asked.worth)
    )
    assert {s.pillar for s in bare.slots} == {""}


# Labels


def label(day, **facts):
    return labels.Labelled("1", date(2026, 12, day), "Fun", **facts)


def test_what_is_due_most_comes_next():
    goals = (labels.Choice(1, "near", 2.0, until=date(2026, 12, 20)), labels.Choice(2, "far", 1.0))
    told = labels.shared_out([label(d) for d in range(10, 16)] + [label(25)], labels.Bank(goals=goals))
    assert Counter(slot.goal for slot in told[:6]) == {1: 4, 2: 2}
    assert told[6].goal == 2


def test_what_is_there_stays_and_counts():
    segments = (labels.Choice(1, "a"), labels.Choice(2, "b"))
    told = labels.shared_out(
        [label(1, segment=1, keep=True), label(2), label(3)], labels.Bank(segments=segments)
    )
    assert [slot.segment for slot in told] == [1, 2, 1]


def test_a_segment_only_where_it_is_and_hooks_of_its_own():
    bank = labels.Bank(
        segments=(labels.Choice(1, "a", only=frozenset({"2"})), labels.Choice(2, "b")),
        hooks=(labels.HookChoice(5, "x", under=1), labels.HookChoice(6, "y", under=2)),
    )
    told = labels.shared_out([label(1), label(2)], bank)
    assert [(slot.segment, slot.hook) for slot in told] == [(2, 6), (2, 6)]


def test_avoided_hooks_are_left_out_and_preferred_ones_come_more_often():
    rules = settings.checked(
        {
            "avoid": [{"factor": "hook", "level": "Old"}],
            "prefer": [{"factor": "hook", "level": "New", "weight": 2}],
        }
    )
    told = labels.weighed(
        [labels.Choice(1, "Old"), labels.Choice(2, "New"), labels.Choice(3, "Other")], rules, "hook"
    )
    assert [(c.name, c.weight) for c in told] == [("New", 2.0), ("Other", 1.0)]


def test_a_topic_rests_before_it_comes_back():
    topics = tuple(labels.Choice(name, name, under="Fun") for name in "abc")
    slots = [label(d) for d in (1, 3, 9)]
    told = labels.shared_out([label(6, topic="a", keep=True), *slots], labels.Bank(topics=topics, cooldown=5))
    said = {slot.day.day: slot.topic for slot in told[1:]}
    assert (said[1], said[3]) == ("b", "c")
    assert said[9] in ("b", "c")  # «a» stands on the 6th
    one = labels.shared_out(slots, labels.Bank(topics=topics[:1], cooldown=5))
    assert {slot.topic for slot in one} == {"a"}  # better said again than nothing


def test_a_day_of_note_takes_the_last_slot_before_it():
    day = occasions.Day(date(2026, 12, 12), "12.12", "commercial", 5, "")
    told = labels.shared_out([label(5), label(8), label(12), label(14)], labels.Bank(days=(day,)))
    assert [slot.occasion for slot in told] == ["", "", "12.12", ""]


# Reasons and conflicts


def test_reasons_come_with_the_largest_first():
    facts = reasons.Facts(
        "image", "Fun", DECEMBER.toordinal(), 18 * 60, occasion="12.12", share=0.2, target=0.3
    )
    told = reasons.case_of(learnt(history(60))["1"], facts, FIRST)
    sizes = [row["size"] for row in told.reasons]
    assert sizes == sorted(sizes, reverse=True)
    assert {"hour", "occasion", "mix"} <= {row["code"] for row in told.reasons}
    wished = settings.checked({"prefer": [{"factor": "hour", "level": "18-21", "weight": 1.3}]})
    codes = [row["code"] for row in reasons.case_of(None, facts, wished).reasons]
    assert codes[0] == "prefer"


def seen(id, day, hour, kind="image"):
    return watching.Seen(id, "1", kind, "Fun", date(2026, 12, day).toordinal(), hour * 60)


def test_conflicts_are_found_once_each():
    slots = [seen(1, 1, 23), seen(2, 3, 9), seen(3, 3, 11), seen(4, 3, 19)]
    told = [(c.code, c.slots) for c in watching.conflicts(FIRST, slots)]
    assert told == [("quiet", (1,)), ("close", (2, 3)), ("many", (2, 3, 4))]


def test_hours_by_week_and_what_is_missing():
    slots = [seen(1, 1, 9, "reel"), seen(2, 8, 9), seen(3, 9, 9)]
    told = watching.weeks({**FIRST, "hours_a_week": 10}, DECEMBER, slots)
    assert [(w.hours, w.room, w.posts) for w in told[:2]] == [(3, 10, 1), (2.0, 10, 2)]
    cadence = {**FIRST, "channels": {"1": {"a_week": 7, "kinds": {}}}}
    (lack,) = watching.missing(cadence, DECEMBER, slots, DECEMBER)
    assert (lack.values["n"], lack.values["due"]) == (28, 31)
    assert watching.missing(cadence, DECEMBER, slots, date(2027, 1, 1)) == []


def test_every_cause_of_the_model_is_told_somewhere():
    posts = [worth.Post("1", p.kind, "Useful" if i % 4 else "Fun", p.day - (i % 5 == 0), p.minute, p.engaged)
             for i, p in enumerate(history(80))]  # fmt: skip
    model = learnt(posts)["1"].model
    named = {cause for causes in worth.PARTS.values() for cause in causes}
    told = model.why(learnt(posts)["1"].candidate("reel", "Fun", DECEMBER.toordinal(), 18 * 60))
    assert {"gap", "pattern", "type"} <= set(told)
    assert {cause for cause in told if cause != "level" and not cause.startswith("trend")} <= named


def test_the_distance_from_the_post_before_is_known_to_the_model():
    posts = history(3)
    gaps = [past.gap for past in worth._pasts(posts)]
    assert gaps == [None, 15.0, 24.0]  # 18:00, then 9:00 of the next days
    untimed = [posts[0], worth.Post("1", "image", "Fun", posts[1].day, 720, 40, timed=False), posts[2]]
    assert [past.gap for past in worth._pasts(untimed)] == [None, None, None]


def test_a_try_goes_some_of_the_way_to_a_draw():
    told = learnt(history(60))["1"]
    candidates = [told.candidate(k, "Fun", DECEMBER.toordinal() + d, h * 60) for k in ("image", "reel")
                  for d in range(7) for h in (8, 14, 18)]  # fmt: skip
    sure = told.lifts(candidates)
    tried = [told.trials(candidates, seed) for seed in range(40)]
    assert tried[0] != tried[1]
    _means, sds = told.model.score(candidates)
    spread = sum(abs(t - s) for row in tried for t, s in zip(row, sure, strict=True)) / (40 * len(sure))
    assert spread < 0.8 * sds.mean()  # the whole way would be about 0.8 sd
