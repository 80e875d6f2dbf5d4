"""The watchdog: sees what should have gone out and did not, and tells a person. It sends nothing itself."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.loop import log, safely
from diskarte.core.people.models import Brand, Membership, Person, Workspace

from .models import Beat, Delivery

GRACE = timedelta(seconds=60)
POLL = 30.0  # seconds between rounds
TOLD = ("owner", "manager")


@dataclass(frozen=True)
class Trouble:
    """Something a person should know, with what they can do about it."""

    delivery: Delivery
    what: str
    do: str
    urgency: str  # "fix": it stands still until a person acts; "look": a person is asked something


def troubles(now: datetime, brand: Brand | None = None) -> list[Trouble]:
    """Everything that needs a person, oldest first, of one brand or of all."""
    rows = _troubled(now)
    return _told(rows if brand is None else rows.filter(brand=brand), now)


def _told(rows: QuerySet[Delivery], now: datetime) -> list[Trouble]:
    rows = rows.select_related("channel", "brand", "workspace").order_by("planned_at", "pk")
    working = Beat.objects.filter(at__gt=now - GRACE).exists()
    return [_trouble(delivery, working) for delivery in rows]


def _troubled(now: datetime) -> QuerySet[Delivery]:
    stuck = now - GRACE
    return Delivery.objects.filter(
        Q(state__in=("blocked", "asked", "refused"))
        | Q(state="unknown") & ~Q(do="")
        | Q(state="unknown", due_at__lt=stuck)
        | Q(state="sending", lease_until__lt=stuck)
        | Q(state="queued", due_at__lt=stuck, channel__state="blocked")
        | Q(state="queued", due_at__lt=stuck, channel__state="ready")
        & (Q(after=None) | Q(after__state="sent"))
        & (Q(channel__free_at=None) | Q(channel__free_at__lt=stuck))
    )


def _trouble(delivery: Delivery, working: bool) -> Trouble:
    match delivery.state:
        case "queued" if delivery.channel.state == "blocked":
            what = _("It waits: %(channel)s has lost its permission.") % {"channel": delivery.channel}
            return Trouble(delivery, what, _("Connect the channel again: it then goes out by itself."), "fix")
        case "queued" | "sending" if not working:
            what = _("It should have gone out, but no worker is running.")
            return Trouble(delivery, what, _("Start one with `diskarte up` or `diskarte worker`."), "fix")
        case "queued" | "sending":
            what = _("It should have gone out by now; the workers have more to do than they manage.")
            return Trouble(delivery, what, _("Start one more worker, or give it more threads."), "look")
        case "unknown" if not delivery.do:
            return Trouble(
                delivery, delivery.why, _("We look into it by ourselves; nothing is needed yet."), "look"
            )
    return Trouble(delivery, delivery.why, delivery.do, "look" if delivery.state == "asked" else "fix")


def warn(now: datetime) -> int:
    """Write one e-mail a workspace about everything nobody was told of yet; how many deliveries are in them."""
    fresh: dict[int, list[Trouble]] = defaultdict(list)
    for trouble in _told(_troubled(now).filter(warned_at=None), now):
        rows = Delivery.objects.filter(pk=trouble.delivery.pk, warned_at=None, state=trouble.delivery.state)
        if rows.update(warned_at=now):
            fresh[trouble.delivery.workspace_id].append(trouble)
    for found in fresh.values():
        _write(found[0].delivery.workspace, found)
    return sum(map(len, fresh.values()))


def _write(workspace: Workspace, found: list[Trouble]) -> None:
    for person in told_in(workspace):
        with translation.override(person.language):
            subject = _("%(n)s posts need you: %(workspace)s") % {
                "n": len(found),
                "workspace": workspace.name,
            }
            try:
                send_mail(subject, _letter(found), None, [person.email])
            except (OSError, SMTPException):
                log.exception("the mail to %s could not be sent", person.pk)


def told_in(workspace: Workspace) -> Iterable[Person]:
    """Who is told of troubles: the workspace's owners and managers."""
    members = Membership.objects.filter(workspace=workspace, role__in=TOLD, person__is_active=True)
    return [member.person for member in members.select_related("person")]


def _letter(found: list[Trouble]) -> str:
    lines = [
        f"{t.delivery} · {t.delivery.brand} · {t.delivery.channel} · {t.delivery.planned_at:%Y-%m-%d %H:%M} UTC\n"
        f"  {t.what}\n  {t.do}\n  {settings.SITE}/{t.delivery.brand.slug}/\n"
        for t in found
    ]
    return "\n".join(lines)


def patrol(stop: threading.Event) -> None:
    """Look around until told to stop. A thread of its own: a stuck sender does not stop it."""
    while not stop.wait(POLL):
        safely(lambda: warn(clock.now()))
