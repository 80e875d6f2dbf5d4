"""What the demo's brand is, sells, fights for and wants: entered through the stages' own verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.audience import actions as audience
from diskarte.stages.brand import actions as brand
from diskarte.stages.channels import actions as channels
from diskarte.stages.plan import actions as plan

from . import texts
from .facts import BEAN_BUYERS, CANVAS, HOME_BREWERS, HOOKS, KNOWN, PRODUCTS, RIVALS, VOICE
from .pictures import logo

PILLARS = {"Useful": 0.4, "Fun": 0.3, "Community": 0.2, "Selling": 0.1}
CAFE, BEANS = (
    "kape-diwata",
    "diwata.coffee.beans",
)  # accounts of the practice network; each has a world of its own
PAGE = "https://facebook.example/kapediwata"


@dataclass(frozen=True)
class Places:
    """Where the brand posts: two practice accounts, and a page that is served by hand."""

    cafe: Channel
    beans: Channel
    page: Channel

    @property
    def practice(self) -> tuple[Channel, Channel]:
        return self.cafe, self.beans


def entered(who: Who) -> Places:
    """Everything of the first four stages but the numbers, and the first settings of the plan."""
    _brand(who)
    _audience(who)
    places = _channels(who)
    _plan(who, places)
    return places


def _brand(who: Who) -> None:
    brand.edit(who, **CANVAS, do_words=VOICE["do"], dont_words=VOICE["dont"])
    brand.set_logo(who, Upload("kape-diwata-logo.png", logo()))
    for name, price, margin, url in PRODUCTS:
        brand.add_product(who, name, price=Decimal(price), margin=Decimal(margin), url=url)


def rivals(who: Who, now: datetime) -> None:
    """Three competitors, each looked at four times in a year."""
    for facts, looks in RIVALS:
        row = brand.add_competitor(who, **facts)
        for weeks_ago, network, followers, a_week, engagement, posts in looks:
            brand.add_snapshot(
                who, row.pk, network, followers=followers, posts_a_week=a_week, engagement=engagement, posts=posts,
                at=now - timedelta(weeks=weeks_ago), source="simulated for the demo",
            )  # fmt: skip


def _audience(who: Who) -> None:
    audience.add_playbook(who, "cafe", "en")
    brewers = audience.add_segment(who, **HOME_BREWERS)
    for trigger, text, offer in HOOKS:
        audience.add_hook(who, brewers.pk, trigger, text, offer)


def known(who: Who) -> None:
    """How many people each portrait is, and how we know it; home brewers are counted in the receipts."""
    for card in audience.segments(who):
        row = card.segment
        size, source, evidence = KNOWN[row.name]
        if size is None:
            size = audience.count_group(who, BEAN_BUYERS, only_agreed=False).found
        audience.edit_segment(who, row.pk, size=size, size_from=source, evidence=list(evidence))


def _channels(who: Who) -> Places:
    cafe = channels.connect(who, "practice", {"token": CAFE}, "Kape Diwata café")
    beans = channels.connect(who, "practice", {"token": BEANS}, "Kape Diwata beans")
    page = channels.connect(who, "by_hand", {"handle": "kapediwata", "url": PAGE}, "Facebook Page (by hand)")
    channels.set_budget(who, Decimal(24), Decimal(12000))
    return Places(cafe, beans, page)


def _plan(who: Who, places: Places) -> None:
    """Version 1: mostly pictures, as they had always done it."""
    kinds = {places.cafe: {"image": 3, "reel": 1}, places.beans: {"image": 2, "carousel": 1, "link": 1}}
    cadence = {str(channel.pk): {"a_week": 4, "kinds": told} for channel, told in kinds.items()}
    cadence[str(places.page.pk)] = {"a_week": 1, "kinds": {"reel": 1}}
    patch = {
        "pillars": PILLARS,
        "channels": cadence,
        "quiet": ["22:00", "06:30"],
        "per_day": 2,
        "hours_a_week": 24,
    }
    plan.change_settings(who, patch, "What four people can keep up: mostly pictures, as always.")
    for pillar in plan.pillars(who):
        plan.edit_pillar(who, pillar.pk, pillar.name, "\n".join(texts.topics(pillar.name)))
