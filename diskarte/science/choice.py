"""Which places are worth our hours, how sure is that, and which unknown would change the answer?

Answers: the set that reaches most different people for the hours and money there are; for each place the chance that
    it belongs to the best set; what knowing one input exactly would be worth.
Formula: every input is uncertain in the log: draws x = mean exp(sd z). A set's worth in a draw is
    sum_s w_s U_s: U_s is the union (together.py) of r_ps q_p, presence times fit, in segment s with weight w_s.
    Best set of a draw: greedy by gain an hour and by gain, the better of both, under that draw's hours and money; a
    place that adds less than `least` of all people is left out. Recommended: among the sets that were best in some
    draw and fit the expected hours and money, and (up to 15 places) the exactly best set of the means, the one with
    the largest expected worth less `least` a place; a set that takes more hours than there are does only that part.
    Value of information: the draws are cut into ten parts by one input; in
    each part the best set is chosen again; only a difference beyond two standard errors counts.
Assumptions: inputs are independent; worth is capped at everybody. Chances come from greedy sets, whose worth is at
    least (1 - 1/e) / 2 of the best and in our tests above 95 % of it.
Units: shares, hours a week, money a month; worth in the unit of the weights. Shapes: reach (p, s), the rest (p,).
Errors: shapes that differ, a negative hour, sd or weight, a place both `must` and `never`: ValueError.
Source: method d; Khuller, Moss & Naor 1999 (budgeted coverage); Strong & Oakley 2014, Med. Decis. Making (value of
    information from one set of draws).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diskarte.science import together

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
DRAWS, CANDIDATES, PARTS, EXACT = 4000, 24, 10, 15
INPUTS = ("presence", "fit", "hours")


@dataclass(frozen=True)
class Places:
    """What is believed of p places and s segments; every sd is of the logarithm."""

    reach: Floats  # (p, s) share of the segment that is there
    reach_sd: Floats  # (p,)
    fit: Floats  # (p,) part of those who are there that we can win: goal, content, engagement, rivals
    fit_sd: Floats  # (p,)
    hours: Floats  # (p,) a week
    hours_sd: Floats  # (p,)
    cost: Floats  # (p,) a month
    weights: Floats  # (s,) people
    must: Flags  # (p,)
    never: Flags  # (p,)


@dataclass(frozen=True)
class Unknown:
    """One input: how often knowing it changes the set, and what that is worth on average."""

    place: int
    what: str  # INPUTS
    changes: float
    gain: float


@dataclass(frozen=True)
class Choice:
    """The recommended set with its worth and reach (90 % intervals), each place's chance, the unknowns by value."""

    chosen: tuple[int, ...]
    chance: Floats  # (p,)
    people: tuple[float, float, float]  # different people who are there: low, mean, high
    bounds: tuple[float, float]  # whatever the overlap is
    worth: tuple[float, float, float]
    hours: float
    cost: float
    adds: Floats  # (p,) worth the place adds to the rest of the set, or would add, when all is as expected
    unknowns: tuple[Unknown, ...]


@dataclass(frozen=True)
class _Drawn:
    reach: Floats  # (d, p, s)
    win: Floats  # (d, p, s)
    hours: Floats  # (d, p)
    inputs: dict[str, Floats]


def choose(places: Places, hours: float, money: float | None, nesting: float = 0.0, least: float = 0.01,
           seed: int = 0, draws: int = DRAWS) -> Choice:  # fmt: skip
    """The recommended set for `hours` a week and `money` a month (None: nobody said, no limit)."""
    _check(places, hours)
    drawn = _draw(places, draws, seed)
    best = _best_sets(places, drawn, hours, money, nesting, least)
    sets = _candidates(places, best, hours, money) + _exact(places, hours, money, nesting, least)
    worths = np.stack([_worth(places, drawn, one, hours, nesting) for one in sets])
    prices = np.array([one.sum() for one in sets]) * least * places.weights.sum()
    first = int((worths.mean(axis=1) - prices).argmax())
    chosen = sets[first]
    people = together.union(drawn.reach[:, chosen].swapaxes(1, 2), nesting) @ places.weights
    ends = [float(side @ places.weights) for side in together.bounds(places.reach[chosen].T)]
    return Choice(
        tuple(int(i) for i in np.flatnonzero(chosen)), best.mean(axis=0), _interval(people), (ends[0], ends[1]),
        _interval(worths[first]), float(places.hours[chosen].sum()), float(places.cost[chosen].sum()),
        _adds(places, chosen, nesting), _unknowns(drawn, worths, first),
    )  # fmt: skip


