"""Groups as exact sets, what customers are worth, overlaps, and the proof of forgetting."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.given import Upload
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.core.tables import write_csv
from diskarte.stages.audience import actions, waiting
from diskarte.stages.audience.models import Group, Receipt, Segment, Sketch
from diskarte.stages.audience.rules import value as value_rules
from diskarte.stages.audience.rules.groups import Misfit, put_together, steps
from diskarte.words import Problem
from tests.conftest import shared
from tests.make import a_member, alice, bob, charlie

from .builders import a_segment, shop

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
AGO = {"2026-11-20": 11, "2026-08-01": 122, "2025-01-01": 699}


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch, settings):
    settings.DATA = tmp_path
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")
    with clock.at(NOW):
        yield


@pytest.fixture
def crowd():
    """Four people: 1 agreed and buys beans, 2 said no, 3 said nothing, 4 only stands on a list."""
    lines = [["1", "2026-11-20", "300", "Benguet beans"], ["1", "2026-08-01", "200", "Mug"],
             ["2", "2026-11-20", "900", "Benguet beans"], ["3", "2026-08-01", "50", "Mug"]]  # fmt: skip
    sold = write_csv(["customer id", "order date", "amount", "product"], lines)
    actions.import_people(bob(), Upload("sales.csv", sold), list_name="Shop")
    told = [["1", "a@b.co", "Manila", "yes"], ["2", "b@b.co", "Cebu", "no"], ["4", "d@b.co", "Manila", "yes"]]
    cards = write_csv(["customer id", "email", "city", "opt in"], told)
    actions.import_people(bob(), Upload("cards.csv", cards), list_name="May survey")
    return bob()


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (["and:bought:BEANS"], 2), (["and:not_since:60"], 1), (["and:since:30"], 2), (["and:times:2"], 1),
        (["and:spent:500"], 2), (["and:list:may survey"], 3), (["and:place:manila"], 2), (["not:list:Shop"], 1),
        (["and:bought:beans", "or:list:May survey", "not:since:30"], 1), (["and:everybody"], 4), (["and:phone"], 0),
        (["and:email", "and:consent:yes", "not:bought:mug"], 1), (["and:bought:nothing like it"], 0),
    ],
)  # fmt: skip
def test_rules_find_whom_they_say(crowd, rule, found):
    assert actions.count_group(crowd, rule).found == found


def test_consent_is_shown_and_a_no_is_never_written_to(crowd):
    told = actions.count_group(crowd, ["and:bought:beans", "or:bought:mug"], only_agreed=False)
    assert (told.found, told.agreed, told.refused, told.unknown, told.email) == (3, 1, 1, 1, 2)
    assert told.usable == 2
    assert actions.count_group(crowd, ["and:everybody"]).usable == 2


def test_groups_of_groups_and_their_overlap(crowd):
    actions.build_group(crowd, "Beans", ["and:bought:beans"])
    actions.build_group(crowd, "Mugs", ["and:bought:mug"])
    actions.build_group(crowd, "Both", ["and:group:Beans", "and:group:Mugs"])
    told = {one.group.name: one.size.found for one in actions.groups(crowd)}
    assert told == {"Beans": 2, "Both": 1, "Mugs": 2}
    crossing = actions.overlap(crowd)
    assert (crossing.cells[0][2].both, crossing.cells[0][2].share) == (1, 0.5)
    actions.build_group(crowd, "Beans", ["and:group:Both"])  # now each asks for the other
    with pytest.raises(Problem, match="could be used here"):
        actions.groups(crowd)


def test_a_rule_that_cannot_be_is_refused_in_words(crowd):
    for rule, says in (
        ([], "at least one"), (["and:since:soon"], "not a number of days"), (["and:magic:1"], "no condition"),
        (["and:bought:"], "empty"), (["and:spent:much"], "not a number"), (["and:email"] * 13, "at most 12"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=says):
            actions.count_group(crowd, rule)
    with pytest.raises(Problem, match="needs a name"):
        actions.build_group(crowd, " ", ["and:email"])
    with pytest.raises(Problem, match="made of itself"):
        actions.build_group(crowd, "X", ["and:group:X"])


def test_a_group_without_people_is_just_empty():
    assert actions.count_group(bob(), ["and:bought:beans", "not:since:10"]).found == 0
    assert actions.overlap(bob()).names == []


BITS = st.lists(st.booleans(), min_size=8, max_size=8).map(np.array)


@given(st.lists(st.tuples(st.sampled_from(["and", "or", "not"]), BITS), min_size=1, max_size=5))
def test_steps_are_sets_from_left_to_right(told):
    everybody = np.ones(8, dtype=bool)
    sets = {str(i): bits for i, (_how, bits) in enumerate(told)}
    rule = [(how, "x", str(i)) for i, (how, _bits) in enumerate(told)]
    mine = set(range(8))
    for i, (how, bits) in enumerate(told):
        here = {j for j in range(8) if bits[j]}
        mine = mine - here if how == "not" else mine | here if how == "or" and i else mine & here
    assert {j for j in range(8) if put_together(rule, lambda _c, v: sets[v], everybody)[j]} == mine


def test_a_form_with_empty_lines():
    assert steps(["and", "or"], ["bought", ""], ["beans", ""]) == [("and", "bought", "beans")]
    with pytest.raises(Misfit):
        steps([], [], [])


def test_purchases_become_customers_a_person_understands():
    actions.import_people(alice(), shop())
    told = actions.value(alice())
    cells = {cell["name"]: cell for cell in told["cells"]}
    assert sum(cell["n"] for cell in cells.values()) == told["customers"]
    assert sum(cell["spent"] for cell in cells.values()) == pytest.approx(told["spent"])
    assert "champions" in cells
    assert told["low"] < told["worth"] < told["high"]
    assert all(
        cell["low"] <= cell["worth"] * 1.2 and cell["high"] >= cell["worth"] * 0.8 for cell in cells.values()
    )
    assert all(cell["stable"] is None or cell["stable"] >= 0.75 for cell in cells.values()) or len(cells) <= 2
    found = actions.count_group(alice(), ["and:cell:champions"], only_agreed=False).found
    assert found == cells["champions"]["n"]
    assert actions.count_group(alice(), ["and:cell:Champions"], only_agreed=False).found == found


def test_proposed_portraits_are_drawn_once_and_leave_yours_alone():
    with pytest.raises(Problem, match="no groups of customers"):
        actions.propose_segments(alice())
    actions.import_people(alice(), shop())
    a_segment(alice(), "Champions", summary="mine")
    n = actions.propose_segments(alice()).portraits
    assert n == len(actions.value(alice())["cells"]) - 1
    assert Segment.objects.get(name="Champions").summary == "mine"
    drawn = Segment.objects.exclude(cell="").first()
    assert drawn.size > 0
    assert drawn.source == "customers"
    assert drawn.interests
    assert actions.propose_segments(alice()).portraits == 0


@pytest.mark.parametrize(
    ("n", "again", "weeks", "code"), [(49, 40, 50, "few"), (500, 3, 50, "once"), (500, 90, 5, "short")]
)
def test_purchases_that_carry_no_forecast_say_why(n, again, weeks, code):
    assert value_rules.carries(n, again, weeks).code == code


def test_few_purchases_are_counted_and_nothing_is_foretold(crowd):
    told = actions.value(crowd)
    assert (told["refused"], told["customers"]) == ("few", 3)
    assert "cells" not in told


def test_nobody_likely_alive_is_called_lost():
    again, worth = np.ones(90, dtype=bool), np.linspace(1, 90, 90)
    alive = np.linspace(0.9, 0.99, 90)
    named = value_rules.cells(again, alive, worth, value_rules.marks(again, alive, worth))
    assert {value_rules.CELLS[i] for i in named} == {"waking", "regulars", "champions"}


def test_what_other_data_would_not_show_is_told_together():
    labels = np.repeat([0, 1, 2, 3], 50)

    def noisy(rng):
        new = labels.copy()
        mixed = np.isin(labels, [1, 2])
        new[mixed] = rng.integers(1, 3, mixed.sum())
        return new

    merged, told = value_rules.stable_cells(labels, noisy)
    assert merged["regulars"] == merged["waking"]
    assert min(told.values()) >= 0.75
    assert len(told) == 3


def members(*pairs):
    return Upload("members.csv", write_csv(["member", "community"], pairs))


def test_communities_are_kept_as_hashes_and_crossed():
    pairs = [(f"u{n}", "One") for n in range(300)] + [(f"U{n} ", "Two") for n in range(200, 600)]
    told = actions.add_members(bob(), members(*pairs))
    assert (told.communities, told.members) == (2, 700)
    crossing = actions.community_overlap(bob())
    assert (crossing.names, crossing.sizes) == (["Two", "One"], [400, 300])
    assert (crossing.cells[0][1].both, crossing.cells[0][1].exact) == (100, True)
    assert b"u5" not in bytes(Sketch.objects.first().hashes)
    with pytest.raises(Problem, match="member"):
        actions.add_members(bob(), Upload("x.csv", b"a,b\n1,2\n"))


def test_real_memberships_are_crossed_exactly():
    path = shared("data", "gowalla_memberships", "gowalla_user_venue.parquet")
    import duckdb

    sql = "SELECT user_id, community_id FROM read_parquet($1) WHERE community_id IN (SELECT community_id FROM"
    sql += " read_parquet($1) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 3)"
    rows = duckdb.connect().execute(sql, [str(path)]).fetchall()
    actions.add_members(bob(), members(*rows))
    crossing = actions.community_overlap(bob())
    sets = {name: {user for user, place in rows if str(place) == name} for name in crossing.names}
    assert crossing.cells[0][1].both == len(sets[crossing.names[0]] & sets[crossing.names[1]])


def test_forgetting_is_provable_and_reaches_every_table(crowd):
    actions.add_members(crowd, members(("a@b.co", "Fans"), ("z@b.co", "Fans")))
    told = actions.forget_person(crowd, given="a@b.co")
    assert told.places == {"people": 1, "purchases": 2, "lists": 2, "spending": 1, "sketches": 1}
    proof = actions.prove_forgotten(crowd, "a@b.co")
    assert (proof.forgotten, proof.seals_hold, proof.still_known) == (True, True, 0)
    assert actions.prove_forgotten(crowd, "1").forgotten  # the number they had counts as well
    assert not actions.prove_forgotten(crowd, "b@b.co").forgotten
    assert actions.prove_forgotten(crowd, "b@b.co").still_known == 1
    row = Receipt.objects.get(pk=told.receipt)
    row.removed = {"people": 0}
    row.save()
    assert not actions.prove_forgotten(crowd, "a@b.co").seals_hold


def test_no_file_of_the_forgotten_stays(crowd, tmp_path, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_person(crowd, given="a@b.co")
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*.parquet"))
    assert b"a@b.co" not in left
    assert b"b@b.co" in left


def test_strangers_and_readers_are_kept_out_of_groups(crowd):
    group = actions.build_group(crowd, "Beans", ["and:bought:beans"])
    actions.add_members(crowd, members(("a", "Fans")))
    for verb, given_ in (("group", {"group": group.pk}), ("remove_group", {"group": group.pk}),
                         ("remove_community", {"sketch": Sketch.objects.get().pk})):  # fmt: skip
        with pytest.raises(Stranger):
            ALL[f"audience.{verb}"].run(charlie(), given_)
    assert actions.count_group(charlie(), ["and:everybody"]).found == 0
    assert actions.prove_forgotten(charlie(), "a@b.co").still_known == 0
    reader = a_member("Dina", "analyst")
    for verb in ("build_group", "propose_segments", "add_members", "prove_forgotten", "reckon_value"):
        with pytest.raises(Forbidden):
            ALL[f"audience.{verb}"].run(reader, {})
    actions.remove_group(crowd, group.pk)
    assert not Group.objects.exists()
