"""Goals and the chosen ways as two tables. Goals have a number there: months and ways name their goal by it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who

from .models import Conversion, Goal, Way

GOAL = (
    "sentence", "metric", "baseline", "baseline_from", "target", "starts", "deadline", "period", "worth", "state",
    "why", "closed_at",
)  # fmt: skip
WAY = ("move", "kind", "text", "a_week", "low", "mid", "high", "n", "cost", "hours")
RATE = ("step", "value", "source")
READ: dict[str, Callable[[str], Any]] = {
    "baseline": float, "target": float, "starts": date.fromisoformat, "deadline": date.fromisoformat,
    "worth": Decimal, "closed_at": datetime.fromisoformat, "a_week": float, "low": float, "mid": float,
    "high": float, "value": float, "n": int, "cost": Decimal, "hours": float,
}  # fmt: skip


def export(brand: Brand) -> dict[str, str]:
    """Goals in the order they begin, a year before its months; a channel by network and account."""
    rows = Goal.objects.filter(brand=brand).select_related("channel").order_by("starts", "pk")
    goals = sorted(rows, key=lambda goal: goal.part_of_id is not None)
    numbers = {goal.pk: number for number, goal in enumerate(goals, 1)}
    year = {goal.pk: str(numbers[goal.part_of_id]) if goal.part_of_id else "" for goal in goals}
    told = [[str(numbers[g.pk]), year[g.pk], _place(g), *_cells(g, GOAL)] for g in goals]
    ways = sorted(Way.objects.filter(brand=brand).order_by("pk"), key=lambda way: numbers[way.goal_id])
    tables = {
        "goals.csv": (("number", "part_of", "channel", *GOAL), told),
        "rates.csv": (
            RATE,
            [_cells(r, RATE) for r in Conversion.objects.filter(brand=brand).order_by("step")],
        ),
        "ways.csv": (("goal", *WAY), [[str(numbers[w.goal_id]), *_cells(w, WAY)] for w in ways]),
    }
    return {name: _written(heads, rows) for name, (heads, rows) in tables.items() if rows}


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make the goals and ways again; a channel that is not there makes it a goal of the whole brand."""
    goals: dict[str, Goal] = {}
    for row in _rows(files, "goals.csv"):
        goal = Goal(brand=brand, channel=_channel(brand, row["channel"]), **_read(row, GOAL))
        goal.part_of = goals[row["part_of"]] if row["part_of"] else None
        goal.save()
        goals[row["number"]] = goal
    for row in _rows(files, "ways.csv"):
        Way(brand=brand, goal=goals[row["goal"]], **_read(row, WAY)).save()
    for row in _rows(files, "rates.csv"):
        Conversion(brand=brand, **_read(row, RATE)).save()


def _place(goal: Goal) -> str:
    return f"{goal.channel.network}:{goal.channel.identity}" if goal.channel else ""


def _channel(brand: Brand, place: str) -> Channel | None:
    network, _colon, identity = place.partition(":")
    return Channel.objects.filter(brand=brand, network=network, identity=identity).first() if place else None


def _cells(row: Any, names: Iterable[str]) -> list[str]:
    return [_text(getattr(row, name)) for name in names]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(row: Mapping[str, str], names: Iterable[str]) -> dict[str, Any]:
    return {n: (READ[n](row[n]) if row[n] else None) if n in READ else row[n] for n in names}


def _written(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def _rows(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files.get(name, ""), newline="")))
