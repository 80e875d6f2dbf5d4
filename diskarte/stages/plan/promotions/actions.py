"""Every verb of promotions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.brand.models import Product
from diskarte.stages.goals.models import Goal
from diskarte.words import Problem

from ..rules.arcs import Phase, PhaseKind
from . import looking, rules
from .models import Promotion

KEPT = gettext_noop("Nothing was changed.")


@read(may="plan.see")
def promotions(who: Who) -> list[Promotion]:
    """Every promotion of the brand, the latest first."""
    return list(who.own(Promotion).select_related("product", "goal"))


@read(may="plan.see")
def promotion(who: Who, promotion: int) -> Promotion:
    """One promotion."""
    who.one(Promotion, promotion)
    row: Promotion = who.own(Promotion).select_related("product", "goal").get(pk=promotion)
    return row


@read(may="plan.see")
def promotion_result(who: Who, promotion: int) -> looking.Result:
    """What a promotion's posts brought so far, with the interval of their lift against the other posts."""
    return looking.result(who, who.one(Promotion, promotion), clock.now())


@write(
    may="plan.edit",
    done=gettext_noop("{name} is prepared in phases. Look at them, then put it into the plan."),
)
def add_promotion(
    who: Who, name: str, offer: str, starts: date, ends: date, product: int | None = None,
    price: Decimal | None = None, goal: int | None = None, channels: list[int] | None = None,
    budget: Decimal | None = None, code: str = "", link: str = "",
) -> Promotion:  # fmt: skip
    """Prepare an offer for some days; its phases are proposed by its length."""
    given = dict(locals())
    row = Promotion(brand=given.pop("who").brand)
    _fill(who, row, given)
    row.phases = rules.as_rows(rules.phases(starts, ends, _today(who)))
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Saved."))
def edit_promotion(
    who: Who, promotion: int, name: str, offer: str, starts: date, ends: date, product: int | None = None,
    price: Decimal | None = None, goal: int | None = None, channels: list[int] | None = None,
    budget: Decimal | None = None, code: str = "", link: str = "",
) -> Promotion:  # fmt: skip
    """Change an offer; when its days move, its phases are proposed anew."""
    given = dict(locals())
    given.pop("who")
    row = _running(who, given.pop("promotion"))
    moved = (row.starts, row.ends) != (starts, ends)
    _fill(who, row, given)
    if moved:
        row.phases = rules.as_rows(rules.phases(starts, ends))
    row.save()
    return row


def _fill(who: Who, row: Promotion, given: dict[str, Any]) -> None:
    for name, most in (("name", 120), ("offer", 300), ("code", 40), ("link", 600)):
        setattr(row, name, " ".join(given[name].split())[:most])
    for name in ("name", "offer"):
        if not getattr(row, name):
            raise Problem(_("It is needed."), kept=_(KEPT), field=name)
    starts, ends = given["starts"], given["ends"]
    if ends < starts:
        raise Problem(_("It would end before it starts."), kept=_(KEPT), field="ends")
    if (ends - starts).days >= rules.LONGEST:
        raise Problem(_("A promotion may last a year at most."), kept=_(KEPT), field="ends")
    for name in ("price", "budget"):
        if given[name] is not None and given[name] < 0:
            raise Problem(_("Money is nothing or more."), kept=_(KEPT), field=name)
    if row.link and not row.link.startswith(("https://", "http://")):
        raise Problem(_("Write the whole address, beginning with https://."), kept=_(KEPT), field="link")
    same = who.own(Promotion).filter(name=row.name, starts=starts).exclude(pk=row.pk)
    if same.exists():
        raise Problem(_("There is a promotion of this name on this day already."), kept=_(KEPT), field="name")
    row.product = who.one(Product, given["product"]) if given["product"] else None
    row.goal = who.one(Goal, given["goal"]) if given["goal"] else None
    row.channels = [who.one(Channel, pk).pk for pk in given["channels"] or []]
    row.starts, row.ends, row.price, row.budget = starts, ends, given["price"], given["budget"]


