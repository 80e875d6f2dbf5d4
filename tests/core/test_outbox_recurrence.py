"""When something recurs, on a clock that changes twice a year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core.outbox import recurrence as r

BERLIN, MANILA, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Manila"), ZoneInfo("America/New_York")
LONG_AGO, FAR = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def local(rule, start, zone=BERLIN, n=10):
    found = []
    for name, at in r.turns(rule, start, zone, LONG_AGO, FAR):
        found.append((name, at.astimezone(zone).strftime("%m-%d %H:%M")))
        if len(found) == n:
            return found
    return found


def test_a_clock_change_never_shifts_a_post():
    """Berlin's summer began on 29 March 2026: 18:00 stays 18:00, the moment in UTC moves by an hour."""
    found = list(r.turns("FREQ=WEEKLY;COUNT=3", datetime(2026, 3, 22, 18), BERLIN, LONG_AGO, FAR))
    assert [at.hour for _name, at in found] == [17, 16, 16]
    assert [at.astimezone(BERLIN).hour for _name, at in found] == [18, 18, 18]


def test_an_hour_that_does_not_exist_is_taken_an_hour_later_and_one_that_comes_twice_the_first_time():
    gap = local("FREQ=DAILY;COUNT=3", datetime(2026, 3, 28, 2, 30))
    assert [shown for _name, shown in gap] == ["03-28 02:30", "03-29 03:30", "03-30 02:30"]
    assert [name for name, _shown in gap] == ["2026-03-28T02:30", "2026-03-29T02:30", "2026-03-30T02:30"]
    assert r.moment(datetime(2026, 10, 25, 2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_examples_of_the_standard():
    """RFC 5545, 3.8.5.3: the last Friday, the 15th and 30th, every other week, a Friday the 13th is not asked for."""
    start = datetime(1997, 9, 2, 9)
    fridays = local("FREQ=MONTHLY;COUNT=3;BYDAY=-1FR", start, NEW_YORK)
    assert [shown[:5] for _n, shown in fridays] == ["09-26", "10-31", "11-28"]
    twice = local("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=2,15", start, NEW_YORK)
    assert [shown[:5] for _n, shown in twice] == ["09-02", "09-15", "10-02", "10-15"]
    other = local("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,TH", start, NEW_YORK)
    assert [shown[:5] for _n, shown in other] == ["09-02", "09-04", "09-16", "09-18"]
    yearly = local("FREQ=YEARLY;COUNT=3;BYMONTH=6,7", datetime(1997, 6, 10, 9), NEW_YORK)
    assert [shown[:5] for _n, shown in yearly] == ["06-10", "07-10", "06-10"]


def test_the_last_day_of_each_month():
    found = local("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", datetime(2026, 1, 31, 9), MANILA)
    assert [shown for _n, shown in found] == ["01-31 09:00", "02-28 09:00", "03-31 09:00"]


def test_until_is_a_day_of_the_brands_calendar():
    rule = r.written("day", until=date(2026, 12, 3))
    assert [name[:10] for name, _s in local(rule, datetime(2026, 12, 1, 23, 30), MANILA)] == [
        "2026-12-01", "2026-12-02", "2026-12-03",
    ]  # fmt: skip


def test_plain_choices_become_a_rule():
    assert r.written("week", 2, ("FR", "MO")) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"
    assert r.written("month", count=12) == "FREQ=MONTHLY;INTERVAL=1;COUNT=12"
    for wrong in ({"every": "hour"}, {"every": "day", "interval": 0}, {"every": "day", "count": 9999},
                  {"every": "week", "days": ("XX",)},
                  {"every": "day", "count": 1, "until": date(2026, 1, 1)}):  # fmt: skip
        with pytest.raises(ValueError, match=r"\w"):
            r.written(**wrong)


@pytest.mark.parametrize(
    "rule",
    ["", "weekly", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;COUNT=x",
     "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY\nEXRULE:FREQ=DAILY", "COUNT=3", "FREQ=DAILY;COUNT=1;UNTIL=20260101"],
)  # fmt: skip
def test_what_is_not_understood_is_refused(rule):
    with pytest.raises(ValueError, match=r"\w"):
        r.checked(rule)


def test_a_pasted_rule_is_tidied():
    assert r.checked(" rrule:freq=weekly;until=20261201T000000Z; ") == "FREQ=WEEKLY;UNTIL=20261201T000000"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    st.sampled_from(["day", "week", "month", "year"]), st.integers(1, 6),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.sampled_from([BERLIN, MANILA, NEW_YORK]),
)  # fmt: skip
def test_turns_are_in_order_on_the_hour_and_the_window_does_not_matter(every, interval, start, zone):
    start, rule = start.replace(second=0, microsecond=0), r.written(every, interval, count=12)
    whole = list(r.turns(rule, start, zone, LONG_AGO, FAR))
    assert len(whole) <= 12
    assert [at for _n, at in whole] == sorted(at for _n, at in whole)
    middle = whole[len(whole) // 2][1]
    parts = list(r.turns(rule, start, zone, LONG_AGO, middle)) + list(r.turns(rule, start, zone, middle, FAR))
    assert parts == whole
    for name, at in whole:
        shown = at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        assert shown == name or (datetime.fromisoformat(shown) - datetime.fromisoformat(name)) == timedelta(
            hours=1
        )


def test_a_rule_without_an_end_is_walked_through_only_as_far_as_asked():
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert len(r.following("FREQ=DAILY", datetime(2026, 1, 1, 9), MANILA, now)) == 5
    assert r.following("FREQ=DAILY;COUNT=2", datetime(2026, 1, 1, 9), MANILA, now) == []
