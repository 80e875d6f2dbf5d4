"""The settings in force and the versions before them; pillars are kept in step with the newest one."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.channels.models import LeftOut
from diskarte.words import Kind, Problem

from .models import Pillar, Slot, Version
from .rules import settings as rules


def newest(who: Who) -> Version | None:
    """The version in force, or None before the first."""
    row: Version | None = who.own(Version).order_by("-number").first()
    return row


def lines(who: Who) -> list[Channel]:
    """The channels a plan may use: connected ones that the choice of platforms did not leave out, by name."""
    left_out = who.own(LeftOut).values("channel")
    return list(
        who.own(Channel).exclude(state="paused").exclude(pk__in=left_out).order_by("network", "name", "pk")
    )


def kinds(channel: Channel) -> tuple[str, ...]:
    """The kinds of posts a channel's network takes, in the order of `words.Kind`; everything where nobody knows it."""
    try:
        offered = networks.get(channel.network).kinds
    except Problem:
        offered = frozenset(Kind)
    return tuple(kind.value for kind in Kind if kind in offered)


def per_day(channel: Channel) -> int | None:
    """How many posts the channel's network (or this account of it) takes in a day; None where nobody knows."""
    try:
        takes = networks.get(channel.network).limits.per_day
    except Problem:
        takes = None
    told = channel.limits_told.get("per_day", takes)
    return int(told) if told is not None else None


def zones(settings: rules.Settings) -> dict[str, ZoneInfo]:
    """The clock of each channel's audience, by its id as text; one not named has the brand's."""
    return {pk: ZoneInfo(told["zone"]) for pk, told in settings["channels"].items() if told.get("zone")}


def current(who: Who, channels: list[Channel] | None = None) -> rules.Settings:
    """The settings in force; a channel nobody has set yet gets what is sensible for its network."""
    version = newest(who)
    settings = rules.checked(version.settings if version else rules.first_settings())
    for channel in lines(who) if channels is None else channels:
        settings["channels"].setdefault(str(channel.pk), rules.first_channel(kinds(channel)))
    return settings


def begun(who: Who) -> rules.Settings:
    """The settings in force; the first time they are written down as version 1, with their pillars."""
    if newest(who) is None:
        kept(who, current(who), _("The first plan: sensible without any history."), {}, "first")
    return current(who)


def changed(who: Who, patch: dict[str, Any], why: str, evidence: dict[str, Any], origin: str) -> Version:
    """A new version with the patch; raises Problem when it makes no sense or changes nothing."""
    before = current(who)
    after = tried(before, patch)
    unknown = set(patch.get("channels") or {}) - {str(c.pk) for c in who.own(Channel)}
    if unknown:
        raise Problem(
            _("There is no such channel."), kept=_("The settings stayed as they were."), field="channels"
        )
    if after == before and newest(who) is not None:
        raise Problem(_("Nothing would change."), kept=_("The settings stayed as they were."))
    return kept(who, after, why, evidence, origin)


def tried(settings: rules.Settings, patch: dict[str, Any]) -> rules.Settings:
    """The settings with the patch, tidy; raises Problem when it makes no sense."""
    try:
        return rules.checked(rules.patched(settings, patch))
    except rules.Mistake as mistake:
        said = _(mistake.what) % mistake.values
        raise Problem(said, kept=_("The settings stayed as they were."), field=mistake.field) from None
    except (TypeError, AttributeError, ValueError):
        kept_ = _("The settings stayed as they were.")
        raise Problem(_("These settings have the wrong shape."), kept=kept_, field="patch") from None


def kept(who: Who, settings: rules.Settings, why: str, evidence: dict[str, Any], origin: str) -> Version:
    """Write the settings down as the newest version and bring the pillars in step."""
    last = newest(who)
    number = (who.own(Version).aggregate(top=Max("number"))["top"] or 0) + 1
    settings = rules.checked({**settings, "pillars": _whole(settings["pillars"])})
    diff = rules.difference(rules.checked(last.settings), settings) if last else []
    version = Version(
        brand=who.brand, number=number, settings=settings, diff=diff, why=why, evidence=evidence, origin=origin,
        made_by=who.person,
    )  # fmt: skip
    version.save()
    _in_step(who, settings["pillars"])
    return version


def _whole(shares: dict[str, float]) -> dict[str, float]:
    """Shares that sum to 1; without any, equal ones."""
    total = sum(shares.values())
    if not total:
        return {name: round(1 / len(shares), 4) for name in shares}
    return {name: round(share / total, 4) for name, share in shares.items()}


def _in_step(who: Who, shares: dict[str, float]) -> None:
    """Pillars follow the newest version: added, given their share, removed."""
    rows = {row.name: row for row in who.own(Pillar)}
    tones = iter(
        tone for tone in [0, 1, 2, 3, 4, 5, 6, 7] * 5 if str(tone) not in {r.colour for r in rows.values()}
    )
    for order, (name, share) in enumerate(shares.items()):
        row = rows.pop(name, None) or Pillar(brand=who.brand, name=name, colour=str(next(tones, 0)))
        row.share, row.order = share, order
        row.save()
    for row in rows.values():
        for slot in who.own(Slot).filter(pillar=row):
            slot.pillar = None
            slot.save()
        row.delete()


def restored(who: Who, version: Version) -> Version:
    """The settings of an older version as the newest one; channels that are gone stay out."""
    here = {str(c.pk) for c in who.own(Channel)}
    settings = rules.checked(version.settings)
    settings["channels"] = {pk: told for pk, told in settings["channels"].items() if pk in here}
    why = _("Version %(number)s brought back.") % {"number": version.number}
    return kept(who, settings, why, {}, f"restored:{version.number}")
