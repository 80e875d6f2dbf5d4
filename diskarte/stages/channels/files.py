"""The channels as files: accounts without secrets, hours and money, what was said of platforms, the decision."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core import clock
from diskarte.core.outbox import channels as accounts
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.core.secrets import Secrets
from diskarte.core.toml import dump
from diskarte.networks.base import Account

from . import wiring
from .models import Budget, Decision, LeftOut, Place, Presence

CHANNEL = ("network", "name", "handle", "identity", "url", "base")
PLACE = ("platform", "hours_a_week", "cost_a_month", "fit", "stance")
PRESENCE = ("platform", "country", "age_from", "age_to", "share", "quality", "source", "url", "year")
STANCES = ("", "anyway", "never")


def export(brand: Brand) -> dict[str, str]:
    """channels.toml, budget.toml and platforms.toml; what is empty is left out."""
    rows = Channel.objects.filter(brand=brand).order_by("pk")
    told = {"channels.toml": {"channel": [_told(row) for row in rows]}, "budget.toml": _budget(brand)}
    told["platforms.toml"] = _platforms(brand)
    return {name: dump(facts) for name, facts in told.items() if any(facts.values())}


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make the channels again: those that need no secret are ready, the others wait to be connected."""
    for told in tomllib.loads(files.get("channels.toml", "")).get("channel", []):
        _channel(brand, told)
    facts = tomllib.loads(files.get("budget.toml", ""))
    if facts:
        row = Budget(brand=brand, currency=facts["currency"])
        for name in ("hours_a_week", "money_a_month"):
            setattr(row, name, Decimal(facts[name]) if name in facts else None)
        row.save()
    _said(brand, tomllib.loads(files.get("platforms.toml", "")))


def _platforms(brand: Brand) -> dict[str, Any]:
    """What the brand says of platforms, its own numbers of who is where, and where it decided to be."""
    told: dict[str, Any] = {}
    for name, model, fields in (("place", Place, PLACE), ("presence", Presence, PRESENCE)):
        rows = [_facts(row, fields) for row in model.objects.filter(brand=brand).order_by(*fields[:4])]
        told |= {name: rows} if rows else {}
    decided = Decision.objects.filter(brand=brand).first()
    if decided is None:
        return told
    out = (
        LeftOut.objects.filter(brand=brand)
        .order_by("channel")
        .values_list("channel__network", "channel__identity")
    )
    return told | {
        "decision": {
            "platforms": decided.platforms,
            "made_at": decided.made_at,
            "left_out": [list(row) for row in out],
        }
    }


def _facts(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in fields}
    return {name: value for name, value in facts.items() if value is not None and value != ""}


def _said(brand: Brand, told: dict[str, Any]) -> None:
    """Raises ValueError for a share that is none, or a stance nobody knows."""
    for facts in told.get("place", []):
        if facts.get("stance", "") not in STANCES:
            raise ValueError(_("«%(told)s» is neither «anyway» nor «never»") % {"told": facts["stance"]})
        cost = facts.pop("cost_a_month", None)
        Place(brand=brand, cost_a_month=None if cost is None else Decimal(cost), **facts).save()
    for facts in told.get("presence", []):
        if not 0 <= facts["share"] <= 1:
            raise ValueError(_("a share lies between 0 and 1"))
        Presence(brand=brand, **facts).save()
    if decided := told.get("decision"):
        Decision(brand=brand, platforms=decided["platforms"], made_at=decided["made_at"]).save()
        for network, identity in decided.get("left_out", []):
            for channel in Channel.objects.filter(brand=brand, network=network, identity=identity):
                LeftOut(brand=brand, channel=channel).save()


def _told(row: Channel) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in CHANNEL if getattr(row, name)}
    return facts | ({"rests": True} if row.state == "paused" else {})


def _channel(brand: Brand, told: dict[str, Any]) -> None:
    network = networks.get(told["network"])
    facts = {name: told.get(name, "") for name in CHANNEL}
    secrets: dict[str, str] = {}
    if wiring.one_click(network):
        given = {field.name: told[field.name] for field in network.connect.fields if told.get(field.name)}
        account, _limits = wiring.sign_in(
            network, wiring.filled(network, given, facts["handle"]), facts["name"]
        )
        secrets = account.secrets
    whole = Account(facts["identity"], facts["handle"], facts["name"], facts["url"], secrets)
    row = accounts.keep(brand, told["network"], whole, clock.now(), facts["base"])
    if not wiring.one_click(network):
        row.state, row.secrets = "blocked", Secrets()
        row.why = _("It came from a file, and secrets are never written into files.")
    row.state = "paused" if told.get("rests") else row.state
    row.save()


def _budget(brand: Brand) -> dict[str, Any]:
    row = Budget.objects.filter(brand=brand).first()
    if row is None:
        return {}
    return {"hours_a_week": row.hours_a_week, "money_a_month": row.money_a_month, "currency": row.currency}
