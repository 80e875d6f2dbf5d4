"""Drawings: unknown stays visible, zero is marked, nothing needs script or style."""

import json
import re

import altair
import pytest
from django.template import Context, Template

from diskarte.doors.web import charts
from diskarte.doors.web.templatetags.desk_drawings import Line, as_json


def shown(source, **facts):
    return Template("{% load desk %}" + source).render(Context(facts))


def number(html, name):
    return float(re.search(rf'{name}="([\d.]+)%?"', html)[1])


def test_a_line_maps_its_ends_inside_the_drawing():
    line = Line(0, 10)
    assert 0 < float(line.at(0)[:-1]) < 10
    assert 90 < float(line.at(10)[:-1]) < 100
    assert line.at(5) == "50.00%"
    assert Line(3).at(3) == "50.00%"


def test_a_range_marks_zero_and_says_when_it_may_be_nothing():
    sure = shown('{% range_line 0.05 0.18 0.33 form="pct" %}')
    assert "range-zero" in sure
    assert "is-up" in sure
    assert "may be nothing" not in sure
    open_ = shown('{% range_line low 0.03 0.19 form="pct" %}', low=-0.12)
    assert "may be nothing" in open_
    assert "is-open" in open_
    assert "is-down" in shown("{% range_line a b c %}", a=-3, b=-2, c=-1)


def test_a_range_nobody_knows_says_so():
    assert "cannot tell yet" in shown("{% range_line x x x %}", x=None)


def test_a_spark_leaves_gaps_where_nothing_is_known():
    html = shown("{% spark values %}", values=[1, 2, None, 3, 4, None, 5])
    assert html.count("<polyline") == 2
    assert html.count("<circle") == 2  # the lone last value, and the mark on the last known one
    assert "From 1 to 5" in html


def test_a_spark_of_equal_values_is_a_flat_line_and_of_none_a_dash():
    points = re.search(r'points="([^"]+)"', shown("{% spark values %}", values=[4, 4, 4]))[1]
    assert len({pair.split(",")[1] for pair in points.split()}) == 1
    assert "–" in shown("{% spark values %}", values=[None, None])


def test_pace_is_amber_only_when_behind():
    behind = shown("{% pace 24800 40000 expected=26500 %}")
    assert "is-behind" in behind
    assert "should be 26,500 today" in behind
    ahead = shown("{% pace 9100 10000 expected=8900 %}")
    assert "is-behind" not in ahead
    assert "on pace" in ahead


def test_pace_says_what_the_goal_says_of_itself():
    on_pace = shown("{% pace 8800 10000 expected=8900 state='on pace' %}")  # a little less is still on pace
    assert "is-behind" not in on_pace
    assert "on pace" in on_pace
    assert "ahead of pace" in shown("{% pace 9100 10000 expected=8900 state='ahead' %}")
    assert "is-behind" in shown("{% pace 9100 10000 state='behind' %}")
    unsure = shown("{% pace 8800 10000 expected=8900 state='unknown' %}")
    assert "is-behind" not in unsure
    assert "on pace" not in unsure.split("pace-words")[1]


def test_pace_of_something_unknown_draws_no_bar():
    html = shown("{% pace now 120 expected=50 %}", now=None)
    assert "pace-fill" not in html
    assert "not known yet" in html
    assert "is-behind" not in html


def test_a_bar_never_leaves_its_track():
    assert number(shown("{% pace 150 100 %}"), r'class="pace-fill" width') == 100


def test_mix_bars_show_now_and_target_and_unknown_as_a_dash():
    html = shown(
        "{% mix_bars rows %}", rows=[("Useful", 0.46, 0.4), ("Selling", None, 0.1), ("Extra", 0.02, None)]
    )
    assert html.count("pace-fill") == 2
    assert html.count("pace-mark") == 2
    assert "–" in html


def test_mix_bars_take_dicts_and_nothing():
    assert "Useful" in shown("{% mix_bars rows %}", rows=[{"label": "Useful", "now": 0, "target": 0}])
    assert "<table" in shown("{% mix_bars rows %}", rows=[])


def heat(cells, **more):
    facts = {"rows": ["Mon", "Tue"], "columns": ["6", "7"], "cells": cells}
    return shown('{% heatmap rows columns cells caption="Evenings work." form="pct" %}', **facts, **more)


