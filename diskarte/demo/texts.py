"""What the demo's brand says: patterns in the folder `texts`, filled with words, each used before any comes again."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent / "texts"
WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Pattern:
    """One thing worth saying, with {words} to fill; `on` limits it to one account."""

    pillar: str
    title: str
    topic: str
    kinds: tuple[str, ...]
    text: str
    on: str = ""


@dataclass(frozen=True)
class Said:
    """A pattern with its words filled in."""

    title: str
    topic: str
    text: str


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every pattern, by pillar and in the order of the files."""
    found = []
    for pillar in ("Useful", "Fun", "Community", "Selling"):
        told = tomllib.loads((FOLDER / f"{pillar.lower()}.toml").read_text())
        found += [Pattern(pillar, **{**row, "kinds": tuple(row["kinds"])}) for row in told["post"]]
    return tuple(found)


@cache
def words() -> dict[str, list[str]]:
    """What can stand for each word."""
    return tomllib.loads((FOLDER / "words.toml").read_text())


@cache
def topics(pillar: str) -> list[str]:
    """The themes of one pillar, in the order of its file."""
    return list(dict.fromkeys(p.topic for p in patterns() if p.pillar == pillar))


@dataclass
class Bank:
    """Gives texts out so that none comes back before its neighbours were used; the same for the same luck."""

    luck: Random
    used: Counter[str] = field(default_factory=Counter)

    def say(self, pillar: str, kind: str, on: str) -> Said:
        """A text of this pillar that suits the kind and the account, the least used first."""
        here = [p for p in patterns() if p.pillar == pillar and p.on in ("", on)]
        fit = [p for p in here if kind in p.kinds] or here
        least = min(self.used[p.title] for p in fit)
        chosen = self.luck.choice([p for p in fit if self.used[p.title] == least])
        self.used[chosen.title] += 1
        again = self.used[chosen.title] > 1 and pillar != "Community"  # news about people is told once
        text = f"{{again}}\n\n{chosen.text}" if again else chosen.text
        return Said(chosen.title, chosen.topic, self.filled(text))

    def hooked(self, hook: str, offer: str) -> Said:
        """A post around a hook of the hook bank: its line, its offer, a few words to end with."""
        end = "" if hook.endswith("?") else "."
        closing = self.filled(self.luck.choice(words()["closing"]))
        return Said(hook.rstrip("."), "", f"{hook.rstrip('.')}{end}\n\n{offer} {closing}")

    def filled(self, text: str) -> str:
        """The text with every {word} chosen; one that comes twice is the same both times."""
        chosen: dict[str, str] = {}
        for name in WORD.findall(text):
            chosen.setdefault(name, self.luck.choice(words()[name]))
        return WORD.sub(lambda found: chosen[found.group(1)], text)
