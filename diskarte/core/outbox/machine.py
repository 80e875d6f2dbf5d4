"""The only way a delivery changes state. Rows, not locks: whoever's UPDATE hits has won.

    queued → sending → sent | queued (later, or not finished) | refused | blocked | unknown | asked
    unknown → sent (found) | queued (surely absent) | lost (a person decides)
    asked → sent (a person did it) | queued (a person wants it now) | cancelled
    blocked → queued (connected again) | cancelled

`asked` means: a person must say something and until then nothing happens. It holds both what is done by hand
and what is too late to be sent without asking (`Workspace.late`); `Delivery.is_late` tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Func, Max, Q, Value
from django.db.models.functions import Coalesce

from diskarte.core import logs
from diskarte.words import Told as _

from . import lanes, pace, turns
from .change import change
from .leases import HELD, LEASE, Lookout
from .models import Attempt, Delivery, Step

MOVES: dict[str, frozenset[str]] = {
    "queued": frozenset({"queued", "sending", "asked", "cancelled"}),
    "sending": frozenset({"sent", "queued", "asked", "refused", "blocked", "unknown"}),
    "asked": frozenset({"sent", "queued", "cancelled"}),
    "blocked": frozenset({"queued", "cancelled"}),
    "unknown": frozenset({"unknown", "sent", "queued", "lost"}),
    "refused": frozenset({"queued", "cancelled"}),
    "lost": frozenset({"sent", "queued"}),
    "sent": frozenset(),
    "cancelled": frozenset(),
}
LATE = timedelta(hours=1)
SPREAD = timedelta(minutes=5)  # between late posts of one channel
STOPS = 8  # a delivery that stops its worker so often is not tried again by itself
PAUSE = timedelta(seconds=30)
WORKERS = 8  # at one database take from one list without asking for each other's rows in vain
CARRIED_OUT = timedelta(seconds=60)  # a call that was cut off may still be carried out for so long


def move(delivery: Delivery, new: str, now: datetime, **facts: Any) -> bool:
    """True for exactly one caller; False when the row had moved on or was taken since `delivery` was read.

    Leaving `sending` gives the lease back. A move that MOVES does not know is a bug: ValueError.
    """
    if new not in MOVES[delivery.state]:
        raise ValueError(f"{delivery.state} → {new} is not a move")
    if delivery.state == "sending":
        facts = {"lease": "", "lease_until": None, **facts}
    if new == "sent":
        facts = {"sent_at": now, "why": "", "do": "", "doubt_at": None, **facts}
    still = {"id": delivery.pk, "state": delivery.state, "fence": delivery.fence}
    if not change(Delivery, still, {"state": new, **facts}):
        return False
    _now_is(delivery, new, facts)
    return True


def _now_is(delivery: Delivery, new: str, facts: dict[str, Any]) -> None:
    told = {"delivery": delivery.pk, "before": delivery.state, "after": new}
    logs.log.info("%s → %s %s", delivery.state, new, facts.get("why") or "", extra=told)
    delivery.state = new
    for name, value in facts.items():
        setattr(delivery, name, value)


def step(delivery: Delivery, now: datetime, why: str, who: str = "") -> None:
    """Write down a move that was no attempt, for the delivery's story."""
    Step.objects.create(delivery=delivery, at=now, state=delivery.state, who=who, why=why)


def cancel(delivery: Delivery, now: datetime, why: str, who: str = "") -> bool:
    """Cancel it, and what waits for it: a first comment has nowhere to go without its post."""
    with transaction.atomic():
        if not move(delivery, "cancelled", now, why=why, do=""):
            return False
        step(delivery, now, why, who)
        for waiting in delivery.waiting.filter(state__in=("queued", "asked", "blocked")):
            cancel(waiting, now, _("What it belongs to was cancelled."), who)
    return True


def strand(delivery: Delivery, now: datetime, who: str = "") -> None:
    """Ask about what waits for a lost one: it would wait in silence for a post that never comes."""
    for waiting in delivery.waiting.filter(state="queued"):
        why = _("What it belongs to did not arrive.")
        if move(waiting, "asked", now, why=why, do=send_that_first()):
            step(waiting, now, why, who)


def send_that_first() -> str:
    return _("Send that one again and this follows it, or cancel this.")


