"""A feed of our own (RSS 2.0): what was sent stands in it, for readers, newsletters and programs that follow it.

There is no wire and so no doubt: the delivery that was sent is the entry, and the page of the feed reads deliveries.
"""

from __future__ import annotations

import secrets
from datetime import date

from diskarte.words import MB, Kind, Limits, Memo, Post, Sent

from .base import FOREVER, Account, Api, Field, Lack, Named, Network

RSS = "https://www.rssboard.org/rss-specification"
FETCHED = Lack("Readers fetch the feed and tell nothing back.", RSS)


class OwnFeed(Network):
    name = "RSS feed"
    docs = "https://www.rssboard.org/rss-specification"
    checked = date(2026, 11, 23)
    base = ""
    colour = "#ee802f"
    note = "Whoever knows the feed's address can read it; a reader that fetched a post keeps it."
    connect = Named(fields=(Field("handle", "Name of the feed", "Readers see it.", "Harbour Café"),))
    kinds = frozenset({Kind.ARTICLE, Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
    limits = Limits(  # the specification sets none; these keep a feed readable
        text=100_000, images=10, image_bytes=10 * MB, videos=1, video_bytes=100 * MB, parts=24, mixed=True
    )
    remembers_key = FOREVER
    is_feed = True
    lacks = {
        **dict.fromkeys(("measure", "measure_channel", "views"), FETCHED),
        **dict.fromkeys(("read_replies", "reply"), Lack("A feed has no comments.", RSS)),
        "read_public": Lack("This is your own feed; others' feeds are followed under «Brand».", RSS),
    }

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        key, name = secrets.token_urlsafe(12), given["handle"].strip()
        return Account(key, name, name, f"/feeds/{key}.xml", {})

    def publish(self, api: Api, post: Post, memo: Memo) -> Sent:
        return Sent(post.key, f"/feeds/{api.identity}.xml#{post.key}")

    def delete(self, api: Api, remote_id: str) -> None:
        """The deletion itself, once it stands in our rows, takes the entry out."""
