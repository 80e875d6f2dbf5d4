"""Beside competitors: facts larger than their error, moves out of two of them, followers in common."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.audience import actions as audience
from diskarte.stages.audience.models import Sketch
from diskarte.stages.brand import actions as brand
from diskarte.stages.brand.models import Competitor, RivalPost
from diskarte.stages.channels import actions
from diskarte.stages.channels.rules import swot as rules
from diskarte.stages.channels.rules.swot import Usual
from diskarte.words import Problem
from tests.conftest import shared
from tests.make import NOW, a_brand, alice, bob, charlie

verbs = actions.beside


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def test_a_difference_within_its_error_is_no_line():
    assert rules.fact(("strength", "weakness"), "x", "engagement", 0.09, 0.1, 9) is None
    line = rules.fact(("strength", "weakness"), "x", "engagement", 0.3, 0.1, 9)
    assert (line.side, round(line.z, 1)) == ("strength", 3.0)
    assert line.low < line.gain < line.high
    assert line.gain == pytest.approx(math.exp(0.3) - 1)
    assert rules.fact(("strength", "weakness"), "x", "engagement", -0.3, 0.1, 9).side == "weakness"


def test_engagement_by_hand():
    rivals = [
        Usual("a", 2.0, 0.1, 9),
        Usual("b", 3.0, 0.1, 9),
        Usual("c", 4.0, 0.1, 9),
        Usual("few", 9.0, 0.1, 2),
    ]
    line = rules.engagement("x", Usual("", 1.0, 0.1, 20), rivals)
    assert line.side == "weakness"
    assert line.theirs == pytest.approx(math.expm1(3.0))  # the page with two posts does not count
    assert line.n_theirs == 27
    assert rules.engagement("x", Usual("", 1.0, 0.1, 4), rivals) is None
    assert line.z == pytest.approx(-2 / math.hypot(0.1, 0.1))  # as sure as the page in the middle
    even = rules.engagement("x", Usual("", 1.0, 0.1, 20), rivals[:2])
    assert even.theirs == pytest.approx(math.expm1(2.5))
    assert even.z == pytest.approx(-1.5 / math.hypot(0.1, 0.05, 0.05))


def test_cadence_by_hand():
    assert rules.cadence("x", 40, [10, 12, 9], 12.9).side == "strength"
    assert rules.cadence("x", 3, [40, 50], 12.9).side == "weakness"
    assert rules.cadence("x", 10, [11, 9, 10], 12.9) is None
    assert rules.cadence("x", 0, [10], 12.9) is None


def test_trends():
    rising = [(i / 20, 10.0 + (50 if i >= 10 else 0) + i % 3) for i in range(20)]
    assert rules.rival_trend("x", "rival", rising).side == "threat"
    assert rules.platform_trend("x", {"a": rising}).side == "opportunity"
    assert rules.trend(rising[:8]) is None
    flat = [(i / 20, 10.0 + (i % 2) * 5) for i in range(20)]
    assert rules.platform_trend("x", {"a": flat}) is None


def test_false_lines_are_as_rare_as_z_says():
    """Nothing differs: |z| > 1 comes in about a third of cases, as the page says."""
    rng = np.random.default_rng(0)
    lines = 0
    for _world in range(200):
        values = [(i / 40, float(v)) for i, v in enumerate(rng.lognormal(3, 0.8, 40))]
        lines += rules.rival_trend("x", "r", values) is not None
    assert 0.22 < lines / 200 < 0.43


def test_moves_need_two_facts_of_one_platform():
    s, w = (rules.fact(("strength", "weakness"), "x", "engagement", gap, 0.1, 9) for gap in (0.3, -0.3))
    o, t = (rules.fact(("opportunity", "threat"), "x", "platform_trend", gap, 0.1, 9) for gap in (0.3, -0.3))
    assert [one[0] for one in rules.tows([s, w, o, t])] == ["SO", "ST", "WO", "WT"]
    assert rules.tows([s]) == []
    elsewhere = rules.fact(("opportunity", "threat"), "y", "platform_trend", 0.3, 0.1, 9)
    assert rules.tows([s, elsewhere]) == []


def a_market(who, ours=100, theirs=20):
    rival = Competitor.objects.create(brand=who.brand, name="Other Café")
    channel = actions.connect(who, "by_hand", {"handle": "@kape"}, "Facebook")
    for i in range(24):
        at = NOW - timedelta(days=3 * i + 1)
        Publication.objects.create(
            brand=who.brand, channel=channel, network="by_hand", remote_id=str(i), likes=ours + i % 4, at=at
        )
        RivalPost.objects.create(
            brand=who.brand, competitor=rival, network="facebook", remote_id=str(i), at=at, seen_at=NOW,
            likes=theirs + i % 5 + (80 if i < 12 else 0), source="a table",
        )  # fmt: skip


@pytest.mark.django_db
def test_facts_come_from_posts_of_both_sides():
    who = alice()
    assert verbs.swot(who).facts == ()
    a_market(who)
    found = verbs.swot(who)
    facts = {(one.about, one.side): one for one in found.facts}
    assert ("engagement", "strength") in facts
    assert facts["rival_trend", "threat"].who == "Other Café"
    assert facts["rival_trend", "threat"].n == 24
    assert found.posts == 48
    assert {one.kind for one in found.moves} >= {"ST"}
    assert verbs.swot(bob()).posts == 48
    assert verbs.swot(charlie()).posts == 0


@pytest.mark.django_db
def test_what_was_noted_stands_beside_what_is_measured(web):
    who = alice()
    rival = brand.add_competitor(
        who, "Kanto", weaknesses="No seats", strengths="Half our price", source="price list"
    )
    told = verbs.noted(who)
    assert [(one.competitor, one.says, one.source) for one in told["strength"]] == [
        ("Kanto", "No seats", "price list")
    ]
    assert [one.says for one in told["weakness"]] == ["Half our price"]
    page = web.get("/kape-diwata/channels/swot/").content.decode()
    assert "Counted or noted, not measured" in page
    assert "Nothing measured yet" not in page
    assert verbs.noted(charlie()) == {}
    brand.remove_competitor(who, rival.pk)
    assert verbs.noted(who) == {}


def members(text, name="followers.csv"):
    return Upload(name=name, content=text.encode())


def rows_of(page, ids):
    return "".join(f"u{i},{page}\n" for i in ids)


@pytest.mark.django_db
def test_small_lists_are_compared_exactly():
    who = alice()
    Competitor.objects.create(brand=who.brand, name="Rival")
    told = (
        "member,page\n" + rows_of(who.brand.name, range(100)) + rows_of("Rival", range(80, 120)) + ",Rival\n"
    )
    made = verbs.import_followers(who, members(told))
    assert (made.lists, made.members, made.refused) == (2, 140, 1)
    assert "waits for a day" in made.left_out
    back = audience.refused_rows(who, made.sheet)
    assert "The row names nobody." in back
    assert back.count("Rival") == 1
    assert [row.pk for row in verbs.lists_given(who)] == [made.sheet]
    found = verbs.overlap_with(who)
    (rival,) = found.shared
    assert (rival.both, rival.exact, rival.is_rival) == (20, True, True)
    assert (rival.of_ours, rival.of_theirs) == (0.2, 0.5)
    sketch = Sketch.objects.get(name="Rival")
    assert verbs.overlap_with(who, sketch.pk).name == "Rival"


@pytest.mark.django_db
def test_without_our_list_it_asks():
    who = alice()
    verbs.import_followers(who, members("member\nu1\nu2\n"), "Rival")
    found = verbs.overlap_with(who)
    assert (found.ours, found.shared, len(found.lists)) == (None, (), 1)


@pytest.mark.django_db
def test_a_file_of_something_else_is_refused():
    with pytest.raises(Problem) as problem:
        verbs.import_followers(alice(), members("colour,taste\nred,sour\n"))
    assert problem.value.field == "file"
    assert problem.value.kept


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "utf-8-sig"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_followers_in_every_encoding_each_once(encoding, mark):
    rows = [
        "member;page",
        "Анна;Кофейня",
        " анна ;Кофейня",
        "Борис;Кофейня",
        "=1+1;Кофейня",
        ";Кофейня",
        "Вера;",
    ]
    text = "\n".join(rows).replace(";", mark)
    made = verbs.import_followers(alice(), Upload("followers.csv", text.encode(encoding)))
    assert (made.lists, made.members, made.refused) == (1, 3, 2)
    back = audience.refused_rows(alice(), made.sheet)
    assert "Вера" in back
    assert "Анна" not in back


@pytest.mark.django_db
def test_only_refused_rows_make_no_list():
    with pytest.raises(Problem, match="No row of this file"):
        verbs.import_followers(alice(), members("member,page\n,Rival\nu1,\n"))
    assert not Sketch.objects.exists()


@pytest.mark.django_db
def test_left_out_followers_are_fetched_from_the_page(web):
    who = alice()
    verbs.import_followers(who, members("member,page\nu1,Rival\n=cmd,\n"))
    told = web.get("/kape-diwata/channels/followers/").content.decode()
    assert "One row of «followers.csv» was left out" in told
    sheet = verbs.lists_given(who)[0]
    file = web.get(f"/kape-diwata/audience/hooks/refused/{sheet.pk}.csv").content.decode()
    assert "'=cmd" in file


@pytest.mark.django_db
def test_who_may_bring_followers():
    with pytest.raises((Forbidden, Stranger)):
        verbs.import_followers(bob(), members("member,page\nu1,Rival\n"))
    verbs.import_followers(alice(), members("member,page\nu1,Rival\n"))
    assert verbs.overlap_with(charlie()).lists == ()


@pytest.mark.django_db
def test_real_memberships_are_estimated_within_their_interval():
    """Gowalla: chains of places, their visitors as followers; lists larger than a sketch, nine rivals."""
    import duckdb

    path = shared("data", "gowalla_memberships", "gowalla_user_venue.parquet")
    asked = f"select distinct user_id from '{path}' where community_id % 29 = ?"
    with duckdb.connect() as lake:
        sides = [{row[0] for row in lake.execute(asked, [chain]).fetchall()} for chain in range(10)]
    assert min(map(len, sides)) > 4096
    who = alice(a_brand())
    told = "".join(rows_of(f"Rival {i}" if i else who.brand.name, side) for i, side in enumerate(sides))
    verbs.import_followers(who, members("member,page\n" + told))
    inside = 0
    for found in verbs.overlap_with(who).shared:
        exact = len(sides[0] & sides[int(found.name.split()[1])])
        assert not found.exact
        assert found.both == pytest.approx(exact, rel=0.05)
        inside += found.low <= exact <= found.high
    assert inside >= 6  # each interval holds 9 of 10 cases, and all nine share one sketch
