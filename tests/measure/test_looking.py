"""Looking at the ledger: periods on the brand's clock, sums that know what nobody told, levels, one post's story."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.people.who import Stranger
from diskarte.stages.measure import actions, looking
from diskarte.stages.measure.looking import Period
from tests.make import NOW, a_brand, alice, charlie
from tests.measure.builders import history

MANILA = ZoneInfo("Asia/Manila")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def a_post(number=0, at=NOW, brand=None, **facts):
    return Publication.objects.create(
        brand=brand or a_brand(), network="practice", remote_id=f"l{number}", at=at, **facts
    )


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_the_period_before_is_as_long_and_touches(start, days):
    now = Period(start, start + days * DAY)
    assert now.before.days == now.days == days + 1
    assert now.before.end + DAY == now.start


def test_without_days_the_last_ninety_before_the_newest_post(db):
    who = alice()
    a_post(at=datetime(2022, 3, 31, 20, tzinfo=UTC))  # already April in Manila
    assert actions.overview(who).period == Period(date(2022, 1, 2), date(2022, 4, 1))
    assert actions.overview(who, end=date(2022, 3, 1)).period == Period(date(2021, 12, 2), date(2022, 3, 1))
    assert actions.overview(who, start=date(2022, 3, 1)).period == Period(date(2022, 3, 1), date(2022, 4, 1))


def test_days_given_the_wrong_way_round_are_turned(db):
    told = actions.overview(alice(), date(2026, 12, 31), date(2026, 12, 1))
    assert told.period == Period(date(2026, 12, 1), date(2026, 12, 31))


def test_a_day_is_the_brands_day(db):
    """00:30 on 1 December in Manila is still November in UTC."""
    a_post(at=datetime(2026, 11, 30, 16, 30, tzinfo=UTC), likes=5)
    a_post(1, at=datetime(2026, 11, 30, 15, 30, tzinfo=UTC), likes=7)
    told = actions.overview(alice(), date(2026, 12, 1), date(2026, 12, 31))
    assert (told.posts, told.posts_before) == (1, 1)
    assert (told.engaged.value, told.engaged.before) == (5, 7)
    assert [(m["month"], m["posts"]) for m in told.months] == [("2026-11", 1), ("2026-12", 1)]
    assert len(actions.posts(alice(), start=date(2026, 12, 1), end=date(2026, 12, 1))) == 1


def test_sums_know_what_nobody_told(db):
    a_post(0, likes=5, views=100)
    a_post(1, likes=None, views=None)
    a_post(2, likes=1, views=None)
    told = actions.overview(alice())
    totals = {t.metric: (t.value, t.n, t.of) for t in told.totals}
    assert totals == {"views": (100, 1, 3), "likes": (6, 2, 3)}  # saves were never told: no line, no nought
    assert (told.engaged.value, told.engaged.n, told.engaged.of) == (6, 2, 3)
    assert (told.rate, told.rate_n) == (pytest.approx(0.05), 1)  # only over the post that told both
    assert told.months[0]["views"] == 100


def test_a_metric_that_only_the_period_before_told_is_shown_as_lost(db):
    a_post(0, at=NOW, likes=5)
    a_post(1, at=NOW - 91 * DAY, saves=9)
    (saves,) = [t for t in actions.overview(alice()).totals if t.metric == "saves"]
    assert (saves.value, saves.before, saves.change) == (None, 9, None)


def test_no_views_no_rate(db):
    a_post(0, likes=5, views=0)
    assert actions.overview(alice()).rate is None
    assert actions.overview(charlie()).engaged.value is None
    assert actions.overview(charlie()).months == []


def test_answers_to_others_are_left_out_unless_asked_for(db):
    a_post(0, likes=5)
    a_post(1, likes=7, is_reply=True)
    assert (actions.overview(alice()).posts, actions.overview(alice(), replies=True).posts) == (1, 2)
    assert (len(actions.posts(alice())), len(actions.posts(alice(), replies=True))) == (1, 2)


def test_one_channel_only(db):
    from tests.publish.builders import a_channel

    harbour = a_channel("Harbour")
    a_post(0, channel=harbour, likes=5)
    a_post(1, channel=a_channel("Hall"), likes=7)
    assert actions.overview(alice(), channel=harbour.pk).engaged.value == 5
    with pytest.raises(Stranger):
        actions.overview(charlie(), channel=harbour.pk)


def test_the_better_kind_stands_first_and_its_interval_is_narrower_with_more_posts(db):
    rows = history(a_brand(), 90)
    few, many = looking.levels(rows[:15], MANILA)["kind"], looking.levels(rows, MANILA)["kind"]
    assert many[0].name == few[0].name == "reel"
    assert all(level.low < level.value < level.high for level in many)
    assert many[0].high / many[0].low < few[0].high / few[0].low
    assert {level.n for level in many} == {30}


def test_few_posts_are_pulled_to_the_usual(db):
    """One lucky carousel is not believed to be as good as it looks."""
    rows = [*history(a_brand(), 60, lift=1.0), Publication(at=NOW, kind="carousel", likes=400)]
    (lucky,) = [level for level in looking.levels(rows, MANILA)["kind"] if level.name == "carousel"]
    assert 23 < lucky.value < 400
    assert lucky.n == 1


def test_one_kind_alone_is_compared_with_nothing(db):
    rows = [Publication(at=NOW - i * DAY, kind="image", likes=5 + i) for i in range(20)]
    told = looking.levels(rows, MANILA)
    assert (told["kind"], told["pillar"]) == ([], [])
    assert [level.name for level in told["weekday"]] == list("0123456")


def test_hours_are_the_brands_and_a_day_without_an_hour_has_none(db):
    at = datetime(2026, 11, 1, 10, tzinfo=UTC)  # 18:00 in Manila
    rows = [Publication(at=at + i * DAY, kind="image", likes=9 + i % 3) for i in range(20)]
    rows += [
        Publication(at=at + i * DAY - timedelta(hours=9), kind="image", likes=3 + i % 2) for i in range(20)
    ]
    rows += [Publication(at=at + i * DAY, kind="image", likes=900, day_only=True) for i in range(5)]
    told = looking.levels(rows, MANILA)
    assert [(level.name, level.n) for level in told["hour"]] == [("09", 20), ("18", 20)]
    cells = looking.cells(rows, MANILA)
    assert (len(cells), {len(row) for row in cells}) == (7, {8})
    tried = {block for row in cells for block, cell in enumerate(row) if cell}
    assert tried == {3, 6}
    assert sum(cell["n"] for row in cells for cell in row if cell) == 40


def test_months_are_the_last_thirty_six_and_in_order(db):
    rows = [Publication(at=datetime(2020 + i // 12, i % 12 + 1, 15, tzinfo=UTC), likes=i) for i in range(40)]
    told = looking.months(rows, MANILA)
    assert len(told) == 36
    assert [m["month"] for m in told] == sorted(m["month"] for m in told)
    assert told[-1] == told[-1] | {"month": "2023-04", "posts": 1, "engaged": 39, "views": None}


def test_a_story_compares_with_the_others_of_its_kind(db):
    row = a_post(0, likes=20)
    for number, likes in enumerate((5, 10, 30, None), 1):
        a_post(number, likes=likes)
    a_post(8, likes=9000, kind="reel")
    a_post(9, likes=9000, is_reply=True)
    told = actions.post(alice(), row.pk)
    assert (told.n, told.better_than) == (3, pytest.approx(2 / 3))
    assert told.usual == pytest.approx((6 * 11 * 31) ** (1 / 3) - 1)
    with pytest.raises(Stranger):
        actions.post(charlie(), row.pk)


def test_a_post_alone_or_without_numbers_is_not_judged(db):
    row = a_post(0)
    assert (actions.post(alice(), row.pk).usual, actions.post(alice(), row.pk).better_than) == (None, None)
    a_post(1, likes=5)
    told = actions.post(alice(), row.pk)
    assert (told.n, told.better_than) == (1, None)


def test_a_story_has_its_readings_in_the_order_of_time(db):
    row = a_post(0, likes=9)
    for hours in (3, 1, 24):
        at = NOW + timedelta(hours=hours)
        Reading.objects.create(
            brand=row.brand, publication=row, metric="likes", value=hours, at=at, source="x"
        )
    assert [r.value for r in actions.post(alice(), row.pk).readings] == [1, 3, 24]


def test_which_numbers_were_ever_told(db):
    a_post(0, likes=0)
    a_post(1, saves=3)
    assert actions.metrics(alice()) == ["likes", "saves"]
    assert actions.metrics(charlie()) == []


def test_publications_of_one_origin(db):
    a_post(0, origin="publish.post:7")
    a_post(1, origin="publish.post:77")
    assert [row.remote_id for row in actions.publications_of(alice(), "publish.post:7")] == ["l0"]
    assert actions.publications_of(charlie(), "publish.post:7") == []


def test_from_when_to_when(db):
    assert looking.span(Publication.objects.all()) == (None, None)
    a_post(0, at=NOW - DAY)
    a_post(1, at=NOW)
    assert looking.span(Publication.objects.all()) == (NOW - DAY, NOW)


def test_standing(db, django_assert_max_num_queries):
    assert actions.standing(alice()).state == "empty"
    a_post(0)
    assert actions.standing(alice()).state == "half"  # something is out, nothing is known about it
    a_post(1, likes=1, numbers_at=NOW)
    who = alice()
    with django_assert_max_num_queries(3):
        told = actions.standing(who)
    assert (told.state, told.figure) == ("full", "2")


FIGURES = [(999, "999"), (1000, "1.0k"), (1668, "1.7k"), (99_949, "99.9k"), (123_999, "123k")]


@pytest.mark.parametrize(("n", "said"), FIGURES)
def test_a_figure_is_short(n, said):
    assert actions._short(n) == said
