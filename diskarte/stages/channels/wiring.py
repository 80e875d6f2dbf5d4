"""Signing in on a network for a person: what the form gave becomes an account, failures become sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from diskarte.core.outbox import wire
from diskarte.core.outbox.models import Channel
from diskarte.networks.base import Account, Api, ByHand, Field, Network, OAuth2
from diskarte.words import Failure, Metric, Problem, Reconnect, Refused, TryLater

RETURN = f"{settings.SITE}/channels/back/"


def one_click(network: Network) -> bool:
    """Nothing secret is asked for, so a name is enough."""
    asked = network.connect.fields
    return not isinstance(network.connect, OAuth2) and not any(f.secret or f.name == "base" for f in asked)


def filled(network: Network, given: dict[str, str], otherwise: str) -> dict[str, str]:
    """The form's values, trimmed. Raises Problem for a needed field left empty, or a field nobody asked for."""
    known = {field.name for field in network.connect.fields}
    if unknown := set(given) - known:
        raise Problem(_("%(network)s does not ask for «%(name)s».") % _names(network, sorted(unknown)[0]))
    told = {name: value.strip() for name, value in given.items() if value.strip()}
    for field in network.connect.fields:
        if field.needed and field.name not in told:
            if not one_click(network):
                raise _missing(network, field)
            told[field.name] = otherwise
    if "base" in told:
        told["base"] = _address(told["base"])
    return told


def _names(network: Network, name: str) -> dict[str, str]:
    return {"network": network.name, "name": name}


def _missing(network: Network, field: Field) -> Problem:
    what = _("%(network)s needs «%(name)s».") % _names(network, _(field.label))
    return Problem(what, do=_(field.help) if field.help else "", field=f"given.{field.name}")


def _address(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    if not address.startswith(("https://", "http://")) or " " in address:
        raise Problem(
            _("«%(text)s» is not the address of a server.") % {"text": text[:80]}, field="given.base"
        )
    return address.rstrip("/")


def api(network: Network, base: str) -> Api:
    """A line to the network for somebody who has no channel yet."""
    return network.api(wire.line(base or network.base), {}, base or network.base)


@contextmanager
def in_words(network: Network) -> Iterator[None]:
    """A network's failure as a Problem: what it said, and what a person can do."""
    try:
        yield
    except Failure as failure:
        raise Problem(str(failure), kept=_("Nothing was changed."), do=_advice(network, failure)) from failure


def _advice(network: Network, failure: Failure) -> str:
    if isinstance(failure, Reconnect | Refused):
        return _("Check what you typed: %(help)s") % {"help": network.connect.help or network.docs}
    if isinstance(failure, TryLater):
        return _("Check the address, or try again in a few minutes.")
    return _("Try again.")


def sign_in(network: Network, told: dict[str, str], name: str) -> tuple[Account, dict[str, Any]]:
    """The account, and the limits its server told. Raises Problem."""
    line = api(network, told.get("base", ""))
    with in_words(network):
        account = network.sign_in(line, told)
    if isinstance(network.connect, ByHand):
        identity = (
            account.url or f"{name} {account.handle}".strip()
        )  # the same handle may stand on two networks
        account = replace(account, name=name or account.name, identity=identity)
    line.secrets, line.identity = dict(account.secrets), account.identity
    return account, limits_told(network, line)


def limits_told(network: Network, line: Api) -> dict[str, Any]:
    """What this server or account takes where it differs from the general limits; empty when it does not say."""
    try:
        told = asdict(network.limits_for(line))
    except Failure:
        return {}
    general = asdict(network.limits)
    return {name: value for name, value in told.items() if value != general[name]}


def look(network: Network, channel: Channel, now: datetime) -> int | None:
    """Use the channel's permission once; its followers, None where they are not told. Raises a failure."""
    line = wire.current(channel, now)
    if "verify" in network.can:
        network.verify(line)
    followers = (
        network.measure_channel(line).get(Metric.FOLLOWERS) if "measure_channel" in network.can else None
    )
    channel.limits_told = limits_told(network, line)
    return followers
