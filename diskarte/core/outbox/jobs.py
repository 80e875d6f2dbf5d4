"""What the outbox does by itself beside sending: permissions kept alive, old exchanges forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from diskarte import networks
from diskarte.core import secrets
from diskarte.core.jobs import every
from diskarte.words import Reconnect, TryLater

from . import checks, doors, ears, listening, wire
from .attempt import block
from .models import Attempt, Channel, Notice

AHEAD = timedelta(days=7)
DAY = timedelta(days=1)
EXCHANGES_KEPT = timedelta(days=90)


@every(minutes=60)
def keep_permissions(now: datetime) -> int:
    """Renew, once a day, permissions that end within a week: some cannot be renewed once they have ended."""
    done = 0
    rows = Channel.objects.filter(state="ready", expires_at__lt=now + AHEAD).exclude(checked_at__gt=now - DAY)
    for channel in rows.select_related("brand"):
        if "refresh" not in networks.get(channel.network).can:
            continue
        try:
            wire.refresh(channel, now)
            done += 1
        except Reconnect as failure:
            block(channel, str(failure))
        except TryLater:
            continue
        Channel.objects.filter(pk=channel.pk).update(checked_at=now)
    return done


@every(minutes=5)
def check_channels(now: datetime) -> int:
    """Use each channel's permission a day before it has to post, and an hour before if that failed; how many."""
    return len([checks.check(channel, now) for channel in checks.due(now)])


@every(minutes=1)
def listen(now: datetime) -> int:
    """Fetch what networks tell only once and keep for a day; how many pieces of news."""
    new = listening.listen_all(now)
    doors.ask(now)
    return new


@every(minutes=24 * 60)
def forget_news(now: datetime) -> int:
    """Drop what people said a month ago: the inbox keeps its own messages."""
    return ears.forget(now)


@every(minutes=24 * 60)
def reseal(now: datetime) -> int:
    """While former keys are in use, seal everything with the present one: a day later they may be taken out."""
    return secrets.rotate() if settings.SECRET_KEY_FALLBACKS else 0


@every(minutes=24 * 60)
def forget_exchanges(now: datetime) -> int:
    """Drop what networks answered long ago; the attempts and their outcomes stay."""
    old = Attempt.objects.filter(started_at__lt=now - EXCHANGES_KEPT).exclude(exchanges=[])
    return old.update(exchanges=[])


@every(minutes=24 * 60)
def forget_notices(now: datetime) -> int:
    """Drop letters and calls that are over for a quarter; the alarms they told of stay."""
    return Notice.objects.filter(made_at__lt=now - EXCHANGES_KEPT).exclude(state="queued").delete()[0]
