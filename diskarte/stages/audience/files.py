"""The audience as files: portraits as TOML, the hook bank as a table. People never leave: they are not ours to give."""

from __future__ import annotations

import csv
import tomllib
from io import StringIO
from typing import Any

from diskarte.core import clock
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.core.tables.writing import guarded, unguarded
from diskarte.core.toml import dump
from diskarte.stages.goals.models import Goal

from .models import Hook, Segment

PORTRAIT = (
    "name", "summary", "size", "size_from", "age_from", "age_to", "places", "languages", "interests", "jobs", "pains",
    "gains", "objections", "awake", "networks", "evidence", "source", "state",
)  # fmt: skip
HOOK = ("segment", "trigger", "text", "offer", "language", "step", "example", "source", "state")


def export(brand: Brand) -> dict[str, str]:
    """segments.toml and hooks.csv; what is empty is left out."""
    segments = Segment.objects.filter(brand=brand).order_by("pk")
    hooks = Hook.objects.filter(brand=brand).select_related("segment", "goal").order_by("segment_id", "pk")
    files = {}
    if segments:
        files["segments.toml"] = dump({"segment": [_told(row) for row in segments]})
    if hooks:
        text = StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*HOOK, "goal"])
        for hook in hooks:  # somebody may open it in a spreadsheet
            told = [hook.segment.name, *(getattr(hook, name) for name in HOOK[1:]), hook.goal or ""]
            writer.writerow([cell if cell is None else guarded(str(cell)) for cell in told])
        files["hooks.csv"] = text.getvalue()
    return files


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make portraits and hooks again."""
    segments = {}
    for told in tomllib.loads(files.get("segments.toml", "")).get("segment", []):
        facts = {name: told[name] for name in PORTRAIT if name in told}
        segments[told["name"]] = Segment(brand=brand, made_at=clock.now(), **facts)
        segments[told["name"]].save()
    goals = {row.sentence: row for row in Goal.objects.filter(brand=brand)}
    for cells in csv.DictReader(StringIO(files.get("hooks.csv", ""), newline="")):
        row = {name: unguarded(cell) for name, cell in cells.items()}
        facts = {name: row[name] for name in HOOK[1:] if name in row}  # older files have fewer columns
        goal = goals.get(row.get("goal", ""))
        Hook(brand=brand, segment=segments[row["segment"]], goal=goal, made_at=clock.now(), **facts).save()


def _told(row: Segment) -> dict[str, Any]:
    return {name: value for name in PORTRAIT if (value := getattr(row, name)) not in (None, "", [])}
