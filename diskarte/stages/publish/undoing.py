"""Taking down what is out: a deletion for each channel, sent by the same engine and as surely once."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import write
from diskarte.core.outbox import queue
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import rules, sending
from .models import Post, Variant


def key_of(delivery: Delivery) -> str:
    """The key of a delivery's deletion: asked for twice it is the same one."""
    return f"down-{delivery.key}"[:64]


def deletion_of(delivery: Delivery) -> Delivery | None:
    """The deletion of what was sent, if anybody asked for one; no query while nobody did."""
    if not delivery.told.get("down"):
        return None
    return Delivery.objects.filter(key=key_of(delivery)).select_related("channel").first()


@write(may="publish.send", done=gettext_noop("It is being taken down."))
def take_down(who: Who, post: int, channel: int | None = None) -> Post:
    """Delete a published post on the networks, whole threads from their end; on one channel, or on all.

    Where a network lets no program delete, a person is asked to. This cannot be undone.
    """
    row: Post = who.one(Post, post)
    out = [v for v in sending.variants_of(row) if v.delivery is not None and v.delivery.state == "sent"]
    out = [v for v in out if channel in (None, v.channel_id)]
    if not out:
        raise Problem(
            _("Nothing of it is out."), do=_("To stop what is planned, take it back from the outbox.")
        )
    for variant in out:
        _take_down(who, row, variant)
    return row


def _take_down(who: Who, post: Post, variant: Variant) -> None:
    assert who.brand is not None
    sent = variant.delivery
    assert sent is not None
    if not sent.remote_id and not sent.url:
        raise Problem(
            _("Nobody knows under which address it stands on %(channel)s.") % {"channel": variant.channel},
            kept=_("Nothing was taken down."), do=_("Delete it there yourself."),
        )  # fmt: skip
    what = {"remote_id": sent.remote_id, "url": sent.url, "parts": sent.told.get("parts", [])}
    queue.queue(
        who.brand, variant.channel, what, clock.now(), action="delete", origin=f"publish.down:{post.pk}",
        label=rules.called(post.title, post.text), key=key_of(sent), priority=1,
    )  # fmt: skip
    Delivery.objects.filter(pk=sent.pk).update(told={**sent.told, "down": True})
