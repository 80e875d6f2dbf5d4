"""What the customers are worth: fitted from their purchases, kept beside them, told in one row for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diskarte.core import clock
from diskarte.core.lake.shelves import folder, new_file, place, shelf_of
from diskarte.core.lake.tables import Tables, opened, quoted
from diskarte.core.people.who import Who
from diskarte.science import clv
from diskarte.science.rfm import Labels

from .columns import SPENDING
from .models import Valuation
from .rules import value as rules

Floats = NDArray[np.float64]
YEAR = 365.25 / 7  # weeks
DRAWS, SAMPLE, LEVEL = 40, 20_000, (0.1, 0.9)
OFTEN = (1, 2, 3, 5, 9, 17)  # days with a purchase: lower ends of the rows of the map
AGO = (0, 31, 92, 183, 366, 731)  # days since the last purchase: lower ends of its columns


@dataclass(frozen=True)
class Customers:
    """Everybody who bought: number, repeat days, last and now in weeks after the first, money, mean repeat purchase."""

    pid: NDArray[np.int32]
    x: Floats
    tx: Floats
    T: Floats
    spent: Floats
    mean: Floats
    now: date
    since: date


def reckon(who: Who) -> Valuation:
    """Fit the purchases anew and keep what they say; where they cannot carry it, keep the reason."""
    assert who.brand is not None
    for _try in range(3):
        shelf = shelf_of(who.brand)
        with opened(who.brand, shelf) as t:
            told, files = _reckoned(t, who.brand.currency)
        shelf = place(shelf, {"value": files})
        break
    row = Valuation.objects.filter(brand=who.brand).first() or Valuation(brand=who.brand)
    row.told, row.shelf, row.made_at = told, shelf.version, clock.now()
    row.save()
    return row


def customers(t: Tables) -> Customers | None:
    """Everybody who bought, or None when nobody did."""
    rows = t.of("spending", SPENDING)
    count, now, since = t.row(f"SELECT count(*), max(last), min(first) FROM {rows}")
    if not count:
        return None
    found = t.arrays(
        "SELECT pid, (days - 1)::DOUBLE AS x, (last - first) / 7.0::DOUBLE AS tx,"
        f" ($1::DATE - first) / 7.0::DOUBLE AS T, cents / 100.0::DOUBLE AS spent,"
        f" CASE WHEN days > 1 THEN again_cents / 100.0::DOUBLE / (days - 1) ELSE 0 END AS mean FROM {rows}",
        [now],
    )
    told = {name: np.asarray(found[name], dtype=np.float64) for name in ("x", "tx", "T", "spent", "mean")}
    return Customers(np.asarray(found["pid"]), **told, now=now, since=since)


def _reckoned(t: Tables, currency: str) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    people = customers(t)
    if people is None:
        return {}, []
    again = people.x > 0
    told: dict[str, Any] = {
        "customers": len(people.x), "again": int(again.sum()), "spent": float(people.spent.sum()), "currency": currency,
        "since": people.since.isoformat(), "now": people.now.isoformat(), "map": _map(people),
    }  # fmt: skip
    able = rules.carries(len(people.x), int(again.sum()), float(people.T.max()))
    if able.code:
        return told | {"refused": able.code, "refused_value": able.value}, []
    try:
        found = fitted(people)
    except (ArithmeticError, ValueError):
        return told | {"refused": "fit"}, []
    return told | found.told, [_keep(t, people, found)]


@dataclass(frozen=True)
class Fitted:
    """What the fit says of each customer, and in sum."""

    alive: Floats
    worth: Floats
    cell: Labels  # index in rules.CELLS
    told: dict[str, Any]


def fitted(people: Customers) -> Fitted:
    """Fit, expect, name, and say how sure it is. Raises ArithmeticError, ValueError."""
    buyers = clv.histories(people.x, people.tx, people.T)
    rhythm = clv.fit(buyers)
    basket = clv.fit_basket(people.x, people.mean)
    alive = clv.alive(rhythm, buyers)[buyers.which]
    worth = clv.purchases(rhythm, buyers, YEAR)[buyers.which]
    comes = float(worth.sum())
    for start in range(0, len(worth), clv.BLOCK):  # a million at a time, as with labels
        here = slice(start, start + clv.BLOCK)
        worth[here] *= clv.worth(basket, people.x[here], people.mean[here])
    again = people.x > 0
    labels = _labels(again, alive, worth)
    merged, stable = rules.stable_cells(*_once_more(people, labels, rhythm, basket))
    index = np.array([rules.CELLS.index(merged[name]) for name in rules.CELLS])
    labels = index[labels]
    spread = _spread(people, labels, rhythm, basket)
    cells = [
        _cell(people, labels == i, alive, worth, spread[i])
        | {"name": rules.CELLS[i], "stable": stable.get(rules.CELLS[i])}
        for i in _present(labels)
    ]
    told = {
        "rhythm": [rhythm.r, rhythm.alpha, rhythm.a, rhythm.b], "basket": [basket.p, basket.q, basket.v],
        "cells": sorted(cells, key=lambda cell: rules.CELLS.index(cell["name"])), "comes": comes,
        "worth": float(worth.sum()), "low": spread[-1][0], "high": spread[-1][1], "alive": float(alive.sum()),
        "merged": {name: into for name, into in merged.items() if name != into}, "spread": _histogram(worth),
    }  # fmt: skip
    return Fitted(alive, worth, labels, told)


def _once_more(people: Customers, labels: Labels, rhythm: clv.Rhythm, basket: clv.Basket) -> tuple[Any, Any]:
    """A sample's labels, and a function that labels it as other customers and another fit would."""
    rng = np.random.default_rng(0)
    some = rng.choice(len(people.x), min(SAMPLE, len(people.x)), replace=False)
    x, mean = people.x[some], people.mean[some]
    buyers = clv.histories(x, people.tx[some], people.T[some])
    again = x > 0
    told = iter(clv.draws(rhythm, basket, 1000, rng))

    def label(rng: np.random.Generator) -> Labels:
        model, money = next(told)
        alive = clv.alive(model, buyers)[buyers.which]
        worth = clv.purchases(model, buyers, YEAR)[buyers.which] * clv.worth(money, x, mean)
        drawn = rng.integers(0, len(x), len(x))
        at = rules.marks(again[drawn], alive[drawn], worth[drawn])
        return rules.cells(again, alive, worth, at)

    return labels[some], label


