"""The watchdog: sees what should have gone out and did not, and tells a person. It sends no post itself."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import translation
from django.utils.translation import ngettext

from diskarte.core import clock
from diskarte.core.jobs.models import Run
from diskarte.core.loop import safely
from diskarte.core.people.models import Brand, Membership, Person, Workspace
from diskarte.words import Told as _

from . import checks, lanes, leases, notices
from .models import Alarm, Beat, Channel, Delivery

GRACE = timedelta(seconds=40)  # with POLL: noticed within a minute
POLL = 10.0  # seconds between rounds
STRUGGLES = timedelta(minutes=5)  # a post that is tried again and again for longer is worth a word
ROUND = "core.outbox.watch"
AT_A_TIME = 200  # alarms opened in one transaction
LISTED = 20  # troubles and solutions written out in a letter; the page has all
TOLD = ("owner", "manager")
KIND = Case(
    When(state__in=("queued", "sending"), then=Value("late")), default=F("state"), output_field=CharField()
)


@dataclass(frozen=True)
class Trouble:
    """Something a person should know and what they can do: of a delivery, or of a channel before its posts."""

    delivery: Delivery | None
    what: str
    do: str
    urgency: str  # "fix": it stands still until a person acts; "look": a person is asked something
    channel: Channel
    brand: Brand

    @property
    def kind(self) -> str:
        """What sort of trouble: «late», «ahead», or the state that waits for a person."""
        if self.delivery is None:
            return "ahead"
        return "late" if self.delivery.state in ("queued", "sending") else self.delivery.state

    @property
    def url(self) -> str:
        """The page that tells its story; written out, since a watchdog must not need the pages to work."""
        if self.delivery is None:
            return f"{settings.SITE}/{self.brand.slug}/channels/{self.channel.pk}/"
        return f"{settings.SITE}/{self.brand.slug}/publish/outbox/{self.delivery.pk}/"


def troubles(now: datetime, brand: Brand | None = None, limit: int | None = None) -> list[Trouble]:
    """What needs a person, oldest first, of one brand or of all: deliveries, then channels before their posts."""
    rows = _troubled(now)
    rows = rows if brand is None else rows.filter(brand=brand)
    return _told(rows, now, limit) + ahead(now, brand)


def _told(rows: QuerySet[Delivery], now: datetime, limit: int | None = None) -> list[Trouble]:
    rows = rows.select_related("channel", "brand", "workspace").order_by("planned_at", "pk")[:limit]
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
        | Q(state="queued", due_at__gt=stuck, first_tried_at__lt=now - STRUGGLES, tries__gte=2) & ~Q(why="")
        | Q(state="queued", due_at__lt=stuck, channel__state="ready")
        & (Q(after=None) | Q(after__state="sent"))
        & (Q(channel__free_at=None) | Q(channel__free_at__lt=stuck))
        & lanes.is_open(stuck, "channel__")
    )


def _trouble(delivery: Delivery, working: bool) -> Trouble:
    what, do, urgency = _words(delivery, working)
    return Trouble(delivery, what, do, urgency, delivery.channel, delivery.brand)


def _words(delivery: Delivery, working: bool) -> tuple[str, str, str]:
    match delivery.state:
        case "queued" if delivery.channel.state == "blocked":
            what = _("It waits: %(channel)s has lost its permission.") % {"channel": delivery.channel}
            return what, _("Connect the channel again: it then goes out by itself."), "fix"
        case "queued" if delivery.why:
            return delivery.why, _("We try again by ourselves; nothing is needed yet."), "look"
        case "queued" | "sending" if not working:
            what = _("It should have gone out, but no worker is running.")
            return what, _("Start one with `diskarte up` or `diskarte worker`."), "fix"
        case "queued" | "sending":
            what = _("It should have gone out by now; the workers have more to do than they manage.")
            return what, _("Start one more worker, or give it more threads."), "look"
        case "unknown" if not delivery.do:
            return delivery.why, _("We look into it by ourselves; nothing is needed yet."), "look"
        case "asked" if not delivery.why:
            return _("A person posts this by hand."), delivery.do, "look"
    return delivery.why, delivery.do, "look" if delivery.state == "asked" else "fix"


def ahead(now: datetime, brand: Brand | None = None) -> list[Trouble]:
    """Channels that would not let a post of the next day through, and those that lost their permission lately."""
    posts = checks.coming(now)
    rows = Channel.objects.filter(Q(pk__in=posts) | _shut_out(now)).exclude(state="paused")
    rows = rows if brand is None else rows.filter(brand=brand)
    found = [
        (channel, checks.worry(channel, next(iter(posts.get(channel.pk, [])), None), now))
        for channel in rows.select_related("brand", "checkup").order_by("pk")
    ]
    return [Trouble(None, *worry, channel=channel, brand=channel.brand) for channel, worry in found if worry]


def _shut_out(now: datetime) -> Q:
    """Channels without a permission, unless a post of theirs says so; what was told stays until it is solved."""
    waiting = Q(state="blocked") | Q(state="queued", due_at__lte=now)
    theirs = Delivery.objects.filter(waiting, channel=OuterRef("pk"))
    told = Alarm.objects.filter(channel=OuterRef("pk"), solved_at=None)
    return Q(state="blocked") & (Exists(told) | ~Exists(theirs))


def warn(now: datetime) -> int:
    """Tell each workspace, once, what nobody was told of yet, and what is solved; how many troubles are new."""
    late, before = _told(_untold(now), now), ahead(now)
    fresh: dict[int, list[Trouble]] = defaultdict(list)
    for trouble in [*_opened(late, now), *(one for one in before if _opened_ahead(one, now))]:
        fresh[trouble.brand.workspace_id].append(trouble)
    solved: dict[int, list[Alarm]] = defaultdict(list)
    for alarm in _closed(now):
        solved[alarm.workspace_id].append(alarm)
    for workspace in Workspace.objects.filter(pk__in={*fresh, *solved}):
        _tell(workspace, fresh[workspace.pk], solved[workspace.pk], now)
    return sum(map(len, fresh.values()))


def _untold(now: datetime) -> QuerySet[Delivery]:
    """Troubled deliveries without an open alarm of their kind, or touched by a person since."""
    open_ones = Alarm.objects.filter(delivery=OuterRef("pk"), solved_at=None, kind=OuterRef("kind"))
    return _troubled(now).annotate(kind=KIND).filter(Q(warned_at=None) | ~Exists(open_ones))


def _opened(troubles: list[Trouble], now: datetime) -> Iterator[Trouble]:
    """Open the alarms of deliveries, many at a time; those that this caller, and nobody else, opened."""
    for some in batched(troubles, AT_A_TIME):
        with transaction.atomic():
            mine = _still(some)
            for kind in {trouble.kind for trouble in mine}:
                of = [trouble.delivery for trouble in mine if trouble.kind == kind]
                Alarm.objects.filter(delivery__in=of, solved_at=None).update(solved_at=now, how=kind)
            Delivery.objects.filter(pk__in=[t.delivery.pk for t in mine if t.delivery]).update(warned_at=now)
            Alarm.objects.bulk_create(
                Alarm(**_facts(trouble, now), delivery=trouble.delivery) for trouble in mine
            )
        yield from mine


def _still(troubles: Sequence[Trouble]) -> list[Trouble]:
    """Those whose delivery is as it was read, held to the end of the transaction; one in another's hands can wait."""
    rows = Delivery.objects.filter(pk__in=[t.delivery.pk for t in troubles if t.delivery])
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    now_are = {pk: (state, told) for pk, state, told in rows.values_list("pk", "state", "warned_at")}
    return [
        t
        for t in troubles
        if t.delivery and now_are.get(t.delivery.pk) == (t.delivery.state, t.delivery.warned_at)
    ]


