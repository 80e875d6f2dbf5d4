"""The plan as readable files and back: settings, pillars, versions as TOML; days and slots as CSV; names, never ids."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from datetime import UTC, date, datetime
from typing import Any

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who, worker_of
from diskarte.core.toml import dump
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal

from . import room_files
from .models import Occasion, Pillar, Slot, Version
from .rules.settings import checked

OCCASION = (
    "day",
    "until",
    "name",
    "kind",
    "country",
    "lead_days",
    "source",
    "ours",
    "muted",
    "yearly",
    "fit",
)
SLOT = (
    "at", "channel", "kind", "pillar", "topic", "segment", "hook", "goal", "occasion", "title", "note", "locked",
    "trial", "state", "version", "expected", "expected_low", "expected_high", "reasons", "arc",
)  # fmt: skip


def export(brand: Brand) -> dict[str, str]:
    """Every file of the plan; none for a brand without one."""
    who = worker_of(brand)
    names = {pk: name for name, pk in _channels(who).items()}
    pillars, versions = list(who.own(Pillar)), list(who.own(Version).order_by("number"))
    told = [_version(row, names, row is versions[-1]) for row in versions]
    files = {
        "pillars.toml": dump({"pillar": [_pillar(row) for row in pillars]}) if pillars else "",
        "settings.toml": dump(_named(versions[-1].settings, names)) if versions else "",
        "versions.toml": dump({"version": told}) if told else "",
        "days.csv": _csv(OCCASION, [[getattr(row, n) for n in OCCASION] for row in who.own(Occasion)]),
        "slots.csv": _csv(SLOT, [_slot(row, names, room_files.keys(who)) for row in _slots(who)]),
        **room_files.export(who, names),
    }
    return {name: text for name, text in files.items() if text}


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make everything again in an empty brand; what refers to a channel, segment or goal that is gone stays without."""
    by_name = _channels(who)
    for row in tomllib.loads(files.get("pillars.toml", "")).get("pillar", []):
        Pillar(brand=brand, **row).save()
    newest = tomllib.loads(files.get("settings.toml", ""))
    for row in tomllib.loads(files.get("versions.toml", "")).get("version", []):
        _restore_version(brand, row, json.loads(row["settings"]) if "settings" in row else newest, by_name)
    for told in _rows(files.get("days.csv", "")):
        until = date.fromisoformat(told["until"]) if told.get("until") else None
        facts = {
            **told,
            "day": date.fromisoformat(told["day"]),
            "until": until,
            "lead_days": int(told["lead_days"]),
        }
        Occasion(
            brand=brand, **facts | {n: told.get(n) == "True" for n in ("ours", "muted", "yearly")}
        ).save()
    room_files.restore(brand, files, who, by_name)
    _restore_slots(brand, _rows(files.get("slots.csv", "")), who, by_name)


def _channels(who: Who) -> dict[str, int]:
    """«network:identity» → id, which no two channels of a brand share."""
    return {f"{c.network}:{c.identity}": c.pk for c in who.own(Channel).order_by("pk")}


def _pillar(row: Pillar) -> dict[str, Any]:
    return {n: getattr(row, n) for n in ("name", "share", "colour", "topics", "order")}


