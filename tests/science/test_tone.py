"""The tone of texts: known answers a reader agrees with, and a share whose interval does what it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.science import tone

KNOWN = {
    "good": [
        "Love this!", "Ang sarap po ng latte, salamat!", "Been there, it was great.",
        "Sulit na sulit 💯", "Not bad at all",        "Очень вкусно, спасибо", "Hindi pangit ang lasa",
        "no problem, ang bait ng staff",
        "😍😍", "Didn't disappoint: not slow",
    ],
    "bad": [
        "Waited 40 minutes last time.", "Walang lasa yung kape", "Not good.", "hindi masarap",
        "Ang tagal dumating ng order",
        "Didn't love it", "Overpriced and rude staff", "Ужасно, верните деньги", "👎", "The app crashed",
    ],
    "mixed": ["Masarap pero ang bagal", "Great coffee, rude barista", "Love it. Too expensive."],
    "plain": [
        "How much is it?", "Magkano po?", "Is this good?", "Do you deliver?", "Tagging my friends.", "",
        "Magandang umaga po",
        "Saan po ito", "Is the coffee bad or good?", "#coffee 2026", "Looks like rain", "good morning",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("says", "text"), [(says, text) for says, texts in KNOWN.items() for text in texts])
def test_texts_a_reader_would_agree_about(says, text):
    assert tone.tone(text) == says


@given(st.text(max_size=200))
def test_any_text_has_a_tone(text):
    assert tone.tone(text) in KNOWN
    assert tone.tone(text.upper()) in KNOWN


def test_the_lists_do_not_contradict_themselves():
    seen = {}
    for line in tone.WORDS.read_text(encoding="utf-8").splitlines():
        if line[:2] in ("+ ", "- ", "= ", "! "):
            for word in (part.strip() for part in line[2:].split(",")):
                assert word, line[:40]
                assert seen.setdefault(word, line[0]) == line[0], word
    assert len(seen) > 300


def test_a_share_by_hand():
    told = tone.mood(["Love this!", "Great", "Slow", "Magkano?", "Masarap pero mahal naman"])
    assert (told.good, told.bad, told.mixed, told.plain) == (2, 1, 1, 1)
    assert told.share == pytest.approx(2 / 3)
    assert told.low < 0.3 < 0.67 < told.high
    assert tone.mood(["Magkano?"]).share is None
    assert tone.mood([]).low is None


def test_nobody_unhappy_is_not_sure_happiness():
    told = tone.of_counts(5, 0)
    assert (told.share, told.high) == (1.0, 1.0)
    assert told.low < 0.8
    assert tone.of_counts(0, 5).low == 0.0
    with pytest.raises(ValueError):
        tone.of_counts(-1, 2)


def test_the_interval_holds_the_truth_nine_times_of_ten():
    rng = np.random.default_rng(3)
    for truth in (0.3, 0.7, 0.9):
        hits = 0
        for good in rng.binomial(40, truth, 400):
            told = tone.of_counts(int(good), 40 - int(good))
            hits += told.low <= truth <= told.high
        assert 0.85 <= hits / 400 <= 0.96


def test_a_change_is_told_when_it_is_larger_than_chance():
    assert tone.changed(tone.of_counts(30, 30), tone.of_counts(50, 10)) == "better"
    assert tone.changed(tone.of_counts(50, 10), tone.of_counts(30, 30)) == "worse"
    assert tone.changed(tone.of_counts(5, 5), tone.of_counts(6, 4)) == "same"
    assert tone.changed(tone.of_counts(0, 0), tone.of_counts(6, 4)) == "unknown"


def test_false_alarms_are_one_in_ten():
    rng = np.random.default_rng(5)
    told = [
        tone.changed(tone.of_counts(int(a), 40 - int(a)), tone.of_counts(int(b), 40 - int(b)))
        for a, b in rng.binomial(40, 0.7, (600, 2))
    ]
    assert 0.05 <= 1 - told.count("same") / 600 <= 0.14
