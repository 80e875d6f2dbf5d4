"""From a network's HTML to the text a person wrote. Pure."""

from __future__ import annotations

import html

import regex

BREAK = regex.compile(r"<br\s*/?>|</p>\s*<p[^>]*>")
TAG = regex.compile(r"<[^>]*>")


def plain(content: str) -> str:
    """Paragraphs and breaks become lines, every other tag goes, entities become letters."""
    return html.unescape(TAG.sub("", BREAK.sub("\n", content))).strip()
