"""The tone of texts: known answers a reader agrees with."""

from __future__ import annotations

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
