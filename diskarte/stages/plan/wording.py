"""The plan in the reader's words: kinds, weekdays, reasons, conflicts, what was left over, what a setting is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from diskarte.stages.audience.sentences import STEPS, language_names
from diskarte.words import Kind

from .rules import occasions

KINDS = {
    Kind.TEXT: gettext_lazy("Text"), Kind.IMAGE: gettext_lazy("Picture"), Kind.CAROUSEL: gettext_lazy("Carousel"),
    Kind.REEL: gettext_lazy("Reel"), Kind.VIDEO: gettext_lazy("Video"), Kind.STORY: gettext_lazy("Story"),
    Kind.LINK: gettext_lazy("Link"), Kind.POLL: gettext_lazy("Poll"), Kind.LIVE: gettext_lazy("Live"),
    Kind.ARTICLE: gettext_lazy("Article"),
}  # fmt: skip
WEEKDAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
SETTINGS = {
    "quiet": gettext_lazy("Quiet hours"), "per_day": gettext_lazy("At most a day"),
    "gap_hours": gettext_lazy("Hours between two posts"), "hours_a_week": gettext_lazy("Team hours a week"),
    "hours_of": gettext_lazy("Hours of work"), "avoid": gettext_lazy("Avoid"), "prefer": gettext_lazy("Prefer"),
    "explore": gettext_lazy("Share of tries"), "tolerance": gettext_lazy("Room in the mix"),
    "pillars": gettext_lazy("Mix"), "channels": gettext_lazy("Cadence"), "a_week": gettext_lazy("posts a week"),
    "kinds": gettext_lazy("kinds"),
}  # fmt: skip
REASONS = {
    "by_hand": gettext_lazy("You put it here yourself."),
    "trial": gettext_lazy(
        "A try: one of the few posts placed by lot, so that we learn what you have not tested yet."
    ),
    "occasion": gettext_lazy("It speaks about %(name)s."),
    "arc": gettext_lazy("It belongs to «%(name)s»: %(phase)s."),
    "awake": gettext_lazy("%(name)s are on their phones at %(hour)02d:00."),
    "mix": gettext_lazy("«%(pillar)s» has %(share)s of the month, its target is %(target)s."),
    "goal": gettext_lazy("It serves the goal «%(name)s»."),
    "guess": gettext_lazy(
        "No numbers of your own yet: %(hour)02d:00 is a cautious guess from when people are awake."
    ),
    "neighbours": gettext_lazy(
        "No numbers of your own yet: %(hour)02d:00 is what %(n)d other brands of this workspace have in common."
    ),
    "prefer": gettext_lazy("You accepted to prefer %(level)s (weight %(weight)s)."),
    "hour": gettext_lazy(
        "%(weekday)s %(hour)02d:00 brings %(lift)s against your usual time, by %(n)d posts."
    ),
    "untried": gettext_lazy("You never posted near %(hour)02d:00; by what is known it may bring %(lift)s."),
    "kind": gettext_lazy("%(kind)s brings %(lift)s against your usual post, by %(n)d posts."),
    "pillar": gettext_lazy("«%(pillar)s» brings %(lift)s against your usual subject, by %(n)d posts."),
    "pattern": gettext_lazy("All of it together brings %(lift)s more than its parts, by %(n)d posts."),
    "rest": gettext_lazy("Its length and its distance from the post before bring %(lift)s, by %(n)d posts."),
}
PHASES: dict[str, Any] = {
    "tease": gettext_lazy("tease"), "launch": gettext_lazy("launch"), "peak": gettext_lazy("peak"),
    "last_call": gettext_lazy("last call"), "thanks": gettext_lazy("thanks"),
}  # fmt: skip
AGAINST = {  # the same with a minus: why it stands there all the same
    "hour": gettext_lazy(
        "%(weekday)s %(hour)02d:00 brings %(lift)s against your usual time; better hours were taken."
    ),
    "kind": gettext_lazy("%(kind)s brings %(lift)s against your usual post, but your mix of kinds wants it."),
    "pillar": gettext_lazy("«%(pillar)s» brings %(lift)s against your usual subject, but your mix wants it."),
    "pattern": gettext_lazy(
        "All of it together brings %(lift)s against what its parts promise, by %(n)d posts."
    ),
}
CONFLICTS = {
    "quiet": gettext_lazy("It stands in the quiet hours (%(hour)02d:00)."),
    "avoided": gettext_lazy("Your settings avoid this: %(hour)02d:00, the day, the kind or the pillar."),
    "close": gettext_lazy("Only %(hours)s hours after the post before it on this channel."),
    "many": gettext_lazy("%(n)d posts on one day of this channel; your cap is %(most)d."),
    "missing": gettext_lazy("%(channel)s lacks %(n)d of %(due)d posts in the days ahead."),
}
LEFT_OVER = {
    "window": gettext_lazy("no hour is allowed in its week"), "taken": gettext_lazy("the good hours are taken"),
    "day": gettext_lazy("its days are full"), "gap": gettext_lazy("every hour is too close to another post"),
    "topic": gettext_lazy("the same pillar would stand on neighbouring days"),
    "week": gettext_lazy("its week is full"), "money": gettext_lazy("the month's money is used up"),
    "hours": gettext_lazy("the team's hours are used up"), "mix": gettext_lazy("the mix of pillars would break"),
}  # fmt: skip


def kind_name(kind: str) -> str:
    """«Reel»."""
    return str(KINDS.get(Kind(kind), kind)) if kind in set(Kind) else kind


def level_name(factor: str, level: str) -> str:
    """What a level of `prefer` or `avoid` is called: «Friday», «18:00–21:00», «Reel»."""
    if factor == "weekday" and level.isdigit() and int(level) < 7:
        return str(WEEKDAYS[int(level)])
    if factor == "hour":
        start, _dash, end = level.partition("-")
        return f"{int(start):02}:00–{int(end):02}:00" if end else f"{int(start):02}:00"
    return kind_name(level) if factor == "kind" else level


def percent(value: float | None, sign: bool = False) -> str:
    """«+18 %»; an en dash for what nobody knows."""
    if value is None:
        return "–"
    shown = round(100 * value)
    return f"+{shown} %" if sign and shown > 0 else f"{shown} %".replace("-", "−")


def hook_reason(values: Mapping[str, Any]) -> str:
    """Why this hook: what the bank says of it, and what of the slot it fits."""
    gain, n = percent(values.get("gain"), sign=True), values["uses"]
    told = {
        "keep": _("it works, %(gain)s against your usual post in %(n)d posts"),
        "next": _("it is the next to be tested, %(n)d posts so far"),
        "test": _("it is still tested, %(n)d posts so far"),
        "retire": _("so far it brought %(gain)s against your usual post in %(n)d posts: let it rest"),
        "rest": _("it rests in your hook bank"),
    }
    parts = [told[values["advice"]] % {"gain": gain, "n": n}]
    if values["step"] in STEPS:
        parts.append(_("made for the step «%(step)s»") % {"step": STEPS[values["step"]][0]})
    if values["aim"]:
        parts.append(_("written for this goal"))
    if values["language"]:
        name = language_names([values["language"]])[values["language"]]
        parts.append(_("in %(language)s, as they speak") % {"language": name})
    return _("Its hook «%(hook)s»: %(why)s.") % {"hook": values["hook"], "why": "; ".join(parts)}


def reason(row: Mapping[str, Any]) -> str:
    """One reason as a sentence with its numbers."""
    if row["code"] == "hook":
        return hook_reason(row["values"])
    values = dict(row["values"])
    for name in ("share", "target"):
        values[name] = percent(values.get(name))
    if "lift" in values:
        values["lift"] = percent(values["lift"], sign=True)
    if "weekday" in values:
        values["weekday"] = WEEKDAYS[values["weekday"]]
    if "kind" in values:
        values["kind"] = kind_name(values["kind"])
    if "level" in values:
        values["level"] = level_name(values["factor"], values["level"])
    if "phase" in values:
        values["phase"] = PHASES.get(values["phase"], values["phase"])
    if row["code"] == "occasion":
        values["name"] = _(values["name"])
    minus = row["values"].get("lift", 0) < 0
    said = (AGAINST.get(row["code"]) if minus else None) or REASONS.get(row["code"])
    return str(said) % values if said else str(row["code"])


def conflict(code: str, values: Mapping[str, Any]) -> str:
    """One conflict as a sentence."""
    return str(CONFLICTS[code]) % values


def left_over(codes: list[list[Any]]) -> str:
    """Why a post found no place, the most common obstacle first."""
    return ", ".join(str(LEFT_OVER.get(code, code)) for code, _n in codes[:2])


def source_name(day: occasions.Day) -> str:
    """The rule by which a day was found, in the reader's language."""
    return _(day.source) if day.source else ""


