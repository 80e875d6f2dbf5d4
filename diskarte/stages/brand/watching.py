"""Looking at competitors where anybody may look: networks that let a program read, and feeds of their sites."""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core import fetch
from diskarte.core.outbox import wire
from diskarte.core.outbox.models import Channel
from diskarte.networks.base import PublicPost
from diskarte.words import Failure, Metric, Problem

from .keeping import keep
from .models import Competitor
from .rules.posts import Given

FEED = "rss"
THEIRS = {Metric.LIKES: "likes", Metric.REPLIES: "replies", Metric.SHARES: "shares"}


@dataclass(frozen=True)
class Looked:
    """What one look at one place brought: new and updated posts, or why nothing could be read."""

    competitor: str
    network: str
    new: int = 0
    updated: int = 0
    why: str = ""


def look(rival: Competitor, now: datetime) -> list[Looked]:
    """Every place of a competitor that a program may read; the others are left out."""
    return [_at(rival, place, handle, now) for place, handle in rival.handles.items() if readable(place)]


def readable(place: str) -> bool:
    """Whether posts at this place can be read by a program at all."""
    network = networks.all_networks().get(place)
    return place == FEED or (network is not None and "read_public" in network.can)


def _at(rival: Competitor, place: str, handle: str, now: datetime) -> Looked:
    try:
        posts = _feed(handle) if place == FEED else _public(rival, place, handle)
    except (Failure, Problem) as e:
        return Looked(rival.name, place, why=str(e))
    found = keep(rival, posts, _("read from %(place)s") % {"place": handle}, now)
    return Looked(rival.name, place, found["new"], found["updated"])


def _public(rival: Competitor, place: str, handle: str) -> list[Given]:
    channel = (
        Channel.objects.filter(brand=rival.brand_id, network=place, state="ready")
        .select_related("brand")
        .first()
    )
    if channel is None:
        name = networks.get(place).name
        raise Problem(
            _("%(network)s shows posts only to those who are signed in.") % {"network": name},
            do=_("Connect a channel of yours there; reading uses nothing but its permission."),
        )
    found = networks.get(place).read_public(wire.api_for(channel), handle)
    return [_given(rival.name, place, post) for post in found]


def _given(page: str, place: str, post: PublicPost) -> Given:
    counts = {name: n for metric, name in THEIRS.items() if (n := post.counts.get(metric)) is not None}
    return Given(page, place, post.remote_id, post.url[:600], post.at, "", post.text, counts)


def _feed(address: str) -> list[Given]:
    """The entries of an RSS or Atom feed; a feed tells no numbers. Raises Problem."""
    import feedparser

    page = fetch.get(address)
    if page.status >= 400:
        raise Problem(_("%(address)s answers %(status)s.") % {"address": address, "status": page.status},
                      do=_("Look whether the feed has moved."))  # fmt: skip
    told = feedparser.parse(page.body)
    if not told.entries and told.bozo:
        raise Problem(_("%(address)s is not a feed we can read.") % {"address": address},
                      do=_("Give the address of an RSS or Atom feed."))  # fmt: skip
    return [given for entry in told.entries if (given := _entry(entry)) is not None]


def _entry(entry: Any) -> Given | None:
    """An entry without a day or a name says nothing about cadence and is left out."""
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    remote_id = str(entry.get("id") or entry.get("link") or "")[:300]
    if when is None or not remote_id:
        return None
    text = strip_tags(f"{entry.get('title', '')}\n{entry.get('summary', '')}").strip()
    return Given("", FEED, remote_id, str(entry.get("link", ""))[:600], datetime.fromtimestamp(timegm(when), UTC), "",
                 text[:5000], {})  # fmt: skip
