"""Numbers, money and time as people read them; unknown is never 0."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from diskarte.doors.web.templatetags.desk_numbers import in_words, span_text

NARROW = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def shown(source, **facts):
    return Template("{% load desk %}" + source).render(Context(facts))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (12.345, "12.3"),
        (1.005, "1"),
        (0.124, "0.12"),
        (123.9, "124"),
        (-5, f"{MINUS}5"),
    ],
)
def test_num_groups_and_keeps_only_useful_decimals(value, text):
    assert shown("{% num value %}", value=value) == text


def test_num_with_fixed_digits_sign_and_unit():
    assert shown("{% num 3 digits=2 %}") == "3.00"
    assert shown("{% num 3 sign=True %}") == "+3"
    assert shown("{% num 0 sign=True %}") == "0"
    assert shown('{% num 40 unit="posts" %}') == "40\N{NO-BREAK SPACE}posts"


@pytest.mark.parametrize(
    "source", ["{% num x %}", "{% pct x %}", '{% money x "PHP" %}', "{% when x %}", "{% ago x %}"]
)
def test_unknown_is_a_dash_with_a_word_and_never_zero(source):
    html = shown(source, x=None)
    assert "–" in html
    assert "unknown" in html
    assert "0" not in html


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.184, f"18{NARROW}%"), (0, f"0{NARROW}%"), (-0.04, f"{MINUS}4{NARROW}%"), (12.5, f"1,250{NARROW}%")],
)
def test_pct_takes_fractions(value, text):
    assert shown("{% pct value %}", value=value) == text


def test_pct_with_a_sign_and_digits():
    assert shown("{% pct 0.184 digits=1 sign=True %}") == f"+18.4{NARROW}%"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1200, "PHP", "₱1,200"),
        (Decimal("1200.00"), "PHP", "₱1,200"),
        (Decimal("128400.5"), "PHP", "₱128,400.50"),
        (Decimal("-3"), "EUR", f"{MINUS}€3"),
    ],
)
def test_money_shows_cents_only_when_there_are_some(amount, currency, text):
    assert shown("{% money amount currency %}", amount=amount, currency=currency) == text


def test_delta_says_the_direction_in_words_too():
    assert f"+18{NARROW}%" in shown("{% delta 0.18 %}")
    assert "more" in shown("{% delta 0.18 %}")
    assert "less" in shown("{% delta x %}", x=-0.2)
    assert "no change" in shown("{% delta 0 %}")
    assert "unknown" in shown("{% delta x %}", x=None)


def test_when_is_in_the_active_zone_with_the_full_moment_as_title():
    at = datetime(timezone.localdate().year, 11, 24, 10, 10, tzinfo=UTC)
    with timezone.override("Asia/Manila"):
        html = shown("{% when at %}", at=at)
    assert f'datetime="{at.isoformat()}"' in html
    assert "24 Nov, 18:10</time>" in html
    assert "Asia/Manila" in html


def test_when_shows_the_year_of_other_years_and_the_styles():
    at = datetime(2019, 3, 5, 8, 5, tzinfo=UTC)
    assert ">Tue 5 Mar 2019, 08:05<" in shown("{% when at %}", at=at)
    assert ">08:05<" in shown('{% when at style="time" %}', at=at)
    assert ">Tue 5 Mar 2019<" in shown('{% when at style="day" %}', at=at)
    assert ">March 2019<" in shown('{% when at style="month" %}', at=at)
    assert ">Tuesday 5 March 2019, 08:05<" in shown('{% when at style="long" %}', at=at)


def test_when_takes_a_day_and_a_naive_moment():
    assert ">Tue 5 Mar 2019<" in shown("{% when at %}", at=date(2019, 3, 5))
    assert "08:05" in shown("{% when at %}", at=datetime(2019, 3, 5, 8, 5))


def test_ago_looks_both_ways():
    now = timezone.now()
    assert ">3 hours ago<" in shown("{% ago at %}", at=now - timedelta(hours=3, minutes=1))
    assert ">in 2 days<" in shown("{% ago at %}", at=now + timedelta(days=2, hours=1))


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.4, "4 of 10 chances"),
        (0.96, "more than 9 of 10 chances"),
        (1, "more than 9 of 10 chances"),
        (0.01, "less than 1 of 10 chances"),
        (None, "cannot tell"),
    ],
)
def test_chances_are_counted_and_never_certain(p, text):
    assert shown("{{ p|chance }}", p=p) == text


def test_a_figure_opens_to_period_sample_interval_and_source():
    html = shown(
        '{% figure 40210 unit="reach" period="November" n=42 source="export" low=34000 high=43000 href="/rows" %}'
    )
    for part in (
        "40,210",
        "reach",
        "November",
        "42",
        "34,000 … 43,000",
        "export",
        'href="/rows"',
        'role="tooltip"',
    ):
        assert part in html
    ref = html.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{ref}"' in html


def test_a_figure_without_a_link_is_a_button_and_without_facts_plain_text():
    assert "<button" in shown('{% figure 3 period="May" %}')
    bare = shown("{% figure 3 %}")
    assert "<button" not in bare
    assert "tooltip" not in bare


def test_an_unknown_figure_keeps_its_source():
    html = shown('{% figure x source="the network does not tell" %}', x=None)
    assert "–" in html
    assert "the network does not tell" in html


def test_two_figures_never_share_an_id():
    html = shown('{% figure 3 period="May" %}{% figure 3 period="May" %}')
    ids = [part.split('"')[0] for part in html.split('id="')[1:]]
    assert len(ids) == len(set(ids)) == 2


def test_a_figure_may_be_written_as_money_or_percent():
    assert "₱1,200" in shown('{% figure 1200 form="PHP" %}')
    assert f"12{NARROW}%" in shown('{% figure 0.12 form="pct" %}')


def test_numbers_follow_the_reader_language():
    with translation.override("ru"):
        assert in_words(1234.5, digits=1) == "1\N{NO-BREAK SPACE}234,5"
    with translation.override("tlh"):
        assert in_words(1234) == "1,234"


def test_what_rounds_to_nothing_has_no_sign():
    assert in_words(-0.002, "pct") == f"0{NARROW}%"
    assert in_words(-0.006, "pct") == f"{MINUS}1{NARROW}%"


def test_an_interval_in_words():
    assert span_text(0.05, 0.33, "pct") == f"5{NARROW}% … 33{NARROW}%"
    assert span_text(1, 2, unit="posts") == "1 … 2\N{NO-BREAK SPACE}posts"
