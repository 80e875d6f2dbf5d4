import hashlib
import hmac
import json
import subprocess
import sys
from collections import Counter
from itertools import count, islice, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from diskarte.science import draw
from diskarte.stages.plan.contests import verify_draw

VERIFIER = Path(verify_draw.__file__)
NAMES = ["Maria", "josé", "JOSÉ", "ana", "Ana ", "luz", "ben"]  # five people


def told(names=NAMES, secret="s3cret", beacon="ab12", winners=2, standby=1, rules="Comment once.", **more):
    """What an organiser publishes after a draw."""
    entrants = draw.canonical(names)
    facts = {
        "rules": rules, "closes": "2026-12-01T12:00:00Z", "secret": secret, "beacon": beacon, "winners": winners,
        "standby": standby, "entrants": entrants, "root": draw.root(entrants),
        "drawn": draw.draw(entrants, secret, beacon, winners + standby),
    }  # fmt: skip
    facts["commitment"] = draw.commitment(secret, rules, facts["closes"])
    return facts | more


def wrong(facts):
    """The verifier's sentences that do not hold."""
    return [says for says, good in verify_draw.check(facts) if not good]


def test_a_draw_redone_by_hand():
    entrants = draw.canonical(["c", "b", "a"])
    key = hmac.new(
        b"s", f"diskarte-draw-1\nb1\n{hashlib.sha256(b'a\nb\nc\n').hexdigest()}".encode(), "sha256"
    ).digest()
    first = (
        int.from_bytes(hmac.new(key, bytes(8), "sha256").digest()) % 3
    )  # no rejection: 3 divides 2^256 - 1
    second = int.from_bytes(hmac.new(key, bytes(7) + b"\x01", "sha256").digest()) % 2
    left = [0, 1, 2]
    left[0], left[first] = left[first], left[0]
    left[1], left[1 + second] = left[1 + second], left[1]
    assert draw.draw(entrants, "s", "b1", 3) == [entrants[at] for at in left]


def test_names_are_one_person_whatever_their_spelling():
    assert draw.canonical(["José", "Jose\u0301", "JOSÉ ", "jose"]) == ["jose", "josé"]
    assert draw.canonical(["STRASSE", "Straße"]) == ["strasse"]
    assert draw.canonical(["мария", "МАРИЯ"]) == ["мария"]


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "two\u2028lines"])
def test_an_entrant_is_one_line(name):
    with pytest.raises(ValueError, match="one line"):
        draw.canonical(["ana", name])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_one_spelling_stays_as_it_is_and_the_verifier_agrees(name):
    try:
        once = draw.identity(name)
    except ValueError:
        return
    assert draw.identity(once) == once == verify_draw.identity(once)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=8))
def test_the_list_at_once_is_the_list_one_by_one(names):
    try:
        one_by_one = sorted({draw.identity(name) for name in names})
    except ValueError:
        with pytest.raises(ValueError, match="one line"):
            draw.canonical(names)
        return
    assert draw.canonical(names) == one_by_one


LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=20)
BEGINS = st.sampled_from(["", "@", "é", "user.", "sixteen bytes ...", "fifteen bytes.."])


@given(st.lists(st.builds(str.__add__, BEGINS, st.one_of(LINE, st.text("ab\0é", max_size=3)))))
def test_sorting_by_numbers_is_sorting_as_text(lines):
    assert draw.in_order(lines) == sorted(set(lines))


def test_many_people_are_listed_as_few_are():
    """The list of a large contest is made another way: the same tickets, the same root, the same winners."""
    names = [f"{'Niña' if n % 9 == 0 else 'User'}.{n * 7919 % 100_003}" for n in range(draw.MANY + 500)]
    entrants = draw.canonical(names + names[:700])
    assert entrants == sorted({draw.identity(name) for name in names})
    assert draw.draw(entrants, "s", "b", 3) == draw.draw(entrants, "s", "b", 3, draw.root(entrants))
    with pytest.raises(ValueError, match="one line"):
        draw.canonical([*names, "two\u2028lines"])


def test_nobody_and_too_few():
    assert draw.draw([], "s", "b", 3) == []
    assert sorted(draw.draw(["a", "b"], "s", "b", 9)) == ["a", "b"]
    assert draw.draw(["a", "b"], "s", "b", 0) == []
    with pytest.raises(ValueError, match="fewer"):
        draw.draw(["a"], "s", "b", -1)
    assert wrong(told(names=[], winners=3)) == []
    assert wrong(told(winners=50)) == []


