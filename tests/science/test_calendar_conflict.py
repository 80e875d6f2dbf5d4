"""What cannot be had together: small sets to redo by hand, no claim too many, and ways out that really lead out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.calendar import DAY, Item, Limits, Place, Placed, Question, Way, conflict, solve
from diskarte.science.calendar.conflict import Claim, Room, changed, claims_of, fits

HOURS = (9 * 60, 12 * 60, 18 * 60)


def week(lines=("a",), minutes=HOURS):
    return tuple(Place(line, day, minute) for line in lines for day in range(7) for minute in minutes)


def posts(n, line="a", **facts):
    found = {"topics": ("x", "y"), "release": 0, "due": 6} | facts
    return tuple(Item(f"{line}{i}", line, **found) for i in range(n))


def told(items, limits, places=None, fixed=(), shut=None):
    places = week() if places is None else places
    asked = Question(items, places, limits, fixed, shut)
    return conflict(asked, solve(items, places, lambda *_: 1.0, limits, fixed=fixed))


def codes(found):
    return [claim.code for claim in found.claims]


def test_what_fits_is_no_conflict():
    assert told(posts(7), Limits(per_day=1)) is None


@pytest.mark.parametrize(
    ("limits", "code", "enough"),
    [
        (Limits(per_day=1, gap=60), "day", {"posts": 7, "day": 2}),
        (Limits(per_day=3, gap=60, week_of={"a": 4}), "week", {"posts": 4, "week": 9}),
        (Limits(per_day=3, gap=60, hours=20.0), "hours", {"posts": 6, "hours": 27.0}),
        (Limits(per_day=3, gap=60, apart=2), "topic", {"posts": 8, "topic": 1}),
        (Limits(per_day=3, gap=60, money=50.0), "money", {"posts": 5, "money": 90.0}),
        (Limits(per_day=3, gap=2 * DAY), "gap", {"posts": 4, "gap": 9 * 60}),
    ],
)
def test_nine_posts_against_one_limit(limits, code, enough):
    found = told(posts(9, hours=3.0, cost=10.0), limits)
    assert codes(found) == ["posts", code]
    assert {way.claim.code: way.amount for way in found.ways} == enough


def test_shut_hours_and_what_stands_already_are_named():
    shut = {place: "quiet" for place in week() if place.day < 5}
    found = told(posts(7), Limits(per_day=3, gap=60), tuple(p for p in week() if p not in shut), shut=shut)
    assert found.claims[1] == Claim("shut", "quiet")
    assert Way(Claim("shut", "quiet"), None) in found.ways
    there = (Placed(Item("old", "a"), "x", Place("a", 3, HOURS[0])),)
    full = told(posts(7), Limits(per_day=1), fixed=there)
    assert codes(full) == ["posts", "day", "fixed"]


def test_lines_that_share_hours_are_both_named():
    items = (*posts(2, "a", hours=3.0), *posts(2, "b", hours=3.0))
    found = told(items, Limits(hours=9.0), week(("a", "b")))
    assert [(c.code, c.about) for c in found.claims] == [("posts", "a"), ("posts", "b"), ("hours", "")]
    assert Way(Claim("hours", "", 0, 6, 9.0), 12.0) in found.ways


def test_one_line_may_have_more_without_the_others():
    items = (*posts(9, "a"), *posts(7, "b"))
    asked = Question(items, week(("a", "b")), Limits(per_day=1, gap=60))
    more = changed(asked, Claim("day", "a", amount=1), 2)
    assert (more.limits.a_day("a"), more.limits.a_day("b")) == (2, 1)
    assert fits(more)


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 8), per_day=st.integers(1, 2), gap=st.sampled_from([60, 240, 2 * DAY]), apart=st.integers(0, 2),
    hours=st.sampled_from([None, 4.0, 9.0]), cap=st.sampled_from([None, 3]), quiet=st.integers(0, 5),
)  # fmt: skip
def test_no_claim_is_one_too_many_and_every_way_leads_out(n, per_day, gap, apart, hours, cap, quiet):
    limits = Limits(per_day=per_day, gap=gap, apart=apart, hours=hours, week_of={"a": cap} if cap else {})
    shut = {place: "quiet" for place in week() if place.day < quiet}
    places, items = tuple(p for p in week() if p not in shut), posts(n, hours=2.0)
    asked = Question(items, places, limits, (), shut)
    plan = solve(items, places, lambda *_: 1.0, limits)
    found = conflict(asked, plan)
    assert (found is None) == (not plan.unplaced) == fits(asked)
    if found is not None:
        assert set(found.claims) <= set(claims_of(asked))
        assert Room(asked, found.claims).possible() is False
        for claim in found.claims:
            assert Room(asked, [c for c in found.claims if c != claim]).possible()
        assert found.ways
        assert all(fits(changed(asked, way.claim, way.amount)) for way in found.ways)
