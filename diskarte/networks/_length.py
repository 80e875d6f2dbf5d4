"""How long a text is in each network's own count. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import regex

from diskarte.words import LINK, Limits

CLUSTER = regex.compile(r"\X")
EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|⃣")
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # weigh 1; twitter-text configuration v3
# What X takes for a link without «https://»: a name of two parts with one of these endings, or of more with any of
# two letters. Its own list has all endings there are (twitter-text, «Extractor»); these are the ones people write.
ENDINGS = "com|net|org|info|biz|edu|gov|mil|name|mobi|app|dev|shop|store|online|site|website|space|club|blog|cafe|co|tv"
BARE = regex.compile(
    rf"(?<![\w@.#$/:-])(?:[a-z0-9][a-z0-9-]*\.)+(?:{ENDINGS}|(?<=\.[a-z0-9-]+\.)[a-z]{{2}}|[a-z]{{2}}(?=/))"
    r"(?![\w@-])(?!\.\w)(?:/\S*)?",
    regex.I,
)
TRAILING = ".,;:!?…»\"'"


def links(text: str) -> list[tuple[int, int]]:
    """Where the links of a text stand (start, end in characters), without the sentence's own punctuation."""
    return [(m.start(), m.start() + len(_trimmed(m.group()))) for m in LINK.finditer(text)]


def bare_links(text: str) -> list[tuple[int, int]]:
    """Where links stand that nobody began with «https://», as X finds them."""
    taken = links(text)
    found = [(m.start(), m.start() + len(_trimmed(m.group()))) for m in BARE.finditer(text)]
    return [(a, b) for a, b in found if not any(start <= a < end for start, end in taken)]


def _trimmed(link: str) -> str:
    while link and (link[-1] in TRAILING or (link[-1] in ")]" and link.count("(") < link.count(")"))):
        link = link[:-1]
    return link


def graphemes(text: str) -> int:
    """What a reader calls characters: a family emoji is one."""
    return sum(1 for _ in CLUSTER.finditer(text))


def weighted(text: str) -> int:
    """X's count: most letters 1, CJK and emoji 2. Source: developer.x.com, «Counting characters»."""
    return sum(_weight(cluster.group()) for cluster in CLUSTER.finditer(unicodedata.normalize("NFC", text)))


def _weight(cluster: str) -> int:
    if EMOJI.search(cluster) and not cluster.isascii() and cluster not in "©®™":
        return 2
    return sum(1 if any(a <= ord(c) <= b for a, b in LIGHT) else 2 for c in cluster)


def utf16(text: str) -> int:
    """Code units of UTF-16, as some networks count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


COUNTERS: dict[str, Callable[[str], int]] = {
    "characters": len,
    "graphemes": graphemes,
    "weighted": weighted,
    "utf16": utf16,
}


def length(text: str, limits: Limits) -> int:
    """How long a text is in the network's own count; a link counts `link_length` where that is fixed."""
    count = COUNTERS[limits.count]
    if limits.link_length is None:
        return count(text)
    total, at = 0, 0
    bare = bare_links(text) if limits.bare_links else []
    for start, end in sorted([*links(text), *bare]):
        total += count(text[at:start]) + limits.link_length
        at = end
    return total + count(text[at:])
