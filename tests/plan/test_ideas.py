"""Ideas: caught, moved, put into slots, taken out again, read from tables; by whom."""

from __future__ import annotations

import io
from datetime import date

import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.plan import actions
from diskarte.stages.plan.ideas import actions as ideas
from diskarte.stages.plan.models import Idea, Pillar, Slot, Taking
from diskarte.words import Kind, Problem
from tests.make import NOW, a_brand, a_member, alice, bob, charlie
from tests.plan.builders import a_channel, a_slot

pytestmark = pytest.mark.django_db
PAGE = "/kape-diwata/plan/ideas/"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def step_of(idea):
    idea.refresh_from_db()
    return idea.step, idea.slot_id


def test_a_line_is_enough_and_nothing_of_a_long_one_is_lost(web):
    web.post("/kape-diwata/do/plan.add_idea", {"title": "Ana's first latte", "next": PAGE})
    assert "Ana&#x27;s first latte" in web.get(PAGE).content.decode()
    long = ideas.add_idea(bob(), "x" * 200 + "\nand a second line")
    assert (long.title, long.note) == ("x" * 160, "x" * 40 + "\nand a second line")
    with pytest.raises(Problem, match="a few words"):
        ideas.add_idea(alice(), "  ")


def test_an_idea_fills_the_place_that_suits_it_and_comes_out_again():
    channel = a_channel()
    fun = Pillar.objects.create(brand=a_brand(), name="Fun", share=1)
    early, fitting = a_slot(channel, day=10), a_slot(channel, day=12, pillar=fun)
    a_slot(channel, day=9, title="Taken by words")
    a_slot(channel, day=8, kind="reel")
    idea = ideas.add_idea(alice(), "Latte art", note="ask Ana", pillar=fun.pk, kind=Kind.IMAGE, step="ready")
    (card,) = next(cards for step, _name, cards in ideas.board(alice()) if step == "ready")
    assert [slot.pk for slot in card.places] == [fitting.pk, early.pk]
    ideas.place_idea(alice(), idea.pk, fitting.pk, seen=0)
    fitting.refresh_from_db()
    assert (fitting.title, fitting.note, fitting.locked) == ("Latte art", "ask Ana", True)
    assert step_of(idea) == ("planned", fitting.pk)
    ideas.move_idea(bob(), idea.pk, "ready")
    fitting.refresh_from_db()
    assert (fitting.title, fitting.note) == ("", "")
    assert step_of(idea) == ("ready", None)


def test_what_a_draft_proposed_gives_way_to_an_idea_and_comes_back():
    channel = a_channel()
    actions.draft_plan(alice(), date(2027, 1, 1))
    drafted = Slot.objects.filter(channel=channel).order_by("at")[0]
    Slot.objects.filter(pk=drafted.pk).update(title="Beans", topic="Beans", occasion="")
    idea = ideas.add_idea(alice(), "Latte art")
    assert drafted.pk in [slot.pk for slot in ideas.open_slots(alice())]
    Slot.objects.filter(pk=drafted.pk).update(title="By hand")
    assert drafted.pk not in [slot.pk for slot in ideas.open_slots(alice())]
    ideas.place_idea(alice(), idea.pk, drafted.pk)
    ideas.move_idea(alice(), idea.pk, "ready")
    drafted.refresh_from_db()
    assert drafted.title == "Beans"


def test_an_idea_dropped_on_the_plan_takes_the_place_that_suits_it_best(web):
    early, later = a_slot(a_channel(), day=10), a_slot(a_channel("Terrace"), day=12)
    one = ideas.add_idea(alice(), "One", channel=later.channel_id)
    text = web.get(PAGE).content.decode()
    assert text.count("data-drop=") == 4
    assert f'data-card="{one.pk}"' in text
    ideas.place_idea(bob(), one.pk)
    assert step_of(one) == ("planned", later.pk)
    with pytest.raises(Problem, match="in the plan already"):
        ideas.place_idea(bob(), one.pk)
    ideas.place_idea(bob(), ideas.add_idea(alice(), "Two").pk)
    early.refresh_from_db()
    assert early.title == "Two"
    three = ideas.add_idea(alice(), "Three")
    with pytest.raises(Problem, match="No free place suits it"):
        ideas.place_idea(bob(), three.pk)
    assert step_of(three) == ("idea", None)


