"""Pure decisions: when a difference is worth telling, in which words, and which change it suggests."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from diskarte.words import gettext_noop as _

SURE = 0.9  # chance from which a difference is told
FEWEST = 5  # posts of a level
LEAST = 0.1  # a difference smaller than 10 % is not worth a change
MOVABLE = 0.4  # of the slots may change at once
HELD = 0.1  # of the slots stay on the old plan, so the loop's own gain is known

WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
KINDS = {
    "text": _("Texts"), "image": _("Pictures"), "carousel": _("Carousels"), "reel": _("Reels"), "video": _("Videos"),
    "story": _("Stories"), "link": _("Links"), "poll": _("Polls"), "live": _("Lives"), "article": _("Articles"),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One level of one factor as the model tells it; lifts are factors against the usual post."""

    factor: str
    level: str
    n: int
    lift: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True)
class Change:
    """A proposed patch of the plan's settings. `what` is a msgid; gains are fractions of all engagements."""

    key: str
    what: str
    values: dict[str, Any]
    patch: dict[str, Any]
    gain: float
    gain_low: float
    gain_high: float


def worth_telling(told: Iterable[Told]) -> list[Told]:
    """What is large, sure and seen often enough, the strongest first; nothing at all is a good answer too."""
    sure = [t for t in told if t.n >= FEWEST and (t.chance >= SURE or t.chance <= 1 - SURE)]
    large = [t for t in sure if abs(t.lift - 1) >= LEAST]
    return sorted(large, key=lambda t: -abs(t.lift - 1) * abs(t.chance - 0.5))


def signed(factor: float) -> str:
    """1.18 → «+18 %», 0.8 → «−20 %»; from three times on «× 3.1»."""
    if factor >= 3:
        return f"× {factor:.1f}"
    change = round(100 * (factor - 1))
    return f"+{change} %" if change > 0 else f"−{-change} %" if change < 0 else "0 %"


def sentence(factor: str, level: str, lift: float) -> tuple[str, dict[str, str]]:
    """A finding as a msgid with its values; `level` is itself a msgid."""
    values = {"level": named(factor, level), "change": signed(lift)}
    forms = {
        "kind": (
            _("%(level)s do better than your usual post: %(change)s."),
            _("%(level)s do worse: %(change)s."),
        ),
        "pillar": (
            _("Posts of «%(level)s» do better: %(change)s."),
            _("Posts of «%(level)s» do worse: %(change)s."),
        ),
        "weekday": (
            _("%(level)s does better than other days: %(change)s."),
            _("%(level)s does worse: %(change)s."),
        ),
        "hour": (
            _("Posts between %(level)s do better: %(change)s."),
            _("Posts between %(level)s do worse: %(change)s."),
        ),
    }
    better, worse = forms[factor]
    return (better if lift >= 1 else worse), values


def named(factor: str, level: str) -> str:
    """How a level is called: «Reels», «Friday», «18:00 and 21:00»."""
    if factor == "kind":
        return KINDS.get(level, level)
    if factor == "weekday":
        return WEEKDAYS[int(level)]
    if factor == "hour":
        start, end = level.split("-")
        return f"{int(start):02}:00–{int(end):02}:00"
    return level


def changes(
    findings: Mapping[int, Told], settings: Mapping[str, Any], possible: Mapping[str, Iterable[str]], of: int
) -> list[tuple[int, Change]]:
    """The change each finding suggests, as (finding id, change); `possible` says which kinds each channel takes."""
    made: list[tuple[int, Change]] = []
    for pk, told in findings.items():
        change = (
            _kind(told, settings, possible, findings.values())
            if told.factor == "kind"
            else _when(told, settings, of)
        )
        if change is not None:
            made.append((pk, change))
    return made