def _draw(places: Places, draws: int, seed: int) -> _Drawn:
    z = np.random.default_rng(seed).standard_normal((3, draws, len(places.fit)))
    moves = [
        np.exp(sd * noise)
        for sd, noise in zip((places.reach_sd, places.fit_sd, places.hours_sd), z, strict=True)
    ]
    reach = np.minimum(places.reach[None] * moves[0][:, :, None], 1.0)
    win = np.minimum(reach * np.minimum(places.fit * moves[1], 1.0)[:, :, None], 1.0)
    return _Drawn(reach, win, places.hours * moves[2], dict(zip(INPUTS, z, strict=True)))


def _best_sets(
    places: Places, drawn: _Drawn, hours: float, money: float | None, nesting: float, least: float
) -> Flags:
    """(d, p) the better of two greedy sets in each draw."""
    sets = [_greedy(places, drawn, hours, money, nesting, least, thrifty) for thrifty in (True, False)]
    worth = [
        together.union((drawn.win * one[:, :, None]).swapaxes(1, 2), nesting) @ places.weights for one in sets
    ]
    return np.where((worth[0] >= worth[1])[:, None], sets[0], sets[1])


def _greedy(places: Places, drawn: _Drawn, hours: float, money: float | None, nesting: float, least: float,
            thrifty: bool) -> Flags:  # fmt: skip
    """Take the place with the largest gain (an hour, if thrifty) as long as it fits, in all draws at once."""
    d, p = drawn.hours.shape
    taken: Flags = np.broadcast_to(places.must, (d, p)).copy()
    floor = least * float(places.weights.sum())
    inside = drawn.win[:, places.must]
    state = _State(np.prod(1.0 - inside, axis=1), inside.max(axis=1, initial=0.0), inside.sum(axis=1))
    for _step in range(p):
        fits = ~taken & ~places.never & _affordable(places, drawn.hours, taken, hours, money)
        gain = np.where(fits, _gains(drawn.win, state, places.weights, nesting), -1.0)
        score = np.where(gain >= floor, gain / np.maximum(drawn.hours, 0.1) if thrifty else gain, -1.0)
        pick = score.argmax(axis=1)
        rows = np.flatnonzero(score[np.arange(d), pick] > 0)
        if not len(rows):
            break
        taken[rows, pick[rows]] = True
        state.take(rows, drawn.win[rows, pick[rows]])
    return taken


@dataclass
class _State:
    """What the set of each draw holds already, (d, s): nobody's share, the largest place, the sum of all."""

    missing: Floats
    largest: Floats
    total: Floats

    def take(self, rows: NDArray[np.intp], win: Floats) -> None:
        """Add one place to the sets of some draws."""
        self.missing[rows] *= 1.0 - win
        self.largest[rows] = np.maximum(self.largest[rows], win)
        self.total[rows] += win


def _affordable(places: Places, spent: Floats, taken: Flags, hours: float, money: float | None) -> Flags:
    """(d, p) whether a place still fits beside what is taken; what must be is not counted twice."""
    fits: Flags = (spent * taken).sum(axis=1)[:, None] + spent <= hours + 1e-9
    if money is not None:
        fits &= (places.cost * taken).sum(axis=1)[:, None] + places.cost <= money + 1e-9
    return fits


def _gains(win: Floats, state: _State, weights: Floats, nesting: float) -> Floats:
    """(d, p) what each place adds to the set of its draw."""
    if nesting == 0:
        return np.asarray(np.einsum("dps,ds->dp", win, state.missing * weights))
    apart = state.missing[:, None, :] * win
    held = state.largest if nesting > 0 else state.total
    after = np.maximum(held[:, None, :], win) if nesting > 0 else held[:, None, :] + win
    edge = np.minimum(after, 1.0) - np.minimum(held, 1.0)[:, None, :]
    return np.asarray((apart + abs(nesting) * (edge - apart)) @ weights)


def _candidates(places: Places, best: Flags, hours: float, money: float | None) -> list[Flags]:
    """The sets that were best most often and fit what is expected; at worst what must be, alone."""
    sets, times = np.unique(best, axis=0, return_counts=True)
    ordered = sets[np.argsort(-times, kind="stable")]
    fitting = [
        one for one in ordered
        if places.hours[one].sum() <= hours + 1e-9 and (money is None or places.cost[one].sum() <= money + 1e-9)
    ]  # fmt: skip
    return fitting[:CANDIDATES] or [places.must.copy()]


