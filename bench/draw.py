"""A draw among a million entries, and the same again by the stand-alone verifier; beside it, what everybody does.

The baseline is `random.sample` over the same people, one lower-case line each: nobody can check it. The figure
a draw is for: of winners exchanged afterwards, how many a stranger finds out.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import Row
from diskarte.science import draw
from diskarte.stages.plan.contests import verify_draw

SIZES = (10_000, 1_000_000)
WINNERS, STANDBY = 10, 10
RULES, CLOSES, SECRET, BEACON = "One comment, one ticket.", "2026-12-01T12:00:00Z", "a secret", "5f" * 32


def handles(size: int) -> list[str]:
    """Handles in the order people wrote them; a tenth twice, one in fifty with letters beyond ASCII."""
    rng = random.Random(size)
    names = [f"{'Niña' if n % 50 == 1 else 'User'}.{n * 7919 % 10_000_019}" for n in range(size)]
    for n in range(0, size, 10):
        names[n] = names[rng.randrange(size)].upper()
    rng.shuffle(names)
    return names


def timed(call: Any, *given: Any) -> tuple[Any, float]:
    """The answer and the seconds it took."""
    begun = time.perf_counter()
    return call(*given), time.perf_counter() - begun


def drawn(names: list[str]) -> dict[str, Any]:
    """All an organiser does after closing: one line a person, root, winners; as it is published."""
    entrants = draw.canonical(names)
    rooted = draw.root(entrants)
    return {
        "rules": RULES, "closes": CLOSES, "secret": SECRET, "beacon": BEACON, "winners": WINNERS, "standby": STANDBY,
        "entrants": entrants, "root": rooted, "commitment": draw.commitment(SECRET, RULES, CLOSES),
        "drawn": draw.draw(entrants, SECRET, BEACON, WINNERS + STANDBY, rooted),
    }  # fmt: skip


def naive(names: list[str]) -> list[str]:
    """One line a person by lower case, and the language's own sample."""
    return random.Random(1).sample(sorted({name.strip().lower() for name in names}), WINNERS + STANDBY)


def verified(path: Path) -> bool:
    """What a stranger does with the published file."""
    return all(good for _says, good in verify_draw.check(json.loads(path.read_text(encoding="utf-8"))))


def found_out(facts: dict[str, Any]) -> float:
    """Percent of winners replaced by somebody else that the verifier sees."""
    others = [name for name in facts["entrants"][:100] if name not in facts["drawn"]]
    tries = [[*facts["drawn"][:n], others[n], *facts["drawn"][n + 1 :]] for n in range(WINNERS)]
    seen = sum(not all(good for _says, good in verify_draw.check(facts | {"drawn": told})) for told in tries)
    return 100 * seen / len(tries)


def run() -> list[Row]:
    """Two sizes, then honesty."""
    rows: list[Row] = []
    for size in SIZES:
        names = handles(size)
        _sample, plain = timed(naive, names)
        facts, ours = timed(drawn, names)
        first = json.dumps(facts, ensure_ascii=False).encode()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "draw.json")
            path.write_bytes(first)
            good, checked = timed(verified, path)
        again = json.dumps(drawn(names), ensure_ascii=False).encode()
        case = f"{size:,} entries"
        rows += [
            Row(case, "list, root and draw", "s", round(ours, 3), round(plain, 3), 1.0, "lower"),
            Row(case, "verified by a stranger, from file", "s", round(checked, 3), None, None, "lower"),
            Row(
                case,
                "byte-identical again and verified",
                "1 = yes",
                float(good and again == first),
                0,
                1,
                "higher",
            ),
        ]
        if size == SIZES[0]:
            rows.append(Row(case, "exchanged winners found out", "%", found_out(facts), 0.0, 100.0, "higher"))
    return rows
