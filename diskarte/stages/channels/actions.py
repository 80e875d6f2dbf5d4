"""Every verb of the stage «channels». Pausing and resuming are verbs of the outbox: `outbox.pause`, `outbox.resume`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from diskarte import networks
from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.outbox import channels as accounts
from diskarte.core.outbox import ears
from diskarte.core.outbox.models import Channel, Delivery, Ear
from diskarte.core.people.who import Stranger, Who
from diskarte.core.standing import Need, Standing
from diskarte.networks.base import Account, Field, Network, OAuth2
from diskarte.words import Failure, Problem, Reconnect

from . import beside as beside  # its verbs
from . import choosing as choosing  # its verbs
from . import matrix as table
from . import wiring
from .matrix import Line
from .models import Budget, SignIn

SOON = timedelta(days=7)
RETURN = wiring.RETURN  # where a network sends people back to
AWAY = timedelta(hours=1)  # how long a person may take on the network's page
WAITING = ("queued", "sending", "asked", "blocked", "unknown")


@dataclass(frozen=True)
class Offer:
    """A network one could connect: how, with which form, and whether a name alone is enough."""

    name: str
    label: str
    connect: str
    note: str
    help: str
    fields: tuple[Field, ...]
    one_click: bool
    channels: int


@dataclass(frozen=True)
class Connected:
    """One connected channel with what its network can do."""

    channel: Channel
    line: Line
    waiting: int  # posts that still have to go out
    renews: bool  # its permission is renewed without a person
    says: str  # what is wrong or will be, empty when all is well: expired, expires, blocked
    ear: Ear | None = None  # how well it hears what its network tells only once


@read(may="channels.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    rows = list(who.own(Channel))
    if not rows:
        return Standing("empty", missing=gettext_noop("Connect a channel, or say where you post by hand"))
    deaf = ears.deaf(rows, clock.now())
    needs = tuple(need for row in rows if (need := _need(row, deaf.get(row.pk))))
    if not any(row.state == "ready" for row in rows):
        return Standing("half", str(len(rows)), needs, gettext_noop("No channel is ready to send"))
    told = who.own(Budget).first()
    if told is None or told.hours_a_week is None:
        return Standing("half", str(len(rows)), needs, gettext_noop("Say how many hours a week there are"))
    return Standing("full", str(len(rows)), needs)


def _need(row: Channel, deaf: Ear | None) -> Need | None:
    args, values = {"channel": row.pk}, {"name": str(row)}
    if row.state == "blocked":
        what, do = gettext_noop("%(name)s has lost its permission"), gettext_noop("Connect again")
        return Need(what, "channels.channel", values, args, "fix", do)
    if _says(row) == "expires":
        what, do = gettext_noop("The permission of %(name)s ends soon"), gettext_noop("Renew")
        return Need(what, "channels.channel", values, args, "look", do)
    if deaf:
        what = gettext_noop("Comments under %(name)s were not heard for a while")
        return Need(what, "channels.channel", values, args, "look", gettext_noop("Look"))
    return None


def _says(row: Channel) -> str:
    if row.state == "blocked":
        return "blocked"
    if row.expires_at is None or "refresh" in networks.get(row.network).can:
        return ""
    left = row.expires_at - clock.now()
    return "expired" if left < timedelta() else "expires" if left < SOON else ""


@read(may="channels.see")
def channels(who: Who) -> list[Connected]:
    """The connected channels: state, what waits on them, what their network can do."""
    waiting = list(who.own(Delivery).filter(state__in=WAITING).values_list("channel_id", flat=True))
    rows = who.own(Channel).order_by("pk")
    return [_account(row, waiting.count(row.pk)) for row in rows if row.network in networks.all_networks()]


@read(may="channels.see")
def channel(who: Who, channel: int) -> Connected:
    """One channel: what is ready on this account, its limits and when its permission ends."""
    row = who.one(Channel, channel)
    known = _account(row, who.own(Delivery).filter(channel=row, state__in=WAITING).count())
    return replace(known, ear=ears.ear_of(row))


def _account(row: Channel, waiting: int) -> Connected:
    network = networks.get(row.network)
    return Connected(row, table.line(row.network, network), waiting, "refresh" in network.can, _says(row))


@read(may="channels.see")
def offers(who: Who) -> list[Offer]:
    """Every network one could connect, the ones that need no key first."""
    have = list(who.own(Channel).values_list("network", flat=True))
    found = [_offer(name, network, have.count(name)) for name, network in networks.all_networks().items()]
    return sorted(found, key=lambda one: (not one.one_click, one.connect == "oauth", one.label.casefold()))


@read(may="channels.see")
def offer(who: Who, network: str) -> Offer:
    """How one network is connected."""
    return _offer(network, networks.get(network), who.own(Channel).filter(network=network).count())


def _offer(name: str, network: Network, have: int) -> Offer:
    asked = network.connect
    simple = wiring.one_click(network)
    return Offer(name, network.name, table.how(network), network.note, asked.help, asked.fields, simple, have)


@read(may="channels.see")
def matrix(who: Who) -> list[Line]:
    """What each network can do and takes, and when that was last checked."""
    return table.lines()


@write(may="channels.edit", done=gettext_noop("{name} is connected."), calls_out=True)
def connect(who: Who, network: str, given: dict[str, str] | None = None, name: str = "") -> Channel:
    """Connect an account: `given` holds what the network's form asks for; without secrets a name is enough."""
    assert who.brand is not None
    there = networks.get(network)
    told = wiring.filled(there, given or {}, who.brand.slug)
    if isinstance(there.connect, OAuth2) and "token" not in told:
        raise Problem(
            _("%(network)s is connected by signing in there.") % {"network": there.name},
            do=_("Use «begin sign in», or the page «Channels»."),
        )
    account, limits = wiring.sign_in(there, told, name.strip())
    return _keep(who, network, account, told.get("base", ""), name, limits)


