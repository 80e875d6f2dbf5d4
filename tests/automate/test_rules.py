from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from diskarte.stages.automate.rules import breakouts, line
from diskarte.words import Kind, Misread

MANILA = ZoneInfo("Asia/Manila")
CHANNELS = {"Kape on practice": 7}
PILLARS = {"Useful": 3}


def read(**cells):
    return line({"text": "Good morning"} | cells, MANILA, CHANNELS, PILLARS)


def test_a_row_in_local_time_becomes_utc():
    one = read(date="2026-12-01", time="18:00", channel="kape ON practice", kind="Reel", pillar="useful")
    assert one.at == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert (one.channels, one.kind, one.pillar) == ((7,), Kind.REEL, 3)


def test_without_a_date_it_is_a_draft():
    assert read().at is None


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"text": ""}, "text is missing"),
        ({"date": "2026-12-01"}, "no time of day"),
        ({"date": "soon"}, "not a date"),
        ({"channel": "Elsewhere"}, "there is no channel"),
        ({"kind": "opera"}, "not a kind"),
        ({"link": "kape.ph"}, "not a web address"),
        ({"pillar": "Nothing"}, "there is no pillar"),
    ],
)
def test_what_cannot_become_a_post_is_told_with_its_reason(cells, why):
    with pytest.raises(Misread, match=why):
        read(**cells)


def test_breakouts_need_a_usual_post_to_compare_with():
    assert breakouts([(1, 100), (2, 29)], 10.0, 3) == [1]
    assert breakouts([(1, 100)], None, 3) == []
