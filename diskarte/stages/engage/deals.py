"""Deals and partners as rows: filled from what was said, kept in step with the plan."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from diskarte.core.people.models import Person
from diskarte.core.people.who import Who
from diskarte.stages.brand.models import Canvas
from diskarte.words import Problem

from . import planned, rules
from .models import Deal, Partner

KEEP = "(unchanged)"  # what a text parameter says when it was not given: empty means «take it out»
LONGEST = {"name": 120, "title": 160, "give": 300, "get": 300, "contact": 200, "promo_code": 40}
AGREED = ("agreed", "live", "checked", "done")


def person(who: Who) -> Person | None:
    """Who does it, or None when it is the house itself."""
    return who.person if who.person and who.person.pk else None


def currency(who: Who) -> str:
    """The brand's currency."""
    assert who.brand is not None
    return who.brand.currency


def link(text: str, field: str = "link") -> str:
    """An address, trimmed; Problem when it is none."""
    text = text.strip()
    if text and not text.startswith(("https://", "http://")):
        raise Problem(_("«%s» is not a link.") % text[:80], do=_("It begins with https://"), field=field)
    return text


def fill_partner(
    row: Partner, said: dict[str, str], numbers: dict[str, Any], topics: list[str] | None, whole: bool
) -> None:
    """Put what was given onto the row; Problem when the name is missing or taken."""
    _fill(row, said, numbers, whole)
    if topics is not None or whole:
        words = (word.strip() for given in topics or [] for word in given.split(","))
        row.topics = list(dict.fromkeys(word for word in words if word))
    if not row.name:
        raise Problem(_("A partner needs a name."), field="name")
    if Partner.objects.filter(brand=row.brand_id, name=row.name).exclude(pk=row.pk).exists():
        raise Problem(_("«%s» is in the list already.") % row.name, field="name")


def fill_deal(row: Deal, said: dict[str, str], facts: dict[str, Any], whole: bool) -> None:
    """Put what was given onto the row; Problem when the title is missing."""
    _fill(row, said, facts, whole)
    if not row.title:
        raise Problem(_("A deal needs a name."), do=_("«Payday giveaway», for example."), field="title")


def _fill(row: Any, said: dict[str, str], facts: dict[str, Any], whole: bool) -> None:
    for name, text in said.items():
        if text == KEEP:
            continue
        text = link(text) if name == "link" else rules.lines(text).strip()
        if len(text) > LONGEST.get(name, 5000):
            most = {"most": LONGEST[name]}
            raise Problem(_("That is too long: at most %(most)s characters.") % most, field=name)
        setattr(row, name, text)
    for name, value in facts.items():
        if value is not None or whole:
            _check_number(name, value)
            setattr(row, name, value)


def _check_number(name: str, value: Any) -> None:
    if name != "due" and value is not None and not 0 <= value < 10**10:
        raise Problem(_("A number from 0 to ten thousand million is needed."), field=name)


def lacking(code: str) -> str:
    """What a deal lacks, in words; `code` as rules.lacks gives it."""
    return {
        "sides": _("Both sides are needed: what we give and what we get."),
        "due": _("The day it goes live is needed."),
    }.get(code, _("Nobody has seen their post yet: check it first."))


def keep(who: Who, row: Deal) -> None:
    """Save a deal; its day stands in the plan while it is agreed or live."""
    planned.in_step(who, row, wanted=row.state in AGREED and row.due is not None)
    row.save()


def delete(who: Who, row: Deal) -> None:
    """Delete a deal, what was seen of it, and its day in the plan."""
    planned.in_step(who, row, wanted=False)
    for one in row.checks.all():
        one.delete()
    row.delete()


def template() -> str:
    """The first message, with places in braces; a line with an unknown place is left out."""
    return _(
        "Hi {partner}!\n\n"
        "I am {person} from {brand}.\n"
        "We make {sells}, for {customers}.\n"
        "I like what you do about {topic}, and I think our people would like each other.\n\n"
        "Our idea: {title}.\n"
        "What we would bring: {give}.\n"
        "What we would ask: {get}.\n"
        "When: {due}.\n"
        "For your people: the code {code} and this page: {link}\n\n"
        "Would you like to talk about it this week?\n\n"
        "{person}\n{brand}"
    )


def letter(who: Who, partner: Partner, deal: Deal | None) -> str:
    """The template filled with what is known. One query."""
    assert who.brand is not None
    canvas = Canvas.objects.filter(brand=who.brand).first() or Canvas(brand=who.brand)
    facts = {
        "partner": partner.name, "person": str(who.person or ""), "brand": who.brand.name, "sells": canvas.sells,
        "customers": canvas.customers, "topic": ", ".join(partner.topics[:2]),
    }  # fmt: skip
    if deal is not None:
        due = f"{deal.due:%Y-%m-%d}" if deal.due else ""
        address = rules.utm(deal.link, partner.name, deal.title)
        code = deal.promo_code if address else ""
        facts |= {
            "title": deal.title,
            "give": deal.give,
            "get": deal.get,
            "due": due,
            "code": code,
            "link": address,
        }
    return rules.filled(
        template(), {name: " ".join(text.split()).rstrip(".") for name, text in facts.items()}
    )
