"""Brand health: how people speak of us, from what the inbox keeps under our posts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.core.people.who import Stranger
from diskarte.stages.engage.models import Message
from diskarte.stages.goals import actions
from tests.engage.builders import a_channel, a_sent_post
from tests.make import NOW, alice, bob, charlie

pytestmark = pytest.mark.django_db
PAGE = "/kape-diwata/goals/health/"


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def said(*texts, days=10, post=None):
    """Comments under a post of ours."""
    post = post or a_sent_post()
    for n, text in enumerate(texts):
        Message.objects.create(brand=post.brand, channel=post.channel, under=post, remote_id=f"{days}-{n}-{post.pk}",
                               author="ana", text=text, at=NOW - timedelta(days=days, minutes=n))  # fmt: skip
    return post


def test_without_comments_the_tone_is_unknown():
    told = actions.checking.tone_of_voices(alice())
    assert (told.comments, told.now.share, told.verdict, told.enough) == (0, None, "unknown", False)


def test_the_share_stands_on_comments_with_a_tone_of_our_posts_in_ninety_days():
    post = said("Love it!", "Ang sarap", "Salamat po", "Great", "Bastos ng staff", "Magkano po?", " ")
    said("Terrible", days=100, post=post)
    told = actions.checking.tone_of_voices(bob())
    assert (told.now.good, told.now.bad, told.now.plain, told.comments) == (4, 1, 1, 6)
    assert told.now.share == 0.8
    assert told.now.low < 0.5 < 0.8 < told.now.high
    assert (told.before.bad, told.verdict) == (1, "unknown")
    assert [one.text for one in told.bad] == ["Bastos ng staff"]
    assert len(told.good) == 2


def test_a_change_against_the_ninety_days_before_is_told():
    post = said(*["Ang sarap"] * 20)
    said(*["Bastos"] * 12, *["Love it"] * 8, days=120, post=post)
    assert actions.checking.tone_of_voices(alice()).verdict == "better"


def test_nobody_elses_comments_count():
    said(*["Ang sarap"] * 9)
    assert actions.checking.tone_of_voices(charlie()).comments == 0
    with pytest.raises(Stranger):
        charlie().one(Message, Message.objects.first().pk)


def test_the_page_shows_share_interval_and_sample_or_says_unknown(web, django_assert_max_num_queries):
    a_channel()
    assert "Unknown: 0 comments of the last 90 days show a feeling" in web.get(PAGE).content.decode()
    said("Love it!", "Ang sarap", "Salamat po", "Great", "Bastos ng staff", "Magkano po?")
    with django_assert_max_num_queries(15):
        told = web.get(PAGE).content.decode()
    assert re.search(r"80\s%", told)
    assert "of 5 comments that show a feeling are good ones" in told
    assert "Bastos ng staff" in told
    assert "theirs is unknown" in told