def follow(delivery: Delivery, now: datetime, who: str = "") -> None:
    """What stood still because this one was lost waits for it again."""
    for waiting in delivery.waiting.filter(state="asked"):
        if move(waiting, "queued", now, why="", do="", tries=0, first_tried_at=None):
            step(waiting, now, _("What it belongs to is on its way again."), who)


def take(limit: int, owner: str, now: datetime, ahead: list[int] | None = None) -> list[Delivery]:
    """Up to `limit` due deliveries, now `sending` and leased to `owner`; nobody else gets them.

    They go in the order of `turns`. Late ones go the way their workspace chose instead. The intent and an
    `Attempt` without an end are committed on return. `ahead` is a caller's own list for what comes next, so that
    it need not be asked for each time; it should be emptied every second.
    """
    taken: list[Delivery] = []
    ahead = [] if ahead is None else ahead
    if not ahead:
        ahead += turns.in_turn(limit, now)
    while ahead and (room := limit - len(taken)) > 0:
        with transaction.atomic():
            open_ones = [row for row in _next(ahead, room) if row.channel.state == "ready"]
            willing = [delivery for delivery in open_ones if not _too_late(delivery, now)]
            taken += _hand_out(willing, owner, now)
    return taken


def _next(ahead: list[int], room: int) -> list[Delivery]:
    """The first so many of the list that nobody else has, locked; they and all before them leave the list."""
    several = WORKERS * room if connection.features.has_select_for_update_skip_locked else room
    candidates = ahead[:several]
    found = _locked(candidates, room)
    passed = len(candidates) if len(found) < room else candidates.index(found[-1].pk) + 1
    del ahead[:passed]
    return found


def hand_out(delivery: Delivery, owner: str, now: datetime) -> bool:
    """Take this very delivery, whatever its turn; False when somebody else has it or its pace forbids."""
    lanes.join([delivery.channel])
    with transaction.atomic():
        same = [row for row in _locked([delivery.pk], 1) if row.fence == delivery.fence]
        if same:
            delivery.channel = same[0].channel  # as it is now
        return bool(same and _hand_out([delivery], owner, now))


def _locked(ids: Sequence[int], most: int) -> list[Delivery]:
    """The first `most` still queued, in this order; on PostgreSQL locked, leaving out what another worker holds."""
    rows = Delivery.objects.filter(pk__in=ids, state="queued").select_related("channel")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.order_by(_place(ids)).select_for_update(skip_locked=True, of=("self",))
    found = {row.pk: row for row in rows[:most]}
    return [found[pk] for pk in ids if pk in found]


def _place(ids: Sequence[int]) -> Func:
    """Where in this list a row stands, as PostgreSQL says it."""
    listed = Value("{" + ",".join(map(str, ids)) + "}")
    says = "array_position(CAST(%(expressions)s)"
    return Func(listed, F("pk"), template=says, arg_joiner=" AS bigint[]), ", output_field=BigIntegerField())


def _hand_out(deliveries: Sequence[Delivery], owner: str, now: datetime) -> list[Delivery]:
    """Lease queued deliveries, whose rows the transaction around it holds, to `owner`; those whose pace allows it."""
    mine = pace.claim(deliveries, now)
    lease = {"lease": owner, "lease_until": now + LEASE, "last_tried_at": now}
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in mine]).update(
        state="sending", fence=F("fence") + 1, tries=F("tries") + 1,
        first_tried_at=Coalesce(F("first_tried_at"), now), **lease,
    )  # fmt: skip
    for delivery in mine:
        counts = {"fence": delivery.fence + 1, "tries": delivery.tries + 1}
        _now_is(delivery, "sending", {**lease, **counts, "first_tried_at": delivery.first_tried_at or now})
    Attempt.objects.bulk_create(
        Attempt(delivery=delivery, number=delivery.fence, fence=delivery.fence, owner=owner, started_at=now)
        for delivery in mine
    )
    return mine


