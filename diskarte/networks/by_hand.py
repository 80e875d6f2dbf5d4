"""Any network without a connection: we write and remind, a person posts and pastes the link."""

from __future__ import annotations

from datetime import date

from diskarte.words import Ask, Kind, Limits, Memo, Post, Told

from .base import Account, Api, ByHand, Lack, Network


class PostedByHand(Network):
    name = "By hand"
    docs = "docs/networks.md"
    checked = date(2026, 11, 22)
    base = ""
    colour = "#b7791f"
    note = "You post it yourself when we remind you, then paste the link; numbers are imported or typed in."
    connect = ByHand(help="Nothing is connected: the name and address are for your own orientation.")
    kinds = frozenset(Kind)
    limits = Limits(
        text=100_000,
        images=50,
        image_types=("image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/avif"),
        videos=10,
        video_types=("video/mp4", "video/quicktime", "video/webm"),
        parts=100,
        mixed=True,
    )
    lacks = {
        "delete": Lack("Nothing is connected: you are asked to delete it there yourself."),
        **dict.fromkeys(("measure", "measure_channel", "views"), Lack("Numbers are imported or typed in.")),
        "read_replies": Lack("Nothing is connected: answers are read there."),
        "read_public": Lack("Nothing is connected: what others post there can be imported from a table."),
    }
    blind = True  # only the person who posted knows

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        handle = given["handle"].strip()
        return Account(handle, handle, handle, given.get("url", "").strip(), {})

    def publish(self, api: Api, post: Post, memo: Memo) -> Ask:
        if not api.identity:
            return Ask(Told("Post this text by hand."))
        return Ask(Told("Post this text by hand on %(where)s.", where=api.identity))

    def reply(self, api: Api, post: Post, memo: Memo) -> Ask:
        told = {"what": post.answers, "where": api.identity or self.name}
        return Ask(Told("Answer %(what)s by hand on %(where)s.", **told))