@settings(max_examples=60)
@given(st.integers(0, 60), st.integers(0, 60), st.text(max_size=8))
def test_winners_are_different_and_more_winners_change_none(size, wanted, beacon):
    entrants = draw.canonical(f"e{n}" for n in range(size))
    chosen = draw.draw(entrants, "s", beacon, wanted)
    assert len(set(chosen)) == len(chosen) == min(size, wanted)
    assert draw.draw(entrants, "s", beacon, wanted + 5)[: len(chosen)] == chosen


def test_every_entrant_is_equally_likely():
    entrants = draw.canonical(f"e{n}" for n in range(20))
    wins = Counter(name for n in range(4000) for name in draw.draw(entrants, "s", f"beacon {n}", 3))
    assert chisquare([wins[name] for name in entrants]).pvalue > 0.001  # fixed beacons: it cannot flicker


def test_every_order_is_equally_likely():
    found = Counter(tuple(draw.draw(["a", "b", "c", "d"], "s", f"{n}", 4)) for n in range(4800))
    assert chisquare([found[order] for order in permutations("abcd")]).pvalue > 0.001


def test_what_would_favour_some_is_rejected():
    """Of 0..9 a draw among 4 may not use 8 and 9: with plain modulo 0 and 1 would win more often."""
    source = iter([8, 9, 7, 3])
    assert draw.below(4, source, space=10) == 3
    assert next(source) == 3  # 7 was taken, 8 and 9 were not
    fair = Counter(draw.below(4, iter([n, 0]), space=10) for n in range(8))
    assert set(fair.values()) == {2}


def test_the_counters_are_those_of_the_formula():
    key = b"k" * 32
    assert list(islice(draw.numbers(key), 3)) == [
        int.from_bytes(hmac.new(key, n.to_bytes(8, "big"), "sha256").digest()) for n in islice(count(), 3)
    ]


def test_an_honest_draw_is_confirmed():
    assert wrong(told()) == []
    signature = "aa" * 48
    beacon = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    assert wrong(told(beacon=beacon, beacon_signature=signature)) == []


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"secret": "another"}, {"promised", "follow"}),
        ({"rules": "Comment twice."}, {"promised"}),
        ({"closes": "2026-12-02T12:00:00Z"}, {"promised"}),
        ({"beacon": "ab13"}, {"follow"}),
        ({"entrants": ["ana", "ben", "josé", "luz"]}, {"published", "follow"}),
        ({"entrants": ["ben", "ana", "josé", "luz", "maria"]}, {"order", "published", "follow"}),
        ({"entrants": ["ana", "ben", "josé", "luz", "maria", "maria"]}, {"order", "published", "follow"}),
        ({"entrants": ["ana", "ben", "josé", "luz", "maria", "nina"]}, {"published", "follow"}),
        ({"root": "0" * 64}, {"published"}),
        ({"winners": 1}, {"follow"}),
        ({"standby": 2}, {"follow"}),
        ({"beacon_signature": "bb" * 48}, {"signature"}),
    ],
)  # fmt: skip
def test_a_changed_draw_is_found_out(change, seen):
    said = wrong(told() | change)
    assert len(said) == len(seen)
    assert all(any(word in line for line in said) for word in seen)


def test_winners_exchanged_are_found_out():
    facts = told()
    assert wrong(facts | {"drawn": facts["drawn"][::-1]}) == [
        "the winners and those who stand by follow from it"
    ]


def test_the_verifier_is_one_short_file_anyone_can_run(tmp_path):
    assert VERIFIER.read_text().count("\n") <= 60
    path = tmp_path / "draw.json"
    for facts, code, says in ((told(), 0, "as it was promised"), (told(root="00"), 1, "WAS CHANGED")):
        path.write_text(json.dumps(facts))
        answer = subprocess.run(
            [sys.executable, "-I", str(VERIFIER), str(path)], capture_output=True, text=True, check=False
        )
        assert (answer.returncode, says in answer.stdout) == (code, True), answer.stdout + answer.stderr


def test_rules_are_the_same_however_their_lines_end():
    assert draw.commitment("s", "One\r\nTwo\r\n", "t") == draw.commitment("s", "One\nTwo", "t")


def test_the_round_of_a_moment():
    """drand quicknet: genesis 1692803367, every 3 s; round 27946612 was at 2026-04-20 00:00 UTC."""
    at = 1776643200
    assert draw.beacon_round(at, 1692803367, 3) == 27946612
    assert draw.beacon_round(at + 1, 1692803367, 3) == 27946613
    assert draw.beacon_round(at + 3, 1692803367, 3) == 27946613
    assert draw.beacon_round(0, 1692803367, 3) == 1