def _too_late(delivery: Delivery, now: datetime) -> bool:
    """True when it was more than an hour late and its workspace does not want it sent without asking.

    What has begun (a memo) is finished, and so is what a doubt brought back; replies and deletions have no hour.
    """
    held = (delivery.channel.free_at, delivery.channel.closed_until)  # its pace, or its network's wish
    since = max(moment for moment in (delivery.due_at, *held) if moment)
    late = now - since > LATE and delivery.action == "publish"
    if not late or delivery.memo or delivery.doubt_at:
        return False
    if delivery.workspace.late == "publish":
        return _spread(delivery, now)
    hours = round(delivery.lateness(now) / 3600, 1)
    why = _("It was due at %(at)s UTC and nobody was there to send it: %(hours)s h late.") % {
        "at": delivery.due_at.strftime("%Y-%m-%d %H:%M"),
        "hours": hours,
    }
    if delivery.workspace.late == "skip":
        cancel(delivery, now, why)
    elif move(
        delivery, "asked", now, why=why, do=_("Send it now, choose another time, or cancel it."), tries=0
    ):
        step(delivery, now, why)
    return True


def _spread(delivery: Delivery, now: datetime) -> bool:
    """Late posts go out one by one, not all at once: False for the first of a channel, the others get a later time.

    Theirs is behind whatever late one of the channel went out last, is about to, or waits already.
    """
    same = Delivery.objects.filter(channel=delivery.channel_id, action="publish").exclude(pk=delivery.pk)
    queued = same.filter(state="queued", planned_at__lt=now - LATE)
    last = queued.filter(due_at__gt=now).aggregate(last=Max("due_at"))["last"]
    before = Q(planned_at__lt=delivery.planned_at) | Q(planned_at=delivery.planned_at, pk__lt=delivery.pk)
    if last is None and queued.filter(before, due_at__lte=now).exists():
        last = now
    if last is None:
        lately = same.filter(last_tried_at__gt=now - SPREAD, planned_at__lt=F("last_tried_at") - LATE)
        last = lately.aggregate(last=Max("last_tried_at"))["last"]
    if last is None:
        return False
    if move(delivery, "queued", now, due_at=max(now, last + SPREAD)):
        step(delivery, now, _("It is late: it waits its turn, so that not all go out at once."))
    return True


def renew(deliveries: Sequence[Delivery], now: datetime) -> None:
    """Keep what is in hand: the calls last longer than one lease."""
    for delivery in deliveries:
        rows = Delivery.objects.filter(pk=delivery.pk, state="sending", fence=delivery.fence)
        rows.update(lease_until=now + LEASE)


def rescue(now: datetime, lookout: Lookout | None = None) -> int:
    """What dead workers held becomes `unknown`, which from outside it is, or `queued` when they had not begun.

    Without a `lookout` a lease that ended is taken for a dead worker. How many there were.
    """
    over = Delivery.objects.filter(state="sending")
    if lookout is None:
        return sum(_orphaned(delivery, now) for delivery in over.filter(lease_until__lt=now))
    fallen = lookout.fallen(now)
    return sum(_orphaned(delivery, now) for delivery in over.filter(pk__in=fallen)) if fallen else 0


def mislaid(owner: str, in_hand: Sequence[int], now: datetime) -> int:
    """What is leased to a living worker that does not have it in hand; how many.

    Its line to the database broke, or the disk was full, when it took it or when it wrote down the ending.
    """
    lost = [pk for pk, _fence, _until, lease in HELD() if lease == owner and pk not in in_hand]
    rows = Delivery.objects.filter(state="sending", lease=owner, pk__in=lost) if lost else ()
    return sum(_orphaned(delivery, now) for delivery in rows)


def _orphaned(delivery: Delivery, now: datetime) -> bool:
    """`doubt_at` stands in the row since the intent was committed: without it nothing irreversible had begun."""
    why: str = _("The worker that had it in hand stopped before the answer came.")
    settled = max(now, delivery.doubt_at + CARRIED_OUT) if delivery.doubt_at else now
    new, facts = "unknown", {"why": why, "do": "", "due_at": settled}
    if delivery.doubt_at is None and delivery.tries >= STOPS:
        why = _("%(n)s times the program stopped while it prepared this.") % {"n": delivery.tries}
        new, facts = "refused", {"why": why, "do": _("Is a file of it too large? Change it, then try again.")}
    elif delivery.doubt_at is None:
        why = _("The worker that had it in hand stopped before it sent anything.")
        new, facts = "queued", {"why": why, "due_at": now + (delivery.tries - 1) * PAUSE}
    with transaction.atomic():
        if not move(delivery, new, now, **facts):
            return False
        step(delivery, now, why)
    return True
