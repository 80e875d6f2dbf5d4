"""Verbs of the settings and pillars; `actions` offers them with all the others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core.actions import read, write
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import in_force, placing
from .models import Pillar, Version

# Settings and their versions


@read(may="plan.see")
def current_settings(who: Who) -> dict[str, Any]:
    """The settings in force; before the first version, what is sensible without any history."""
    return in_force.current(who)


@write(may="plan.edit", done=gettext_noop("The settings are changed: version {number}."))
def change_settings(
    who: Who,
    patch: dict[str, Any],
    why: str = "",
    evidence: dict[str, Any] | None = None,
    origin: str = "by hand",
) -> Version:
    """Change the plan's settings by a patch; the answer is the new version with its difference."""
    return in_force.changed(who, patch, why, evidence or {}, origin)


@write(may="plan.edit", done=gettext_noop("The settings are changed: version {number}."))
def set_limits(
    who: Who, quiet_from: str, quiet_to: str, per_day: int, gap_hours: float, hours_a_week: float | None = None,
    explore: float = 10, tolerance: float = 10, why: str = "",
) -> Version:  # fmt: skip
    """Set quiet hours and caps; `explore` and `tolerance` in percent, no hours means that nobody counts them."""
    patch = {
        "quiet": [quiet_from, quiet_to], "per_day": per_day, "gap_hours": gap_hours, "hours_a_week": hours_a_week,
        "explore": explore / 100, "tolerance": tolerance / 100,
    }  # fmt: skip
    return in_force.changed(who, patch, why, {}, "by hand")


@write(may="plan.edit", done=gettext_noop("The cadence is changed: version {number}."))
def set_cadence(
    who: Who, channel: int, a_week: float, kinds: list[str], weights: list[float], why: str = ""
) -> Version:
    """Set how often a channel posts, and how its kinds share that: one weight for each kind, zero leaves it out."""
    row: Channel = who.one(Channel, channel)
    if len(kinds) != len(weights):
        raise Problem(
            _("Every kind needs a number."), kept=_("The settings stayed as they were."), field="weights"
        )
    shares = {kind: weight for kind, weight in zip(kinds, weights, strict=True) if weight > 0}
    for kind in shares:
        placing.fits(row, kind)
    patch = {"channels": {str(row.pk): {"a_week": a_week, "kinds": shares}}}
    return in_force.changed(who, patch, why, {}, "by hand")


@write(may="plan.edit", done=gettext_noop("The settings are changed: version {number}."))
def set_work(
    who: Who, kinds: list[str], hours: list[float], cost: list[float], lead_days: list[int],
    money_a_month: float | None = None, why: str = "",
) -> Version:  # fmt: skip
    """Set what a post of each kind takes: hours, money, days before it can be ready; and the money of a month."""
    if not len(kinds) == len(hours) == len(cost) == len(lead_days):
        raise Problem(
            _("Every kind needs a number."), kept=_("The settings stayed as they were."), field="hours"
        )
    patch = {
        "hours_of": dict(zip(kinds, hours, strict=True)), "cost_of": dict(zip(kinds, cost, strict=True)),
        "lead_days": dict(zip(kinds, lead_days, strict=True)), "money_a_month": money_a_month,
    }  # fmt: skip
    return in_force.changed(who, patch, why, {}, "by hand")


@write(may="plan.edit", done=gettext_noop("The settings are changed: version {number}."))
def set_silent_days(who: Who, days: str = "", why: str = "") -> Version:
    """Set the days on which the brand keeps silent, one a line: 2026-12-24, or 2026-12-24..2026-12-26."""
    wanted = [line.strip() for line in days.splitlines() if line.strip()]
    return in_force.changed(who, {"blackout": wanted}, why, {}, "by hand")


@write(may="plan.edit", done=gettext_noop("The settings are changed: version {number}."))
def set_clock(who: Who, channel: int, zone: str = "", per_week: int | None = None, why: str = "") -> Version:
    """Set the time zone of a channel's audience (empty: the brand's) and the most posts it gets in a week."""
    row: Channel = who.one(Channel, channel)
    patch = {"channels": {str(row.pk): {"zone": zone.strip() or None, "per_week": per_week}}}
    return in_force.changed(who, patch, why, {}, "by hand")


