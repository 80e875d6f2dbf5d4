"""Counting text each network's way, and what is said before a network refuses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.networks.base import Network, links
from diskarte.words import Limits, Media, Post

FAMILY = "👨‍👩‍👧"
CUP = Media("cup.png", "image/png", b"12345", "A white cup on blue wood")
FILM = Media("film.mp4", "video/mp4", b"12345", "Boats leaving at dawn")


@pytest.mark.parametrize(
    ("text", "characters", "graphemes", "weighted", "utf16"),
    [
        ("", 0, 0, 0, 0),
        ("Hello", 5, 5, 5, 5),
        (FAMILY, 5, 1, 2, 8),
        ("日本", 2, 2, 4, 2),
        ("cafe\u0301", 5, 4, 4, 5),
        ("🇵🇭", 2, 1, 2, 4),
        ("©", 1, 1, 1, 1),
        ("Ñandú — sí", 10, 10, 10, 10),
    ],
)
def test_four_ways_to_count(text, characters, graphemes, weighted, utf16):
    network = Network()
    told = [
        network.length(text, Limits(text=9, count=c))
        for c in ("characters", "graphemes", "weighted", "utf16")
    ]
    assert told == [characters, graphemes, weighted, utf16]


def test_a_link_may_count_a_fixed_length():
    limits = Limits(text=280, count="weighted", link_length=23)
    text = "Menu: https://harbour.example/very/long/menu?of=today. See you!"
    assert Network().length(text, limits) == len("Menu: ") + 23 + len(". See you!")
    assert Network().length(text, replace(limits, link_length=None)) == len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/w_(disambiguation) ok", ["https://a.example/w_(disambiguation)"]),
        ("http://a.example and https://b.example!", ["http://a.example", "https://b.example"]),
        ("no link here", []),
    ],
)
def test_links_end_before_the_sentence_does(text, found):
    assert [text[start:end] for start, end in links(text)] == found


@given(st.text(max_size=80))
def test_no_text_breaks_a_counter_and_clusters_are_never_more_than_characters(text):
    graphemes, characters = (
        Network().length(text, Limits(text=9, count=c)) for c in ("graphemes", "characters")
    )
    assert graphemes <= characters <= Network().length(text, Limits(text=9, count="utf16"))


LIMITS = Limits(
    text=20, text_bytes=39, images=2, image_bytes=5, videos=1, video_bytes=5, alt_text=30, parts=1
)


def codes(limits=LIMITS, **post):
    network = Network()
    return [c.code for c in network.preflight(Post(**({"key": "k", "text": "Hello"} | post)), limits)]


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ({}, []),
        ({"text": " "}, ["empty"]),
        ({"text": "", "media": (CUP,)}, []),
        ({"text": "a" * 21}, ["text_too_long"]),
        ({"parts": ("a" * 21,)}, ["text_too_long"]),
        ({"text": "é" * 20}, ["text_too_heavy"]),
        ({"parts": ("two", "")}, ["part_empty", "too_many_parts"]),
        ({"media": (CUP, CUP, CUP)}, ["too_many_images"]),
        ({"media": (FILM, FILM)}, ["too_many_videos"]),
        ({"media": (CUP, FILM)}, ["mixed_media"]),
        ({"media": (replace(CUP, mime="image/tiff"),)}, ["wrong_type"]),
        ({"media": (replace(FILM, mime="video/x-msvideo"),)}, ["wrong_type"]),
        ({"media": (replace(CUP, bytes=b"123456"),)}, ["too_big"]),
        ({"media": (replace(CUP, alt="a" * 31),)}, ["alt_too_long"]),
        ({"media": (replace(CUP, alt=" "),)}, ["alt_missing"]),
    ],
)
def test_each_complaint_is_made_when_due_and_only_then(post, expected):
    assert codes(**post) == expected


def test_a_network_that_wants_a_picture_says_so():
    assert codes(replace(LIMITS, needs_media=True)) == ["needs_media"]
    assert codes(replace(LIMITS, needs_media=True), media=(CUP,)) == []


def test_complaints_are_sentences_with_their_numbers_and_place():
    network = Network()
    post = Post("k", "Hello", parts=("b" * 23,), media=(replace(CUP, alt="", bytes=b"1" * 3_000_000),))
    told = {c.code: c for c in network.preflight(post, replace(LIMITS, image_bytes=2_000_000))}
    assert str(told["text_too_long"]) == (
        "The text is 3 characters too long (23 of 20). Shorten it or continue in a thread."
    )
    assert told["text_too_long"].field == "parts.1"
    assert str(told["too_big"]) == "cup.png has 2.9 MB; at most 1.9 MB are possible. Make it smaller."
    assert told["too_big"].field == "media.1"
    assert told["too_big"].fatal
    assert not told["alt_missing"].fatal