@write(may="channels.edit", done=gettext_noop("{name} is connected again."), calls_out=True)
def reconnect(who: Who, channel: int, given: dict[str, str] | None = None) -> Channel:
    """Give a channel new permission; it must be the same account. What waited for it goes on."""
    row = who.one(Channel, channel)
    there = networks.get(row.network)
    server = {"base": row.base} if row.base and "base" in {f.name for f in there.connect.fields} else {}
    told = wiring.filled(there, {**server, **(given or {})}, row.handle)
    account, limits = wiring.sign_in(there, told, row.name)
    _same(row, account)
    return _keep(who, row.network, account, told.get("base", ""), row.name, limits)


def _same(row: Channel, account: Account) -> None:
    if account.identity != row.identity:
        what = _("This is another account: %(theirs)s, not %(ours)s.") % {
            "theirs": account.handle,
            "ours": row.handle,
        }
        raise Problem(
            what, kept=_("The channel is as it was."), do=_("Connect the other one as a new channel.")
        )


def _keep(who: Who, network: str, account: Account, base: str, name: str, limits: dict[str, Any]) -> Channel:
    assert who.brand is not None
    row = accounts.keep(who.brand, network, account, clock.now(), base)
    row.name, row.limits_told = name.strip()[:200] or row.name, limits
    row.save()
    return row


@write(may="channels.edit", done=gettext_noop("Now say yes on the network's own page."), calls_out=True)
def begin_sign_in(
    who: Who, network: str, given: dict[str, str] | None = None, name: str = "", channel: int | None = None
) -> SignIn:
    """Prepare signing in on a network: the answer's `link` is where the person goes next."""
    there = networks.get(network)
    if not isinstance(there.connect, OAuth2):
        raise Problem(
            _("%(network)s is not connected this way.") % {"network": there.name}, do=_("Use «connect».")
        )
    told = wiring.filled(there, given or {}, "")
    base = told.pop("base", "")
    if there.connect.register and "client_id" not in told:
        with wiring.in_words(there):
            told |= there.register(wiring.api(there, base), wiring.RETURN)
    verifier, state = generate_token(64), generate_token(40)
    challenge = create_s256_code_challenge(verifier) if there.connect.pkce else ""
    link = there.connect.link(base or there.base, told["client_id"], wiring.RETURN, state, challenge)
    row = SignIn(brand=who.brand, person=who.person, network=network, name=name.strip(), base=base, link=link)
    row.channel = who.one(Channel, channel) if channel else None
    row.state, row.kept, row.made_at = state, {**told, "code_verifier": verifier}, clock.now()
    row.save()
    return row


@read(may="channels.edit")
def sign_in(who: Who, sign_in: int) -> SignIn:
    """A signing in that waits for the person to come back."""
    return who.one(SignIn, sign_in)  # type: ignore[no-any-return]


