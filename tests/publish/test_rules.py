"""What a post is and whether it may go out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.stages.publish import rules


@pytest.mark.parametrize(
    ("step", "comment", "deliveries", "state"),
    [
        ("draft", "", [], "draft"),
        ("draft", "Shorter, please", [], "changes"),
        ("review", "", [], "waiting"),
        ("approved", "", [], "approved"),
        ("approved", "", ["queued"], "scheduled"),
        ("approved", "", ["sent", "queued"], "scheduled"),
        ("draft", "", ["sent", "sent"], "sent"),
        ("draft", "", ["sent", "unknown"], "needs_you"),
        ("draft", "", ["queued", "asked"], "needs_you"),
        ("approved", "", ["cancelled"], "approved"),
        ("draft", "", ["cancelled", "sent"], "sent"),
    ],
)
def test_a_post_is_what_its_deliveries_are(step, comment, deliveries, state):
    assert rules.state_of(step, comment, deliveries) == state


@given(
    st.lists(st.sampled_from(["queued", "sending", "sent", "asked", "unknown", "lost", "cancelled"])),
    st.text(),
)
def test_the_order_of_deliveries_does_not_matter(deliveries, comment):
    state = rules.state_of("draft", comment, deliveries)
    assert state in rules.STATES
    assert rules.state_of("draft", comment, reversed(deliveries)) == state


@pytest.mark.parametrize(
    ("policy", "step", "version", "approved", "why"),
    [
        ("none", "draft", 1, None, ""),
        ("optional", "draft", 1, None, ""),
        ("optional", "review", 1, None, "waiting"),
        ("required", "draft", 1, None, "ask_first"),
        ("required", "review", 1, None, "waiting"),
        ("required", "approved", 2, 2, ""),
        ("required", "approved", 3, 2, "changed"),
        ("required", "draft", 2, 2, "ask_first"),
    ],
)
def test_who_must_agree_before_it_goes_out(policy, step, version, approved, why):
    answer = rules.may_go(policy, step, version, approved)
    assert (answer.may, answer.why) == (not why, why)


@pytest.mark.parametrize(
    ("text", "link", "said"),
    [
        ("Open at 6", "", "Open at 6"),
        ("Open at 6", "https://kape.ph/m", "Open at 6\n\nhttps://kape.ph/m"),
        ("", "https://kape.ph/m", "https://kape.ph/m"),
        ("See https://kape.ph/m.", "https://kape.ph/m", "See https://kape.ph/m."),
        ("See https://kape.ph/menu", "https://kape.ph/m", "See https://kape.ph/menu\n\nhttps://kape.ph/m"),
    ],
)
def test_the_link_stands_in_the_text_once(text, link, said):
    assert rules.said(text, link) == said
    assert rules.said(said, link) == said


def test_a_name_for_lists():
    assert rules.called("", "  Two \n lines ") == "Two lines"
    assert rules.called("Barista tip", "anything") == "Barista tip"
    assert rules.called("", "x" * 80) == "x" * 59 + "…"


def test_a_thread_is_written_in_one_field():
    assert rules.thread("one\n---\ntwo\nlines\n-----\n\n") == ["one", "two\nlines"]
    assert rules.thread(" \n") == []
    assert rules.thread("one\r\n---\r\ntwo\r\nlines") == ["one", "two\nlines"]


@given(st.lists(st.from_regex(r"[a-z]{1,9}( [a-z]{1,9}){0,3}", fullmatch=True)))
def test_a_thread_survives_its_field(parts):
    assert rules.thread(rules.as_thread(parts)) == parts


@pytest.mark.parametrize(
    ("mimes", "text", "chosen", "kind"),
    [
        ([], "Hello", "reel", "text"),
        ([], "https://kape.ph", "text", "link"),
        ([], "Which one?", "poll", "poll"),
        (["image/png"], "Hello", "text", "image"),
        (["image/png"], "Hello", "story", "story"),
        (["image/png", "image/png"], "Hello", "image", "carousel"),
        (["video/mp4"], "Hello", "reel", "reel"),
        (["video/mp4"], "Hello", "image", "video"),
    ],
)
def test_what_it_is_made_of(mimes, text, chosen, kind):
    assert rules.kind_of(mimes, text, chosen) == kind