def _opened_ahead(trouble: Trouble, now: datetime) -> bool:
    """Open a channel's alarm; False for all callers but one, and while it is open already."""
    about = {"channel": trouble.channel, "solved_at": None}
    return Alarm.objects.get_or_create(**about, defaults=_facts(trouble, now))[1]


def _facts(trouble: Trouble, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": trouble.brand.workspace_id, "brand": trouble.brand, "kind": trouble.kind,
        "what": trouble.what, "do": trouble.do, "told_at": now,
    }  # fmt: skip


def _closed(now: datetime) -> list[Alarm]:
    """Close what is solved; the alarms this caller closed."""
    over = Q(delivery__state__in=("sent", "cancelled", "lost")) | Q(
        delivery__state="queued", delivery__tries=0, delivery__due_at__gt=now
    )
    rows = Alarm.objects.filter(over, solved_at=None).select_related("delivery__channel", "channel", "brand")
    held = {trouble.channel.pk for trouble in ahead(now)}
    places = Alarm.objects.filter(solved_at=None, delivery=None).exclude(channel__in=held)
    found = [*rows, *places.select_related("channel", "brand")]
    return [alarm for alarm in found if _close(alarm, now)]


def _close(alarm: Alarm, now: datetime) -> bool:
    alarm.how = alarm.delivery.state if alarm.delivery else "ready"
    return bool(Alarm.objects.filter(pk=alarm.pk, solved_at=None).update(solved_at=now, how=alarm.how))