def _spread(
    people: Customers, labels: Labels, rhythm: clv.Rhythm, basket: clv.Basket
) -> dict[int, tuple[float, float]]:
    """Label → (low, high) of what its customers bring within a year, in 80 of 100 futures; -1 is everybody."""
    rng = np.random.default_rng(1)
    some = rng.choice(len(people.x), min(SAMPLE, len(people.x)), replace=False)
    drawn = len(some)
    some = np.concatenate([some, *_rare(labels, some, rng)])
    x, mean, mine = people.x[some], people.mean[some], labels[some]
    buyers = clv.histories(x, people.tx[some], people.T[some])
    each = clv.Buyers(x, people.tx[some], people.T[some], np.ones(len(x)), np.arange(len(x)))
    futures: dict[int, list[float]] = {i: [] for i in (*_present(labels), -1)}
    sizes = {i: int((labels == i).sum()) if i >= 0 else len(labels) for i in futures}
    for model, money in clv.draws(rhythm, basket, DRAWS, rng):
        per = clv.worth(money, x, mean)
        mid = clv.purchases(model, buyers, YEAR)[buyers.which] * per
        luck = clv.lived(model, each, YEAR, rng) * per - mid
        for i, sums in futures.items():
            here = mine == i if i >= 0 else np.arange(len(mine)) < drawn
            drift = luck[here].sum() / np.sqrt(here.sum()) * np.sqrt(sizes[i])
            sums.append(float(mid[here].mean() * sizes[i] + drift))
    return {
        i: (max(0.0, float(np.quantile(s, LEVEL[0]))), float(np.quantile(s, LEVEL[1])))
        for i, s in futures.items()
    }


