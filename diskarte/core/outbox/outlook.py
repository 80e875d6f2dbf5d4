"""What happens next with one delivery, and when; and which parts of a thread are out already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from .models import Delivery


@dataclass(frozen=True)
class Next:
    """What comes, in a sentence; `at` is None where nobody can say, `person` when it waits for one."""

    what: str
    at: datetime | None = None
    person: bool = False


@dataclass(frozen=True)
class Part:
    """One post of a thread, as far as it is known to be out."""

    number: int
    remote_id: str
    url: str = ""


def coming(delivery: Delivery, now: datetime) -> Next | None:
    """The next thing that will happen to a delivery, None when nothing will."""
    match delivery.state:
        case "queued":
            return _queued(delivery, now)
        case "sending":
            return Next(_("A worker has it in hand."), delivery.lease_until)
        case "unknown" if not delivery.do:
            return Next(_("We look whether it is there."), max(delivery.due_at, now))
        case "sent" | "cancelled":
            return None
    return Next(delivery.do or _("It waits for a person."), None, True)


def _queued(delivery: Delivery, now: datetime) -> Next:
    channel, before = delivery.channel, delivery.after
    if channel.state == "paused":
        return Next(_("It is held: the channel rests."), None, True)
    if channel.state == "blocked":
        return Next(_("It goes out when the channel is connected again."), None, True)
    if before is not None and before.state != "sent":
        return Next(_("It goes out right after the post it belongs to."), max(delivery.due_at, before.due_at))
    due = max(delivery.due_at, now)
    if delivery.memo:
        return Next(_("It goes on with the next part."), due)
    if channel.closed_until and channel.closed_until > due:
        return Next(_("The network asked us to wait."), channel.closed_until)
    if channel.free_at and channel.free_at > due:
        return Next(_("The channel's pace holds it a little."), channel.free_at)
    if delivery.tries:
        return Next(_("It is tried again, for the %(n)s. time.") % {"n": delivery.tries + 1}, due)
    return Next(_("It goes out."), due)


def parts(delivery: Delivery) -> list[Part]:
    """The posts of a thread that are out, in order: from the finished post, or from what is done so far."""
    if delivery.state == "sent" and delivery.content.get("parts"):
        ids, links = (_listed(delivery.told.get(name)) for name in ("parts", "links"))
        later = [Part(n + 2, str(one), str(links[n]) if n < len(links) else "") for n, one in enumerate(ids)]
        return [Part(1, delivery.remote_id, delivery.url), *later]
    return [_part(number, one) for number, one in enumerate(_listed(delivery.memo.get("sent")), 1)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _part(number: int, one: object) -> Part:
    """A memo keeps an id, or a pair of id and address."""
    if isinstance(one, list | tuple):
        return Part(number, str(one[0]), str(one[1]) if len(one) > 1 else "")
    return Part(number, str(one))