def _tell(workspace: Workspace, fresh: list[Trouble], solved: list[Alarm], now: datetime) -> None:
    kind = "trouble" if fresh else "solved"
    for person in told_in(workspace):
        with translation.override(person.language):
            subject = _subject(workspace, len(fresh), len(solved))
            notices.mail(workspace, person.email, kind, subject, _letter(fresh, solved, now), now)
    notices.call(workspace, kind, _payload(workspace, fresh, solved), now)


def _subject(workspace: Workspace, fresh: int, solved: int) -> str:
    if not fresh:
        told = ngettext("Solved: %(n)s thing (%(workspace)s)", "Solved: %(n)s things (%(workspace)s)", solved)
        return told % {"n": solved, "workspace": workspace.name}
    told = ngettext("%(n)s post needs you: %(workspace)s", "%(n)s posts need you: %(workspace)s", fresh)
    return told % {"n": fresh, "workspace": workspace.name}


def told_in(workspace: Workspace) -> Iterable[Person]:
    """Who is told of troubles: the workspace's owners and managers."""
    members = Membership.objects.filter(workspace=workspace, role__in=TOLD, person__is_active=True)
    return [member.person for member in members.select_related("person")]


def _letter(fresh: list[Trouble], solved: list[Alarm], now: datetime) -> str:
    working = Beat.objects.filter(at__gt=now - GRACE).exists()
    lines = [_paragraph(_in_this_language(trouble, working, now)) for trouble in fresh[:LISTED]]
    lines += _and_more(len(fresh))
    if solved:
        lines.append(_("Solved:"))
        lines += [f"  {_name(alarm.delivery, alarm.channel)} · {alarm.what}" for alarm in solved[:LISTED]]
        lines += _and_more(len(solved))
    return "\n".join(map(str, lines))


def _and_more(n: int) -> list[str]:
    """A line for those that are not written out, where there are some."""
    rest = n - LISTED
    return [ngettext("… and %(n)s more.", "… and %(n)s more.", rest) % {"n": rest}] if rest > 0 else []


def _in_this_language(trouble: Trouble, working: bool, now: datetime) -> Trouble:
    """The same trouble in the language of whoever reads it."""
    if trouble.delivery is not None:
        return _trouble(trouble.delivery, working)
    first = next(iter(checks.coming(now).get(trouble.channel.pk, [])), None)
    worry = checks.worry(trouble.channel, first, now)
    return Trouble(None, *worry, channel=trouble.channel, brand=trouble.brand) if worry else trouble


def _paragraph(t: Trouble) -> str:
    at = ""
    if t.delivery is not None:
        local = t.delivery.planned_at.astimezone(t.brand.zone)
        at = f" · {t.channel} · {local:%Y-%m-%d %H:%M} ({t.brand.time_zone})"
    return f"{_name(t.delivery, t.channel)} · {t.brand}{at}\n  {t.what}\n  {t.do}\n  {t.url}\n"


def _name(delivery: Delivery | None, channel: Channel | None) -> str:
    return str(delivery or channel or "")


def _payload(workspace: Workspace, fresh: list[Trouble], solved: list[Alarm]) -> dict[str, Any]:
    """What a program is told, in English and with addresses."""
    with translation.override("en"):
        return {
            "workspace": workspace.slug,
            "troubles": [_fact(t) for t in fresh],
            "solved": [_solved_fact(alarm) for alarm in solved],
        }


def _solved_fact(alarm: Alarm) -> dict[str, Any]:
    told = {"brand": alarm.brand.slug, "what": alarm.what, "how": alarm.how}
    return {"delivery": alarm.delivery_id, "channel": alarm.channel_id, **told}


def _fact(t: Trouble) -> dict[str, Any]:
    delivery = t.delivery
    return {
        "kind": t.kind, "urgency": t.urgency, "brand": t.brand.slug, "channel": str(t.channel),
        "network": t.channel.network, "delivery": delivery.pk if delivery else None,
        "label": str(delivery or ""), "planned_at": delivery.planned_at.isoformat() if delivery else None,
        "what": t.what, "do": t.do, "url": t.url,
    }  # fmt: skip


def patrol(stop: threading.Event) -> None:
    """Look around until told to stop. A thread of its own, in every process: a stuck sender does not stop it."""
    while not stop.wait(POLL):
        safely(lambda: go_round(leases.shared()))
        safely(lambda: notices.send_due(leases.shared()))


def go_round(now: datetime) -> bool:
    """`warn`, unless another process has just looked around; one that died in between is not waited for."""
    Run.objects.get_or_create(name=ROUND, defaults={"next_at": now})
    mine = Run.objects.filter(name=ROUND, next_at__lte=now)
    if not mine.update(next_at=now + 0.9 * timedelta(seconds=POLL), last_started=now):
        return False
    warn(now)
    Run.objects.filter(name=ROUND).update(last_ended=clock.now())
    return True
