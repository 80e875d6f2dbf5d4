"""A family: sites where a post is an article with a title and an address of its own. Pure.

The address is made from the post's key, so a doubt is settled by asking for that address.
"""

from __future__ import annotations

import hashlib
import html
import unicodedata
from collections.abc import Mapping, Sequence

import regex

from diskarte.words import Post

from ._length import links
from ._preflight import Complaint


def split(text: str) -> tuple[str, str]:
    """Title and body: the first line, and what follows it."""
    first, _, rest = text.strip().partition("\n")
    return first.strip(), rest.strip()


def slug(post: Post) -> str:
    """An address a person can read, with eight signs of the key so that it is this post's alone."""
    plain_letters = (
        unicodedata.normalize("NFKD", split(post.text)[0]).encode("ascii", "ignore").decode().lower()
    )
    words = regex.sub(r"[^a-z0-9]+", "-", plain_letters).strip("-")[:60].strip("-")
    return f"{words or 'post'}-{hashlib.sha256(post.key.encode()).hexdigest()[:8]}"


def untitled(text: str) -> list[Complaint]:
    """What to say when there are pictures and no words: an article has a title."""
    if text.strip():
        return []
    what = "There is no text, and its first line is the title of the article."
    return [Complaint("title_missing", "text", what, "Write a title.")]


def too_long(title: str, limit: int) -> list[Complaint]:
    """What to say about a title of more than `limit` characters."""
    if len(title) <= limit:
        return []
    told = {"over": len(title) - limit, "limit": limit}
    what = "The first line becomes the title; it is %(over)s characters too long (at most %(limit)s)."
    return [Complaint("title_too_long", "text", what, "Shorten the first line.", told)]


def page(body: str, pictures: Sequence[Mapping[str, str]]) -> str:
    """Paragraphs with working links, then the pictures (`src` and `alt` of each)."""
    paragraphs = [f"<p>{_linked(p)}</p>" for p in regex.split(r"\n\s*\n", body) if p.strip()]
    shown = [
        f'<figure><img src="{html.escape(m["src"])}" alt="{html.escape(m["alt"])}" /></figure>'
        for m in pictures
    ]
    return "\n".join([*paragraphs, *shown])


def _linked(text: str) -> str:
    done, at = "", 0
    for start, end in links(text):
        address = html.escape(text[start:end])
        done += html.escape(text[at:start], quote=False) + f'<a href="{address}">{address}</a>'
        at = end
    return (done + html.escape(text[at:], quote=False)).replace("\n", "<br />")
