"""SMART, pace, months and seasons: known answers, and what must hold for any goal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.stages.goals import rules
from diskarte.stages.goals.rules import Wish

DECEMBER = Wish(
    "Reach 31,000 people in December", "reach", 31000, date(2026, 12, 1), date(2026, 12, 31), 20000
)
YEAR = replace(DECEMBER, target=120000, starts=date(2027, 1, 1), deadline=date(2027, 12, 31), period="year")
EVEN = dict.fromkeys(range(1, 13), 1.0)


def codes(wish, today=date(2026, 12, 1), told=True, chance=0.6, safe=None):
    return {hint.letter: hint.code for hint in rules.smart(wish, today, told, chance, safe)}


def test_a_good_goal_lacks_only_its_worth():
    assert codes(DECEMBER) == {"S": "clear", "M": "measured", "A": "fair", "R": "no_worth", "T": "dated"}
    assert codes(replace(DECEMBER, has_worth=True))["R"] == "worth"


@pytest.mark.parametrize(
    ("change", "letter", "code"),
    [
        ({"sentence": "Get more followers"}, "S", "vague"),
        ({"sentence": "Mas marami sa Facebook"}, "S", "vague"),
        ({"sentence": "Grow to 500 by June"}, "S", "clear"),  # a number makes it plain
        ({"sentence": "Reach"}, "S", "say_more"),
        ({"baseline": None}, "M", "no_baseline"),
        ({"baseline": 40000}, "A", "not_more"),
        ({"deadline": date(2026, 12, 4)}, "T", "short"),
        ({"deadline": date(2027, 2, 28)}, "T", "long_month"),
        ({"deadline": date(2028, 2, 28), "period": "year"}, "T", "long_year"),
        ({"starts": date(2026, 11, 1), "deadline": date(2026, 11, 30)}, "T", "past"),
    ],
)
def test_what_is_missing_is_named(change, letter, code):
    assert codes(replace(DECEMBER, **change))[letter] == code


def test_measurable_needs_a_number_that_arrives():
    assert codes(DECEMBER, told=False)["M"] == "never_told"


@pytest.mark.parametrize(
    ("chance", "code"), [(None, "cannot_tell"), (0.1, "steep"), (0.5, "fair"), (0.99, "easy")]
)
def test_achievable_follows_the_chance(chance, code):
    assert codes(DECEMBER, chance=chance)["A"] == code


def test_what_should_be_there_by_today():
    assert rules.expected(DECEMBER, date(2026, 12, 10)) == 10000
    assert rules.expected(DECEMBER, date(2026, 11, 30)) == 0
    assert rules.expected(DECEMBER, date(2027, 3, 1)) == 31000
    stock = replace(DECEMBER, metric="followers", baseline=10000, target=13100)
    assert rules.expected(stock, date(2026, 12, 10)) == 11000
    assert rules.expected(replace(DECEMBER, metric="engagement_rate", target=5), date(2026, 12, 10)) == 5


@pytest.mark.parametrize(
    ("chance", "now", "due", "lived", "state"),
    [
        (0.8, None, 0, 0, "ahead"),
        (0.5, None, 0, 0, "on pace"),
        (0.49, 900, 100, 30, "behind"),  # the chance knows more than the even line
        (None, 112, 100, 30, "ahead"),
        (None, 95, 100, 30, "on pace"),
        (None, 50, 100, 30, "behind"),
        (None, 50, 100, 6, "unknown"),
        (None, None, 100, 30, "unknown"),
    ],
)
def test_the_state_is_the_chance_and_else_the_even_line(chance, now, due, lived, state):
    assert rules.state_of(chance, now, due, lived) == state


def test_what_every_day_left_must_bring():
    assert rules.needed_per_day(DECEMBER, 11000, date(2026, 12, 11)) == 1000
    assert rules.needed_per_day(DECEMBER, 40000, date(2026, 12, 11)) == 0
    assert rules.needed_per_day(DECEMBER, 11000, date(2026, 12, 31)) is None
    assert rules.needed_per_day(DECEMBER, None, date(2026, 12, 11)) is None
    assert rules.needed_per_day(DECEMBER, 0, date(2026, 11, 1)) == 1000  # not begun: all 31 days are left


def test_a_span_falls_into_its_months():
    assert rules.months(date(2026, 12, 15), date(2027, 2, 3)) == [
        (date(2026, 12, 15), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 2, 3)),
    ]


def test_the_season_is_even_until_every_month_was_seen():
    assert rules.season({(2025, m): 100.0 for m in range(1, 12)}) == EVEN
    once = {(2025, m): 200.0 if m == 12 else 100.0 for m in range(1, 13)}
    mean = 1300 / 12
    assert rules.season(once)[12] == pytest.approx(1 + 0.5 * (200 / mean - 1))  # half believed after a year
    twice = once | {(2026, m): v for (_y, m), v in once.items()}
    assert rules.season(twice)[12] == pytest.approx(200 / mean)


def test_a_year_of_reach_is_shared_out_by_season_and_days():
    parts = rules.split(YEAR, EVEN | {12: 2.0})
    assert sum(target for _a, _b, target in parts) == 120000
    assert parts[11][2] > 1.9 * parts[0][2]
    assert parts[1][2] < parts[0][2]  # February is shorter


def test_followers_climb_in_steps_and_a_rate_stays():
    stock = replace(YEAR, metric="followers", baseline=1000, target=13000)
    steps = [target for _a, _b, target in rules.split(stock, EVEN)]
    assert steps == sorted(steps)
    assert (steps[-1], steps[5]) == (13000, round(1000 + 12000 * 181 / 365))
    assert {t for _a, _b, t in rules.split(replace(YEAR, metric="engagement_rate", target=5), EVEN)} == {5}


@given(st.integers(0, 10**9), st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60))
def test_sharing_out_loses_nothing(total, weights):
    parts = rules.shared_out(total, weights)
    assert sum(parts) == total
    assert all(
        abs(p - total * w / sum(weights)) < 1 + 1e-6 * total for p, w in zip(parts, weights, strict=True)
    )


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 1500))
def test_months_cover_every_day_once(first, length):
    spans = rules.months(first, first + timedelta(days=length))
    days = [a + timedelta(days=n) for a, b in spans for n in range((b - a).days + 1)]
    assert days == [first + timedelta(days=n) for n in range(length + 1)]