def test_a_heatmap_hatches_what_was_never_tried():
    html = heat(
        [
            [{"value": 0.02, "n": 3}, None],
            [{"value": 0.06, "n": 90, "low": 0.04, "high": 0.08}, {"value": None}],
        ]
    )
    assert html.count('class="heat-never" title') == 2
    assert 'class="heat-1"' in html
    assert 'class="heat-6"' in html
    assert "heat-dot-1" in html
    assert "heat-dot-4" in html
    assert "90 posts" in html
    assert "likely 4" in html


def test_a_heatmap_without_any_value_has_no_scale():
    assert "heat-key" not in heat([[None, None], [None, None]])


def test_a_heatmap_cell_leads_to_its_rows():
    assert '<a href="/rows">' in heat([[{"value": 1, "n": 1, "href": "/rows"}, None], [None, None]])


def test_a_heatmap_with_a_missing_row_is_an_error_not_a_lie():
    with pytest.raises(ValueError):
        heat([[None, None]])


def a_chart():
    data = altair.Data(values=[{"week": "2026-11-01", "reach": 10}, {"week": "2026-11-08", "reach": None}])
    return altair.Chart(data).mark_line().encode(x="week:T", y="reach:Q").to_dict()


def test_a_chart_carries_its_finding_its_table_and_both_themes():
    html = shown('{% chart spec caption="Reach grows." %}', spec=a_chart())
    assert html.count("Reach grows.") == 3  # the caption, the label of the drawing and of its table
    assert "Show as table" in html
    assert "<td>–</td>" in html
    drawing = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S)[1])
    assert drawing["spec"]["width"] == "container"
    assert drawing["light"]["axis"]["labelColor"] != drawing["dark"]["axis"]["labelColor"]


def test_a_chart_takes_a_table_of_its_own_and_an_empty_spec():
    html = shown('{% chart spec caption="c" table=table %}', spec={"mark": "bar"}, table=(["Day"], [["Mon"]]))
    assert "<td>Mon</td>" in html
    assert "Show as table" not in shown('{% chart spec caption="c" %}', spec={"mark": "bar"})


def test_data_cannot_close_the_script_element():
    text = as_json({"x": "</script><script>alert(1)</script>&"})
    assert "<" not in text
    assert json.loads(text) == {"x": "</script><script>alert(1)</script>&"}


def test_what_a_spec_says_itself_wins_over_the_theme():
    spec = {"mark": "bar", "config": {"axis": {"labelFontSize": 20}}}
    told = charts.theme(spec)["config"]["axis"]
    assert told["labelFontSize"] == 20
    assert told["labelColor"] == charts.LIGHT["axis"]["labelColor"]
    assert charts.theme(spec, dark=True)["config"]["axis"]["labelColor"] == charts.DARK["axis"]["labelColor"]
    assert spec["config"] == {"axis": {"labelFontSize": 20}}


def test_composed_charts_keep_their_own_size():
    spec = {"hconcat": [{"mark": "bar"}]}
    assert charts.fitted(spec, 200) == spec
    assert charts.fitted({"width": 90, "mark": "bar"}, 200)["width"] == 90


def test_the_table_is_found_wherever_the_data_stands():
    rows = [{"a": 1}, {"a": 2, "b": 3}]
    expected = (["a", "b"], [[1, None], [2, 3]])
    assert charts.table_of({"data": {"values": rows}}) == expected
    assert charts.table_of({"datasets": {"d": rows}, "data": {"name": "d"}}) == expected
    assert charts.table_of({"layer": [{"mark": "rule"}, {"data": {"values": rows}}]}) == expected
    assert charts.table_of({"facet": {}, "spec": {"data": {"values": rows}}}) == expected
    assert charts.table_of({"data": {"values": [5]}}) == (["value"], [[5]])


def test_the_theme_draws_on_paper_too():
    import vl_convert

    svg = vl_convert.vegalite_to_svg(charts.theme({**a_chart(), "width": 200}))
    assert charts.SERIES_LIGHT[0] in svg


def test_progress_asks_again_only_when_told_where():
    assert 'hx-get="/job/3"' in shown('{% progress 2 10 poll="/job/3" %}')
    html = shown("{% progress done total %}", done=None, total=None)
    assert "hx-get" not in html
    assert "value=" not in html
