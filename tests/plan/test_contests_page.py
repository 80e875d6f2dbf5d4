"""The pages of days, promotions and contests; the public page of a contest for people without an account."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from diskarte.core import clock
from diskarte.science import draw
from diskarte.stages.plan import days
from diskarte.stages.plan.contests import actions, gate
from diskarte.stages.plan.contests.models import Entry
from diskarte.stages.plan.models import Occasion, Promotion
from diskarte.stages.plan.promotions import actions as promotions
from tests.make import NOW, a_brand, a_member, alice, charlie
from tests.plan.builders import a_channel
from tests.plan.test_contests import BEACON, CLOSES, LATER, OPENS, a_contest, closed, drawn, opened

pytestmark = pytest.mark.django_db
DURING = OPENS + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _at_nine():
    cache.clear()
    with clock.at(NOW):
        yield


@pytest.fixture
def desk(client):
    client.force_login(alice().person)
    return client


def seen(answer):
    assert answer.status_code == 200, answer.content[:400]
    return answer.content.decode()


def test_the_year_ahead_by_month(desk):
    text = seen(desk.get("/kape-diwata/plan/days/"))
    for word in ("December 2026", "12.12", "Simbang Gabi", "start by", "Say what you do"):
        assert word in text
    assert "Dinagyang" not in text  # another city's fiesta
    assert "Dinagyang" in seen(desk.get("/kape-diwata/plan/days/?fit=all"))
    text = seen(desk.get("/kape-diwata/plan/days/?kind=faith"))
    assert "12.12" not in text


def test_a_country_without_holidays_says_so(desk):
    brand = a_brand()
    brand.country = "IC"  # reserved by ISO for the Canaries; the library has none
    brand.save()
    text = seen(desk.get("/kape-diwata/plan/days/"))
    assert "no list of public holidays" in text
    assert "Black Friday" in text


def test_a_day_is_hidden_and_shown_again_by_the_page(desk):
    desk.post("/kape-diwata/do/plan.hide_day", {"day": "2026-12-12", "name": "12.12"})
    text = seen(desk.get("/kape-diwata/plan/days/"))
    assert text.count("<strong>12.12</strong>") == 1  # in the list of hidden ones
    desk.post("/kape-diwata/do/plan.delete_occasion", {"occasion": Occasion.objects.get().pk})
    assert [d for d in days.year_ahead(alice()) if d.name == "12.12"]


def test_a_promotion_from_a_day_of_note(desk):
    a_channel()
    text = seen(desk.get("/kape-diwata/plan/promotions/new/?name=12.12&starts=2026-12-12&ends=2026-12-12"))
    assert 'value="2026-12-12"' in text
    given = {
        "name": "12.12",
        "offer": "Two for one",
        "starts": "2026-12-12",
        "ends": "2026-12-14",
        "link": "https://k.ph",
    }
    answer = desk.post(
        "/kape-diwata/do/plan.add_promotion", given | {"next": "/kape-diwata/plan/promotions/{id}/"}
    )
    row = Promotion.objects.get()
    assert answer.url == f"/kape-diwata/plan/promotions/{row.pk}/"
    text = seen(desk.get(answer.url))
    for word in ("Nobody can know yet", "Last call", "utm_campaign=12-12", "0 of"):
        assert word in text
    promotions.start_promotion(alice(), row.pk)
    promotions.end_promotion(alice(), row.pk, lesson="Fine")
    assert "What it brought" in seen(desk.get(answer.url))
    assert "12.12" in seen(desk.get("/kape-diwata/plan/promotions/"))


def test_empty_rooms_say_what_to_do(desk):
    assert "No promotion yet" in seen(desk.get("/kape-diwata/plan/promotions/"))
    assert "No contest yet" in seen(desk.get("/kape-diwata/plan/contests/"))
    assert "permit" in seen(desk.get("/kape-diwata/plan/contests/new/"))


def test_every_state_of_a_contest_has_its_page(desk):
    row = drawn()
    text = seen(desk.get(f"/kape-diwata/plan/contests/{row.pk}/"))
    assert "Gets no prize" in text
    waiting = closed(name="Second")
    assert "comes out at" in page_at(desk, waiting, waiting.listed_at)
    assert row.root != waiting.root
    assert "Copy" in page_at(desk, waiting, LATER) or "copy «randomness»" in page_at(desk, waiting, LATER)
    fresh = a_contest(name="Third")
    assert "Rules of your own" in seen(desk.get(f"/kape-diwata/plan/contests/{fresh.pk}/"))
    assert seen(desk.get("/kape-diwata/plan/contests/")).count("card-header") == 3


def page_at(desk, row, at):
    with clock.at(at):
        return seen(desk.get(f"/kape-diwata/plan/contests/{row.pk}/"))


def test_a_guest_sees_masked_winners(client):
    row = drawn()
    client.force_login(a_member("Gina", "guest").person)
    text = seen(client.get(f"/kape-diwata/plan/contests/{row.pk}/"))
    assert "•••" in text
    assert "Maria" not in text


def test_strangers_and_drafts(client):
    row = opened()
    client.force_login(charlie().person)
    for path in (f"contests/{row.pk}/", "contests/", "promotions/", "days/"):
        assert client.get(f"/kape-diwata/plan/{path}").status_code == 404
    draft = a_contest(name="Draft")
    assert Client().get(f"/kape-diwata/plan/contest/{draft.key}/").status_code == 404
    assert Client().get(f"/charlies-tea/plan/contest/{row.key}/").status_code == 404
    assert Client().get("/kape-diwata/plan/contest/nothing/").status_code == 404


# Without an account

GIVEN = {"name": "Maria", "contact": "maria@example.com", "consent": "yes"}


def entering(row, given, client=None, at=DURING, **more):
    with clock.at(at):
        return (client or Client()).post(f"/kape-diwata/plan/contest/{row.key}/enter", given, **more)


def test_somebody_enters_and_sees_the_ticket(client):
    row = opened()
    with clock.at(DURING):
        assert "Take part" in seen(client.get(f"/kape-diwata/plan/contest/{row.key}/"))
    answer = entering(row, GIVEN, client)
    assert answer.status_code == 302
    with clock.at(DURING):
        text = seen(client.get(answer.url))
    assert Entry.objects.get().ticket in text
    assert "maria@example.com" not in text


@pytest.mark.parametrize(
    ("change", "says"),
    [({"consent": ""}, "consent"), ({"contact": "x"}, "e-mail"), ({"name": " "}, "called")],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(change, says):
    answer = entering(opened(), GIVEN | change)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Entry.objects.exists()
    if "contact" not in change:
        assert "maria@example.com" in answer.content.decode()


def test_a_machine_that_fills_every_field_gets_no_ticket():
    assert entering(opened(), GIVEN | {"website": "http://spam"}).status_code == 302
    assert not Entry.objects.exists()


def test_too_many_tries_from_one_address():
    row = opened()
    for n in range(gate.MOST):
        assert entering(row, GIVEN | {"contact": f"m{n}@example.com"}).status_code == 302
    answer = entering(row, GIVEN | {"contact": "last@example.com"})
    assert answer.status_code == 422
    assert Entry.objects.count() == gate.MOST
    assert entering(row, GIVEN, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 302


def test_the_address_behind_a_proxy_and_a_forged_one():
    assert (
        gate.address({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.9"})
        == "203.0.113.9"
    )
    assert gate.address({"REMOTE_ADDR": "8.8.8.8", "HTTP_X_FORWARDED_FOR": "1.1.1.1"}) == "8.8.8.8"
    assert gate.address({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "nonsense"}) == "127.0.0.1"


def test_a_form_from_elsewhere_is_refused():
    row = opened()
    assert entering(row, GIVEN, Client(enforce_csrf_checks=True)).status_code == 403
    assert Client().get(f"/kape-diwata/plan/contest/{row.key}/enter").status_code == 405


def test_entries_outside_the_dates_are_refused_on_the_page():
    row = opened()
    for at, says in ((NOW, "not begun"), (CLOSES, "closed")):
        answer = entering(row, GIVEN, at=at)
        assert answer.status_code == 422
        assert says in answer.content.decode()


def test_a_stranger_checks_the_draw(client):
    row = closed()
    front = f"/kape-diwata/plan/contest/{row.key}"
    assert client.get(f"{front}/draw.json").status_code == 404  # not before the draw
    lines = seen(client.get(f"{front}/tickets.txt")).split()
    assert draw.root(lines) == row.root
    with clock.at(LATER):
        row = actions.draw_contest(alice(), row.pk, BEACON)
    facts = client.get(f"{front}/draw.json").json()
    assert facts["drawn"] == draw.draw(lines, facts["secret"], BEACON, 3)
    assert "def check" in seen(client.get(f"{front}/verify_draw.py"))
    text = seen(client.get(f"{front}/"))
    assert row.secret in text
    assert "•••" in text
    assert "Luz" not in text


def test_before_closing_there_is_no_list(client):
    row = opened()
    assert client.get(f"/kape-diwata/plan/contest/{row.key}/tickets.txt").status_code == 404
    assert row.sealed["secret"] not in seen(client.get(f"/kape-diwata/plan/contest/{row.key}/"))


def test_own_days_on_the_page(desk):
    days.add_day(alice(), date(2026, 12, 18), "Our anniversary", yearly=True)
    text = seen(desk.get("/kape-diwata/plan/days/?kind=own"))
    assert "Our anniversary" in text
    assert "every year" in text
