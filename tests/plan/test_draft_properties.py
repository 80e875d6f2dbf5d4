"""Whatever is asked: every hard rule holds in the draft, locked slots stay, the same question has the same answer."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from diskarte.stages.plan.rules import asking, draft, due, moments, settings, worth
from diskarte.stages.plan.rules.arcs import Arc, Phase

KINDS = ("image", "reel", "text")
PILLARS = {"Useful": 0.5, "Fun": 0.3, "Selling": 0.2}
FEBRUARY = date(2028, 2, 1)  # a leap year
BERLIN, MANILA, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Manila", "America/New_York"))


def asked(month=FEBRUARY, lines=("1",), now=None, had=(), arcs=(), zone=MANILA, seed=3, **patch):
    channels = {line: {"a_week": 3, "kinds": {"image": 2, "reel": 1}} for line in lines}
    chosen = settings.checked(
        {**settings.first_settings(), "pillars": PILLARS, "channels": channels, "gap_hours": 4, **patch}
    )
    start = month.toordinal() - 20, 600
    return asking.Ask(
        month, now or start, chosen, tuple(asking.Line(line, KINDS) for line in lines),
        worth.learn([], lines, KINDS, tuple(PILLARS), ()), tuple(had), seed=seed, arcs=tuple(arcs), zone=zone,
    )  # fmt: skip


def broken(ask, found):
    """Every hard rule that the draft breaks, as a list of words."""
    s, told = ask.settings, []
    stays = [h for h in ask.had if not h.gone and (h.stays or not ask.inside(h))]
    slots = [(w.line, w.kind, w.pillar, w.day, w.minute, True) for w in found.slots]
    slots += [(h.line, h.kind, h.pillar, h.day, h.minute, False) for h in stays]
    for line, kind, _pillar, day, minute, new in slots:
        at = date.fromordinal(day)
        if not new:
            continue
        if moments.is_quiet(minute, tuple(s["quiet"])) or moments.avoided(
            s, hour=minute // 60, weekday=at.weekday()
        ):
            told.append("quiet")
        if moments.is_blackout(s, at):
            told.append("blackout")
        if (day, minute) < (ask.now_of(line)[0], ask.now_of(line)[1] + 120) or at.month != ask.month.month:
            told.append("out of time")
        if day < ask.now[0] + s["lead_days"].get(kind, 0):
            told.append("lead time")
        if kind not in ask.by_id[line].kinds:
            told.append("network")
        if not moments.exists(day, minute, ask.zone_of(line)):
            told.append("no such hour")
    for a, b in itertools.combinations(slots, 2):
        if a[0] == b[0] and (a[5] or b[5]):
            distance = abs(ask.place(*a[:1], *a[3:5]).moment - ask.place(*b[:1], *b[3:5]).moment)
            told += ["gap"] if distance < max(s["gap_hours"] * 60, 1) else []
    monday = moments.days_of(ask.month)[0]
    week_from = monday.toordinal() - monday.weekday()
    days = Counter((line, day) for line, *_x, day, _m, new in slots if new)
    for (line, day), n in days.items():
        there = sum(h.line == line and h.day == day for h in stays)
        cap = min(s["per_day"], ask.by_id[line].per_day or 99)
        told += ["day"] if n + there > max(cap, there) else []
    hours, held = Counter(), Counter()
    weeks, before = Counter(), Counter()
    for line, kind, _p, day, _m, new in slots:
        week = (day - week_from) // 7
        hours[week] += ask.hours(kind)
        weeks[line, week] += 1
        held[week] += 0 if new else ask.hours(kind)
        before[line, week] += not new
    if s["hours_a_week"] is not None:
        told += ["hours" for week, n in hours.items() if n > max(s["hours_a_week"], held[week]) + 1e-9]
    for (line, week), n in weeks.items():
        cap = s["channels"].get(line, {}).get("per_week")
        told += ["week"] if cap is not None and n > max(cap, before[line, week]) else []
    if s["money_a_month"] is not None:
        spent = [
            ask.cost(k) for _l, k, _p, d, _m, _n in slots if date.fromordinal(d).month == ask.month.month
        ]
        kept = sum(ask.cost(h.kind) for h in stays)
        told += ["money"] if sum(spent) > max(s["money_a_month"], kept) + 1e-9 else []
    return told


def moment(day):
    return date(2028, 2, day).toordinal()


slots = st.builds(
    asking.Had, id=st.integers(1, 10**6), line=st.sampled_from(["1", "2"]), kind=st.sampled_from(KINDS),
    pillar=st.sampled_from(sorted(PILLARS)), day=st.integers(moment(1) - 3, moment(29) + 3),
    minute=st.sampled_from([h * 60 for h in (8, 12, 19)]), stays=st.booleans(), gone=st.booleans(),
)  # fmt: skip
wishes = st.fixed_dictionaries(
    {},
    optional={
        "quiet": st.sampled_from([["20:00", "09:00"], ["12:00", "14:00"]]),
        "per_day": st.integers(1, 2),
        "gap_hours": st.sampled_from([0, 2, 26]),
        "hours_a_week": st.sampled_from([0, 4, 9]),
        "blackout": st.sampled_from([["2028-02-29"], ["2028-02-07..2028-02-13"]]),
        "lead_days": st.sampled_from([{"reel": 25}, {"image": 22, "reel": 30}]),
        "cost_of": st.just({"reel": 100, "image": 10}),
        "money_a_month": st.sampled_from([0, 250, None]),
        "avoid": st.sampled_from([[{"factor": "weekday", "level": "0-5"}], [{"factor": "kind", "level": "reel"}]]),
        "channels": st.sampled_from([
            {"1": {"a_week": 5, "kinds": {"image": 1, "reel": 1}, "per_week": 2}, "2": {"a_week": 2, "kinds": {}}},
            {"1": {"a_week": 9, "kinds": {"text": 1}}},
        ]),
    },
)  # fmt: skip
arcs = st.lists(
    st.builds(
        lambda first, length, posts, kinds, pillar: Arc(
            "promotion:1", "Sale",
            (Phase("launch", date(2028, 2, first), date(2028, 2, min(first + length, 29)), posts, pillar, kinds),),
        ),
        st.integers(1, 29), st.integers(0, 6), st.integers(0, 3), st.sampled_from([(), ("reel", "text")]),
        st.sampled_from(["", "Selling"]),
    ),
    max_size=1,
)  # fmt: skip


@examples(max_examples=15, deadline=None)
@given(wishes, st.lists(slots, max_size=5, unique_by=lambda h: h.id), arcs, st.sampled_from([-12, 0, 13]))
def test_every_hard_rule_holds_locked_slots_stay_and_answers_repeat(patch, had, campaigns, today):
    ask = asked(lines=("1", "2"), now=(moment(1) + today, 11 * 60), had=had, arcs=campaigns, **patch)
    found = draft.draft(ask, effort=0.4)
    assert broken(ask, found) == []
    assert broken(ask, draft.sketch(ask)) == []
    touched = {w.was.id for w in found.slots if w.was} | {h.id for h in found.dropped}
    assert not touched & {h.id for h in ask.had if h.stays or h.gone}
    assert draft.draft(ask, effort=0.4) == found
    wanted = len(due.items_of(ask))
    assert len(found.slots) + len(found.unplaced) == wanted


def test_a_leap_day_is_a_day_like_any_other():
    full = asked(
        channels={"1": {"a_week": 7, "kinds": {"image": 1}}}, quiet=["08:00", "07:00"], hours_a_week=None
    )
    days = [w.day for w in draft.draft(full).slots]
    assert len(days) == 29
    assert date(2028, 2, 29).toordinal() in days
    assert (
        len(draft.draft(asked(date(2027, 2, 1), channels={"1": {"a_week": 7, "kinds": {"image": 1}}})).slots)
        == 28
    )


@pytest.mark.parametrize("month", [date(2026, 3, 1), date(2026, 10, 1)])
def test_the_week_in_which_the_clocks_change_keeps_true_distances(month):
    every = {"1": {"a_week": 14, "kinds": {"text": 1}}}
    ask = asked(month, zone=BERLIN, channels=every, gap_hours=11, quiet=["05:00", "05:00"], per_day=2)
    found = draft.draft(ask)
    assert broken(ask, found) == []
    utc = sorted(moments.to_utc(w.day, w.minute, BERLIN) for w in found.slots)
    assert min(b - a for a, b in itertools.pairwise(utc)) >= timedelta(hours=11)
    assert len(set(utc)) == len(utc) > 50


def test_an_hour_that_the_clocks_skip_is_no_place():
    spring = date(2026, 3, 29).toordinal()
    ask = asked(date(2026, 3, 1), zone=BERLIN, quiet=["05:00", "05:00"])
    there = {p.minute // 60 for p in ask.places() if p.day == spring}
    assert 2 not in there
    assert {1, 3} <= there
    assert {0, 1, 2, 3} <= {p.minute // 60 for p in ask.places() if p.day == spring - 1}


def test_a_brand_in_three_time_zones_posts_by_each_audiences_clock():
    ask = asked(lines=("1", "2", "3"), quiet=["20:00", "08:00"])
    at = datetime(2028, 2, 1, 15, tzinfo=UTC)
    zones = {"1": MANILA, "2": BERLIN, "3": NEW_YORK}
    lines = tuple(asking.Line(i, KINDS, zone, moments.to_local(at, zone)) for i, zone in zones.items())
    ask = asking.Ask(ask.month, moments.to_local(at, MANILA), ask.settings, lines, ask.worth, zone=MANILA)
    found = draft.draft(ask)
    assert broken(ask, found) == []
    assert {w.line for w in found.slots} == {"1", "2", "3"}
    earliest = min(moments.to_utc(w.day, w.minute, zones[w.line]) for w in found.slots)
    assert earliest >= at + timedelta(hours=2)


# Campaigns


def a_sale(*phases):
    return Arc("promotion:7", "Anniversary", tuple(phases))


def test_a_campaign_stands_in_its_phases_and_takes_the_place_of_usual_posts():
    sale = a_sale(
        Phase("tease", date(2028, 2, 7), date(2028, 2, 10), 2, "Fun"),
        Phase("launch", date(2028, 2, 11), date(2028, 2, 11), 2, "Selling", ("reel",)),
        Phase("thanks", date(2028, 2, 20), date(2028, 2, 22), 1),
    )
    plain, found = draft.draft(asked()), draft.draft(asked(arcs=[sale]))
    own = [w for w in found.slots if w.arc]
    assert Counter(w.arc for w in own) == {
        "promotion:7 tease": 2,
        "promotion:7 launch": 2,
        "promotion:7 thanks": 1,
    }
    assert all(moment(7) <= w.day <= moment(10) and w.pillar == "Fun" for w in own if w.arc.endswith("tease"))
    assert {(w.day, w.kind, w.pillar) for w in own if w.arc.endswith("launch")} == {
        (moment(11), "reel", "Selling")
    }
    assert len(found.slots) <= len(plain.slots) + 1  # the week of the launch wanted three, the campaign four


def test_a_campaigns_slots_are_not_drafted_twice_and_move_with_it():
    sale = a_sale(Phase("launch", date(2028, 2, 8), date(2028, 2, 10), 2, kinds=("reel",)))
    first = draft.draft(asked(arcs=[sale]))
    had = [
        asking.Had(n + 1, w.line, w.kind, w.pillar, w.day, w.minute, arc=w.arc)
        for n, w in enumerate(first.slots)
    ]
    again = draft.draft(asked(arcs=[sale], had=had))
    assert {(w.was.id, w.day, w.minute) for w in again.slots} == {(h.id, h.day, h.minute) for h in had}
    later = a_sale(Phase("launch", date(2028, 2, 15), date(2028, 2, 16), 2, kinds=("reel",)))
    moved = draft.draft(asked(arcs=[later], had=had))
    own = [w for w in moved.slots if w.arc]
    assert {w.day for w in own} <= {moment(15), moment(16)}
    assert {w.was.id for w in own} == {h.id for h in had if h.arc}
    called_off = draft.draft(asked(had=had))
    assert not any(w.arc for w in called_off.slots)
    assert {h.id for h in called_off.dropped} >= {h.id for h in had if h.arc}


def test_a_phase_over_the_turn_of_the_month_is_shared_by_both():
    sale = a_sale(Phase("peak", date(2028, 1, 30), date(2028, 2, 4), 3))
    january = draft.draft(asked(date(2028, 1, 1), arcs=[sale]))
    february = draft.draft(asked(arcs=[sale]))
    counts = [sum(bool(w.arc) for w in found.slots) for found in (january, february)]
    assert counts == [1, 2]
    assert due.parts_of(sale.phases[0])[0] == (date(2028, 1, 30), date(2028, 1, 31))
    assert (
        due.parts_of(Phase("launch", date(2028, 2, 3), date(2028, 2, 3), 2)) == [(date(2028, 2, 3),) * 2] * 2
    )


def test_a_kind_is_not_due_before_it_can_be_ready():
    late = asked(now=(moment(1), 0), lead_days={"reel": 40, "image": 2})
    found = draft.draft(late)
    assert {u.item.kind for u in found.unplaced} == {"reel"}
    assert min(w.day for w in found.slots if w.kind == "image") >= moment(3)


def test_the_plan_that_stands_at_once_is_close_to_the_best():
    ask = asked(lines=("1", "2"), hours_a_week=14)
    quick, best = draft.sketch(ask), draft.draft(ask)
    assert best.plan.proven
    assert quick.plan.objective <= best.plan.objective + 1e-9
    assert quick.plan.objective >= 0.9 * best.plan.objective
