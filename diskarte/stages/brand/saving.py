"""What is checked before a row of the brand is kept; every objection is a sentence beside its field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diskarte.core.people.models import Brand, Membership
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import places, rules
from .models import Competitor, Product, Snapshot


def facts(
    name: str, country: str, time_zone: str, currency: str, languages: list[str] | None
) -> dict[str, Any]:
    """Checked facts of a brand; what is left open is the country's own."""
    if not name.strip():
        raise Problem(_("Give the brand a name."), field="name")
    code = places.checked_country(country)
    spoken = places.checked_languages(languages or []) or ["en"]
    zone, money = places.zone_of(code, time_zone), places.currency_of(code, currency)
    told = {"name": name.strip()[:120], "country": code, "time_zone": zone, "currency": money}
    return {**told, "languages": spoken}


def let_in(who: Who, brand: Brand) -> None:
    """A member who sees only some brands also sees the one they made."""
    member = Membership.objects.filter(person=who.person, workspace=who.workspace).first()
    if member is not None and member.brands.exists():
        member.brands.add(brand)


def product(
    brand: Brand,
    row: Product,
    name: str,
    price: Decimal | None,
    margin: Decimal | None,
    currency: str,
    url: str,
) -> Product:
    """Check and keep a product."""
    if price is not None and price < 0:
        raise Problem(_("A price cannot be below zero."), field="price")
    if margin is not None and not -100 <= margin <= 100:
        raise Problem(_("A margin is a percentage of the price, at most 100."), field="margin")
    row.brand, row.name, row.url = brand, _name(name), _address(url, "url")
    row.price, row.margin = price, margin
    row.currency = places.currency_of(brand.country, currency or row.currency or brand.currency)
    return _kept(row)


def competitor(
    brand: Brand, row: Competitor, name: str, site: str, level: str, texts: dict[str, str], handles: list[str]
) -> Competitor:
    """Check and keep a competitor."""
    row.brand, row.name, row.site, row.price_level = brand, _name(name), _address(site, "site"), level
    row.handles = _handles(handles)
    for field, text in texts.items():
        setattr(row, field, rules.tidy(text))
    return _kept(row)


def snapshot(row: Snapshot, network: str, source: str) -> Snapshot:
    """Check and keep what was seen of a competitor."""
    if not network.strip():
        raise Problem(_("Say on which network this was seen."), field="network")
    told = {"followers": row.followers, "posts_a_week": row.posts_a_week, "engagement": row.engagement}
    if all(value is None for value in told.values()):
        raise Problem(_("Write down at least one number."), field="followers")
    for name, value in (*told.items(), ("posts", row.posts)):
        if value is not None and value < 0:
            raise Problem(_("A count cannot be below zero."), field=name)
    row.network, row.source = rules.network_name(network), source.strip()[:200] or _("counted by hand")
    return _kept(row)


def _handles(lines: list[str]) -> dict[str, str]:
    try:
        return rules.handles(lines)
    except ValueError as e:
        what = _("«%(line)s» does not say which network it is on.") % {"line": e}
        raise Problem(what, do=_("Write it like «Facebook: @rival», one a line."), field="handles") from None


def _name(name: str) -> str:
    if not name.strip():
        raise Problem(_("Give it a name."), field="name")
    return name.strip()[:120]


def _address(text: str, field: str) -> str:
    try:
        return rules.web_address(text)
    except ValueError:
        raise Problem(_("This is not the address of a website."), field=field) from None


def _kept[R: (Product, Competitor, Snapshot)](row: R) -> R:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Problem(_("There is already one with this name."), field="name") from None
    return row