def _when(told: Told, settings: Mapping[str, Any], of: int) -> Change | None:
    """Prefer or avoid a weekday, a part of the day or a pillar; None when the plan does so already."""
    where = "prefer" if told.lift > 1 else "avoid"
    rows = [dict(row) for row in settings.get(where, [])]
    if any(row["factor"] == told.factor and row["level"] == told.level for row in rows):
        return None
    row: dict[str, Any] = {"factor": told.factor, "level": told.level}
    if where == "prefer":
        row["weight"] = round(min(told.lift, 3.0), 2)
    other = "avoid" if where == "prefer" else "prefer"
    rest = [
        dict(r) for r in settings.get(other, []) if (r["factor"], r["level"]) != (told.factor, told.level)
    ]
    share = min(MOVABLE, 1 - told.n / of) if where == "prefer" else told.n / of
    gains = _gains(told, share)
    words = {
        ("prefer", "weekday"): _(_("Plan more posts for %(level)s.")),
        ("avoid", "weekday"): _(_("Plan no posts for %(level)s.")),
        ("prefer", "hour"): _(_("Plan more posts for %(level)s.")),
        ("avoid", "hour"): _(_("Plan no posts for %(level)s.")),
        ("prefer", "pillar"): _("Give «%(level)s» the better times."),
        ("avoid", "pillar"): _("Give «%(level)s» fewer of the good times."),
    }
    patch = {where: [*rows, row], other: rest}
    values = {"level": named(told.factor, told.level)}
    return Change(f"{where}:{told.factor}:{told.level}", words[where, told.factor], values, patch, *gains)


def _gains(told: Told, share: float) -> tuple[float, float, float]:
    """What moving this share of the posts brings, if the difference is a cause: middle, low, high."""
    if told.lift > 1:
        return share * (told.lift - 1), share * (told.low - 1), share * (told.high - 1)
    return share * (1 - told.lift), share * (1 - told.high), share * (1 - told.low)


def _kind(
    told: Told, settings: Mapping[str, Any], possible: Mapping[str, Iterable[str]], others: Iterable[Told]
) -> Change | None:
    """One post a week more of a kind that does well, one fewer of the kind that does worst, on one channel."""
    if told.lift <= 1:
        return None
    known = {t.level: t for t in others if t.factor == "kind"}
    for channel, facts in settings.get("channels", {}).items():
        kinds = dict(facts.get("kinds", {}))
        worse = [
            k
            for k, n in kinds.items()
            if k != told.level and n > 0 and (k not in known or known[k].lift < 1.05)
        ]
        if not worse or told.level not in set(possible.get(channel, ())):
            continue
        loser = min(worse, key=lambda k: (known[k].lift if k in known else 1.0, -kinds[k]))
        return _swap(told, settings, channel, loser, known.get(loser))
    return None


def _swap(told: Told, settings: Mapping[str, Any], channel: str, loser: str, worse: Told | None) -> Change:
    """Shift the weight of one post a week; kinds are weights, so one post is their sum over the cadence."""
    facts = copy.deepcopy(dict(settings["channels"][channel]))
    kinds = facts["kinds"]
    a_week = max(float(facts.get("a_week", 1)), 1.0)
    moved = min(sum(kinds.values()) / a_week, kinds[loser])
    share = moved / sum(kinds.values())
    kinds[told.level] = round(kinds.get(told.level, 0) + moved, 3)
    kinds[loser] = round(kinds[loser] - moved, 3)
    facts["kinds"] = {kind: weight for kind, weight in kinds.items() if weight > 0}
    base = worse.lift if worse else 1.0
    gains = [share * (lift - base) for lift in (told.lift, told.low, told.high)]
    return Change(
        key=f"kind:{channel}:{told.level}", what=_("Every week one of your %(less)s becomes one of %(more)s."),
        values={"more": KINDS.get(told.level, told.level), "less": KINDS.get(loser, loser)},
        patch={"channels": {channel: facts}}, gain=gains[0], gain_low=gains[1], gain_high=gains[2],
    )  # fmt: skip
