"""Every chart of the market is one that Vega-Lite knows, and tells what its table tells."""

from datetime import timedelta

import altair
import pytest

from diskarte.stages.brand import charts
from diskarte.stages.brand.market import Map, Point
from diskarte.stages.brand.rules.market import OURS, Seen, markets
from tests.make import NOW


def valid(spec) -> None:
    altair.Chart.from_dict(spec, validate=True)


def seen(page: str, n: int, engaged: float | None) -> Seen:
    return Seen(page, "x", NOW - timedelta(days=n), "hello", "image", engaged)


def test_heights_are_a_chart_and_a_table():
    [found] = markets([seen("Kanto", n, 20 + n) for n in range(9)] + [seen(OURS, n, 5 + n) for n in range(9)])
    spec, (heads, rows) = charts.heights(found, "Kape")
    valid(spec)
    assert len(heads) == len(rows[0])
    assert [row[0] for row in rows] == ["Kanto", "Kape"]


def test_without_engagement_there_is_no_chart():
    [found] = markets([seen("Kanto", n, None) for n in range(9)])
    assert charts.heights(found, "Kape") is None
    assert found.sides[0].level is None
    assert found.sides[0].a_week == pytest.approx(9 / (8 / 7))


def test_the_map_is_a_chart_of_those_who_have_a_place():
    points = [Point(None, "Kape", 4, 9, ""), Point(None, "Kanto", None, 3, "")]
    spec, (_heads, rows) = charts.position(Map("cheap", "dear", "quick", "cosy", points))
    valid(spec)
    assert [row[0] for row in rows] == ["Kape"]
    assert charts.position(Map("cheap", "dear", "quick", "cosy", points[1:])) is None
    assert charts.position(Map("", "", "", "", points)) is None


def test_a_network_without_competitors_is_no_market():
    assert markets([seen(OURS, n, 5) for n in range(9)]) == []
