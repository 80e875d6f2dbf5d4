"""The pages on which the plan argues: they answer, they keep nonsense harmless, and strangers see nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.jobs.run import run_tasks
from diskarte.stages.plan import actions
from tests.make import NOW, a_brand, alice, charlie
from tests.plan.builders import a_channel, a_history

pytestmark = pytest.mark.django_db
JANUARY = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def january():
    channel = a_channel()
    a_history(channel)
    actions.draft_plan(alice(), JANUARY)
    return channel


def a_slot():
    rows = actions.slots(alice(), JANUARY, JANUARY + timedelta(days=30))
    return next(r for r in rows if not r.trial and r.at.astimezone(a_brand().zone).hour >= 17)


def test_drafting_from_the_page_shows_the_search_and_then_its_proof(web):
    a_history(a_channel())
    web.post("/kape-diwata/do/plan.begin_draft", {"month": "2027-01-01"})
    page = web.get("/kape-diwata/plan/?month=2027-01").content.decode()
    assert "Looking for the best plan" in page
    assert "plan/search?month=2027-01-01" in page
    part = web.get("/kape-diwata/plan/search?month=2027-01-01")
    assert b"progress" in part.content
    run_tasks()
    assert web.get("/kape-diwata/plan/search?month=2027-01-01").headers["HX-Refresh"] == "true"
    page = web.get("/kape-diwata/plan/?month=2027-01").content.decode()
    assert "Proven: no better plan keeps your wishes." in page or "is more than" in page
    assert web.get("/kape-diwata/plan/search?month=nonsense").status_code == 404


def test_why_not_is_asked_and_answered_on_a_page(web, january):
    row = a_slot()
    here = f"/kape-diwata/plan/{row.pk}/instead/"
    assert here in web.get(f"/kape-diwata/plan/{row.pk}/").content.decode()
    assert "Against where it stands" not in web.get(here).content.decode()
    local = row.at.astimezone(a_brand().zone)
    morning = web.get(here, {"at": f"{local:%Y-%m-%d}T08:00"}).content.decode()
    assert "Against where it stands" in morning
    night = web.get(here, {"at": f"{local:%Y-%m-%d}T23:30"}).content.decode()
    assert "lies in your quiet hours" in night
    assert "Move it there" not in night
    same = web.get(here, {"at": f"{local:%Y-%m-%dT%H:%M}"}).content.decode()
    assert "This is what the slot is already." in same
    assert web.get(here, {"at": "never", "channel": "x", "kind": "hologram"}).status_code == 200
    assert web.get(here, {"channel": "99999"}).status_code == 404


def test_a_wish_is_priced_on_a_page(web, january):
    page = web.get("/kape-diwata/plan/what-if/?month=2027-01").content.decode()
    assert "Ask before you wish" in page
    asked = {"month": "2027-01", "channel": january.pk, "kind": "reel", "more": "2"}
    told = web.get("/kape-diwata/plan/what-if/", asked).content.decode()
    assert "With the wish" in told
    assert "Hours of work in the month: +" in told
    assert "What the wish is expected to add" in told
    odd = web.get("/kape-diwata/plan/what-if/", {**asked, "more": "1e9"}).content.decode()
    assert "Ask before you wish" in odd
    over = web.get("/kape-diwata/plan/what-if/", {**asked, "month": "2026-01"}).content.decode()
    assert "This month is over." in over


def test_strangers_find_nothing(client, january):
    client.force_login(charlie().person)
    for path in (f"{a_slot().pk}/instead/", "what-if/", "search?month=2027-01-01"):
        assert client.get(f"/kape-diwata/plan/{path}").status_code == 404
