"""Posts that come again: which, when next, and making each turn ahead of its time, exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Moment
from diskarte.core.outbox import recurrence
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.rehearsal import Promise, foreseen
from diskarte.core.people.who import Who, worker_of
from diskarte.stages.publish import actions as publish
from diskarte.stages.publish.models import Post, Variant
from diskarte.words import Problem

from .models import Repeat, Turn

AHEAD = timedelta(days=14)
FORM = "%Y-%m-%dT%H:%M"
Every = Literal["day", "week", "month", "year"]
Day = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@dataclass(frozen=True)
class Repeated:
    """A repeat with what comes next on the brand's clock, and what was made."""

    repeat: Repeat
    next: list[datetime]
    turns: list[Turn]


@write(may="automate.edit", done=gettext_noop("It repeats now."))
def repeat_post(
    who: Who, post: int, every: Every = "week", interval: int = 1, days: list[Day] | None = None,
    start: Moment | None = None, count: int | None = None, until: date | None = None, rule: str = "",
) -> Repeat:  # fmt: skip
    """Have a post come again, in the brand's local time: every week, month …, so often or until a day; or by an RRULE.

    It begins at `start`, or at the post's own time. A post that is out or scheduled itself counts as the first turn.
    """
    who.must("publish.send")
    assert who.brand is not None
    row: Post = who.one(Post, post)
    first = start or row.due_at
    if first is None:
        raise Problem(_("It has no time yet."), do=_("Say when it should come first."), field="start")
    text = _rule(rule, every, interval, tuple(days or ()), count, until)
    local = first.astimezone(who.brand.zone).strftime(FORM)
    made = Repeat(brand=who.brand, post=row, rule=text, start=local, made_at=clock.now())
    made.made_by = who.person if who.person and who.person.pk else None
    if not recurrence.following(text, _start(made), who.brand.zone, clock.now(), 1):
        raise Problem(
            _("No turn of it lies ahead."), do=_("Choose a later end, or a later start."), field="until"
        )
    made.save()
    _make(made, clock.now())
    return made


def _rule(
    rule: str, every: str, interval: int, days: tuple[str, ...], count: int | None, until: date | None
) -> str:
    try:
        return recurrence.checked(rule or recurrence.written(every, interval, days, count, until))
    except ValueError as e:
        do = _("For example: FREQ=MONTHLY;BYDAY=-1FR;COUNT=12")
        raise Problem(_("This is no rule we understand: %s") % e, do=do, field="rule") from None


@write(may="automate.edit", done=gettext_noop("It does not come again."))
def stop_repeat(who: Who, repeat: int) -> Repeat:
    """Make no more turns of it; those handed over already stay, and can be taken back one by one."""
    row: Repeat = who.one(Repeat, repeat)
    row.on = False
    row.save()
    return row


@read(may="automate.see")
def repeats(who: Who) -> list[Repeated]:
    """Every post that comes again, with its next five turns and those that were made last."""
    assert who.brand is not None
    rows = who.own(Repeat).select_related("post").prefetch_related("turns__post").order_by("-on", "-pk")
    return [Repeated(r, _next(r, who), list(r.turns.all())[:5]) for r in rows]


def _next(repeat: Repeat, who: Who) -> list[datetime]:
    assert who.brand is not None
    if not repeat.on:
        return []
    return recurrence.following(repeat.rule, _start(repeat), who.brand.zone, clock.now())


def _start(repeat: Repeat) -> datetime:
    return datetime.strptime(repeat.start, FORM)


def make_ahead(now: datetime) -> int:
    """Make every turn of the coming two weeks that nobody made yet; how many."""
    rows = Repeat.objects.filter(on=True).select_related("brand__workspace", "post")
    return sum(_make(repeat, now) for repeat in rows.order_by("pk"))


def _make(repeat: Repeat, now: datetime) -> int:
    own = _own_turn(repeat)
    ahead = recurrence.turns(repeat.rule, _start(repeat), repeat.brand.zone, now, now + AHEAD)
    return sum(_make_one(repeat, local, at) for local, at in ahead if at != own)


def _own_turn(repeat: Repeat) -> datetime | None:
    """The moment of the post itself, when it was handed over: that turn is made already."""
    out = Delivery.objects.filter(origin=repeat.post.address).exclude(state="cancelled").exists()
    return repeat.post.due_at if out else None


def _make_one(repeat: Repeat, local: str, at: datetime) -> bool:
    """The row of the turn first: whoever writes it makes the post, in the same transaction."""
    with transaction.atomic():
        turn, new = Turn.objects.get_or_create(repeat=repeat, local=local, defaults={"at": at})
        if not new:
            return False
        who = worker_of(repeat.brand)
        turn.post = publish.duplicate(who, repeat.post_id)
        turn.problem = _schedule(who, turn.post, repeat.post, at)
        turn.save()
    return True


def _schedule(who: Who, copy: Post, model: Post, at: datetime) -> str:
    """Schedule a turn; what stands in the way leaves a draft with its time, and is told."""
    agreed = model.step == "approved" and model.approved_version == model.version
    try:
        with transaction.atomic():
            if agreed:
                publish.approve(who, copy.pk)
            publish.schedule(who, copy.pk, at)
        return ""
    except Problem as problem:
        Post.objects.filter(pk=copy.pk).update(due_at=at, step="review" if not agreed else "draft")
        return str(problem)[:300]


@foreseen
def later_turns(who: Who, now: datetime, until: datetime) -> list[Promise]:
    """For dry runs: turns that are not made yet, because they lie further ahead."""
    found = []
    for repeat in who.own(Repeat).filter(on=True).select_related("post", "brand"):
        made = set(repeat.turns.values_list("local", flat=True))
        places = list(Variant.objects.filter(post=repeat.post).values_list("channel", flat=True))
        own = _own_turn(repeat)
        for local, at in recurrence.turns(repeat.rule, _start(repeat), repeat.brand.zone, now, until):
            if local not in made and at != own:
                found += [Promise(at, str(repeat.post), place, "goes", repeat.post.kind) for place in places]
    return found