def occasion_name(day: occasions.Day) -> str:
    """A day of note in the reader's language."""
    if day.kind in ("holiday", "observance"):
        language = (get_language() or "en").split("-")[0]
        translated = "" if language == "en" else occasions.holiday_name(day.country, day.day, language)
        return translated or day.name
    return _(day.name)


def setting_name(path: str, channels: Mapping[str, str]) -> str:
    """«Cadence · Facebook · posts a week» for "channels.7.a_week"."""
    parts = path.split(".")
    named = [str(SETTINGS.get(part) or channels.get(part) or (kind_name(part))) for part in parts]
    return " · ".join(named)


def setting_value(value: Any) -> str:
    """A setting's value on one line."""
    if value is None:
        return "–"
    if isinstance(value, dict) and "factor" in value:
        weight = f" × {value['weight']:g}" if "weight" in value else ""
        return level_name(value["factor"], value["level"]) + weight
    if isinstance(value, dict):
        return ", ".join(f"{kind_name(str(k))} {setting_value(v)}" for k, v in value.items()) or "–"
    if isinstance(value, list):
        return ", ".join(setting_value(v) for v in value) or "–"
    return f"{value:g}" if isinstance(value, float) else str(value)


def month_name(month: date) -> str:
    """«December 2026»."""
    return date_format(month, "F Y")