@read(may="people.see")
def came_back(who: Who, given: dict[str, str]) -> str:
    """The slug of the brand for which a person was away, by the state they came back with."""
    row = (
        SignIn.objects.filter(state=given.get("state", ""), person=who.person).select_related("brand").first()
    )
    if row is None or not who.person:
        raise Stranger
    return row.brand.slug


@write(may="channels.edit", done=gettext_noop("{name} is connected."), calls_out=True)
def finish_sign_in(who: Who, given: dict[str, str]) -> Channel:
    """Finish signing in with the `state` and the `code` the network sent the person back with."""
    row = (
        who.own(SignIn)
        .filter(state=given.get("state", ""), person=who.person)
        .select_related("channel")
        .first()
    )
    if row is None:
        raise Stranger
    there = networks.get(row.network)
    if clock.now() - row.made_at > AWAY:
        raise Problem(_("That took longer than an hour."), do=_("Connect once more."))
    if not given.get("code"):
        said = given.get("error_description") or given.get("error") or _("no reason told")
        raise Problem(_("%(network)s did not say yes: %(said)s") % {"network": there.name, "said": said[:200]},
                      kept=_("Nothing was changed."), do=_("Connect once more."))  # fmt: skip
    told = {**row.kept, "code": given["code"], "redirect_uri": wiring.RETURN}
    account, limits = wiring.sign_in(there, told | ({"base": row.base} if row.base else {}), row.name)
    if row.channel:
        _same(row.channel, account)
    kept = _keep(
        who, row.network, account, row.base, row.name or (row.channel.name if row.channel else ""), limits
    )
    row.delete()
    return kept


@write(may="channels.edit", done=gettext_noop("The channel is called {name} now."))
def rename(who: Who, channel: int, name: str) -> Channel:
    """Call a channel what your team calls it."""
    row: Channel = who.one(Channel, channel)
    if not name.strip():
        raise Problem(_("A channel needs a name."), field="name")
    row.name = name.strip()[:200]
    row.save(update_fields=["name"])
    return row


@write(may="channels.edit", done=gettext_noop("Channel removed."))
def remove(who: Who, channel: int) -> None:
    """Remove a channel with its secrets and its list of what was sent; numbers that were read stay."""
    row = who.one(Channel, channel)
    waits = who.own(Delivery).filter(channel=row, state__in=WAITING).count()
    if waits:
        what = ngettext("One post still waits on %(name)s.", "%(n)s posts still wait on %(name)s.", waits)
        what %= {"n": waits, "name": row}
        raise Problem(
            what, kept=_("Nothing was removed."), do=_("Cancel them first, or let the channel rest.")
        )
    row.delete()


@write(may="channels.edit", done=gettext_noop("{name} was checked."), calls_out=True)
def check_channel(who: Who, channel: int) -> Channel:
    """Use the channel's permission once: does it still work, what does the account take, how many follow it?"""
    row: Channel = who.one(Channel, channel)
    there, now = networks.get(row.network), clock.now()
    try:
        row.followers = wiring.look(there, row, now)
    except Reconnect as lost:
        row.state, row.why = "blocked", str(lost)
    except Failure as failure:
        kept, do = _("The channel is as it was."), _("Try again in a few minutes.")
        raise Problem(str(failure), kept=kept, do=do) from failure
    else:
        row.state, row.why = "ready" if row.state == "blocked" else row.state, ""
    row.checked_at = now
    row.save(update_fields=["state", "why", "followers", "limits_told", "checked_at"])
    if row.state == "ready":
        accounts.wake(row, now)
    return row


@read(may="channels.see")
def budget(who: Who) -> Budget:
    """Hours a week and money a month the brand can put in; None is «nobody said»."""
    assert who.brand is not None
    return who.own(Budget).first() or Budget(brand=who.brand, currency=who.brand.currency)


@write(may="channels.edit", done=gettext_noop("Saved: the plan will keep to it."))
def set_budget(who: Who, hours_a_week: Decimal | None = None, money_a_month: Decimal | None = None) -> Budget:
    """Say how many hours a week and how much money a month there are; None leaves it open."""
    for name, value, most in (("hours_a_week", hours_a_week, 2000), ("money_a_month", money_a_month, 10**9)):
        if value is not None and not 0 <= value <= most:
            raise Problem(_("«%(n)s» cannot be right.") % {"n": value}, field=name)
    row = budget(who)
    row.hours_a_week, row.money_a_month = hours_a_week, money_a_month
    row.save()
    return row
