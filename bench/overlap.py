"""Overlap of two audiences from summaries of 4,096 hashes (32 KB), beside HyperLogLog, on a million real memberships.

The memberships are users of places; places are joined at random into communities of thousands of users, since a
single place is small enough to be counted exactly. The truth is counted by sets. HyperLogLog (p = 12, 4 KB; and
p = 15, as many bytes as ours) gives an overlap only as |A| + |B| - |A or B|.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from bench import Row, data
from diskarte.science.sketch import Hashes, bottom, overlap

PAIRS, PLACES = 200, 41_000


def mixed(ids: NDArray[np.uint64]) -> Hashes:
    """64-bit hashes of ids (splitmix64)."""
    x = ids + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return x ^ (x >> np.uint64(31))


def registers(hashes: Hashes, p: int) -> NDArray[np.int64]:
    """HyperLogLog registers, (2^p,)."""
    told = np.zeros(1 << p, dtype=np.int64)
    rest = (hashes << np.uint64(p)) | np.uint64(1 << (p - 1))
    rank = 64 - np.floor(np.log2(rest.astype(np.float64))).astype(np.int64)
    np.maximum.at(told, (hashes >> np.uint64(64 - p)).astype(np.int64), rank)
    return told


def size(told: NDArray[np.int64]) -> float:
    """The number of different hashes, with the small-range correction."""
    m = len(told)
    raw = 0.7213 / (1 + 1.079 / m) * m * m / float((2.0**-told).sum())
    empty = int((told == 0).sum())
    return m * float(np.log(m / empty)) if raw <= 2.5 * m and empty else raw


def communities(rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Sets of users, from thousands to most of them."""
    import duckdb

    path = str(data("gowalla_memberships", "gowalla_user_venue.parquet"))
    found = (
        duckdb.connect().execute("SELECT user_id, community_id FROM read_parquet($1)", [path]).fetchnumpy()
    )
    user, place = np.asarray(found["user_id"]), np.asarray(found["community_id"])
    told = []
    for _pair in range(2 * PAIRS):
        chosen = np.zeros(int(place.max()) + 1, dtype=bool)
        chosen[rng.choice(len(chosen), int(10 ** rng.uniform(2.6, 3.8)), replace=False)] = True
        told.append(np.unique(user[chosen[place]]))
    return told


def run() -> list[Row]:
    """Errors, coverage and time over the pairs."""
    rng = np.random.default_rng(7)
    sets = communities(rng)
    hashes = [mixed(one.astype(np.uint64)) for one in sets]
    ours, inside, spent = [], [], 0.0
    small: list[float] = []
    large: list[float] = []
    for i in range(0, len(sets), 2):
        truth = len(np.intersect1d(sets[i], sets[i + 1], assume_unique=True))
        one, two = bottom(hashes[i]), bottom(hashes[i + 1])
        began = time.perf_counter()
        told = overlap(one, two)
        spent += time.perf_counter() - began
        ours.append(abs(told.both - truth) / truth)
        inside.append(told.low <= truth <= told.high)
        for p, errors in ((12, small), (15, large)):
            a, b = registers(hashes[i], p), registers(hashes[i + 1], p)
            guess = size(a) + size(b) - size(np.maximum(a, b))
            errors.append(abs(guess - truth) / truth)
    case = f"{PAIRS} pairs of {min(map(len, sets)):,} to {max(map(len, sets)):,} people"
    beside = f"{case}, beside HLL of the same 32 KB"
    worst = [100 * float(np.quantile(errors, 0.9)) for errors in (ours, small)]
    cover = abs(float(np.mean(inside)) - 0.9) * 100
    return [
        Row(case, "median error", "%", *(100 * float(np.median(e)) for e in (ours, small)), 4, "lower"),
        Row(case, "error of the worst tenth", "%", *worst, 15, "lower"),
        Row(beside, "median error", "%", *(100 * float(np.median(e)) for e in (ours, large)), 4, "lower"),
        Row(case, "90 % interval misses by", "points", cover, None, 5, "lower"),
        Row(case, "one overlap", "ms", spent / PAIRS * 1000, None, 5, "lower"),
    ]