def _exact(places: Places, hours: float, money: float | None, nesting: float, least: float) -> list[Flags]:
    """The best set when every input is what is expected, found by looking at all of them; none for many places."""
    free = np.flatnonzero(~places.never & ~places.must)
    if len(free) > EXACT:
        return []
    sets = np.broadcast_to(places.must, (2 ** len(free), len(places.must))).copy()
    sets[:, free] = (np.arange(2 ** len(free))[:, None] >> np.arange(len(free))) & 1
    fitting = sets @ places.hours <= hours + 1e-9
    if money is not None:
        fitting &= sets @ places.cost <= money + 1e-9
    sets = sets[fitting]
    if not len(sets):
        return []
    win = np.minimum(places.reach * np.minimum(places.fit, 1.0)[:, None], 1.0)
    apart = 1.0 - np.exp(sets @ np.log1p(-np.minimum(win, 1 - 1e-12)))
    if nesting > 0:
        edge = np.zeros_like(apart)
        for place in range(len(win)):
            edge = np.maximum(edge, sets[:, place, None] * win[place])
    else:
        edge = np.minimum(1.0, sets @ win)
    worth = (apart + abs(nesting) * (edge - apart)) @ places.weights
    return [sets[int((worth - least * places.weights.sum() * sets.sum(axis=1)).argmax())]]


def _worth(places: Places, drawn: _Drawn, chosen: Flags, hours: float, nesting: float) -> Floats:
    """(d,) the worth of one set; with too few hours only that part of it is done."""
    whole = together.union(drawn.win[:, chosen].swapaxes(1, 2), nesting) @ places.weights
    asked = drawn.hours[:, chosen].sum(axis=1)
    return np.asarray(whole * np.minimum(1.0, hours / np.maximum(asked, 1e-9)))


def _adds(places: Places, chosen: Flags, nesting: float) -> Floats:
    """(p,) what each place adds to the others that are chosen."""
    win = np.minimum(places.reach * np.minimum(places.fit, 1.0)[:, None], 1.0)
    found = np.zeros(len(chosen))
    for place in range(len(chosen)):
        rest, with_it = chosen.copy(), chosen.copy()
        rest[place], with_it[place] = False, True
        unions = [together.union(win[one].T, nesting) @ places.weights for one in (rest, with_it)]
        found[place] = float(unions[1] - unions[0])
    return found


def _unknowns(drawn: _Drawn, worths: Floats, first: int) -> tuple[Unknown, ...]:
    """Every input that would change the set, the most valuable first."""
    beyond = worths - worths[first]
    found = []
    for what, noise in drawn.inputs.items():
        for place in range(noise.shape[1]):
            changes, gain = _resolved(beyond, noise[:, place])
            if changes > 0:
                found.append(Unknown(place, what, changes, gain))
    return tuple(sorted(found, key=lambda one: -one.gain))


def _resolved(beyond: Floats, noise: Floats) -> tuple[float, float]:
    """In what share of the parts another set is surely better, and how much better on average."""
    size = beyond.shape[1] // PARTS
    if not size:
        return 0.0, 0.0
    order = noise.argsort()[: size * PARTS]
    parts = beyond[:, order].reshape(len(beyond), PARTS, size)
    mean = parts.mean(axis=2)
    sure = mean > 2 * parts.std(axis=2) / np.sqrt(size)
    gains = np.where(sure, mean, 0.0).max(axis=0)
    return float((gains > 0).mean()), float(gains.mean())


def _interval(values: Floats) -> tuple[float, float, float]:
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(values.mean()), float(high)


def _check(places: Places, hours: float) -> None:
    p, s = places.reach.shape
    told = (places.reach_sd, places.fit, places.fit_sd, places.hours, places.hours_sd, places.cost)
    if any(one.shape != (p,) for one in (*told, places.must, places.never)) or places.weights.shape != (s,):
        raise ValueError("give one value for each place, and one weight for each segment")
    if hours < 0 or any((one < 0).any() for one in (*told, places.weights)):
        raise ValueError("hours, costs, weights and doubts are not negative")
    if (places.must & places.never).any():
        raise ValueError("a place cannot be both: always and never")
