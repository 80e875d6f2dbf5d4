from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.networks._exports import recognise
from diskarte.stages.measure import rules
from diskarte.words import Kind, Metric, Misread

MANILA = ZoneInfo("Asia/Manila")
OLD_X = [
    "Tweet id",
    "Tweet permalink",
    "Tweet text",
    "time",
    "impressions",
    "engagements",
    "likes",
    "media views",
]
ROW = {
    "Tweet id": "826144200114663424",
    "Tweet permalink": "https://example.com/826144200114663424",
    "Tweet text": "News is out",
    "time": "2017-01-30 19:05 +0000",
    "impressions": "4715.0",
    "engagements": "46.0",
    "likes": "-",
    "media views": "0",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [("2633.0", 2633), ("15,000", 15000), ("1 234", 1234), ("-", None), ("NA", None), ("", None), ("0", 0)],
)
def test_a_count_is_read_and_unknown_is_none(text, value):
    assert rules.count(text) == value


@pytest.mark.parametrize("text", ["many", "1.5", "-3", "nan", "1e999"])
def test_what_is_no_count_is_told(text):
    with pytest.raises(Misread, match=r"count|number"):
        rules.count(text)


@given(st.integers(0, 10**12))
def test_every_count_survives_thousands_separators(n):
    assert rules.count(f"{n:,}") == rules.count(f"{n}.0") == n


def test_times_without_an_offset_are_the_brands_own():
    assert rules.moment("2026-12-01 09:00", ["%Y-%m-%d %H:%M"], MANILA) == datetime(
        2026, 12, 1, 1, tzinfo=UTC
    )
    assert rules.moment("2026-12-01 09:00 +0000", ["%Y-%m-%d %H:%M %z"], MANILA).hour == 9


def test_a_row_of_an_export_is_read_in_our_words():
    export = recognise(OLD_X)
    read = rules.read_row(export, ROW, MANILA)
    assert (read.remote_id, read.at) == ("826144200114663424", datetime(2017, 1, 30, 19, 5, tzinfo=UTC))
    assert read.counts == {
        Metric.VIEWS: 4715,
        Metric.ENGAGEMENTS: 46,
    }  # likes «-» is not told, so it is not there
    assert (read.kind, read.is_reply) == (Kind.TEXT, False)
    with_picture = rules.read_row(export, ROW | {"media views": "12"}, MANILA)
    assert with_picture.kind == Kind.IMAGE
    assert rules.read_row(export, ROW | {"Tweet text": "@ana thanks"}, MANILA).is_reply


def test_an_id_rounded_by_a_spreadsheet_is_refused():
    with pytest.raises(Misread, match="rounded"):
        rules.read_row(recognise(OLD_X), ROW | {"Tweet id": "8.26144E+17"}, MANILA)


@given(st.dictionaries(st.sampled_from(list(Metric)), st.integers(0, 10**6)))
def test_merging_the_same_numbers_changes_nothing(counts):
    once = rules.merged({}, counts)
    assert rules.merged(once, counts) == {}


def test_merging_keeps_the_larger_total_and_what_is_unknown():
    assert rules.merged({"likes": 5, "views": None}, {Metric.LIKES: 3, Metric.VIEWS: 10}) == {"views": 10}


@pytest.mark.parametrize(
    ("hours", "read_at", "due"),
    [
        (0.5, None, False),
        (1.1, None, True),
        (2, 1.1, False),
        (3.1, 1.1, True),
        (700, 673, False),
        (721, 673, True),
    ],
)
def test_posts_are_read_at_their_ages(hours, read_at, due):
    born = datetime(2026, 12, 1, tzinfo=UTC)
    last = None if read_at is None else born + timedelta(hours=read_at)
    assert rules.due_ages(born, last, born + timedelta(hours=hours)) is due


def test_a_total_knows_what_nobody_told():
    assert rules.total("saves", [None, None], []).value is None
    told = rules.total("likes", [3, None, 4], [5])
    assert (told.value, told.n, told.of, told.before) == (7, 2, 3, 5)
    assert told.change == pytest.approx(0.4)
