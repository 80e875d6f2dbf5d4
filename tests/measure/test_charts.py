"""Every chart is valid Vega-Lite, by Altair's own copy of the schema, and its data are what was given."""

import altair as alt
import pytest

from diskarte.stages.measure import charts

MONTHS = [{"name": "Nov 25", "engaged": 120, "posts": 4}, {"name": "Dec 25", "engaged": None, "posts": 2}]
LEVELS = [
    {"name": "Reel", "n": 9, "value": 40.0, "low": 30.0, "high": 52.0},
    {"name": "Text", "n": 3, "value": 12.0, "low": 6.0, "high": 20.0},
]
HOURS = [
    {"at": "2026-12-01T09:00:00+08:00", "metric": "likes", "value": 3},
    {"at": "2026-12-01T12:00:00+08:00", "metric": "likes", "value": 8},
]
WEEKS = [HOURS[0], {"at": "2026-12-20T12:00:00+08:00", "metric": "likes", "value": 80}]


@pytest.mark.parametrize(
    "spec",
    [charts.months(MONTHS, "engagements"), charts.levels(LEVELS, "a post"), charts.growth(HOURS, "so far"),
     charts.growth(WEEKS, "so far")],
)  # fmt: skip
def test_it_is_vega_lite(spec):
    alt.Chart.from_dict(spec) if "layer" not in spec else alt.LayerChart.from_dict(spec)


def test_unknown_stays_unknown():
    values = charts.months(MONTHS, "engagements")["data"]["values"]
    assert [v["value"] for v in values] == [120, None]


def test_order_is_the_one_given():
    assert charts.levels(LEVELS, "a post")["layer"][1]["encoding"]["y"]["sort"] == ["Reel", "Text"]


def test_a_day_is_told_in_hours_and_weeks_in_days():
    axis = [charts.growth(rows, "")["encoding"]["x"]["axis"]["format"] for rows in (HOURS, WEEKS)]
    assert axis == ["%H:%M", "%-d %b"]
