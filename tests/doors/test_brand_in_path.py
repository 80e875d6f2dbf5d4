"""The brand in the path: every address of a page carries it, and nothing outside the page does."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_script_prefix, reverse, set_script_prefix

from diskarte.doors.web.middleware import OURS, brand_in_path
from diskarte.stages import STAGES
from tests.make import a_brand, alice

pytestmark = pytest.mark.django_db


@pytest.fixture
def below_an_address():
    """An installation that lives at /app/ of a larger site."""
    set_script_prefix("/app/")
    yield
    set_script_prefix("/")


def seen(path, **given):
    """What a view sees of a request for `path`."""
    told = {}

    def view(request):
        told.update(
            slug=request.brand_slug, path=request.path_info, plan=reverse("plan.page"), query=request.GET
        )
        return HttpResponse()

    brand_in_path(view)(RequestFactory().get(path, given))
    return told


@pytest.mark.parametrize(
    ("path", "slug", "inside", "plan"),
    [
        ("/kape-diwata/plan/", "kape-diwata", "/plan/", "/kape-diwata/plan/"),
        ("/kape-diwata/", "kape-diwata", "/", "/kape-diwata/plan/"),
        ("/kape-diwata", "kape-diwata", "/", "/kape-diwata/plan/"),
        ("/kape-diwata/api/plan/slots", "kape-diwata", "/api/plan/slots", "/kape-diwata/plan/"),
        ("/plan/", None, "/plan/", "/plan/"),
        ("/people/", None, "/people/", "/plan/"),
        ("/", None, "/", "/plan/"),
    ],
)
def test_the_first_part_is_the_brand_unless_it_is_ours(path, slug, inside, plan):
    told = seen(path)
    assert (told["slug"], told["path"], told["plan"]) == (slug, inside, plan)


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_is_taken_for_a_brand(stage):
    assert seen(f"/{stage}/")["slug"] is None


def test_the_api_takes_the_brand_from_the_question_too():
    told = seen("/api/plan/slots", brand="kape-diwata", start="2026-12-01")
    assert (told["slug"], dict(told["query"])) == ("kape-diwata", {"start": ["2026-12-01"]})
    assert seen("/plan/", brand="kape-diwata")["slug"] is None


@pytest.mark.parametrize("path", ["/kape-diwata/people/", "/plan/", "/nobody/plan/", "/kape-diwata/nothing/"])
def test_after_a_request_addresses_are_made_as_before(web, path):
    web.get(path)
    assert get_script_prefix() == "/"
    assert reverse("plan.page") == "/plan/"


def test_a_view_that_fails_leaves_no_prefix_behind():
    def broken(request):
        raise RuntimeError("no plan today")

    with pytest.raises(RuntimeError):
        brand_in_path(broken)(RequestFactory().get("/kape-diwata/plan/"))
    assert get_script_prefix() == "/"


def test_an_installation_below_an_address_keeps_it(below_an_address):
    assert seen("/kape-diwata/plan/")["plan"] == "/app/kape-diwata/plan/"
    assert seen("/plan/")["plan"] == "/app/plan/"
    assert get_script_prefix() == "/app/"


def test_a_page_that_wants_a_sign_in_leads_outside_the_brand(client):
    a_brand()
    assert client.get("/kape-diwata/plan/").url == "/accounts/login/?next=/kape-diwata/plan/"


def test_two_brands_one_after_the_other(web):
    alice(a_brand("second", name="Second"))
    for slug in ("kape-diwata", "second", "kape-diwata"):
        page = web.get(f"/{slug}/people/").content.decode()
        assert f'"/{slug}/plan/' in page
        other = "second" if slug == "kape-diwata" else "kape-diwata"
        assert f'"/{other}/plan/' not in page


def test_every_address_at_the_root_is_known_as_ours():
    """A page at the root whose first word is not listed would be taken for a brand and be lost."""
    from django.urls import get_resolver

    first = {str(pattern.pattern).lstrip("^/").split("/")[0] for pattern in get_resolver().url_patterns}
    words = {word for word in first if word and "<" not in word and "(" not in word}
    assert words <= OURS