def _running(who: Who, pk: int) -> Promotion:
    row: Promotion = who.one(Promotion, pk)
    if row.state in ("ended", "cancelled"):
        raise Problem(_("This promotion is over."), kept=_(KEPT), do=_("Prepare another one."))
    return row


def _today(who: Who) -> date:
    assert who.brand is not None
    return clock.now().astimezone(who.brand.zone).date()


@write(may="plan.edit", done=gettext_noop("The phases are saved."))
def set_phases(
    who: Who, promotion: int, kind: list[PhaseKind], first: list[date], last: list[date], posts: list[int]
) -> Promotion:
    """Set a promotion's phases: kind, first and last day, how many posts; a phase without posts is left out."""
    row = _running(who, promotion)
    if not len(kind) == len(first) == len(last) == len(posts):
        raise Problem(_("Each phase needs both days and a number of posts."), kept=_(KEPT), field="first")
    if any(b < a for a, b in zip(first, last, strict=True)):
        raise Problem(_("A phase would end before it begins."), kept=_(KEPT), field="last")
    if any(n < 0 for n in posts):
        raise Problem(_("A number of posts is nothing or more."), kept=_(KEPT), field="posts")
    told = [Phase(k, a, b, n) for k, a, b, n in zip(kind, first, last, posts, strict=True) if n]
    why = rules.wrong_phases(told, row.starts, row.ends)
    if why:
        raise Problem(_(why), kept=_(KEPT), field="first")
    row.phases = rules.as_rows(told)
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("The phases are proposed anew."))
def propose_phases(who: Who, promotion: int) -> Promotion:
    """Propose a promotion's phases by its length again."""
    row = _running(who, promotion)
    row.phases = rules.as_rows(rules.phases(row.starts, row.ends, _today(who)))
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("{name} is in the plan: the next draft makes room for its phases."))
def start_promotion(who: Who, promotion: int) -> Promotion:
    """Put a promotion into the plan; the next draft of its months places its posts."""
    row = _running(who, promotion)
    if not row.phases or rules.of_rows(row.phases)[-1].last < _today(who):
        raise Problem(_("All its days are over."), kept=_(KEPT), do=_("Move its dates first."))
    row.state = "on"
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("{name} has ended."))
def end_promotion(
    who: Who, promotion: int, orders: int | None = None, revenue: Decimal | None = None, lesson: str = ""
) -> Promotion:
    """End a promotion with what it brought, as far as you counted it; what is left of its posts leaves the plan."""
    row: Promotion = who.one(Promotion, promotion)
    if row.state in ("draft", "cancelled"):
        raise Problem(_("It was never in the plan."), kept=_(KEPT))
    if (orders is not None and orders < 0) or (revenue is not None and revenue < 0):
        raise Problem(_("Money is nothing or more."), kept=_(KEPT), field="orders")
    row.state, row.orders, row.revenue, row.lesson = "ended", orders, revenue, lesson.strip()
    row.save()
    _clear(who, row)
    return row


@write(may="plan.edit", done=gettext_noop("{name} is called off; its open slots left the plan."))
def cancel_promotion(who: Who, promotion: int) -> Promotion:
    """Call a promotion off; slots of its phases that nobody wrote leave the plan."""
    row = _running(who, promotion)
    row.state = "cancelled"
    row.save()
    _clear(who, row)
    return row


def _clear(who: Who, row: Promotion) -> None:
    """Open slots ahead leave the plan; written ones stay, a person decides about them."""
    for slot in looking.slots_of(who, row).filter(at__gt=clock.now() + timedelta(0), state="open"):
        slot.delete()


@write(may="plan.edit", done=gettext_noop("Removed."))
def delete_promotion(who: Who, promotion: int) -> None:
    """Remove a promotion that never was in the plan."""
    row: Promotion = who.one(Promotion, promotion)
    if row.state not in ("draft", "cancelled"):
        raise Problem(
            _("It was in the plan: what it brought is kept."), kept=_(KEPT), do=_("Call it off instead.")
        )
    row.delete()
