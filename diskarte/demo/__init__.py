"""The demo: «Kape Diwata», a coffee brand with a year behind it, told by our own simulator and marked as such.

Everything that can be entered is entered through the stages' verbs, everything sent is sent by the outbox to the
practice network; only the clock stands at earlier moments.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from diskarte.core import clock
from diskarte.words import Problem

YEAR = timedelta(days=365)
ADDRESS = "/kape-diwata/"


def build(fresh: bool = False) -> str:
    """Fill this installation with the demo brand, or say that it is there; `fresh` throws the old one away first."""
    from .people import gone, there

    call_command("migrate", verbosity=0, interactive=False)
    try:
        old = there()
    except Problem as problem:
        raise SystemExit(str(problem)) from None
    if old and not fresh:
        return f"The demo is there already: {settings.SITE}{ADDRESS}\nTo build it anew: diskarte demo --fresh"
    now = clock.now()
    with transaction.atomic(), clock.at(now):
        if old:
            gone(old)
        return built(now)


def built(now: datetime) -> str:
    """Build everything as it would be at this moment, and say what to look at first."""
    from diskarte.document import making as document
    from diskarte.stages.channels import actions as channels

    from . import ahead, circle, customers, history, measured, people, pictures, rivals, strategy
    from .alive import Desk
    from .clips import shown
    from .summary import said
    from .texts import Bank
    from .then import then

    began = now - YEAR
    cast = people.invited(began)
    decided = circle.decided_at(cast.brand, now)
    luck = Random("Kape Diwata")  # noqa: S311 - a plausible past, no secret
    with then(cast.brand, began):
        places = strategy.entered(cast.owner)
    strategy.rivals(cast.owner, now)
    rivals.watched(cast.owner, now)
    rivals.followed(cast.owner)
    customers.entered(cast.owner, now)
    strategy.known(cast.owner)
    desk = Desk(cast, places, pictures.hung(cast.brand), shown(cast.brand), Bank(luck), luck, now)
    history.posted(cast.brand, places.practice, history.hooks_of(cast.brand), desk.bank, began, decided)
    measured.followers(places.practice, began, decided)
    circle.told_by_hand(cast.owner, places.page.pk, began, now)
    accepted = circle.walked(desk, decided, now)
    measured.read(cast.brand, began, now)
    ahead.prepared(desk, now)
    measured.remember(cast.brand, now)
    channels.check_channel(cast.owner, places.page.pk)
    document.made(cast.owner, "en")
    return said(cast.owner, accepted)
