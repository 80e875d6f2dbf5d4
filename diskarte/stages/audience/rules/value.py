"""Customers in groups a person understands, by whether they are still here and what they will bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diskarte.science.rfm import STABLE, Labels, cuts, stability, third

Floats = NDArray[np.float64]
CELLS = ("champions", "regulars", "waking", "cooling", "slipping", "lost", "new", "once")
ONCE = ("new", "once")  # never told together with those who came back
GRID = (("lost", "lost", "slipping"), ("cooling", "cooling", "cooling"), ("waking", "regulars", "champions"))
# a third is a rank: whoever is likely still here is not «lost», and whoever almost surely is does not «cool down»
SURELY = np.array([0.5, 0.8])
CUSTOMERS, AGAIN, WEEKS = 50, 20, 8  # below this the purchases cannot carry a forecast


@dataclass(frozen=True)
class Carries:
    """Whether purchases can carry a forecast; `code` says why not."""

    code: str = ""
    value: float = 0


def carries(customers: int, again: int, weeks: float) -> Carries:
    """Too few customers, too few who came back, or too short a time: no forecast."""
    if customers < CUSTOMERS:
        return Carries("few", customers)
    if again < AGAIN:
        return Carries("once", again)
    if weeks < WEEKS:
        return Carries("short", weeks)
    return Carries()


@dataclass(frozen=True)
class Marks:
    """Where the thirds lie: of the chance to be alive, of the worth to come; and the middle of who came once."""

    alive: tuple[float, float]
    worth: tuple[float, float]
    once: float


def marks(again: NDArray[np.bool_], alive: Floats, worth: Floats) -> Marks:
    """The cuts of these customers."""
    first = worth[~again]
    return Marks(cuts(alive[again]), cuts(worth[again]), float(np.median(first)) if len(first) else 0.0)


def cells(again: NDArray[np.bool_], alive: Floats, worth: Floats, at: Marks) -> Labels:
    """The index in `CELLS` of every customer."""
    grid = np.array([[CELLS.index(name) for name in line] for line in GRID])
    row = np.maximum(third(alive, at.alive), np.searchsorted(SURELY, alive, side="right"))
    told = grid[row, third(worth, at.worth)]
    first = np.where(worth >= at.once, CELLS.index("new"), CELLS.index("once"))
    return np.where(again, told, first).astype(np.int64)


def stable_cells(
    labels: Labels, again: Callable[[np.random.Generator], Labels], rounds: int = 15, seed: int = 1
) -> tuple[dict[str, str], dict[str, float]]:
    """(cell → the cell it is told as, cell → its stability): what other data would not show again is merged."""
    merged = {name: name for name in CELLS}
    for _step in range(len(CELLS)):
        index = np.array([CELLS.index(_end(merged, name)) for name in CELLS])
        found = stability(index[labels], lambda rng, index=index: index[again(rng)], rounds, seed)  # type: ignore[misc]
        told = {CELLS[label]: value for label, value in found.items()}
        worst = min(told, key=lambda name: told[name])
        if told[worst] >= STABLE or len(told) <= 2:
            return {name: _end(merged, name) for name in CELLS}, told
        merged[worst] = _beside(worst, told)
    return {name: _end(merged, name) for name in CELLS}, told


def _beside(worst: str, told: dict[str, float]) -> str:
    """The neighbour it is most likely mixed up with: the less stable of those before and behind it."""
    kin = [name for name in CELLS if name in told and (name in ONCE) == (worst in ONCE)]
    kin = kin if len(kin) > 1 else [name for name in CELLS if name in told]
    at = kin.index(worst)
    return min((kin[i] for i in (at - 1, at + 1) if 0 <= i < len(kin)), key=lambda name: told[name])


def _end(merged: dict[str, str], name: str) -> str:
    while merged[name] != name:
        name = merged[name]
    return name
