"""Taking a proposal: each kind is written by the verb of the stage it belongs to, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Reading
from diskarte.core.people.who import Who
from diskarte.stages.audience import actions as audience
from diskarte.stages.brand import actions as brand
from diskarte.stages.channels import actions as channels
from diskarte.stages.goals import actions as goals
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.rules.settings import first_settings
from diskarte.words import Metric, Problem

from . import checking, reading
from .models import Beginning
from .proposing import Proposal, worded
from .rivals import place

Fields = dict[str, Any]


@dataclass(frozen=True)
class Needs:
    """What writing a proposal needs beside itself."""

    row: Beginning
    under: int | None = None  # the row of the proposal it stands under
    picture: Upload | None = None  # fetched before any transaction began
    pillars: dict[str, float] = field(default_factory=dict)  # those taken so far, in percent


def fetched(one: Proposal) -> Upload | None:
    """The file a proposal points at, fetched while no transaction is open; None for all but a logo."""
    return reading.picture(one.fields["text"]) if _what(one) == ("fact", "logo") else None


def take(who: Who, one: Proposal, needs: Needs) -> Any:
    """Write one proposal through the verb of its stage and return the row it became."""
    return WAYS[one.kind](who, one, one.fields, needs)


def _what(one: Proposal) -> tuple[str, str]:
    return one.kind, one.key.split(".")[1]


def _concept(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    name = _what(one)[1]
    return brand.edit(who, **{name: told["text"]})


def _fact(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    what, text = _what(one)[1], str(told["text"]).strip()
    assert who.brand is not None
    if what == "colour":
        return brand.edit(who, colour=text)
    if what == "logo":
        return brand.set_logo(who, needs.picture or reading.picture(text))
    if what == "idea":
        return brand.edit(who, idea=text)
    if what in ("name", "language"):
        b = who.brand
        spoken = list(dict.fromkeys([*b.languages, text])) if what == "language" else b.languages
        name = text if what == "name" else b.name
        return brand.edit_facts(who, name, b.country, b.time_zone, b.currency, spoken)
    needs.row.facts = {**needs.row.facts, what: text}
    needs.row.save()
    return needs.row


def _product(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    return brand.add_product(
        who, told["name"], price=_money(told["price"], "price"), currency=told["currency"], url=one.url
    )


def _rival(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    """With the page where they are, and its first numbers as somebody read them that day."""
    handle = place(told["handle"]) or str(told["handle"]).strip()
    row = brand.add_competitor(who, told["name"], handles=[handle] if handle else [])
    followers, a_week = _money(told["followers"], "followers"), _money(told["a_week"], "a_week")
    if followers is None and a_week is None:
        return row
    if not row.handles:
        raise Problem(
            _("On which page was this seen?"), do=_("Write it like «Facebook: rival»."), field="handle"
        )
    brand.add_snapshot(
        who, row.pk, next(iter(row.handles)), followers=None if followers is None else int(followers),
        posts_a_week=None if a_week is None else float(a_week), at=_read_on(who, told["seen_on"]),
        source=str(told["seen_in"]),
    )  # fmt: skip
    return row


def _read_on(who: Who, text: Any) -> datetime:
    """Noon of the day, brand time; now, if that is today."""
    assert who.brand is not None
    now = clock.now()
    told = checking.day(text, "seen_on", now.astimezone(who.brand.zone).date())
    return min(now, datetime.combine(told, time(12), who.brand.zone))


def _voice(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    return brand.edit(who, tone=told["text"], do_words=[told["do"]], dont_words=[told["dont"]])


def _portrait(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    book, _kind, place = one.key.split(".")
    facts = {n: v for n, v in _book_segment(book, int(place)).items() if n != "hook"}
    facts |= {"name": told["name"], "summary": told["summary"], "source": f"playbook: {book}"}
    return audience.add_segment(who, **facts)


def _book_segment(book: str, place: int) -> Fields:
    from django.utils.translation import get_language

    from diskarte import playbooks

    return playbooks.one(book, (get_language() or "en")).segments[place]


def _hook(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    if needs.under is None:
        raise Problem(
            _("This hook belongs to a portrait you have not taken."), do=_("Take the portrait first.")
        )
    from django.utils.translation import get_language

    from diskarte import playbooks

    book = one.key.partition(".")[0]
    if book not in playbooks.names():
        return audience.add_hook(who, needs.under, told["trigger"], told["text"], told["offer"])
    spoken = playbooks.one(book, get_language() or "en").language
    return audience.add_hook(
        who, needs.under, told["trigger"], told["text"], told["offer"], spoken, source=f"playbook: {book}"
    )


def _goal(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    target, deadline = _number(told["target"], "target"), _day(told["deadline"])
    sentence = worded(told["sentence"], target, deadline) if "{" in told["sentence"] else told["sentence"]
    base = told["base"] if isinstance(told["base"], int) else None
    known = Reading.objects.filter(brand=who.brand, publication=None, metric=told["metric"]).exists()
    if base is not None and told["metric"] == Metric.FOLLOWERS and not known:
        goals.tell_number(who, "followers", base, source=_("your answer in the guided start"))
    return goals.set_goal(who, sentence, Metric(told["metric"]), target, deadline, baseline=base)


def _pillar(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    """The first pillar taken replaces the plan's untouched beginning; every further one makes room for itself."""
    name, share = str(told["name"]).strip(), _number(told["share"], "share")
    if not name:
        raise Problem(_("A pillar needs a name."), field="name")
    have = {p.name for p in plan.pillars(who)} - _untouched(who)
    if have <= set(needs.pillars):
        mine = {n: part / 100 for n, part in needs.pillars.items() if n in have}
        plan.set_pillars(who, {**mine, name: share / 100}, _("From the guided start."))
        made = next(p for p in plan.pillars(who) if p.name == name)
        return plan.edit_pillar(who, made.pk, name, str(told["topics"]))
    return plan.add_pillar(who, name, share, str(told["topics"]))


