"""Customers' lifetime value: the speed of the fit, its parameters beside `lifetimes`, and what really came afterwards.

CDNOW (2,357 customers, shipped with `lifetimes`), a million customers who live as the method says, and the invoice
lines of a British shop, split in time: fitted on the first part, judged by the purchases of the second.
"""

from __future__ import annotations

import csv
import gzip
import sys
import time
from collections import defaultdict
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import Missing, Row, data
from diskarte.science import clv

Floats = NDArray[np.float64]
MANY = 100_000 if "--small" in sys.argv else 1_000_000
TRUTH = (0.8, 6.0, 0.9, 3.0)


def cdnow() -> tuple[Floats, Floats, Floats, Floats]:
    """x, tx, T in weeks and the mean worth of a repeat purchase."""
    spec = find_spec("lifetimes")
    if spec is None or spec.origin is None:
        raise Missing("lifetimes is not installed")
    place = Path(spec.origin).parent / "datasets" / "cdnow_customers_summary_with_transactions.csv"
    rows = np.genfromtxt(place, delimiter=",", skip_header=1)
    return rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 4]


def world(n: int) -> tuple[Floats, Floats, Floats]:
    """Customers by the method's own story, in whole days: gaps drawn round by round for all of them at once."""
    rng = np.random.default_rng(5)
    r, alpha, a, b = TRUTH
    rate, leaves, T = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), rng.integers(140, 500, n) / 7
    x, tx, at, here = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    while here.any():
        at[here] += rng.exponential(1 / rate[here])
        here &= at < T
        x[here] += 1
        tx[here] = at[here]
        here &= rng.random(n) >= leaves
    return x, np.minimum(np.floor(tx * 7) / 7, T), T


def best(call: object, rounds: int = 5) -> float:
    """The shortest of some runs, in seconds of the processor: a busy machine does not speak."""
    times = []
    for _round in range(rounds):
        began = time.process_time()
        call()  # type: ignore[operator]
        times.append(time.process_time() - began)
    return min(times)


def on_cdnow() -> list[Row]:
    """Time and parameters beside `lifetimes`."""
    import warnings

    from lifetimes import BetaGeoFitter, GammaGammaFitter

    warnings.simplefilter("ignore")
    x, tx, T, mean = cdnow()
    ours, basket = clv.fit(clv.histories(x, tx, T)), clv.fit_basket(x, mean)
    theirs, money = BetaGeoFitter().fit(x, tx, T), GammaGammaFitter().fit(x[x > 0], mean[x > 0])
    mine = np.array([ours.r, ours.alpha, ours.a, ours.b, basket.p, basket.q, basket.v])
    other = np.array(
        [*(theirs.params_[n] for n in ("r", "alpha", "a", "b")), *(money.params_[n] for n in "pqv")]
    )

    def both() -> None:
        clv.fit(clv.histories(x, tx, T))
        clv.fit_basket(x, mean)

    def peers() -> None:
        BetaGeoFitter().fit(x, tx, T)
        GammaGammaFitter().fit(x[x > 0], mean[x > 0])

    case = "CDNOW, 2,357 customers"
    return [
        Row(case, "both fits", "s of processor", best(both), best(peers), 0.1, "lower"),
        Row(
            case, "parameters differ by", "%", float(np.abs(mine / other - 1).max() * 100), None, 0.1, "lower"
        ),
    ]


def on_many() -> list[Row]:
    """A million customers: the time, and how near the truth."""
    x, tx, T = world(MANY)
    found: list[clv.Rhythm] = []

    def fit() -> None:
        found.append(clv.fit(clv.histories(x, tx, T)))

    case = f"{MANY:,} simulated customers"
    seconds = best(fit, 3)
    told = found[-1]
    off = np.abs(np.array([told.r, told.alpha]) / np.array(TRUTH[:2]) - 1).max() * 100
    return [
        Row(case, "fit", "s of processor", seconds, None, 1.0, "lower"),
        Row(case, "rate parameters off the truth by", "%", float(off), None, 5.0, "lower"),
    ]


def shop() -> dict[str, set[date]]:
    """Customer → days with a purchase."""
    days: dict[str, set[date]] = defaultdict(set)
    with gzip.open(data("online_retail", "online_retail.csv.gz"), "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["CustomerID"] and float(row["Quantity"]) > 0 and float(row["UnitPrice"]) > 0:
                days[row["CustomerID"]].add(date.fromisoformat(row["InvoiceDate"][:10]))
    return days


def on_shop() -> list[Row]:
    """Fitted on nine months of a real shop, judged by the next three; the baseline says «as often as until now»."""
    days = shop()
    split = date(2011, 9, 9)
    end = split + timedelta(days=91)
    told = []
    for when in days.values():
        before = sorted(day for day in when if day <= split)
        if before:
            later = sum(1 for day in when if split < day <= end)
            told.append(
                (len(before) - 1, (before[-1] - before[0]).days / 7, (split - before[0]).days / 7, later)
            )
    x, tx, T, came = np.array(told, dtype=np.float64).T
    buyers = clv.histories(x, tx, T)
    model = clv.fit(buyers)
    mine = clv.purchases(model, buyers, 13)[buyers.which]
    naive = (x + 1) / np.maximum(T, 4) * 13
    case = f"a shop, {len(x):,} customers, the next 13 weeks"
    off = [abs(guess.sum() / came.sum() - 1) * 100 for guess in (mine, naive)]
    each = [float(np.abs(guess - came).mean()) for guess in (mine, naive)]
    return [
        Row(case, "purchases of all foretold, off by", "%", float(off[0]), float(off[1]), 15.0, "lower"),
        Row(case, "purchases of one customer, off by", "", each[0], each[1], each[1], "lower"),
    ]


def run() -> list[Row]:
    """Everything about lifetime value."""
    return [*on_cdnow(), *on_many(), *on_shop()]
