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
UNTRIED = (
    2.0,
    0.5,
)  # 90 % of the kinds nobody tried lie between (type effects have an sd of .43 on real pages)
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


@dataclass(frozen=True)
class Plan:
    """What the plan does at present: its settings, what each channel can carry, and the slots ahead."""

    settings: Mapping[str, Any]
    possible: Mapping[str, Iterable[str]]  # channel → kinds its network takes
    planned: Mapping[tuple[str, str], float] | None = (
        None  # (factor, level) → share of the slots ahead; None: no slots
    )

    def share(self, told: Told) -> float | None:
        return None if self.planned is None else self.planned.get((told.factor, told.level), 0.0)


def changes(findings: Mapping[int, Told], plan: Plan, of: int) -> list[tuple[int, Change]]:
    """The change each finding suggests, as (finding id, change); none where the plan does so already."""
    made: list[tuple[int, Change]] = []
    for pk, told in findings.items():
        change = _kind(told, plan, findings.values()) if told.factor == "kind" else None
        if told.factor != "kind" and not _outdone(told, findings.values()):
            change = _when(told, plan, of)
        if change is not None:
            made.append((pk, change))
    return made


def _when(told: Told, plan: Plan, of: int) -> Change | None:
    """Prefer or avoid a weekday, a part of the day or a pillar, unless the plan does so by itself.

    The plan weighs times by the same history, so a preference is worth a word only where it is not followed:
    because quiet hours forbid it, or because something else holds the slots elsewhere.
    """
    share = plan.share(told)
    if told.lift > 1:
        if told.factor == "hour" and (change := _quiet(told, plan, of)) is not None:
            return change
        followed = share is not None and share >= _fair(told)
    else:
        followed = share == 0.0
    return None if followed else _rule(told, plan.settings, of)


def _outdone(told: Told, others: Iterable[Told]) -> bool:
    """Whether a better part of the day is known: then the plan uses that one, and asking for this changes nothing."""
    return (
        told.factor == "hour"
        and told.lift > 1
        and any(o.factor == "hour" and o.lift > told.lift for o in others)
    )


def _fair(told: Told) -> float:
    """The share of slots a level would have if nothing mattered; pillars have shares of their own."""
    if told.factor == "weekday":
        return 1 / 7
    if told.factor == "hour":
        start, end = _hours(told.level)
        return ((end - start) % 24) / 24
    return 1.0


def _hours(level: str) -> tuple[int, int]:
    start, end = level.split("-")
    return int(start), int(end)


def _quiet(told: Told, plan: Plan, of: int) -> Change | None:
    """A good part of the morning that the quiet hours cut off: let them end earlier."""
    start, end = _hours(told.level)
    begin, stop = plan.settings.get("quiet", ["22:00", "07:00"])
    if not start < int(stop[:2]) < end:
        return None
    gains = _gains(told, min(MOVABLE, max(1 - told.n / of, 0.0)))
    values = {"clock": f"{start:02}:00", "level": named("hour", told.level)}
    what = _("End the quiet hours at %(clock)s, so that posts between %(level)s are possible.")
    return Change(f"quiet:{start}", what, values, {"quiet": [begin, f"{start:02}:00"]}, *gains)


def _rule(told: Told, settings: Mapping[str, Any], of: int) -> Change | None:
    where = "prefer" if told.lift > 1 else "avoid"
    rows = [dict(row) for row in settings.get(where, [])]
    if any((row["factor"], row["level"]) == (told.factor, told.level) for row in rows):
        return None
    row: dict[str, Any] = {"factor": told.factor, "level": told.level}
    if where == "prefer":
        row["weight"] = round(min(told.lift, 3.0), 2)
    other = "avoid" if where == "prefer" else "prefer"
    rest = [
        dict(r) for r in settings.get(other, []) if (r["factor"], r["level"]) != (told.factor, told.level)
    ]
    share = min(MOVABLE, 1 - told.n / of) if where == "prefer" else told.n / of
    words = {
        ("prefer", "weekday"): _("Plan more posts for %(level)s."),
        ("avoid", "weekday"): _("Plan no posts for %(level)s."),
        ("prefer", "hour"): _("Plan more posts for %(level)s."),
        ("avoid", "hour"): _("Plan no posts for %(level)s."),
        ("prefer", "pillar"): _("Give «%(level)s» a larger share."),
        ("avoid", "pillar"): _("Plan no posts of «%(level)s»."),
    }
    values = {"level": named(told.factor, told.level)}
    patch = {where: [*rows, row], other: rest}
    key, what = f"{where}:{told.factor}:{told.level}", words[where, told.factor]
    return Change(key, what, values, patch, *_gains(told, share))


def _gains(told: Told, share: float) -> tuple[float, float, float]:
    """What moving this share of the posts brings, if the difference is a cause: middle, low, high."""
    if told.lift > 1:
        return share * (told.lift - 1), share * (told.low - 1), share * (told.high - 1)
    return share * (1 - told.lift), share * (1 - told.high), share * (1 - told.low)


def _kind(told: Told, plan: Plan, others: Iterable[Told]) -> Change | None:
    """One post a week more of a kind that does well, one fewer of the kind that does worst, on one channel."""
    if told.lift <= 1:
        return None
    known = {t.level: t for t in others if t.factor == "kind"}
    for channel, facts in plan.settings.get("channels", {}).items():
        kinds = dict(facts.get("kinds", {}))
        worse = [
            k
            for k, n in kinds.items()
            if k != told.level and n > 0 and (k not in known or known[k].lift < 1.05)
        ]
        if not worse or told.level not in set(plan.possible.get(channel, ())):
            continue
        loser = min(worse, key=lambda k: (known[k].lift if k in known else 1.0, -kinds[k]))
        return _swap(told, plan.settings, channel, loser, known.get(loser))
    return None


def _weight(settings: Mapping[str, Any], channel: str) -> float:
    """The part of all the brand's posts that goes out on this channel."""
    told = {name: float(facts.get("a_week", 1)) for name, facts in settings["channels"].items()}
    return told[channel] / sum(told.values()) if sum(told.values()) else 0.0


def _swap(told: Told, settings: Mapping[str, Any], channel: str, loser: str, worse: Told | None) -> Change:
    """Shift the weight of one post a week; kinds are weights, so one post is their sum over the cadence."""
    facts = copy.deepcopy(dict(settings["channels"][channel]))
    kinds = facts["kinds"]
    a_week = max(float(facts.get("a_week", 1)), 1.0)
    moved = min(sum(kinds.values()) / a_week, kinds[loser])
    share = moved / sum(kinds.values()) * _weight(settings, channel)
    kinds[told.level] = round(kinds.get(told.level, 0) + moved, 3)
    kinds[loser] = round(kinds[loser] - moved, 3)
    facts["kinds"] = {kind: weight for kind, weight in kinds.items() if weight > 0}
    base, best, worst = (worse.lift, worse.high, worse.low) if worse else (1.0, *UNTRIED)
    gains = share * (told.lift - base), share * (told.low - best), share * (told.high - worst)
    return Change(
        key=f"kind:{channel}:{told.level}",
        what=_("Every week, post one of your %(more)s instead of one of your %(less)s."),
        values={"more": KINDS.get(told.level, told.level), "less": KINDS.get(loser, loser)},
        patch={"channels": {channel: facts}}, gain=gains[0], gain_low=gains[1], gain_high=gains[2],
    )  # fmt: skip
