"""What this stage knows of and has not handed to the outbox yet: posts nobody scheduled, places nobody wrote for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from diskarte.core.outbox.rehearsal import Promise, foreseen
from diskarte.core.people.who import Who
from diskarte.stages.plan.models import Slot

from . import rules
from .models import Post, Variant


@foreseen
def not_handed_over(who: Who, now: datetime, until: datetime) -> list[Promise]:
    """Posts with a time that wait for approval or for somebody to schedule them, and empty places of the plan."""
    return _posts(who, now, until) + _slots(who, now, until)


def _posts(who: Who, now: datetime, until: datetime) -> list[Promise]:
    policy = who.workspace.approval if who.workspace else ""
    rows = Variant.objects.filter(post__brand=who.brand, post__due_at__range=(now, until), delivery=None)
    return [_promise(row.post, row.channel_id, policy) for row in rows.select_related("post").order_by("pk")]


def _promise(post: Post, channel: int, policy: str) -> Promise:
    assert post.due_at is not None
    may = rules.may_go(policy, post.step, post.version, post.approved_version).may
    verdict = "draft" if may and post.step != "review" else "approval"
    return Promise(post.due_at, rules.called(post.title, post.text), channel, verdict, post.kind)


def _slots(who: Who, now: datetime, until: datetime) -> list[Promise]:
    written = Post.objects.filter(slot=OuterRef("pk"))
    rows = who.own(Slot).filter(~Exists(written), state="open", at__range=(now, until)).order_by("at")
    return [Promise(s.at, s.title or s.topic, s.channel_id, "unwritten", s.kind) for s in rows]
