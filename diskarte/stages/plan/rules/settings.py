"""The settings of a plan: their shape, what is sensible without any history, patches, differences, mistakes.

    {"pillars": {"Useful": 0.4}, "channels": {"7": {"a_week": 4, "kinds": {"image": 2, "reel": 1}}},
     "quiet": ["22:00", "07:00"], "per_day": 2, "gap_hours": 4, "hours_a_week": null, "hours_of": {"reel": 3},
     "avoid": [{"factor": "hour", "level": "6"}], "prefer": [{"factor": "kind", "level": "reel", "weight": 1.3}],
     "explore": 0.1, "tolerance": 0.1, "blackout": ["2026-12-24..2026-12-26"], "lead_days": {"reel": 3},
     "cost_of": {"reel": 500}, "money_a_month": null, "cooldown_days": 14}

A channel may also have "per_week" (a cap, which promotions keep too) and "zone" (its audience's time zone).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from diskarte.words import Kind

Settings = dict[str, Any]

PILLARS = {"Useful": 0.4, "Fun": 0.3, "Community": 0.2, "Selling": 0.1}
A_WEEK = 4
LARGEST_A_WEEK = 50
KINDS = {"image": 3, "reel": 2, "carousel": 1}  # where a network takes them; else text, links, videos
HOURS_OF = {
    "text": 0.5, "image": 1.0, "carousel": 2.0, "reel": 3.0, "video": 4.0,
    "story": 0.5, "link": 0.5, "poll": 0.5, "live": 3.0, "article": 4.0,
}  # fmt: skip
FACTORS = {"type": "kind", "topic": "pillar"}  # what the numbers call a factor → what the plan calls it
NAMES = ("hour", "weekday", "kind", "pillar", "segment", "hook")


def gettext_noop(text: str) -> str:
    """Marks a sentence for translation; it is translated where it is shown."""
    return text


class Mistake(Exception):
    """Settings that make no sense: a sentence with %(name)s places, their values, and the field it is about."""

    def __init__(self, what: str, field: str, values: Mapping[str, Any]) -> None:
        super().__init__(what % values)
        self.what, self.field, self.values = what, field, values


def first_settings() -> Settings:
    """What a plan starts with when nothing is known yet."""
    return {
        "pillars": dict(PILLARS), "channels": {}, "quiet": ["22:00", "07:00"], "per_day": 2, "gap_hours": 4,
        "hours_a_week": None, "hours_of": dict(HOURS_OF), "avoid": [], "prefer": [], "explore": 0.1, "tolerance": 0.1,
        "blackout": [], "lead_days": {}, "cost_of": {}, "money_a_month": None, "cooldown_days": 14,
    }  # fmt: skip


def first_channel(kinds: Iterable[str]) -> dict[str, Any]:
    """Cadence and kinds for a channel nobody has set yet, out of what its network takes."""
    offered = set(kinds)
    wanted = {kind: weight for kind, weight in KINDS.items() if kind in offered}
    if "text" in offered and len(wanted) < 2:
        wanted["text"] = 2
    return {"a_week": A_WEEK, "kinds": wanted or {min(offered, default="text"): 1}}


def patched(settings: Settings, patch: Mapping[str, Any]) -> Settings:
    """The settings with a patch: tables are merged key by key (None removes a key), everything else is replaced."""
    new: Settings = {**settings}
    for name, value in patch.items():
        if value is None and name not in first_settings():
            new.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(settings.get(name), Mapping):
            new[name] = _merged(settings[name], value)
        else:
            new[name] = value
    return new


def _merged(old: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = {**old.get(key, {}), **value} if isinstance(value, Mapping) else value
    return merged


def difference(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> list[dict[str, Any]]:
    """What changed, as [{"path": "channels.7.a_week", "before": 4, "after": 5}], in order of the path."""
    told = []
    for name in sorted({*before, *after}):
        old, new, here = before.get(name), after.get(name), f"{path}.{name}".strip(".")
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            told += difference(old, new, here)
        elif old != new:
            told.append({"path": here, "before": old, "after": new})
    return told


def checked(settings: Settings) -> Settings:
    """The settings in one tidy form, or Mistake naming the first mistake."""
    unknown = sorted(set(settings) - set(first_settings()))
    _must(not unknown, gettext_noop("There is no setting «%(name)s»."), "settings", name=", ".join(unknown))
    tidy = {**first_settings(), **settings}
    tidy["quiet"] = [_clock(text) for text in _pair(tidy["quiet"])]
    tidy["per_day"] = int(_number(tidy["per_day"], "per_day", 1, 20))
    tidy["gap_hours"] = _number(tidy["gap_hours"], "gap_hours", 0, 48)
    if tidy["hours_a_week"] is not None:
        tidy["hours_a_week"] = _number(tidy["hours_a_week"], "hours_a_week", 0, 168)
    tidy["explore"] = _number(tidy["explore"], "explore", 0, 0.5)
    tidy["tolerance"] = _number(tidy["tolerance"], "tolerance", 0, 0.5)
    tidy["pillars"] = {str(n): _number(s, "pillars", 0, 1) for n, s in tidy["pillars"].items()}
    tidy["hours_of"] = {k: _number(v, "hours_of", 0, 100) for k, v in _kinds(tidy["hours_of"]).items()}
    tidy["cost_of"] = {k: _number(v, "cost_of", 0, 1e7) for k, v in _kinds(tidy["cost_of"]).items()}
    tidy["lead_days"] = {k: int(_number(v, "lead_days", 0, 90)) for k, v in _kinds(tidy["lead_days"]).items()}
    if tidy["money_a_month"] is not None:
        tidy["money_a_month"] = _number(tidy["money_a_month"], "money_a_month", 0, 1e9)
    tidy["cooldown_days"] = int(_number(tidy["cooldown_days"], "cooldown_days", 0, 365))
    tidy["blackout"] = sorted({_days(text) for text in tidy["blackout"]})
    tidy["channels"] = {str(pk): _channel(told) for pk, told in tidy["channels"].items()}
    tidy["avoid"] = [_level(rule) for rule in tidy["avoid"]]
    tidy["prefer"] = [_level(rule) for rule in tidy["prefer"]]
    return tidy


def _channel(told: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {k: _number(v, "kinds", 0, 1000) for k, v in _kinds(told.get("kinds", {})).items()}
    tidy = {"a_week": _number(told.get("a_week", A_WEEK), "a_week", 0, LARGEST_A_WEEK), "kinds": kinds}
    if told.get("per_week") is not None:
        tidy["per_week"] = int(_number(told["per_week"], "per_week", 0, 7 * LARGEST_A_WEEK))
    return {**tidy, "zone": _zone(told["zone"])} if told.get("zone") else tidy


def _zone(name: str) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Mistake(gettext_noop("There is no time zone «%(name)s»."), "zone", {"name": name}) from None


def _days(text: str) -> str:
    """One day, or the first and the last of several, as the settings keep them."""
    first, _dots, last = str(text).partition("..")
    try:
        days = [date.fromisoformat(part.strip()) for part in (first, last or first)]
    except ValueError:
        raise Mistake(
            gettext_noop("«%(text)s» is no day; write it like 2026-12-24, or 2026-12-24..2026-12-26."),
            "blackout", {"text": text},
        ) from None  # fmt: skip
    _must(days[0] <= days[1], gettext_noop("«%(text)s» ends before it begins."), "blackout", text=text)
    return f"{days[0]}..{days[1]}" if days[0] != days[1] else f"{days[0]}"


def _kinds(told: Mapping[str, Any]) -> Mapping[str, Any]:
    wrong = [kind for kind in told if kind not in set(Kind)]
    said = gettext_noop("There is no kind of post «%(name)s».")
    _must(not wrong, said, "kinds", name=", ".join(map(str, wrong)))
    return told


def _level(rule: Mapping[str, Any]) -> dict[str, Any]:
    """One line of `prefer` or `avoid`, with the plan's own name of the factor."""
    factor = FACTORS.get(str(rule.get("factor")), str(rule.get("factor")))
    said = gettext_noop("«%(factor)s» is nothing the plan can prefer or avoid.")
    _must(factor in NAMES, said, "factor", factor=factor)
    said = gettext_noop("A preference needs a level, such as an hour or a kind.")
    _must(str(rule.get("level", "")) != "", said, "level")
    tidy = {**rule, "factor": factor, "level": str(rule["level"])}
    if "weight" in rule:
        tidy["weight"] = _number(rule["weight"], "weight", 0.1, 10)
    return tidy


def _number(value: Any, field: str, low: float, high: float) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    said = gettext_noop("«%(field)s» must be a number from %(low)g to %(high)g, not «%(value)s».")
    _must(good, said, field, low=low, high=high, value=value)
    return float(value) if value != int(value) else int(value)


def _pair(value: Any) -> tuple[str, str]:
    said = gettext_noop("Quiet hours need a beginning and an end.")
    _must(isinstance(value, list | tuple) and len(value) == 2, said, "quiet")
    return str(value[0]), str(value[1])


def _clock(text: str) -> str:
    hour, _colon, minute = text.strip().partition(":")
    good = hour.isdigit() and (minute or "0").isdigit() and int(hour) < 24 and int(minute or 0) < 60
    _must(good, gettext_noop("«%(text)s» is no time of day; write it like 21:00."), "quiet", text=text)
    return f"{int(hour):02}:{int(minute or 0):02}"


def _must(good: bool, what: str, field: str, **values: Any) -> None:
    if not good:
        raise Mistake(what, field, {"field": field, **values})
