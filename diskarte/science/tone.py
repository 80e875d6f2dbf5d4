"""Do people speak well or ill of us, as far as their words show it?

Answers: the tone of a short text, and the share of good ones among those with a tone, with its 90 % interval.
Method: written lists of English, Filipino and Russian words, phrases and emoji (`tone_words.txt`). A word counts the
    other way when one of the three words before it negates it («hindi masarap», "not good"). Sentences that ask count
    for nothing. Good and bad in one text make it mixed; neither makes it plain.
Formula: share = good / (good + bad); its interval is Jeffreys' (Beta(good + 1/2, bad + 1/2)). Two periods differ when
    the difference exceeds 1.645 of its standard errors.
Assumptions: the texts of a period are a sample of what is said; irony, new slang and other languages are missed, so
    the share tells a direction, not a verdict on one text.
Units: texts in, codes and shares between 0 and 1 out. Errors: negative counts: ValueError.
Source: Brown, Cai & DasGupta 2001, Statist. Sci. 16 (Jeffreys interval); the word lists are ours.
"""

from __future__ import annotations

import math
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
Z90 = 1.6448536


@dataclass(frozen=True)
class _Lists:
    """Words and phrases by tone, beginnings of words by tone, emoji by tone, and words that negate."""

    tones: dict[str, int]
    beginnings: tuple[tuple[str, int], ...]
    emoji: dict[str, int]
    negations: frozenset[str]


@dataclass(frozen=True)
class Mood:
    """How many texts were good, bad, mixed and plain; the share of good ones with its 90 % interval, None of none."""

    good: int
    bad: int
    mixed: int
    plain: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def felt(self) -> int:
        """Texts the share stands on."""
        return self.good + self.bad


def tone(text: str) -> str:
    """good, bad, mixed or plain."""
    lists = _lists()
    points = [point for sentence in SENTENCE.findall(text) for point in _points(sentence, lists)]
    points += [sign for mark, sign in lists.emoji.items() if mark in text]
    good, bad = 1 in points, -1 in points
    return "mixed" if good and bad else "good" if good else "bad" if bad else "plain"


def mood(texts: Sequence[str]) -> Mood:
    """The mood of many texts."""
    told = [tone(text) for text in texts]
    return of_counts(*(told.count(name) for name in ("good", "bad", "mixed", "plain")))


def of_counts(good: int, bad: int, mixed: int = 0, plain: int = 0) -> Mood:
    """The mood of texts that were counted."""
    if min(good, bad, mixed, plain) < 0:
        raise ValueError("a count cannot be negative")
    if not good + bad:
        return Mood(good, bad, mixed, plain, None, None, None)
    from scipy.stats import beta

    low, high = (float(beta.ppf(q, good + 0.5, bad + 0.5)) for q in (0.05, 0.95))
    return Mood(good, bad, mixed, plain, good / (good + bad), low if good else 0.0, high if bad else 1.0)


def changed(before: Mood, now: Mood) -> str:
    """better, worse, same, or unknown where one of the two has no share."""
    if before.share is None or now.share is None:
        return "unknown"
    shares = [(one.good + 0.5) / (one.felt + 1) for one in (before, now)]
    spread = sum(
        share * (1 - share) / (one.felt + 1) for share, one in zip(shares, (before, now), strict=True)
    )
    z = (shares[1] - shares[0]) / math.sqrt(spread)
    return "better" if z > Z90 else "worse" if z < -Z90 else "same"


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
