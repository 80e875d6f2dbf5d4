"""The pipeline and the partners as they are shown, and where this stage stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F
from django.utils.translation import gettext_lazy, gettext_noop

from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing

from . import rules
from .models import Check, Deal, Message, Partner

NAMES = {
    "idea": gettext_lazy("Idea"),
    "contacted": gettext_lazy("Contacted"),
    "agreed": gettext_lazy("Agreed"),
    "live": gettext_lazy("Live"),
    "checked": gettext_lazy("Checked"),
    "done": gettext_lazy("Done"),
}
COUNTED = ("agreed", "live", "checked", "done")
STUCK = ("refused", "lost", "unknown", "asked")


@dataclass(frozen=True)
class PartnerCard:
    """One partner in the list; `thousand` is the price for a thousand of their people."""

    partner: Partner
    id: int
    deals: int
    thousand: Decimal | None


@dataclass(frozen=True)
class DealCard:
    """One deal; `address` is its link with UTM, `next` the state it can move to."""

    deal: Deal
    id: int
    title: str
    partner: str
    state: str
    balance: rules.Balance
    net: Decimal | None
    says: str
    address: str
    next: str
    next_name: str
    checks: list[Check] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """One state of the pipeline."""

    state: str
    name: str
    deals: list[DealCard]


@dataclass(frozen=True)
class Pipeline:
    """All deals by state; `total` sums those agreed on or further, `unvalued` counts those left out of it."""

    columns: list[Column]
    total: rules.Balance
    net: Decimal | None
    counted: int
    unvalued: int
    currency: str


def partners(who: Who) -> list[PartnerCard]:
    """One query."""
    rows = who.own(Partner).annotate(n=Count("deals")).order_by(F("audience").desc(nulls_last=True), "name")
    return [PartnerCard(p, p.pk, p.n, rules.per_thousand(p.price, p.audience)) for p in rows]


def pipeline(who: Who) -> Pipeline:
    """One query."""
    assert who.brand is not None
    rows = [
        card(row)
        for row in who.own(Deal).select_related("partner").order_by(F("due").asc(nulls_last=True), "pk")
    ]
    columns = [Column(s, str(name), [c for c in rows if c.state == s]) for s, name in NAMES.items()]
    counted = [c.balance for c in rows if c.state in COUNTED]
    total, out = rules.together(counted)
    return Pipeline(columns, total, total.net, len(counted) - out, out, who.brand.currency)


def card(row: Deal, with_checks: bool = False) -> DealCard:
    """A deal as it is shown; one more query for what was seen of it."""
    balance = rules.Balance(row.give_value, row.get_value)
    address = rules.utm(row.link, row.partner.name, row.title)
    then = rules.after(row.state)
    checks = list(row.checks.select_related("by").order_by("-at", "-pk")) if with_checks else []
    return DealCard(
        row, row.pk, row.title, row.partner.name, row.state, balance, balance.net, balance.says, address,
        then, str(NAMES.get(then, "")), checks,
    )  # fmt: skip


def standing(who: Who, now: datetime) -> Standing:
    """Empty without partners and messages, half until a deal is agreed on. Three queries."""
    assert who.brand is not None
    today = now.astimezone(who.brand.zone).date()
    found = who.own(Partner).aggregate(n=Count("pk"), deals=Count("deals"))
    rows = list(who.own(Deal).filter(state__in=COUNTED).select_related("partner"))
    waiting = _waiting(who)
    needs = [
        _check(row, today) for row in rows if row.state in ("agreed", "live") and row.due and row.due <= today
    ]
    if waiting["open"]:
        what = gettext_noop("Messages that wait for an answer: %(n)s")
        needs.append(Need(what, "engage.inbox", {"n": waiting["open"]}, do=gettext_noop("Answer")))
    if waiting["stuck"]:
        what = gettext_noop("Answers that did not go out: %(n)s")
        needs.append(
            Need(what, "engage.inbox", {"n": waiting["stuck"]}, urgency="fix", do=gettext_noop("Fix"))
        )
    if not found["n"] and not waiting["all"]:
        return Standing("empty", "", tuple(needs), gettext_noop("Nobody to work with is noted yet."))
    missing = "" if rows else gettext_noop("No deal is agreed on yet.")
    return Standing("full" if rows else "half", str(len(rows) or ""), tuple(needs), missing)


def _waiting(who: Who) -> dict[str, int]:
    stuck = Delivery.objects.filter(brand=who.brand, origin__startswith="engage.reply:", state__in=STUCK)
    rows = (
        who.own(Message)
        .values_list("state")
        .annotate(n=Count("pk"))
        .union(stuck.order_by().values_list("action").annotate(n=Count("pk")), all=True)
    )
    told = dict(rows)
    return {"open": told.get("open", 0), "all": sum(told.values()), "stuck": told.get("reply", 0)}


def _check(row: Deal, today: date) -> Need:
    values = {"partner": row.partner.name, "title": row.title}
    what = gettext_noop("Is %(partner)s's post «%(title)s» there as agreed?")
    return Need(what, "engage.deal", values, {"deal": row.pk}, do=gettext_noop("Check"))
