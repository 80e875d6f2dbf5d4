"""Whole pages: the rail, the frame without it, pieces with a body, errors, and the page that shows everything."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from django.utils import timezone

pytestmark = pytest.mark.urls(__name__)


def nothing(request, **given):
    return HttpResponse("")


urlpatterns = [
    path("look/", include("diskarte.doors.web.gallery")),
    path("do/<str:verb>", nothing, name="do"),
    path("people/", nothing, name="people"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
]
STOP = {
    "stage": "plan",
    "number": 5,
    "label": "Plan",
    "url": "/plan/",
    "state": "half",
    "needs": 2,
    "figure": "38",
    "current": True,
}


def shown(source, **facts):
    return Template(source).render(Context(facts))


def a_page(source, htmx=None, **facts):
    request = RequestFactory().get("/plan/")
    request.htmx = SimpleNamespace(target=htmx)
    brand = SimpleNamespace(name="Kape Diwata", time_zone="Asia/Manila", currency="PHP")
    who = SimpleNamespace(person="Alice", brand=brand, workspace=SimpleNamespace(name="Kape"))
    brands = [SimpleNamespace(name="Kape Diwata", url="/kape-diwata/", current=True)]
    told = {"request": request, "who": who, "rail": [SimpleNamespace(**STOP)], "brands": brands, **facts}
    return shown('{% extends "base.html" %}' + source, **told)


def test_the_title_is_the_question_once_as_heading_and_once_in_the_window():
    html = a_page("{% block title %}What should we <em>change</em>?{% endblock %}")
    assert "<title>What should we change? · Kape Diwata · Diskarte</title>" in html
    assert "<h1>What should we <em>change</em>?</h1>" in html
    assert html.count("<h1>") == 1


def test_the_rail_shows_number_state_need_and_the_place_one_is_at():
    rail = a_page("").split('<nav class="rail')[1].split("</nav>")[0]
    for part in (">5</text>", "in progress", "2 need you", 'href="/plan/" aria-current="page"'):
        assert part in rail


def test_the_phone_has_five_places():
    html = a_page("").split('class="bottom')[1].split('id="whole-route"')[0]
    assert re.findall(r"<span>(\w+)</span>", html) == [
        "Compass",
        "Plan",
        "More",
    ]  # this rail has only the plan


def test_home_is_the_compass_of_the_brand():
    assert 'class="rail-home" href="/kape-diwata/"' in a_page("")


def test_without_a_brand_there_is_no_rail():
    html = a_page("", rail=None)
    assert "no-rail" in html
    assert 'class="route"' not in html


def test_a_page_for_the_side_panel_comes_without_the_frame():
    html = a_page("{% block content %}why here{% endblock %}", htmx="side-body")
    assert "why here" in html
    assert 'class="rail' not in html
    assert 'id="side"' not in html


def test_the_frame_works_for_keyboard_and_reader():
    html = a_page("")
    for part in ('class="skip-link" href="#page"', '<main id="page"', 'lang="en"', 'aria-live="polite"'):
        assert part in html


def test_a_message_is_a_toast_and_its_undo_a_form():
    moved = Message(constants.SUCCESS, "Moved.", extra_tags="undo:/do/people.undo?line=3")
    html = a_page("", messages=[moved, Message(constants.ERROR, "No.")])
    assert '<form method="post" action="/do/people.undo?line=3">' in html
    assert html.count('class="toast-box is-good"') == 1
    assert html.count('class="toast-box is-bad"') == 1


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "500.html", "problem_page.html"])
def test_error_pages_need_nothing_and_offer_a_way_on(name):
    html = render_to_string(name)
    assert "<h1>" in html
    assert 'class="btn btn-primary" href="/"' in html


def test_a_problem_says_what_was_kept_and_what_to_do():
    problem = SimpleNamespace(what="No date column.", kept="Nothing was imported.", do="Add one.")
    for page in ("problem_page.html", "pieces/problem.html"):
        html = render_to_string(page, {"problem": problem})
        assert all(part in html for part in (problem.what, problem.kept, problem.do))


def test_an_empty_page_has_a_reason_a_button_and_an_example():
    html = shown(
        '{% empty_state "calendar" "No plan" text="Why." href="/new" button="Go" %}<i>e.g.</i>{% endempty_state %}'
    )
    for part in ("No plan", "Why.", 'href="/new"', "<i>e.g.</i>"):
        assert part in html
    assert "empty-example" not in shown('{% empty_state "calendar" "No plan" %}{% endempty_state %}')


def test_values_inside_a_body_stay_escaped():
    html = shown(
        '{% note "warn" title=x %}{{ x }}{% endnote %}{% moment title=x %}{{ x }}{% endmoment %}', x="<b>"
    )
    assert "<b>" not in html
    assert html.count("&lt;b&gt;") == 4


def test_a_bad_note_is_read_out_at_once():
    assert 'role="alert"' in shown('{% note "bad" %}x{% endnote %}')
    assert 'role="alert"' not in shown('{% note "info" %}x{% endnote %}')


@pytest.mark.parametrize(
    ("state", "word"), [("doubt", "in doubt"), ("failed", "failed"), ("next", "to come"), ("done", "")]
)
def test_a_moment_says_its_state_in_words(state, word):
    html = shown("{% moment title='Sent' state=state at=at %}{% endmoment %}", state=state, at=timezone.now())
    assert f"is-{state}" in html
    assert word in html
    assert "<time" in html


def test_a_preview_shows_four_pictures_and_counts_the_rest():
    media = [{"url": f"/m/{n}.jpg", "alt": f"picture {n}"} for n in range(6)]
    html = shown(
        '{% post_preview network="practice" name="Kape" text=text media=media %}',
        text="Hi\nhttps://a.ph",
        media=media,
    )
    assert html.count("<img") - html.count("network-icon") == 4
    assert "+2" in html
    assert "<br>" in html
    assert 'href="https://a.ph"' in html


def test_a_preview_of_a_reel_is_tall_and_of_no_text_says_so():
    html = shown(
        '{% post_preview network="practice" name="K" text="" kind="reel" media=m %}',
        m=[{"url": "/a.mp4", "video": 1}],
    )
    assert "is-tall" in html
    assert "<video" in html
    assert "appears here as you write" in html


def test_the_calendar_carries_all_its_words_and_addresses():
    html = shown(
        '{% calendar events="/e/" move="/do/plan.move_slot" view="week" names="slot,at,channel" %}',
        csrf_token="t",
    )
    for part in (
        'data-events="/e/"',
        'data-names="slot,at,channel"',
        'data-word-month="Month"',
        'data-language="en-GB"',
        "<noscript>",
    ):
        assert part in html


@pytest.mark.django_db
def test_the_gallery_shows_every_tag_of_the_library(client, settings):
    settings.SHOW_LOOK = True
    html = client.get("/look/").content.decode()
    for part in (
        "range-band",
        "spark",
        "pace-fill",
        "mix-bar",
        "heat-never",
        "data-chart=",
        "moment",
        "preview",
        "kanban",
        "data-calendar",
    ):
        assert part in html
    assert len(client.get("/look/events/", {"start": "2026-11-01"}).json()) == 51
    assert client.get("/look/side/").status_code == 200


@pytest.mark.django_db
def test_the_gallery_is_closed_in_production(client, settings):
    settings.DEBUG = False
    for address in ("/look/", "/look/events/", "/look/channels/", "/look/weigh/", "/look/side/"):
        assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_the_way_in_offers_a_passkey_and_no_dead_sign_up(client):
    html = client.get("/accounts/login/").content.decode()
    assert 'id="passkey_login"' in html
    assert "sign up" not in html.lower()
    assert "invitation" in html
