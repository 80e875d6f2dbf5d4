"""Known answers to redo by hand, properties, determinism, and the reasons for what is left over."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.calendar import DAY, Item, Limits, Place, Placed, Stay, Wishes, greedy, solve

NOON, EVENING = 12 * 60, 18 * 60


def grid(days=3, minutes=(NOON, EVENING), lines=("a",)):
    return [Place(line, day, minute) for line in lines for day in range(days) for minute in minutes]


def posts(n, line="a", **facts):
    return [Item(f"{line}{i}", line, **facts) for i in range(n)]


def worth(table):
    """A value by (day, minute), 1.0 elsewhere."""
    return lambda _item, _topic, place: table.get((place.day, place.minute), 1.0)


def stood(plan):
    return {(p.item.name, p.place.day, p.place.minute) for p in plan.placed}


def test_the_best_arrangement_beats_the_greedy_one():
    a, b = Item("a", "x", kind="reel"), Item("b", "x", kind="text")
    table = {("reel", 0): 5.0, ("reel", 1): 4.0, ("text", 0): 4.5, ("text", 1): 1.0}

    def value(item, _topic, place):
        return table[item.kind, place.day]

    places = [Place("x", 0, NOON), Place("x", 1, NOON)]
    assert greedy([a, b], places, value).objective == 6.0  # the reel takes day 0, the text gets what is left
    plan = solve([a, b], places, value)
    assert (plan.objective, plan.bound, plan.proven, plan.gap) == (8.5, 8.5, True, 0)
    assert stood(plan) == {("a", 1, NOON), ("b", 0, NOON)}


def test_limits_of_a_line():
    value = worth({(0, NOON): 3, (0, EVENING): 2.9, (1, EVENING): 2})
    assert stood(solve(posts(2), grid(), value)) == {("a0", 0, NOON), ("a1", 0, EVENING)}
    one = solve(posts(2), grid(), value, Limits(per_day=1))
    assert {p.place.day for p in one.placed} == {0, 1}
    far = solve(posts(2), grid(), value, Limits(gap=24 * 60))
    assert [(p.place.day, p.place.minute) for p in far.placed] == [(0, NOON), (1, EVENING)]
    apart = solve(posts(2, topics=("beans",)), grid(), value, Limits(apart=2))
    assert {p.place.day for p in apart.placed} == {0, 2}


def test_the_gap_reaches_over_midnight():
    late, early = Place("a", 0, DAY - 60), Place("a", 1, 60)
    plan = solve(posts(2), [late, early], worth({}), Limits(gap=180))
    assert len(plan.placed) == 1
    assert dict(plan.unplaced[0].reasons) == {"taken": 1, "gap": 1}


def test_windows_and_fixed_items_are_kept():
    there = Placed(Item("old", "a", ("beans",)), "beans", Place("a", 1, NOON))
    items = [Item("new", "a", ("beans",), release=1, due=2)]
    plan = solve(items, grid(), worth({(1, EVENING): 9}), Limits(apart=1), fixed=[there])
    assert [p.place.day for p in plan.placed] == [
        2
    ]  # day 1 would be the better one, but the topic stands there


def test_what_is_left_over_says_why():
    full = solve(posts(5), grid(days=2), worth({}), Limits(per_day=1))
    assert len(full.unplaced) == 3
    assert dict(full.unplaced[0].reasons) == {"taken": 2, "day": 2}
    never = solve([Item("x", "a", release=7)], grid(), worth({}))
    assert never.unplaced[0].reasons == (("window", 0),)
    tired = solve(posts(3, hours=4.0), grid(), worth({}), Limits(hours=8))
    assert len(tired.unplaced) == 1
    assert dict(tired.unplaced[0].reasons)["hours"] == 4


def test_as_many_as_possible_come_before_any_value():
    rich = Item("rich", "a", kind="rich")
    poor = [Item(f"poor{i}", "a", kind="poor", hours=2) for i in range(2)]

    def value(item, _topic, _place):
        return 1000.0 if item.kind == "rich" else 0.001

    hungry = Item("rich", "a", kind="rich", hours=4)
    assert {p.item.name for p in solve([hungry, *poor], grid(), value, Limits(hours=4)).placed} == {
        "poor0",
        "poor1",
    }
    assert len(solve([rich, *poor], grid(), value, Limits(hours=4)).placed) == 3


def test_the_mix_is_kept_where_it_can_be_and_told_where_not():
    items = posts(6, topics=("fun", "sell"))

    def value(_item, topic, _place):
        return 2.0 if topic == "sell" else 1.0

    free = solve(items, grid(), value)
    assert {p.topic for p in free.placed} == {"sell"}
    mixed = solve(items, grid(), value, Limits(mix={"fun": (4, 6), "sell": (0, 2)}))
    assert sorted(p.topic for p in mixed.placed) == ["fun"] * 4 + ["sell"] * 2
    never = solve(posts(2, topics=("sell",)), grid(), value, Limits(mix={"fun": (1, 2)}))
    assert never.off_mix == {"fun": -1}
    assert len(never.placed) == 2


def test_wishes_yield_to_value_and_only_to_value():
    value = worth({(0, NOON): 1.4, (0, EVENING): 1.3})
    crowded = solve(posts(2), grid(), value, wishes=Wishes(spread=1, cost=0.1))
    assert {p.place.day for p in crowded.placed} == {0}
    assert crowded.objective == pytest.approx(2.6)  # 1.4 + 1.3 - 0.1
    spread = solve(posts(2), grid(), value, wishes=Wishes(spread=1, cost=0.4))
    assert len({p.place.day for p in spread.placed}) == 2
    aimed = solve(
        posts(4, topics=("x", "y")), grid(), worth({}), wishes=Wishes(aim={"x": 1, "y": 3}, cost=0.1)
    )
    assert sorted(p.topic for p in aimed.placed) == ["x", "y", "y", "y"]


def test_a_second_plan_stays_where_it_was_unless_it_pays():
    before = frozenset({("", "", Place("a", 2, NOON))})
    value = worth({(0, NOON): 1.1})
    assert stood(solve(posts(1), grid(), value, stay=Stay(before, bonus=0.2))) == {("a0", 2, NOON)}
    assert stood(solve(posts(1), grid(), value, stay=Stay(before, bonus=0.05))) == {("a0", 0, NOON)}
    assert stood(solve(posts(1), grid(), value, stay=Stay(before, least=1))) == {("a0", 2, NOON)}


def test_lines_are_joined_by_what_joins_them():
    items = posts(2, "a", hours=3.0) + posts(2, "b", hours=3.0)
    places = grid(lines=("a", "b"))
    assert len(solve(items, places, worth({})).placed) == 4
    plan = solve(items, places, worth({}), Limits(hours=9))
    assert len(plan.placed) == 3
    assert plan.proven


def test_the_same_question_has_the_same_answer():
    items, places, value, limits = a_month(seed=3)
    first, second = (solve(items, places, value, limits, seed=1) for _ in range(2))
    assert first == second
    assert first.proven


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="name of its own"):
        solve([Item("x", "a"), Item("x", "a")], grid(), worth({}))
    with pytest.raises(ValueError, match="negative"):
        solve(posts(1), grid(), worth({}), Limits(gap=-1))
    assert solve([], [], worth({})).placed == ()


def a_month(seed):
    kinds = ("image", "reel", "text")
    items = [
        Item(f"{line}{i}", line, (f"t{i % 4}",), kinds[(i + seed) % 3], i // 2, i // 2 + 5)
        for line in ("a", "b")
        for i in range(10)
    ]

    def value(item, topic, place):
        mixed = place.day * 31 + place.minute + len(item.kind) * 17 + int(topic[1]) * 7 + seed
        return 1 + (mixed % 13) / 13

    return items, grid(12, (480, 720, 1080, 1200), ("a", "b")), value, Limits(per_day=1, gap=240, apart=2)


values = st.lists(st.integers(0, 9), min_size=8, max_size=8)


@settings(max_examples=40, deadline=None)
@given(values, st.integers(1, 2), st.sampled_from([0, 300, 1500]), st.integers(1, 3))
def test_no_arrangement_by_hand_is_better(table, per_day, gap, n):
    """Every subset of 8 places that keeps the limits, tried one by one."""
    places = grid(days=4)
    points = dict(zip(places, table, strict=True))
    plan = solve(
        posts(n), places, lambda _i, _t, place: float(points[place]), Limits(per_day=per_day, gap=gap)
    )

    def allowed(chosen):
        days = [p.day for p in chosen]
        near = any(abs(a.moment - b.moment) < gap for a, b in itertools.combinations(chosen, 2))
        return not near and all(days.count(day) <= per_day for day in days)

    sizes = range(n, -1, -1)
    best = next(
        max(sum(points[p] for p in c) for c in chosen)
        for size in sizes
        if (chosen := [c for c in itertools.combinations(places, size) if allowed(c)])
    )
    assert plan.objective == best
    assert allowed([p.place for p in plan.placed])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 30))
def test_limits_hold_and_greedy_is_never_better(seed):
    items, places, value, limits = a_month(seed)
    plan, first = solve(items, places, value, limits), greedy(items, places, value, limits)
    for line in ("a", "b"):
        mine = [p for p in plan.placed if p.place.line == line]
        assert all(p.item.release <= p.place.day <= p.item.due for p in mine)
        for p, q in itertools.combinations(mine, 2):
            assert abs(p.place.moment - q.place.moment) >= limits.gap
            assert p.place.day != q.place.day
            assert p.topic != q.topic or abs(p.place.day - q.place.day) >= limits.apart
    assert (len(plan.placed), plan.objective) >= (len(first.placed), first.objective - 1e-9)
    assert plan.bound >= plan.objective - 1e-9


def test_caps_of_single_lines_and_weeks_and_money():
    both = [*posts(3, "a"), *posts(3, "b")]
    plan = solve(both, grid(lines=("a", "b")), worth({}), Limits(per_day=2, day_of={"a": 1}))
    a_days = [p.place.day for p in plan.placed if p.place.line == "a"]
    assert sorted(a_days) == [0, 1, 2]
    weekly = solve(posts(6), grid(days=14), worth({}), Limits(week_of={"a": 2}))
    assert len(weekly.placed) == 4
    assert sum(p.place.day < 7 for p in weekly.placed) == 2
    assert dict(weekly.unplaced[0].reasons)["week"] > 0
    dear = [Item(f"x{i}", "a", cost=40.0) for i in range(4)]
    paid = Placed(Item("old", "a", cost=25.0), "", Place("a", 0, NOON))
    bought = solve(dear, grid(days=9), worth({}), Limits(money=110.0), fixed=[paid])
    assert len(bought.placed) == 2  # 25 + 80; a third would make 145
    assert dict(bought.unplaced[0].reasons)["money"] > 0
    with pytest.raises(ValueError, match="negative"):
        solve(posts(1), grid(), worth({}), Limits(week_of={"a": -1}))


def test_distances_are_true_when_the_clocks_change():
    before, after = (
        Place("a", 0, 23 * 60, offset=60),
        Place("a", 1, 3 * 60, offset=120),
    )  # summer time began at two
    assert after.moment - before.moment == 180
    assert len(solve(posts(2), [before, after], worth({}), Limits(gap=240)).placed) == 1
    assert len(solve(posts(2), [before, after], worth({}), Limits(gap=180)).placed) == 2


def test_a_search_tells_how_far_it_is():
    items, places, value, limits = a_month(seed=5)
    heard = []
    plan = solve(
        items, places, value, Limits(limits.per_day, gap=limits.gap, hours=100.0), watch=heard.append
    )
    assert heard[-1].placed == len(plan.placed)
    assert heard[-1].objective == pytest.approx(plan.objective, abs=0.02)
    assert [h.objective for h in heard] == sorted(h.objective for h in heard)
    assert all(h.bound >= plan.objective - 0.02 for h in heard)
