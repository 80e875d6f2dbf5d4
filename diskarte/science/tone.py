"""Does somebody speak well or ill, as far as the words show it?

Answers: the tone of a short text: good, bad, mixed or plain.
Method: written lists of English, Filipino and Russian words, phrases and emoji (`tone_words.txt`). A word counts the
    other way when one of the three words before it negates it («hindi masarap», "not good"). Sentences that ask count
    for nothing. Good and bad in one text make it mixed; neither makes it plain.
Assumptions: words mean what they usually mean; irony, new slang and other languages are missed, so many texts tell a
    direction, and one text is no verdict.
Units: a text in, a code out. Errors: none.
Source: the lists are ours; turning by negation follows Pang, Lee & Vaithyanathan 2002, EMNLP.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("tone_words.txt")
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
REACH = 3  # words before a word in which a negation turns it
LONGEST = 3  # words of a phrase


@dataclass(frozen=True)
class _Lists:
    """Words and phrases by tone, beginnings of words by tone, emoji by tone, and words that negate."""

    tones: dict[str, int]
    beginnings: tuple[tuple[str, int], ...]
    emoji: dict[str, int]
    negations: frozenset[str]


def tone(text: str) -> str:
    """good, bad, mixed or plain."""
    lists = _lists()
    points = [point for sentence in SENTENCE.findall(text) for point in _points(sentence, lists)]
    points += [sign for mark, sign in lists.emoji.items() if mark in text]
    good, bad = 1 in points, -1 in points
    return "mixed" if good and bad else "good" if good else "bad" if bad else "plain"


def _points(sentence: str, lists: _Lists) -> list[int]:
    """+1 and -1 of every word or phrase of a sentence that does not ask."""
    if sentence.rstrip().endswith("?"):
        return []
    words = [word.replace("’", "'") for word in TOKEN.findall(sentence.casefold())]
    points, at = [], 0
    turned_until = 0  # the word from which on a negation reaches no more
    while at < len(words):
        length, sign = _longest(words, at, lists)
        if sign:
            points.append(-sign if at < turned_until else sign)
        elif length == 1 and (words[at] in lists.negations or words[at].endswith("n't")):
            turned_until = at + REACH + 1
        at += length
    return points


def _longest(words: Sequence[str], at: int, lists: _Lists) -> tuple[int, int]:
    """How many words from here on are known together, and their sign; one word without a sign else."""
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        phrase = " ".join(words[at : at + length])
        if phrase in lists.tones:
            return length, lists.tones[phrase]
    begun = next((sign for start, sign in lists.beginnings if words[at].startswith(start)), 0)
    return 1, begun


@cache
def _lists() -> _Lists:
    """The file: a mark (+ good, - bad, = neither, ! negation) and words parted by commas; `*` ends a beginning."""
    signs = {"+": 1, "-": -1, "=": 0}
    tones: dict[str, int] = {}
    beginnings: list[tuple[str, int]] = []
    emoji: dict[str, int] = {}
    negations: set[str] = set()
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        mark, _space, rest = line.partition(" ")
        for word in filter(None, (part.strip() for part in rest.split(","))):
            if mark == "!":
                negations.add(word)
            elif mark in signs and word.endswith("*"):
                beginnings.append((word[:-1], signs[mark]))
            elif mark in signs:
                (tones if TOKEN.match(word) else emoji)[word] = signs[mark]
    return _Lists(tones, tuple(beginnings), emoji, frozenset(negations))