def test_two_ideas_do_not_share_a_place_and_the_second_is_told():
    slot = a_slot(a_channel())
    one, two = ideas.add_idea(alice(), "One"), ideas.add_idea(bob(), "Two")
    ideas.place_idea(alice(), one.pk, slot.pk, seen=0)
    with pytest.raises(Problem, match="Somebody changed"):
        ideas.place_idea(bob(), two.pk, slot.pk, seen=0)
    with pytest.raises(Problem, match="taken meanwhile"):
        ideas.place_idea(bob(), two.pk, slot.pk)
    assert step_of(two) == ("idea", None)


def test_an_idea_whose_post_is_written_stays_where_it_is():
    slot = a_slot(a_channel())
    idea = ideas.add_idea(alice(), "One")
    ideas.place_idea(alice(), idea.pk, slot.pk)
    slot.refresh_from_db()
    actions.take_slot(slot, True)
    with pytest.raises(Problem, match="A post is written"):
        ideas.move_idea(alice(), idea.pk, "idea")
    assert step_of(idea) == ("planned", slot.pk)


def test_ideas_from_a_table_with_bad_rows_back_as_a_file(web):
    Pillar.objects.create(brand=a_brand(), name="Fun", share=1)
    a_channel()
    text = "Idea,Pillar,Channel,State\nLatte art,fun,Harbour,Ready\nBad,Nothing,,\n,,,\nLATTE ART,,,\nPlain,,Nowhere,\n"
    file = io.BytesIO(text.encode())
    file.name = "ideas.csv"
    back = "/kape-diwata/plan/in/{id}/done/"
    answer = web.post("/kape-diwata/do/plan.import_ideas", {"file": file, "next": back})
    taking = Taking.objects.get()
    assert answer["Location"] == f"/kape-diwata/plan/in/{taking.pk}/done/"
    assert (taking.made, [bad["row"] for bad in taking.refused]) == (1, [3, 6])
    page = web.get(answer["Location"]).content.decode()
    assert "There is no pillar «Nothing»." in page
    assert "stood on the board already (1)" in page
    rows = web.get(f"/kape-diwata/plan/in/{taking.pk}/rows.csv").content.decode("utf-8-sig")
    assert rows.splitlines()[1].endswith("Bad,Nothing,,")
    row = Idea.objects.get()
    assert (row.title, row.pillar.name, row.channel.name, row.step) == (
        "Latte art",
        "Fun",
        "Harbour",
        "ready",
    )


def test_the_pages_of_ideas(web, django_assert_max_num_queries):
    assert "No idea is caught yet" in web.get(PAGE).content.decode()
    slot = a_slot(a_channel())
    fun = Pillar.objects.create(brand=a_brand(), name="Fun", share=1, colour="3")
    for n in range(5):
        ideas.add_idea(
            alice(), f"Idea {n}", step="ready", pillar=fun.pk, kind=Kind.IMAGE, channel=slot.channel_id
        )
    web.get(PAGE)
    with django_assert_max_num_queries(17):
        text = web.get(PAGE).content.decode()
    assert f'name="slot" value="{slot.pk}"' in text
    assert "pillar-3" in text
    idea = Idea.objects.first()
    assert idea.title in web.get(f"{PAGE}{idea.pk}/").content.decode()
    ideas.drop_idea(alice(), idea.pk)
    assert web.get(f"{PAGE}{idea.pk}/").status_code == 404


def test_strangers_and_readers():
    idea, slot = ideas.add_idea(alice(), "One"), a_slot(a_channel())
    for call in (
        lambda who: ideas.edit_idea(who, idea.pk, "Mine"), lambda who: ideas.move_idea(who, idea.pk, "ready"),
        lambda who: ideas.place_idea(who, idea.pk, slot.pk), lambda who: ideas.drop_idea(who, idea.pk),
    ):  # fmt: skip
        with pytest.raises(Stranger):
            call(charlie())
        with pytest.raises(Forbidden):
            call(a_member("Guest", "guest"))
    with pytest.raises(Forbidden):
        ideas.import_ideas(a_member("Guest", "guest"), Upload("a.csv", b"title\nx\n"))
    assert ideas.board(charlie())[0][2] == []
