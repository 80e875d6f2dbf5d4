"""Which item stands on which place of a calendar, so that the sum of values is the largest possible.

Answers: given items to place, places (line, day, minute), what each pair is worth and the limits, what is
    the best arrangement, how far can it be from the best possible, and why is an item left over?
Model: x[item, topic, place] in {0, 1}. Hard: a place holds one item, an item stays in its window, at most
    `per_day` items a line and day (single lines may have lower caps, and caps a week), `gap` minutes between
    two of a line, the same topic of a line `apart` days apart, working hours a week, money in all. Then, in
    this order: place as many as possible; come close to the mix of topics and to the wished number of unchanged
    pairs; the largest sum of values, less what stands against the wishes (days not crowded, topics near their
    aim). When something is left over: the smallest set of limits and demands that exclude each other.
Method: CP-SAT, started from a greedy arrangement. Equal items are one group with a count. Lines are
    solved one by one unless something joins them (mix, hours, changes, wishes).
    Limited in solver steps, not in seconds, so the same input gives the same answer on every machine.
Units: day is a number (any origin), minute 0..1439 of the local day, value any float (0.001 is the grain).
Shapes: value(item, topic, place) is asked once for each triple in the item's window; None forbids it.
Errors: two items of one name, or a negative limit: ValueError.
Source: method i; OR-tools CP-SAT. Peers offer a grid to drag on, or fixed queue times.
"""

from diskarte.science.calendar.conflict import Claim, Conflict, Question, Way, conflict
from diskarte.science.calendar.shapes import (
    DAY,
    Item,
    Limits,
    Place,
    Placed,
    Plan,
    Progress,
    Stay,
    Unplaced,
    Wishes,
)
from diskarte.science.calendar.solve import greedy, solve

__all__ = [
    "DAY",
    "Claim",
    "Conflict",
    "Item",
    "Limits",
    "Place",
    "Placed",
    "Plan",
    "Progress",
    "Question",
    "Stay",
    "Unplaced",
    "Way",
    "Wishes",
    "conflict",
    "greedy",
    "solve",
]