def _rare(labels: Labels, some: Labels, rng: np.random.Generator) -> list[Labels]:
    """Customers of each label nobody in a sample has: a few in ten million may not be among those drawn."""
    missing = set(_present(labels)) - set(_present(labels[some]))
    every = [np.flatnonzero(labels == i) for i in sorted(missing)]
    return [rng.choice(here, min(SAMPLE, len(here)), replace=False) for here in every]


def _labels(again: NDArray[np.bool_], alive: Floats, worth: Floats) -> Labels:
    """The cell of everybody, a million at a time: what is counted on the way would else outgrow the customers."""
    at = rules.marks(again, alive, worth)
    told = np.empty(len(again), dtype=np.int64)
    for start in range(0, len(again), clv.BLOCK):
        here = slice(start, start + clv.BLOCK)
        told[here] = rules.cells(again[here], alive[here], worth[here], at)
    return told


def _present(labels: Labels) -> list[int]:
    """The labels somebody has; counted, since sorting millions of them takes seconds."""
    return [int(i) for i in np.flatnonzero(np.bincount(labels))]


def _cell(
    people: Customers, here: NDArray[np.bool_], alive: Floats, worth: Floats, ends: tuple[float, float]
) -> dict[str, Any]:
    silent = (people.T[here] - people.tx[here]) * 7
    return {
        "n": int(here.sum()), "spent": float(people.spent[here].sum()), "alive": float(alive[here].mean()),
        "worth": float(worth[here].sum()), "low": ends[0], "high": ends[1], "silent": float(np.median(silent)),
        "times": float(people.x[here].mean() + 1),
    }  # fmt: skip


def _map(people: Customers) -> list[dict[str, float]]:
    """How many customers bought how often and how long ago, with what they spent."""
    often = np.searchsorted(OFTEN, people.x + 1, side="right") - 1
    ago = np.searchsorted(AGO, (people.T - people.tx) * 7, side="right") - 1
    place, size = often * len(AGO) + ago, len(OFTEN) * len(AGO)
    count, spent = np.bincount(place, minlength=size), np.bincount(place, people.spent, size)
    return [
        {"often": at // len(AGO), "ago": at % len(AGO), "n": int(count[at]), "spent": float(spent[at])}
        for at in range(size)
    ]


def _histogram(worth: Floats) -> list[dict[str, float]]:
    """Customers by their worth to come, in steps people read: 1, 2, 5, 10, 20, 50 …"""
    steps = [0.0] + [m * 10.0**e for e in range(0, 9) for m in (1, 2, 5)]
    counts, _edges = np.histogram(worth, bins=[*steps, np.inf])
    last = max((i for i, n in enumerate(counts) if n), default=0)
    first = min((i for i, n in enumerate(counts) if n), default=0)
    return [
        {"low": steps[i], "high": steps[min(i + 1, len(steps) - 1)], "n": int(counts[i])}
        for i in range(first, last + 1)
    ]


def _keep(t: Tables, people: Customers, found: Fitted) -> tuple[str, int]:
    """The table `value`: one line a customer."""
    name = new_file("value")
    columns = {
        "pid": people.pid,
        "alive": found.alive.astype(np.float32),
        "worth": found.worth.astype(np.float32),
    }
    t.connection.register("reckoned", columns | {"cell": found.cell.astype(np.int32)})
    names = ", ".join(quoted(cell) for cell in rules.CELLS)
    count = t.write(
        f"SELECT pid, alive, worth, [{names}][cell + 1] AS cell FROM reckoned",
        str(folder(t.shelf.brand_id) / name),
    )
    t.connection.unregister("reckoned")
    return name, count