def _untouched(who: Who) -> set[str]:
    """The pillars a plan begins with when nobody has chosen any: they are nobody's decision."""
    began = set(first_settings()["pillars"])
    rows = plan.pillars(who)
    return began if {p.name for p in rows} == began and not any(p.topics for p in rows) else set()


def _platform(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    """Connected by hand, so that it needs no key; it can be connected for good at any time."""
    name, handle = str(told["name"]).strip(), str(told["handle"]).strip()
    assert who.brand is not None
    url = handle if "://" in handle else ""
    given = {"handle": f"{name}: {(handle or who.brand.slug).rpartition('/')[2].lstrip('@')}", "url": url}
    channel = channels.connect(who, "by_hand", given, name)
    kinds = list(told["kinds"])
    plan.set_cadence(
        who,
        channel.pk,
        _number(told["a_week"], "a_week"),
        kinds,
        [1.0] * len(kinds),
        _("From the guided start."),
    )
    return channel


def _time(who: Who, one: Proposal, told: Fields, needs: Needs) -> Any:
    hours = _money(told["hours"], "hours")
    row = channels.set_budget(who, hours, _money(told["money"], "money"))
    now = plan.current_settings(who)
    wanted = {"hours_a_week": hours, "money_a_month": row.money_a_month}
    patch = {n: float(v) for n, v in wanted.items() if v is not None and n in now and now[n] != float(v)}
    if patch:
        plan.change_settings(who, patch, _("From the guided start."))
    return row


def _money(text: Any, name: str) -> Decimal | None:
    if text in (None, ""):
        return None
    try:
        return Decimal(str(text).replace(",", ""))
    except InvalidOperation:
        raise Problem(_("«%s» is no number.") % text, field=name) from None


def _number(text: Any, name: str) -> float:
    value = _money(text, name)
    if value is None or value <= 0:
        raise Problem(_("Write a number above zero."), field=name)
    return float(value)


def _day(text: Any) -> date:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise Problem(
            _("«%s» is no day.") % text, do=_("Write it like 2026-12-31."), field="deadline"
        ) from None
    if day <= clock.now().date():
        raise Problem(_("The last day must lie ahead."), field="deadline")
    return day


WAYS: dict[str, Callable[[Who, Proposal, Fields, Needs], Any]] = {
    "concept": _concept, "fact": _fact, "product": _product, "rival": _rival, "voice": _voice, "portrait": _portrait,
    "hook": _hook, "goal": _goal, "pillar": _pillar, "platform": _platform, "time": _time,
}  # fmt: skip
PAGES = {
    "concept": "brand.canvas", "fact": "brand.page", "product": "brand.page", "rival": "brand.page",
    "voice": "brand.canvas", "portrait": "audience.page", "hook": "audience.page", "goal": "goals.page",
    "pillar": "plan.page", "platform": "channels.page", "time": "channels.page",
}  # fmt: skip
