"""Links, mentions and hashtags of a text as AT Protocol facets: byte ranges, not characters. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from ._length import graphemes, links

MENTION = regex.compile(
    r"(?<![\w@/.])@([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+)", regex.I
)
HASHTAG = regex.compile(r"(?<=^|\s)[#＃](?!\uFE0F)([^\s#＃]*[^\d\s\p{P}#＃][^\s#＃]*)")
END_MARKS = regex.compile(r"\p{P}+$")
LONGEST_TAG = 64


def handles(text: str) -> list[str]:
    """The handles a text mentions, lower case, each once, in order."""
    return list(dict.fromkeys(m.group(1).lower() for m in MENTION.finditer(_without_links(text))))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Facets in order of place. A mention without a did in `dids` stays plain text."""
    found = [(start, end, _feature("link", uri=text[start:end])) for start, end in links(text)]
    bare = _without_links(text)
    for m in MENTION.finditer(bare):
        did = dids.get(m.group(1).lower())
        if did:
            found.append((m.start(), m.end(), _feature("mention", did=did)))
    for m in HASHTAG.finditer(bare):
        tag = END_MARKS.sub("", m.group(1))
        if tag and graphemes(tag) <= LONGEST_TAG:
            found.append((m.start(), m.start() + 1 + len(tag), _feature("tag", tag=tag)))
    return [_facet(text, *one) for one in sorted(found, key=lambda one: one[0])]


def hashtags(text: str) -> list[str]:
    """The hashtags of a text without their «#», lower case, each once, in order."""
    found = (END_MARKS.sub("", m.group(1)).lower() for m in HASHTAG.finditer(_without_links(text)))
    return list(dict.fromkeys(tag for tag in found if tag))


def _without_links(text: str) -> str:
    """The same length, links blanked, so that nothing inside an address is taken for a mention or a tag."""
    for start, end in links(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _feature(kind: str, **value: str) -> dict[str, str]:
    return {"$type": f"app.bsky.richtext.facet#{kind}", **value}


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    place = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}
    return {"index": place, "features": [feature]}