@write(may="plan.edit", done=gettext_noop("Version {number}: the earlier settings are back."))
def restore_version(who: Who, version: int) -> Version:
    """Bring an older version of the settings back; it becomes the newest one."""
    return in_force.restored(who, who.one(Version, version))


@read(may="plan.see")
def versions(who: Who) -> list[Version]:
    """Every version of the settings, the newest first."""
    return list(who.own(Version).select_related("made_by").order_by("-number"))


# Pillars


@read(may="plan.see")
def pillars(who: Who) -> list[Pillar]:
    """The pillars in their order, with their target shares."""
    return list(who.own(Pillar))


@write(may="plan.edit", done=gettext_noop("The mix is changed: version {number}."))
def set_pillars(who: Who, pillars: dict[str, float], why: str = "") -> Version:
    """Set all pillars at once as name → share; pillars not named are removed, shares are made to sum to 1."""
    before = in_force.begun(who)["pillars"]
    same = in_force.newest(who) if before == pillars else None
    if same is not None:
        return same
    gone = {name: None for name in before if name not in pillars}
    return in_force.changed(who, {"pillars": {**gone, **pillars}}, why, {}, "by hand")


@write(may="plan.edit", done=gettext_noop("The mix is changed: version {number}."))
def set_mix(who: Who, pillar: list[int], share: list[float], why: str = "") -> Version:
    """Set the target share of each pillar in percent; they are made to sum to 100."""
    in_force.begun(who)
    if len(pillar) != len(share):
        raise Problem(_("Every pillar needs a number."), kept=_("The mix stayed as it was."), field="share")
    if sum(share) <= 0:
        raise Problem(
            _("At least one pillar needs a share."), kept=_("The mix stayed as it was."), field="share"
        )
    shares = {who.one(Pillar, pk).name: part / sum(share) for pk, part in zip(pillar, share, strict=True)}
    return in_force.changed(who, {"pillars": shares}, why, {}, "by hand")


@write(may="plan.edit", done=gettext_noop("Added {name}."))
def add_pillar(who: Who, name: str, share: float = 10, topics: str = "") -> Pillar:
    """Add a pillar with its share in percent and its topics, one a line; the other shares shrink in proportion."""
    name = _pillar_name(who, name)
    others = in_force.begun(who)["pillars"]
    part = min(max(share, 0), 100) / 100
    shares = {other: old * (1 - part) for other, old in others.items()} | {name: part}
    in_force.changed(who, {"pillars": shares}, "", {}, "by hand")
    return _with_topics(who.own(Pillar).get(name=name), topics)


@write(may="plan.edit", done=gettext_noop("Saved {name}."))
def edit_pillar(who: Who, pillar: int, name: str, topics: str = "") -> Pillar:
    """Rename a pillar and set its topics, one a line."""
    row: Pillar = who.one(Pillar, pillar)
    if name.strip() != row.name:
        new = _pillar_name(who, name)
        shares = in_force.begun(who)["pillars"]
        row.name, old = new, row.name
        row.save()
        renamed = {new if n == old else n: share for n, share in shares.items()}
        patch = {"pillars": {**{old: None}, **renamed}}
        in_force.changed(who, patch, "", {}, "by hand")
        row.refresh_from_db()
    return _with_topics(row, topics)


@write(may="plan.edit", done=gettext_noop("Removed. The other pillars share its part."))
def remove_pillar(who: Who, pillar: int) -> Version:
    """Remove a pillar; its slots stay without one, the others share its part."""
    row: Pillar = who.one(Pillar, pillar)
    if who.own(Pillar).count() == 1:
        raise Problem(_("A plan needs at least one pillar."), kept=_("Nothing was removed."))
    in_force.begun(who)
    return in_force.changed(who, {"pillars": {row.name: None}}, "", {}, "by hand")


def _pillar_name(who: Who, name: str) -> str:
    name = name.strip()[:80]
    if not name:
        raise Problem(_("A pillar needs a name."), field="name")
    if who.own(Pillar).filter(name__iexact=name).exists():
        raise Problem(_("There is a pillar of this name already."), field="name")
    return name


def _with_topics(row: Pillar, topics: str) -> Pillar:
    row.topics = list(dict.fromkeys(line.strip()[:120] for line in topics.splitlines() if line.strip()))
    row.save()
    return row