def _named(settings: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    """Settings with channels by name; a channel that is gone is left out."""
    cadence = settings.get("channels", {})
    named = {names[int(pk)]: told for pk, told in cadence.items() if int(pk) in names}
    tidy: dict[str, Any] = _in_order({**settings, "channels": named})
    return tidy


def _in_order(value: Any) -> Any:
    """The same with every table in order of its names: PostgreSQL keeps no order of its own."""
    return {k: _in_order(value[k]) for k in sorted(value)} if isinstance(value, dict) else value


def _version(row: Version, names: dict[int, str], newest: bool) -> dict[str, Any]:
    """A version, JSON inside; the newest one's settings stand in a file of their own, easy to read and to edit."""
    settings = None if newest else _json(_named(row.settings, names))
    diff = [
        {**d, "path": _renamed(d["path"], {str(pk): name for pk, name in names.items()})} for d in row.diff
    ]
    return {
        "number": row.number, "made_at": row.made_at, "why": row.why, "origin": row.origin, "settings": settings,
        "diff": _json(diff), "evidence": _json(row.evidence),
    }  # fmt: skip


def _renamed(path: str, names: dict[str, str]) -> str:
    """A path such as channels.7.a_week with the channel's other name."""
    if not path.startswith("channels."):
        return path
    found = next((old for old in names if path[9:] == old or path[9:].startswith(f"{old}.")), None)
    return path if found is None else f"channels.{names[found]}{path[9 + len(found) :]}"


def _restore_version(
    brand: Brand, row: dict[str, Any], told: dict[str, Any], by_name: dict[str, int]
) -> None:
    ids = {name: str(pk) for name, pk in by_name.items()}
    cadence = {ids[n]: channel for n, channel in told.get("channels", {}).items() if n in ids}
    settings = checked({**told, "channels": cadence})
    diff = [{**d, "path": _renamed(d["path"], ids)} for d in json.loads(row["diff"])]
    Version(
        brand=brand, number=row["number"], made_at=row["made_at"], why=row["why"], origin=row["origin"],
        settings=settings, diff=diff, evidence=json.loads(row["evidence"]),
    ).save()  # fmt: skip


def _slots(who: Who) -> list[Slot]:
    return list(
        who.own(Slot).select_related("pillar", "segment", "hook", "goal", "version").order_by("at", "pk")
    )


def _slot(row: Slot, names: dict[int, str], arcs: dict[str, str]) -> list[Any]:
    key, _space, phase = row.arc.partition(" ")
    told = {
        "arc": f"{arcs[key]} {phase}" if key in arcs else "",
        "at": row.at.astimezone(UTC).isoformat(), "channel": names[row.channel_id], "reasons": _json(row.reasons),
        "pillar": row.pillar and row.pillar.name, "segment": row.segment and row.segment.name,
        "hook": row.hook and row.hook.text, "goal": row.goal and row.goal.sentence,
        "version": row.version and row.version.number,
    }  # fmt: skip
    return [told.get(name, getattr(row, name)) for name in SLOT]


def _restore_slots(brand: Brand, rows: list[dict[str, str]], who: Who, by_name: dict[str, int]) -> None:
    pillars = {p.name: p for p in who.own(Pillar)}
    segments = {s.name: s for s in who.own(Segment)}
    hooks = {(h.segment_id, h.text): h for h in who.own(Hook)}
    goals = {g.sentence: g for g in who.own(Goal)}
    versions = {str(v.number): v for v in who.own(Version)}
    arcs = {number: key for key, number in room_files.keys(who).items()}
    for told in rows:
        if told["channel"] not in by_name:
            continue
        segment = segments.get(told["segment"])
        facts = {n: told[n] for n in ("kind", "topic", "occasion", "title", "note", "state")}
        numbers = {
            n: float(told[n]) if told[n] else None for n in ("expected", "expected_low", "expected_high")
        }
        flags = {n: told[n] == "True" for n in ("locked", "trial")}
        Slot(
            brand=brand, at=datetime.fromisoformat(told["at"]), channel_id=by_name[told["channel"]],
            pillar=pillars.get(told["pillar"]), segment=segment, goal=goals.get(told["goal"]),
            hook=hooks.get((segment.pk, told["hook"])) if segment else None, version=versions.get(told["version"]),
            reasons=json.loads(told["reasons"]), arc=_arc(told.get("arc") or "", arcs), **facts, **numbers, **flags,
        ).save()  # fmt: skip


def _arc(text: str, arcs: dict[str, str]) -> str:
    """A campaign's mark with the id it has here."""
    number, _space, phase = text.partition(" ")
    return f"{arcs[number]} {phase}" if number in arcs else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _csv(headers: tuple[str, ...], rows: list[list[Any]]) -> str:
    """Plain CSV; empty when there is no row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue() if rows else ""


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))
