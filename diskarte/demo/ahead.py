"""What lies ahead of the demo: a drafted month, posts on their way, one to approve, one by hand, a draft, the inbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from diskarte.core import clock
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.stages.automate import actions as automate
from diskarte.stages.correct import actions as correct
from diskarte.stages.engage import actions as engage
from diskarte.stages.engage import inbox
from diskarte.stages.engage.models import Message
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Slot
from diskarte.stages.publish import actions as publish
from diskarte.words import Kind

from . import aims
from .alive import Desk, named, scheduled, written
from .facts import DEALS, PARTNERS, SHOP
from .people import OWNER
from .then import then

SOON = timedelta(seconds=130)  # the first post goes out while somebody looks
SCHEDULED = 6
OPEN = 4  # the newest messages still wait for an answer
STEPS: Final = ("idea", "contacted", "agreed", "live", "checked", "done")
ANSWERS = ("Salamat po! Yes, until Sunday.", "Opo, message us and we keep a table.")


def prepared(desk: Desk, now: datetime) -> None:
    """Draft what is ahead, and leave everything as a team would on an ordinary day."""
    today = now.astimezone(desk.cast.brand.zone).date()
    with clock.at(now):
        for month in (aims.month_of(today), aims.month_of(today, 1)):
            plan.draft_plan(desk.cast.owner, month)
        _posts(desk, now)
        _by_hand(desk, now)
        _deals(desk, now)
        _inbox(desk, now)
        automate.add_rule(desk.cast.owner, "breakout", "draft_again", 3.0)
        automate.add_rule(desk.cast.owner, "trouble", "mail", to=OWNER)
        correct.learn(desk.cast.owner)


def _posts(desk: Desk, now: datetime) -> None:
    """The next slots: six scheduled, the first in two minutes; one waits for approval, one is a draft."""
    who = desk.cast.owner
    accounts = [channel.pk for channel in desk.places.practice]
    rows = Slot.objects.filter(
        brand=who.brand, channel__in=accounts, at__gt=now + SOON, state="open"
    ).order_by("at")
    coming = list(rows.select_related("channel", "pillar", "hook")[: SCHEDULED + 2])
    for n, slot in enumerate(coming):
        if n == 0:
            slot = plan.move_slot(who, slot.pk, now + SOON)
        with clock.at(now - timedelta(hours=5 + n)):
            post = written(desk, slot)
        if n < SCHEDULED:
            scheduled(desk, post, now - timedelta(hours=1 + n))
        elif n == SCHEDULED:
            publish.request_approval(desk.cast.author, post.pk)


def _by_hand(desk: Desk, now: datetime) -> None:
    """One post for the page has come due an hour ago: the outbox asks a person for it."""
    who, at = desk.cast.owner, now - timedelta(minutes=50)
    with clock.at(now - timedelta(days=1)):
        pillar = next(p.pk for p in plan.pillars(who) if p.name == "Community")
        slot = plan.add_slot(
            who, at, desk.places.page.pk, Kind.IMAGE, pillar, "Regulars", "Regular of the week"
        )
        post = written(desk, slot)
    scheduled(desk, post, now - timedelta(hours=20))
    for delivery in Delivery.objects.filter(origin=post.address).select_related(
        "channel__brand", "workspace"
    ):
        with clock.at(at):
            attempt(delivery, at)


def _deals(desk: Desk, now: datetime) -> None:
    """Partners, and a deal in every stage of the pipeline, each moved there step by step."""
    who, brand = desk.cast.author, desk.cast.brand
    rows = {}
    with then(brand, now - timedelta(days=60)):
        for name, kind, audience, price, topics, contact in PARTNERS:
            asks = Decimal(price) if price else None
            rows[name] = engage.add_partner(who, name, kind, audience, asks, topics, contact)
    for partner, title, kind, give, give_value, get, get_value, days, state in DEALS:
        due = now.astimezone(brand.zone).date() + timedelta(days=days)
        with then(brand, now - timedelta(days=max(25 - days, 3))):
            deal = engage.propose_deal(
                who,
                rows[partner].pk,
                title,
                kind,
                give,
                Decimal(give_value),
                get,
                Decimal(get_value),
                due,
                SHOP,
            )
        with then(brand, now + timedelta(days=min(days + 1, -1))):
            for step in STEPS[: STEPS.index(state)]:
                _moved(who, deal.pk, step, partner)


def _moved(who: Who, deal: int, step: str, partner: str) -> None:
    """The next step of a deal; that somebody has looked is proved by the link they found."""
    if step == "live":
        engage.check_deal(who, deal, True, f"https://{partner.split()[0].lower()}.example/posts/{deal}")
    else:
        engage.move_deal(who, deal, STEPS[STEPS.index(step) + 1])


def _inbox(desk: Desk, now: datetime) -> None:
    """What readers of the last two weeks wrote: the older ones dealt with, the newest still to answer."""
    inbox.read_all(now)
    rows = list(Message.objects.filter(brand=desk.cast.brand).order_by("-at", "pk"))
    asked = [row for row in rows[OPEN:] if "?" in row.text][: len(ANSWERS)]
    for row, text in zip(asked, ANSWERS, strict=False):
        answered = min(row.at + timedelta(minutes=35), now)
        with clock.at(answered):
            reply = engage.reply(desk.cast.author, row.pk, text)
            assert reply.delivery is not None
            named(reply.delivery, f"answer {row.remote_id}", answered)
            attempt(Delivery.objects.select_related("channel__brand").get(pk=reply.delivery.pk), answered)
    Message.objects.filter(pk__in=[row.pk for row in rows[OPEN:]]).update(state="done")
