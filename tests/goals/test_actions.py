"""The verbs of goals: what each does, who may, and that unknown is never zero."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from diskarte.core import clock
from diskarte.core.numbers.models import Publication
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.goals import actions
from diskarte.stages.goals.models import Goal, Way
from diskarte.words import Problem
from tests.goals.builders import LAST, TODAY, a_channel, a_goal, a_history, followers
from tests.make import NOW, alice, bob, charlie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_december():
    with clock.at(NOW):
        yield


def test_a_goal_measures_where_it_starts_from():
    who = alice()
    a_history(who, days=60, reach=1000)
    row = a_goal(who)
    assert row.baseline == 31000  # the 31 days before, one post a day
    assert "31 posts" in row.baseline_from
    assert row.period == "month"
    assert (
        actions.edit(who, row.pk, row.sentence, "reach", 40000.0, LAST, baseline=5.0).baseline_from
        == "told by you"
    )


def test_without_numbers_the_baseline_stays_unknown():
    assert a_goal(alice()).baseline is None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"sentence": " "}, "sentence"),
        ({"metric": "video_seconds"}, "metric"),
        ({"target": 0.0}, "target"),
        ({"target": float("inf")}, "target"),
        ({"metric": "engagement_rate", "target": 101.0}, "target"),
        ({"deadline": TODAY - timedelta(days=1)}, "deadline"),
        ({"deadline": date(2040, 1, 1)}, "deadline"),
    ],
)
def test_what_cannot_be_a_goal_is_said_beside_its_field(facts, field):
    with pytest.raises(Problem) as e:
        a_goal(alice(), **facts)
    assert e.value.field == field
    assert not Goal.objects.exists()


def test_pace_counts_own_posts_of_the_goals_days_and_channel():
    who = alice()
    first, second = a_channel(who, "1"), a_channel(who, "2")
    a_history(who, days=50, reach=1000, channel=first)
    a_history(who, days=30, reach=9, channel=second, is_reply=True)  # replies are not posts
    start = TODAY - timedelta(days=10)
    a_goal(who, starts=start, target=20000.0)
    a_goal(who, starts=start, target=20000.0, channel=second.pk)
    whole, other = actions.pace(who)
    assert (whole.now, whole.n) == (10000, 10)
    assert whole.state == "ahead"
    assert (other.now, other.chance, other.state) == (None, None, "unknown")  # never told, not zero


def test_a_number_nobody_told_is_unknown_and_says_what_to_do():
    who = alice()
    a_history(who, reach=None, likes=5)
    a_goal(who, starts=TODAY - timedelta(days=10))
    (found,) = actions.pace(who)
    assert (found.now, found.mid, found.needed_per_day) == (None, None, None)
    assert "never arrived" in found.why
    a_goal(who, metric="engagement_rate", target=5.0)
    assert actions.pace(who)[1].now is None  # likes are told, views are not


def test_posts_without_their_number_make_the_days_of_a_goal_unknown():
    who = alice()
    a_history(who, days=40, until=NOW - timedelta(days=20))
    Publication.objects.create(
        brand=who.brand, network="practice", remote_id="new", at=NOW - timedelta(days=1), numbers_at=NOW
    )
    a_goal(who, starts=TODAY - timedelta(days=5))
    assert actions.pace(who)[0].now is None


def test_engagements_are_the_networks_total_or_the_sum_of_what_is_known():
    who = alice()
    at = NOW - timedelta(days=2)
    for n, counts in enumerate(({"engagements": 50, "likes": 1}, {"likes": 7, "shares": 3}, {})):
        Publication.objects.create(brand=who.brand, network="practice", remote_id=f"e{n}", at=at, **counts)
    a_goal(who, metric="engagements", target=100.0, starts=TODAY - timedelta(days=5))
    assert actions.pace(who)[0].now == 60


def test_a_rate_is_engagements_per_hundred_views():
    who = alice()
    a_history(who, days=40, reach=None, views=200, likes=10)
    a_goal(who, metric="engagement_rate", target=6.0, starts=TODAY - timedelta(days=10))
    (found,) = actions.pace(who)
    assert found.now == pytest.approx(5)
    assert found.goal.baseline == pytest.approx(5)
    assert found.chance < 0.1


def test_followers_add_up_over_channels_and_stay_until_the_next_reading():
    who = alice()
    one, two = a_channel(who, "1"), a_channel(who, "2")
    followers(who, 60, 1000, 10, one)
    followers(who, 30, 500, 0, two)
    a_goal(who, metric="followers", target=2500.0)
    a_goal(who, metric="followers", target=2500.0, channel=one.pk)
    both, single = actions.pace(who)
    assert (both.now, single.now) == (2090, 1590)
    assert single.pace_per_day == pytest.approx(10)


def test_without_readings_the_channels_last_count_is_the_level():
    who = alice()
    a_channel(who, "1", followers=700, checked_at=NOW)
    a_goal(who, metric="followers", target=1000.0)
    (found,) = actions.pace(who)
    assert (found.now, found.chance) == (700, None)


def test_a_person_writes_down_what_no_network_tells():
    who = alice()
    a_goal(who, metric="leads", target=20.0, starts=TODAY - timedelta(days=5))
    actions.tell_number(who, "leads", 3.0, TODAY - timedelta(days=2))
    actions.tell_number(who, "leads", 4.0)
    (found,) = actions.pace(who)
    assert found.now == 7
    assert found.days.source == "written down by hand"
    with pytest.raises(Problem):
        actions.tell_number(who, "leads", -1.0)
    with pytest.raises(Problem, match="not been yet"):
        actions.tell_number(who, "leads", 1.0, TODAY + timedelta(days=1))


def test_numbers_that_ended_long_ago_are_not_zeros():
    who = alice()
    a_history(who, days=60, until=NOW - timedelta(days=90))
    a_goal(who)
    (found,) = actions.pace(who)
    assert found.chance is None
    assert "The numbers end on" in found.why


def test_a_year_is_split_by_the_seasons_of_its_history():
    who = alice()
    a_history(who, days=400, reach=100)
    Publication.objects.filter(at__month=12).update(reach=300)
    year = a_goal(
        who, "120,000 in 2027", target=120000.0, starts=date(2027, 1, 1), deadline=date(2027, 12, 31)
    )
    months = actions.split_year(who, year.pk)
    assert [m.starts.month for m in months] == list(range(1, 13))
    assert sum(m.target for m in months) == 120000
    assert months[11].target > 1.3 * months[9].target
    assert actions.pace(who) == []  # it has not begun
    assert [p.goal.pk for p in actions.pace(who, coming=True)] == [year.pk]  # and so has no month of it
    with pytest.raises(Problem, match="split already"):
        actions.split_year(who, year.pk)
    undo(Audit.objects.filter(verb="goals.split_year").latest("pk"))
    assert not Goal.objects.filter(part_of=year).exists()


def test_only_a_years_goal_is_split():
    who = alice()
    with pytest.raises(Problem):
        actions.split_year(who, a_goal(who).pk)


def test_closing_takes_the_months_along_and_opens_again():
    who = alice()
    year = a_goal(who, starts=TODAY, deadline=date(2027, 11, 30))
    actions.split_year(who, year.pk)
    actions.close_goal(who, year.pk, "missed", "The machine broke.")
    assert {g.state for g in Goal.objects.filter(part_of=year)} == {"closed"}
    assert actions.pace(who) == []
    assert year in actions.goals(who, "past")
    assert actions.reopen(who, year.pk).state == "open"
    actions.remove(who, year.pk)
    assert not Goal.objects.exists()


def test_ways_come_from_own_posts_and_the_chosen_become_wishes():
    who = alice()
    a_history(who, days=80)
    row = a_goal(who)
    offered = actions.propose_ways(who, row.pk)
    assert {m.move for m in offered} == {"more_posts", "contest", "partner", "placement"}
    best = offered[0]
    assert best.low < best.mid < best.high
    way = actions.choose_way(who, row.pk, "more_posts", best.kind, a_week=2.0)
    assert way.mid == pytest.approx(2 * best.mid)
    own = actions.choose_way(who, row.pk, "own", text="Free cup for a photo", hours=2.0, cost=Decimal(900))
    assert (own.mid, own.hours) == (None, 2)
    assert actions.wishes(who) == [way, own]
    actions.close_goal(who, row.pk, "closed")
    assert actions.wishes(who) == []
    actions.drop_way(who, own.pk)
    assert Way.objects.count() == 1
    with pytest.raises(Problem):
        actions.choose_way(who, row.pk, "own")


def test_the_check_speaks_in_sentences():
    who = alice()
    row = a_goal(who, "More clicks", metric="clicks", target=50.0)
    said = {hint.name: (hint.state, hint.sentence) for hint in actions.check(who, row.pk)}
    assert said["Specific"] == ("missing", "«More» is not a number. Say how many, of what, by when.")
    assert said["Measurable"][0] == "missing"
    assert said["Achievable"][0] == "open"


def test_standing_names_what_is_behind():
    who = alice()
    assert actions.standing(who).state == "empty"
    a_goal(who, metric="leads", target=5.0)
    assert actions.standing(who).state == "half"
    a_history(who, days=60, reach=10)
    late = a_goal(who, "Reach a million", target=1e6, starts=TODAY - timedelta(days=20))
    (need,) = actions.standing(who).needs
    assert (need.args, need.values) == ({"pk": late.pk}, {"goal": "Reach a million"})


def test_pace_of_many_goals_takes_three_queries(django_assert_num_queries):
    who = alice()
    a_history(who, days=60)
    for n in range(6):
        a_goal(who, f"Reach {n} thousand people", metric=("reach", "clicks", "followers")[n % 3])
    with django_assert_num_queries(4):  # goals, posts, readings, the channels' last counts
        assert len(actions.pace(who)) == 6


def test_an_author_looks_and_does_not_touch():
    row = a_goal(alice())
    assert actions.goals(bob()) == [row]
    for write in (
        lambda w: a_goal(w),
        lambda w: actions.close_goal(w, row.pk, "closed"),
        lambda w: actions.tell_number(w, "leads", 1.0),
        lambda w: actions.choose_way(w, row.pk, "contest"),
    ):
        with pytest.raises(Forbidden):
            write(bob())


def test_a_stranger_learns_nothing():
    who = alice()
    row = a_goal(who)
    way = actions.choose_way(who, row.pk, "contest")
    for touch in (
        lambda w: actions.forecast(w, row.pk),
        lambda w: actions.check(w, row.pk),
        lambda w: actions.parts(w, row.pk),
        lambda w: actions.edit(w, row.pk, "Mine", "reach", 1.0, LAST),
        lambda w: actions.remove(w, row.pk),
        lambda w: actions.drop_way(w, way.pk),
        lambda w: a_goal(w, part_of=row.pk),
        lambda w: a_goal(w, channel=a_channel(who).pk),
    ):
        with pytest.raises(Stranger):
            touch(charlie())
    assert actions.pace(charlie()) == []
