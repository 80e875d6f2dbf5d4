"""What is unsaid, the statement's phrases, handles and addresses, and who is ahead of whom."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.doors.web.middleware import OURS
from diskarte.stages.brand import rules
from diskarte.stages.brand.rules import Figures
from tests.make import NOW


def compare(ours, theirs, price=("", "")):
    return rules.compare({"x": ours} if ours else {}, {"x": theirs} if theirs else {}, ["x"], price, NOW)


def verdicts(ours, theirs):
    return {line.factor: line.verdict for line in compare(ours, theirs)}


def test_unanswered_questions_keep_their_order_and_blanks_do_not_count():
    assert rules.unanswered({"idea": "Coffee", "sells": "  "})[:2] == ["sells", "customers"]
    assert rules.missing_for_statement({name: "said" for name in rules.STATEMENT}) == []


@pytest.mark.parametrize(
    ("said", "inside"),
    [
        ("People working near us.", "people working near us"),
        ("We buy\n from three farms!", "we buy from three farms"),
        ("UP students", "UP students"),  # an abbreviation keeps its capitals
        ("  ", ""),
    ],
)
def test_an_answer_becomes_a_phrase(said, inside):
    assert rules.phrase(said) == inside


def test_words_come_one_a_line_or_with_commas_and_once():
    assert rules.words(["kape, tambay\nbarako", "kape"]) == ["kape", "tambay", "barako"]


def test_handles_are_read_as_people_write_them():
    lines = ["Facebook: @rival\nby hand rival", "https://www.example.com/rival"]
    assert rules.handles(lines) == {
        "facebook": "@rival",
        "by": "hand rival",
        "example": "https://www.example.com/rival",
    }
    assert rules.handle_lines({"facebook": "@rival"}) == "facebook: @rival"


def test_a_handle_without_a_network_is_named():
    with pytest.raises(ValueError, match="@rival"):
        rules.handles(["Facebook: @a", "@rival"])


@pytest.mark.parametrize(
    ("given", "whole"),
    [("kanto.ph", "https://kanto.ph"), (" http://kanto.ph/a ", "http://kanto.ph/a"), ("", "")],
)
def test_an_address_gets_its_scheme(given, whole):
    assert rules.web_address(given) == whole


@pytest.mark.parametrize(
    "wrong", ["javascript:alert(1)", "ftp://a.b", "kanto", "https://" + "a" * 500 + ".ph"]
)
def test_what_is_no_website_is_refused(wrong):
    with pytest.raises(ValueError):
        rules.web_address(wrong)


def test_no_brand_can_take_an_address_of_the_house():
    assert rules.RESERVED == OURS
    assert rules.slug_of("Plan", rules.RESERVED) == "plan-2"


@given(st.text(), st.sets(st.text(alphabet="ab-2", max_size=8)))
def test_a_slug_is_free_and_fits_an_address(name, taken):
    slug = rules.slug_of(name, taken)
    assert slug not in taken
    assert slug.strip("-") == slug
    assert 0 < len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_followers_differ_only_beyond_what_a_month_moves():
    assert verdicts(Figures(1040), Figures(1000))["followers"] == "same"
    assert verdicts(Figures(1100), Figures(1000))["followers"] == "ahead"
    assert verdicts(Figures(900), Figures(1000))["followers"] == "behind"


def test_cadence_needs_counts_and_a_gap_wider_than_chance():
    few, many = Figures(posts_a_week=2, n=8), Figures(posts_a_week=3, n=12)
    assert verdicts(few, many)["posts_a_week"] == "same"  # 8 against 12 posts is what chance does
    assert verdicts(Figures(posts_a_week=2, n=8), Figures(posts_a_week=9, n=36))["posts_a_week"] == "behind"
    (line,) = [x for x in compare(few, Figures(posts_a_week=3)) if x.factor == "posts_a_week"]
    assert (line.verdict, line.why) == ("unknown", "sample")


def test_usual_posts_are_compared_where_both_sides_are_known():
    ours, theirs = Figures(engagement=60, n=20, usual=30.0), Figures(engagement=20, n=20, usual=60.0)
    (line,) = [x for x in compare(ours, theirs) if x.low]
    reach = 1.6448536 * 0.95 * math.sqrt(2 / 20)
    assert (line.factor, line.verdict) == ("usual", "behind")
    assert line.high == pytest.approx(0.5 * math.exp(reach))
    (mean,) = [x for x in compare(ours, Figures(engagement=20, n=20)) if x.low]
    assert mean.factor == "engagement"
    assert rules.usual([0, 3]) == pytest.approx(1.0)
    assert rules.usual([]) is None


def test_the_interval_of_engagement_is_the_one_a_reader_can_redo():
    (line,) = [x for x in compare(Figures(engagement=60, n=20), Figures(engagement=20, n=20)) if x.low]
    reach = 1.6449 * math.sqrt(2 * math.expm1(0.95**2) / 20)
    assert line.low == pytest.approx(3 * math.exp(-reach), rel=1e-3)
    assert line.high == pytest.approx(3 * math.exp(reach), rel=1e-3)
    assert line.verdict == "ahead"


def test_unknown_is_said_with_its_reason():
    lines = {line.factor: line for line in compare(Figures(), Figures(followers=5))}
    assert lines["followers"].why == "ours"
    assert lines["engagement"].why == "both"
    (only,) = compare(Figures(followers=5), None)
    assert (only.factor, only.verdict, only.why) == ("presence", "unknown", "theirs")


def test_where_we_are_not_they_are_ahead_and_old_numbers_tell_nothing():
    (line,) = compare(None, Figures(followers=5, source="their page"))
    assert (line.factor, line.verdict, line.source) == ("presence", "behind", "their page")
    old = Figures(followers=5, at=NOW - timedelta(days=91))
    assert [x.why for x in compare(Figures(followers=9), old)] == ["old"]


def test_another_price_level_is_a_difference_and_no_merit():
    assert compare(None, None, ("middle", "high"))[-1].verdict == "different"
    assert compare(None, None, ("high", "high"))[-1].verdict == "same"
    assert compare(None, None, ("", "high"))[-1].why == "ours"
    assert [x.factor for x in compare(None, None, ("high", ""))] == ["presence"]


def test_notes_keep_their_source():
    lines = rules.said("Second branch\n\nOwn roast", "Quiet", "visited")
    assert [(x.verdict, x.text, x.source) for x in lines] == [
        ("behind", "Second branch", "visited"),
        ("behind", "Own roast", "visited"),
        ("ahead", "Quiet", "visited"),
    ]


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.integers(1, 500), st.integers(1, 500))
def test_who_is_ahead_does_not_depend_on_who_asks(a, b, n, m):
    turned = {"ahead": "behind", "behind": "ahead", "same": "same"}
    here = verdicts(Figures(a, a, a, n), Figures(b, b, b, m))
    there = verdicts(Figures(b, b, b, m), Figures(a, a, a, n))
    assert {name: turned[v] for name, v in here.items()} == there
