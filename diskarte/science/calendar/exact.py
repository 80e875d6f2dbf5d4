"""The case as CP-SAT reads it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from diskarte.science.calendar.case import Case, by_group, group_of
from diskarte.science.calendar.held import Held
from diskarte.science.calendar.shapes import GRAIN, Placed, Progress, Watch


class Model:
    """The case as CP-SAT reads it. `must_place` leaves no item over; without it each one left costs most."""

    def __init__(self, case: Case, must_place: bool) -> None:
        from ortools.sat.python import cp_model

        self.cp, self.case, self.must_place = cp_model, case, must_place
        self.model = cp_model.CpModel()
        self.x = {key: self.model.new_bool_var("") for key in case.worth}
        self.score = {key: round(told * GRAIN) for key, told in case.worth.items()}
        span = max(self.score.values(), default=0) - min(self.score.values(), default=0) + 1
        self.soft = 2 * span  # one item off the mix costs more than moving any two
        self.left = self._items(left_cost=self.soft * (2 * len(case.items) + 2))
        self.misses: list[Any] = []
        self._line_limits()
        self._joining_limits()
        self.model.maximize(
            sum(self.score[key] * x for key, x in self.x.items())
            - self.soft * sum(self.misses)
            - round(case.wishes.cost * GRAIN) * sum(self._wished())
            - sum(cost * left for left, cost in self.left)
        )

    def _items(self, left_cost: int) -> list[tuple[Any, int]]:
        of: list[list[Any]] = [[] for _ in self.case.groups]
        for (group, _topic, _place), x in self.x.items():
            of[group].append(x)
        costs = []
        for xs, items in zip(of, by_group(self.case), strict=True):
            if self.must_place:
                self.model.add(sum(xs) == len(items))
            else:
                left = self.model.new_int_var(0, len(items), "")
                self.model.add(sum(xs) + left == len(items))
                costs.append((left, left_cost))
        return costs

    def _line_limits(self) -> None:
        limits, days = self.case.limits, defaultdict(list)
        moments: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        topics: dict[tuple[str, str], dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for (group, topic, place), x in self.x.items():
            moments[place.line][place.moment].append(x)
            days[place.line, place.day].append(x)
            if not self.case.groups[group].near:
                topics[place.line, topic][place.day].append(x)
        held = Held(limits, self.case.fixed)
        for (line, day), xs in days.items():
            self.model.add(sum(xs) <= limits.a_day(line) - held.days[line, day])
        for (line, week), xs in self._by_week(days).items():
            self.model.add(sum(xs) <= limits.week_of[line] - held.weeks[line, week])
        for by_moment in moments.values():
            self._windows(by_moment, max(limits.gap, 1))
        for by_day in topics.values() if limits.apart else ():
            self._windows(by_day, limits.apart)

    def _by_week(self, days: Mapping[tuple[str, int], list[Any]]) -> dict[tuple[str, int], list[Any]]:
        """What could stand in each week of the lines whose weeks have a cap."""
        weeks: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for (line, day), xs in days.items():
            if line in self.case.limits.week_of:
                weeks[line, self.case.limits.week(day)] += xs
        return weeks

    def _windows(self, by_time: Mapping[int, list[Any]], width: int) -> None:
        """At most one in any `width` of time: one clique from each moment on; those inside another are left out."""
        times, end = sorted(by_time), -1
        for i, time in enumerate(times):
            last = max(j for j in range(i, min(i + width, len(times))) if times[j] < time + width)
            if last > end:
                self.model.add_at_most_one(x for j in range(i, last + 1) for x in by_time[times[j]])
                end = last

    def _joining_limits(self) -> None:
        limits, held = self.case.limits, Held(self.case.limits, self.case.fixed)
        if limits.hours is not None:
            weeks = defaultdict(list)
            for (group, _topic, place), x in self.x.items():
                weeks[held.week(place)].append(round(self.case.groups[group].hours * 60) * x)
            for week, spent in weeks.items():
                self.model.add(sum(spent) <= max(round(limits.hours * 60) - held.hours[week], 0))
        if limits.money is not None:
            spent = [round(self.case.groups[g].cost * 100) * x for (g, _t, _p), x in self.x.items()]
            self.model.add(sum(spent) <= max(round((limits.money - held.money) * 100), 0))
        for topic, (least, most) in limits.mix.items():
            count = sum(x for key, x in self.x.items() if key[1] == topic)
            self._soft(count, least, most)
        kinds, before = [group.kind for group in self.case.groups], self.case.stay.triples
        stays = [x for (g, topic, p), x in self.x.items() if (kinds[g], topic, p) in before]
        if self.case.stay.least:
            self._soft(sum(stays), min(self.case.stay.least, len(stays)), len(stays))

    def _wished(self) -> list[Any]:
        """How many items stand against each wish."""
        wishes, held = self.case.wishes, Counter(p.place.day for p in self.case.fixed)
        most, against = len(self.case.items) + len(self.case.fixed), []
        days: dict[int, list[Any]] = defaultdict(list)
        for (_group, _topic, place), x in self.x.items():
            days[place.day].append(x)
        for day, xs in days.items() if wishes.spread is not None else ():
            over = self.model.new_int_var(0, most, "")
            self.model.add(over >= sum(xs) + held[day] - wishes.spread)
            against.append(over)
        for topic, n in wishes.aim.items():
            off = self.model.new_int_var(0, most + n, "")
            count = sum(x for key, x in self.x.items() if key[1] == topic)
            self.model.add(off >= count - n)
            self.model.add(off >= n - count)
            against.append(off)
        return against

    def _soft(self, count: Any, least: int, most: int) -> None:
        miss = self.model.new_int_var(0, len(self.case.items) + least, "")
        self.model.add(count + miss >= least)
        self.model.add(count - miss <= most)
        self.misses.append(miss)

    def run(self, start: Sequence[Placed], seed: int, effort: float, watch: Watch | None = None) -> bool:
        """Whether an arrangement was found; `watch` hears of every better one."""
        number = {group: n for n, group in enumerate(self.case.groups)}
        chosen = {(number[group_of(p.item)], p.topic, p.place) for p in start}
        for key, x in self.x.items():
            self.model.add_hint(x, key in chosen)
        self.solver = self.cp.CpSolver()
        self.solver.parameters.num_workers = 1
        self.solver.parameters.linearization_level = (
            2  # the linear bound is nearly tight here: a hundredfold faster
        )
        self.solver.parameters.random_seed = seed
        self.solver.parameters.max_deterministic_time = effort
        self.solver.parameters.max_time_in_seconds = 6 * effort  # only where a machine hangs
        self.status = self.solver.solve(self.model, self._listener(watch) if watch else None)
        return self.status in (self.cp.OPTIMAL, self.cp.FEASIBLE)

    def _listener(self, watch: Watch) -> Any:
        """Tells of every better arrangement; the place of the costs in the objective is taken out again."""
        model = self

        class Listener(self.cp.CpSolverSolutionCallback):  # type: ignore[misc,name-defined]
            def on_solution_callback(self) -> None:
                placed = sum(self.value(x) for x in model.x.values())
                costs = model.soft * sum(self.value(m) for m in model.misses)
                costs += sum(cost * self.value(left) for left, cost in model.left)
                told = [
                    (bound + costs) / GRAIN for bound in (self.objective_value, self.best_objective_bound)
                ]
                watch(Progress(placed, *told))

        return Listener()

    @property
    def proven(self) -> bool:
        return bool(self.status == self.cp.OPTIMAL)

    def bound(self) -> float:
        """The largest sum of values any arrangement could have that places as many and misses as little."""
        costs = self.soft * sum(self.solver.value(m) for m in self.misses)
        costs += sum(cost * self.solver.value(left) for left, cost in self.left)
        return float(self.solver.best_objective_bound + costs) / GRAIN

    def placed(self) -> list[Placed]:
        names = by_group(self.case)
        keys = sorted((key for key, x in self.x.items() if self.solver.value(x)), key=lambda key: key[2])
        return [Placed(names[g].pop(0), t, place, self.case.worth[g, t, place]) for g, t, place in keys]
