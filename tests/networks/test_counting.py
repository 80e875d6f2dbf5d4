"""How long a text is where the networks count in their own ways, and what may stand under files."""

import pytest

from diskarte.networks import get
from diskarte.networks._thread import letters
from diskarte.networks.slack import SECTION, sections
from diskarte.words import Media, Post
from tests.networks.wire import BOATS

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("kape.com", 23),  # twitter-text finds links nobody began with https://
        ("See www.kape.ph!", 4 + 23 + 1),
        ("kape.com.ph/menu.html", 23),
        ("kape.ph/menu", 23),
        ("kape.com, tea.shop", 23 + 2 + 23),
        ("kape.ph", 7),  # two letters alone, without a path, are none
        ("Hello.World", 11),
        ("3.50 pesos, e.g. this", 21),
        ("ana@kape.com", 12),
        ("https://kape.com/a.com", 23),
        (FAMILY, 2),
        ("ñ", 1),
    ],
)
def test_x_counts_as_twitter_text_does(text, long):
    assert get("x").length(text) == long


def test_a_text_that_a_link_without_https_makes_too_long_is_said_before_x_refuses_it():
    over = Post("k", "a" * 265 + " kape.com")
    assert len(over.text) < 280
    assert [c.code for c in get("x").preflight(over)] == ["text_too_long"]


def test_mastodon_counts_what_a_reader_calls_letters():
    mastodon = get("mastodon")
    assert mastodon.length(FAMILY * 500) == 500
    assert mastodon.preflight(Post("k", FAMILY * 500)) == []
    assert mastodon.length("kape.com") == 8, "there a link begins with https://"


def test_a_link_that_x_shortened_is_no_other_text():
    assert letters("Menu: kape.com today") == letters("Menu: https://t.co/a1 today")
    assert letters("Menu today") != letters("Menu tomorrow")


def test_under_files_telegram_takes_less_but_not_in_the_later_parts():
    long = "a" * 3000
    telegram = get("telegram")
    assert telegram.preflight(Post("k", "Boats", media=(BOATS,), parts=(long, long))) == []
    found = telegram.preflight(Post("k", long, media=(BOATS,), parts=(long, "b" * 4097)))
    assert [(c.code, c.field, c.values["limit"]) for c in found] == [
        ("text_too_long", "text", 1024),
        ("text_too_long", "parts.2", 4096),
    ]


@pytest.mark.parametrize(
    "text", ["word " * 780, "& " * 1900, "x" * 4000, "a\n" * 1999, "<" * 3999, "short", ""]
)
def test_nothing_of_a_long_text_is_lost_beside_pictures_on_slack(text):
    import html

    pieces = sections(text)
    assert html.unescape("".join(pieces)).strip() == text.strip()
    assert all(0 < len(piece) <= SECTION for piece in pieces)
    assert len(pieces) <= 40, "a message has fifty blocks, and ten may be pictures"


@pytest.mark.parametrize(
    ("name", "kind"), [("slack", "image/webp"), ("vk", "image/webp"), ("pinterest", "image/gif")]
)
def test_a_kind_of_picture_that_is_not_taken_is_said_before(name, kind):
    post = Post("k", "Boats", media=(Media("a", kind, b"1", "Boats"),))
    assert "wrong_type" in [c.code for c in get(name).preflight(post)]


@pytest.mark.parametrize("name", ["ghost", "wordpress"])
def test_an_article_of_pictures_alone_lacks_its_title(name):
    post = Post("k", " ", media=(BOATS,))
    assert [c.code for c in get(name).preflight(post) if c.fatal] == ["title_missing"]
    assert get(name).preflight(Post("k", "Boats", media=(BOATS,))) == []
