"""Promotions, contests and the choice of days as readable files and back; no entries and no secrets."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from decimal import Decimal
from secrets import token_hex, token_urlsafe
from typing import Any

from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.core.secrets import Secrets
from diskarte.core.toml import dump
from diskarte.stages.brand.models import Product
from diskarte.stages.goals.models import Goal

from .models import Contest, DayChoice, Promotion

OFFER = ("name", "offer", "starts", "ends", "phases", "code", "link", "state", "orders", "lesson")
MONEY = ("price", "budget", "revenue")
PRIZE = (
    "name", "prize", "winners", "standby", "who_may", "how", "by_form", "purchase", "permit", "contact", "opens",
    "closes", "rules", "beacon_kind", "beacon_name",
)  # fmt: skip
CHOICE = ("trade", "region", "further")


def export(who: Who, names: dict[int, str]) -> dict[str, str]:
    """promotions.toml, contests.toml, choice.toml; `names` tells channels by name."""
    promotions = [_promotion(row, names) for row in _promotions(who)]
    contests = [_contest(row) for row in who.own(Contest).order_by("opens", "pk")]
    choice = who.own(DayChoice).first()
    return {
        "promotions.toml": dump({"promotion": promotions}) if promotions else "",
        "contests.toml": dump({"contest": contests}) if contests else "",
        "choice.toml": dump({name: getattr(choice, name) for name in CHOICE}) if choice else "",
    }


def _promotions(who: Who) -> Any:
    return who.own(Promotion).select_related("product", "goal").order_by("starts", "pk")


def keys(who: Who) -> dict[str, str]:
    """What marks slots of a promotion (`promotion:3`) → its number in the file, which is the same everywhere."""
    return {row.key: f"promotion:#{n}" for n, row in enumerate(_promotions(who), 1)} | {
        f"contest:{row.pk}": f"contest:#{n}"
        for n, row in enumerate(who.own(Contest).order_by("opens", "pk"), 1)
    }


def _promotion(row: Promotion, names: dict[int, str]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in OFFER}
    told |= {name: str(getattr(row, name)) for name in MONEY if getattr(row, name) is not None}
    told |= {
        "product": row.product.name if row.product else "",
        "goal": row.goal.sentence if row.goal else "",
    }
    told["channels"] = [names[pk] for pk in row.channels if pk in names]
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _contest(row: Contest) -> dict[str, Any]:
    """A contest to be held again: what was drawn belongs to the people who entered and stays in the back-up."""
    told = {name: getattr(row, name) for name in PRIZE}
    told["worth"] = str(row.worth) if row.worth is not None else None
    return {name: value for name, value in told.items() if value not in (None, "")}


def restore(brand: Brand, files: dict[str, str], who: Who, by_name: dict[str, int]) -> None:
    """Make them again in a new brand; a contest comes back as a draft with a secret of its own."""
    for told in tomllib.loads(files.get("promotions.toml", "")).get("promotion", []):
        _restore_promotion(brand, told, who, by_name)
    for told in tomllib.loads(files.get("contests.toml", "")).get("contest", []):
        worth = Decimal(told.pop("worth")) if "worth" in told else None
        sealed = Secrets(secret=token_hex(32), tickets=token_hex(32))
        Contest(brand=brand, key=token_urlsafe(9), sealed=sealed, worth=worth, **_moments(told)).save()
    choice = tomllib.loads(files.get("choice.toml", ""))
    if choice:
        DayChoice(brand=brand, **{name: choice[name] for name in CHOICE if name in choice}).save()


def _restore_promotion(brand: Brand, told: dict[str, Any], who: Who, by_name: dict[str, int]) -> None:
    product = who.own(Product).filter(name=told.pop("product", "")).first()
    goal = who.own(Goal).filter(sentence=told.pop("goal", "")).first()
    money = {name: Decimal(told.pop(name)) for name in MONEY if name in told}
    channels = [by_name[name] for name in told.pop("channels", []) if name in by_name]
    days = {name: _day(told.pop(name)) for name in ("starts", "ends")}
    Promotion(brand=brand, product=product, goal=goal, channels=channels, **days, **money, **told).save()


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _moments(told: dict[str, Any]) -> dict[str, Any]:
    for name in ("opens", "closes"):
        value = told[name]
        told[name] = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return told
