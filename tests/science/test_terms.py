"""What others win with and we do not touch."""

import numpy as np
import pytest

from diskarte.science.terms import gaps, terms


def test_terms_are_words_tags_and_pairs_without_idle_words_and_links():
    told = terms("The Cold Brew of Kape! #ColdBrew https://kape.example/x @kape it’s 2026")
    assert told == {"cold", "brew", "kape", "#coldbrew", "cold brew"}


def test_filipino_idle_words_are_none():
    assert terms("Ang kape ay para sa mga magsasaka") == {"kape", "magsasaka"}


def world(rng, lift, n=240):
    """Two pages; every sixth post tells of latte art and brings `lift` times as much."""
    texts = [
        "our latte art class" if k % 6 == 0 else f"story number {chr(97 + k % 26)}lpha" for k in range(n)
    ]
    pages = ["big" if k % 2 else "small" for k in range(n)]
    level = np.array([5.0 if page == "big" else 3.0 for page in pages])
    y = level + np.log(lift) * np.array([k % 6 == 0 for k in range(n)]) + rng.normal(0, 0.8, n)
    return texts, pages, np.expm1(np.maximum(y, 0)).tolist()


def test_a_term_they_win_with_is_found_with_its_effect():
    told = gaps(*world(np.random.default_rng(3), 2.5), ours=["beans", "coffee"] * 20)
    assert told[0].term in (
        "latte art",
        "art class",
    )  # three words and two pairs that stand in the same posts: one
    assert len(told) <= 2
    assert told[0].n == 40
    assert told[0].low < 2.2 < told[0].high
    assert told[0].pages == 1  # every sixth post is an even one: of the small page
    assert told[0].z > 1.5


def test_a_term_without_effect_is_hardly_ever_found():
    rng = np.random.default_rng(11)
    found = [bool(gaps(*world(rng, 1.0), ours=["beans"])) for _ in range(100)]
    assert sum(found) <= 20  # though some sixty terms are looked at each time


def test_what_we_use_as_much_is_no_gap():
    texts, pages, counts = world(np.random.default_rng(3), 2.5)
    assert not [g for g in gaps(texts, pages, counts, ours=["latte art class", "other"]) if "latte" in g.term]


def test_posts_without_numbers_say_nothing():
    assert gaps(["latte art"] * 9, ["a"] * 9, [None] * 9, []) == []
    assert gaps([], [], [], []) == []


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="each text"):
        gaps(["a"], [], [1], [])
