"""Several slots at once with one undo; two people at the same slot; notes on days; filters; thousands in a month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.people.actions import undo
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.plan import actions, grid, together
from diskarte.stages.plan.models import DayNote, Pillar, Slot
from diskarte.stages.plan.narrowing import Filters
from diskarte.words import Problem
from tests.make import NOW, a_brand, a_member, alice, bob, charlie
from tests.plan.builders import a_channel, a_slot, moment

pytestmark = pytest.mark.django_db
PAGE = "/kape-diwata/plan/"
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def test_two_people_drag_the_same_slot_and_the_second_is_told():
    channel = a_channel()
    row = a_slot(channel, day=10)
    assert actions.move_slot(alice(), row.pk, moment(11, 18), seen=0).turn == 1
    with pytest.raises(Problem, match="Fri 11 Dec, 18:00, Harbour") as told:
        actions.move_slot(bob(), row.pk, moment(12, 18), seen=0)
    assert "Their change was kept" in told.value.kept
    row.refresh_from_db()
    assert row.at == moment(11, 18)
    assert actions.move_slot(bob(), row.pk, moment(12, 18), seen=1).at == moment(12, 18)


def test_a_form_opened_before_somebody_elses_change_does_not_overwrite_it():
    row = a_slot(a_channel(), title="First")
    actions.lock(bob(), row.pk)
    with pytest.raises(Problem, match="Somebody changed"):
        actions.edit_slot(alice(), row.pk, row.at, "image", title="Second", seen=0)
    actions.drop_slot(bob(), row.pk)
    with pytest.raises(Problem, match="took this post out"):
        actions.move_slot(alice(), row.pk, moment(12, 18), seen=1)


def test_the_door_answers_the_second_drop_with_words(web):
    row = a_slot(a_channel())
    given = {"slot": row.pk, "at": "2026-12-11T18:00:00", "seen": 0}
    ask = {"HTTP_ACCEPT": "application/json"}
    assert web.post("/kape-diwata/do/plan.move_slot", given, **ask).status_code == 200
    late = web.post("/kape-diwata/do/plan.move_slot", given | {"at": "2026-12-12T18:00:00"}, **ask)
    assert late.status_code == 422
    assert "Somebody changed this post meanwhile" in late.json()["what"]


def test_many_move_by_days_at_the_same_hour_and_one_undo_takes_all_back():
    channel = a_channel()
    rows = [a_slot(channel, day=day) for day in (10, 11, 12)]
    done = actions.together.change_slots(alice(), [row.pk for row in rows], "move", days=7)
    assert (done.changed, done.stayed, done.said) == (3, [], "3 posts are changed.")
    assert sorted(Slot.objects.values_list("at", flat=True)) == [moment(day, 18) for day in (17, 18, 19)]
    undo(alice(), Audit.objects.order_by("-pk").first().pk)
    assert sorted(Slot.objects.values_list("at", flat=True)) == [moment(day, 18) for day in (10, 11, 12)]


def test_the_hour_stays_over_a_change_of_clocks():
    channel = a_channel(brand=a_brand(time_zone="Europe/Berlin"))
    zone = channel.brand.zone
    at = moment(26, 1, 3).replace(year=2027)
    row = Slot.objects.create(brand=channel.brand, channel=channel, kind="image", at=at)
    before = row.at.astimezone(zone)
    together.change_slots(alice(), [row.pk], "move", days=3)  # over 28 March 2027
    row.refresh_from_db()
    assert row.at.astimezone(zone).hour == before.hour
    assert row.at - before != timedelta(days=3)


def test_what_cannot_be_changed_stays_and_is_told():
    channel = a_channel()
    one, two = a_slot(channel, day=10), a_slot(channel, day=11, state="written")
    done = together.change_slots(alice(), [one.pk, two.pk], "drop")
    assert (done.changed, done.stayed) == (1, [two.pk])
    assert "A post is written for this slot" in done.said
    past = together.change_slots(alice(), [two.pk], "move", days=-300)
    assert (past.changed, past.stayed) == (0, [two.pk])


def test_lock_pillar_channel_for_many():
    channel, other = a_channel(), a_channel("Terrace")
    pillar = Pillar.objects.create(brand=a_brand(), name="Fun", share=1)
    keys = [a_slot(channel, day=day).pk for day in (10, 11)]
    together.change_slots(alice(), keys, "lock")
    together.change_slots(alice(), keys, "pillar", pillar=pillar.pk)
    together.change_slots(alice(), keys, "channel", channel=other.pk)
    assert set(Slot.objects.values_list("locked", "pillar", "channel")) == {(True, pillar.pk, other.pk)}
    together.change_slots(alice(), keys, "unlock")
    assert not Slot.objects.filter(locked=True).exists()


@pytest.mark.parametrize(
    ("slots", "what", "more"),
    [
        ([], "lock", {}),
        (list(range(1, 502)), "lock", {}),
        ("one", "move", {"days": 0}),
        ("one", "channel", {}),
    ],
)
def test_what_makes_no_sense_changes_nothing(slots, what, more):
    row = a_slot(a_channel())
    with pytest.raises(Problem):
        together.change_slots(alice(), [row.pk] if slots == "one" else slots, what, **more)
    row.refresh_from_db()
    assert row.turn == 0


def test_strangers_and_readers_change_nothing():
    row = a_slot(a_channel())
    with pytest.raises(Stranger):
        together.change_slots(charlie(), [row.pk], "drop")
    with pytest.raises(Forbidden):
        together.change_slots(a_member("Guest", "guest"), [row.pk], "drop")
    with pytest.raises(Stranger):
        together.held(charlie(), row.pk, None)


def test_a_note_on_a_day_is_shown_changed_and_taken_away(web):
    together.note_day(alice(), date(2026, 12, 12), "The photographer comes")
    together.note_day(bob(), date(2026, 12, 12), "The photographer comes at ten")
    events = web.get(PAGE + "events?start=2026-12-01&end=2026-12-31").json()
    assert [e["title"] for e in events if e["kind"] == "note"] == ["The photographer comes at ten"]
    assert "at ten" in web.get(PAGE + "new/?day=2026-12-12").content.decode()
    together.note_day(alice(), date(2026, 12, 12), " ")
    assert not DayNote.objects.exists()


def test_filters_combine_stand_in_the_address_and_go_one_by_one(web):
    one, two = a_channel(), a_channel("Terrace")
    fun = Pillar.objects.create(brand=a_brand(), name="Fun", share=1)
    a_slot(one, title="Fun here", pillar=fun, locked=True)
    a_slot(one, day=11, title="Plain here")
    a_slot(two, day=12, title="Fun there", pillar=fun)
    query = f"month=2026-12&view=table&channel={one.pk}&pillar={fun.pk}&state=locked&state=written"
    text = web.get(f"{PAGE}?{query}").content.decode()
    assert "Fun here" in text
    assert "Plain here" not in text
    assert "Fun there" not in text
    assert f"?month=2026-12&amp;view=table&amp;channel={one.pk}&amp;pillar={fun.pk}&amp;state=locked" in text
    both = grid.events(alice(), *DECEMBER, Filters(channel=(one.pk, two.pk), pillar=(fun.pk,)))
    assert [e["title"] for e in both if "resource" in e] == ["Fun here", "Fun there"]


@pytest.mark.parametrize(
    "query", ["channel=x", "channel=99999999999999999999", "state=;drop", "pillar=-1", "channel=٣"]
)
def test_filters_that_make_no_sense_are_left_out(web, query):
    a_slot(a_channel(), title="Here")
    text = web.get(f"{PAGE}?month=2026-12&view=table&{query}").content.decode()
    assert "Here" in text


def test_a_crowded_day_shows_its_first_posts_and_how_many_there_are(web, django_assert_max_num_queries):
    channel = a_channel()
    Slot.objects.bulk_create(
        Slot(
            brand=channel.brand,
            channel=channel,
            kind="image",
            at=moment(10, 0) + timedelta(minutes=n),
            title=str(n),
        )
        for n in range(600)
    )
    web.get(PAGE)
    with django_assert_max_num_queries(15):
        month = web.get(PAGE + "events?start=2026-11-30&end=2027-01-10").json()
    drawn = [e for e in month if "resource" in e]
    assert [e["title"] for e in drawn] == [str(n) for n in range(12)]
    (crowd,) = [e for e in month if e["kind"] == "crowd"]
    assert crowd["title"] == "600 posts on this day"
    day = web.get(PAGE + "events?start=2026-12-10&end=2026-12-11").json()
    assert sum("resource" in e for e in day) == 400
    with django_assert_max_num_queries(15):
        page = web.get(PAGE + "?month=2026-12").content.decode()
    assert "December 2026: 600 posts" in page
    table = web.get(PAGE + "?month=2026-12&view=table").content.decode()
    assert "page=2" in table
    assert table.count('name="slots"') == 200


def test_the_figures_answer_what_a_move_would_do(web):
    channel = a_channel()
    row = a_slot(channel, day=2)
    now = web.get(PAGE + "figures?month=2026-12").content.decode()
    then = web.get(f"{PAGE}figures?month=2026-12&slot={row.pk}&at=2026-12-20T18:00:00").content.decode()
    away = web.get(f"{PAGE}figures?month=2026-12&slot={row.pk}&at=2027-01-20T18:00:00").content.decode()
    assert "if you let go here" in then
    assert "if you let go here" not in now
    assert now.index("1 post<") < then.index("1 post<")
    assert "1 post<" not in away
    row.refresh_from_db()
    assert row.at == moment(2, 18)
