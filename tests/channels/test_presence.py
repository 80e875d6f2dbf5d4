"""Public studies: every cell has its source; what they say of a portrait; a brand's own number stands before them."""

from __future__ import annotations

import pytest

from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.channels import actions, files, studies
from diskarte.stages.channels.models import Presence
from diskarte.stages.channels.rules.presence import Cell, ages_of, estimate
from diskarte.words import Problem
from tests.make import a_brand, a_member, alice, bob, charlie

verbs = actions.choosing
YEAR = 2026


def cell(share, base="adults_18", measure="ever", year=2026, **more):
    return Cell("there", "PH", share, base, measure, year, "a study", **more)


def test_every_shipped_number_has_a_source_a_year_and_an_address():
    for one in studies.cells():
        assert one.platform == "internet" or one.platform in studies.platforms()
        assert 0 < one.share <= 1
        assert 2018 <= one.year <= 2026
        assert one.source
        assert one.url.startswith("https://")
        assert one.base in ("people", "people_12", "adults_18", "internet_16", "internet_18")
        assert one.measure in ("ever", "month", "day", "account")
    assert {one.country for one in studies.cells()} == {"PH", "RU", "US", "001"}


def test_no_cell_stands_twice():
    keys = [
        (c.platform, c.country, c.base, c.measure, c.source, c.sex, c.age_from, c.age_to)
        for c in studies.cells()
    ]
    assert len(keys) == len(set(keys))


def test_a_platform_is_known_however_it_is_written():
    assert {studies.key(name) for name in ("FB", " facebook ", "Facebook Page")} == {"facebook"}
    assert studies.key("Friendster") == "friendster"


def test_unknown_is_none_and_not_zero():
    assert estimate([], "there", "PH", (16, 75), YEAR) is None


def test_the_newest_of_everybody_speaks_but_not_the_daily_one():
    told = [cell(0.4, year=2021), cell(0.6, year=2025), cell(0.2, measure="day", year=2026)]
    assert estimate(told, "there", "PH", (16, 75), YEAR).share == 0.6


def test_shares_of_internet_users_become_shares_of_people():
    told = [cell(0.9, base="internet_16"), Cell("internet", "PH", 0.8, "people", "month", 2025, "a study")]
    assert estimate(told, "there", "PH", (16, 75), YEAR).share == pytest.approx(0.72)


def test_an_old_study_by_age_moves_a_new_total_by_its_odds():
    told = [cell(0.5, year=2025), cell(0.5, year=2018), cell(0.8, year=2018, age_from=18, age_to=29)]
    young = estimate(told, "there", "PH", (18, 29), YEAR)
    assert young.share == pytest.approx(0.8)  # the totals agree, so the group's own share comes back
    assert len(young.cells) == 2
    half = estimate(told, "there", "PH", (24, 35), YEAR)
    assert 0.5 < half.share < 0.8
    assert estimate(told, "there", "PH", (40, 60), YEAR).share == 0.5


def test_age_never_lifts_a_share_above_everybody():
    told = [cell(0.95, year=2025), cell(0.5, year=2018), cell(0.9, year=2018, age_from=18, age_to=29)]
    assert 0.95 < estimate(told, "there", "PH", (18, 29), YEAR).share < 1


def test_older_sources_are_doubted_more():
    new, old = (estimate([cell(0.5, year=year)], "there", "PH", (16, 75), YEAR).sd for year in (2026, 2016))
    assert new == pytest.approx(0.25)
    assert old > 0.5


def test_the_world_stands_in_with_more_doubt():
    world = Cell("there", "001", 0.3, "people", "ever", 2026, "a study")
    found = estimate([world], "there", "PH", (16, 75), YEAR)
    assert (found.share, found.sd, found.elsewhere) == (0.3, 0.5, True)


def test_an_own_number_stands_before_the_studies():
    told = [cell(0.5), cell(0.1, own=3, quality="counted"), cell(0.2, own=4, age_from=18, age_to=29)]
    assert estimate(told, "there", "PH", (16, 75), YEAR).share == 0.2
    assert estimate(told, "there", "PH", (40, 60), YEAR).share == 0.1
    assert estimate(told, "there", "PH", (40, 60), YEAR).sd == pytest.approx(0.1)


def test_ages():
    assert ages_of(None, None) == (16, 75)
    assert ages_of(30, 20) == (20, 30)


@pytest.mark.django_db
def test_an_override_is_kept_beside_the_study_audited_and_taken_back():
    who = alice()
    row = verbs.set_presence(who, "FB", 61, "Our count at the door", quality="counted")
    line = next(one for one in verbs.presence(who) if one.platform == "facebook")
    assert (line.newest.share, line.newest.own, line.cells[0].own) == (0.61, row.pk, row.pk)
    assert any(one.own is None and one.share == 0.949 for one in line.cells)
    assert Audit.objects.filter(verb="channels.set_presence").exists()
    again = verbs.set_presence(who, "facebook", 62, "Counted again")
    assert (again.pk, Presence.objects.count()) == (row.pk, 1)
    verbs.remove_presence(who, row.pk)
    assert next(one for one in verbs.presence(who) if one.platform == "facebook").newest.share == 0.949


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "field"),
    [({"percent": 140}, "percent"), ({"source": " "}, "source"), ({"age_from": 40, "age_to": 20}, "age_to"),
     ({"platform": " "}, "platform")],
)  # fmt: skip
def test_nonsense_is_told(told, field):
    given = {"platform": "facebook", "percent": 40.0, "source": "a guess"} | told
    with pytest.raises(Problem) as problem:
        verbs.set_presence(alice(), **given)
    assert problem.value.field == field


@pytest.mark.django_db
def test_the_world_speaks_for_a_country_without_studies():
    who = alice(a_brand("oslo", name="Oslo", country="NO"))
    assert verbs.countries(who)[0] == "001"
    assert {"facebook", "youtube"} <= {one.platform for one in verbs.presence(who)}


@pytest.mark.django_db
def test_strangers_and_guests_stay_out():
    row = verbs.set_presence(alice(), "facebook", 61, "a guess")
    with pytest.raises(Stranger):
        verbs.remove_presence(charlie(), row.pk)
    assert any(one.own for line in verbs.presence(bob()) for one in line.cells)
    for role in (bob(), a_member("Gina", "analyst")):
        with pytest.raises(Forbidden):
            verbs.set_presence(role, "facebook", 10, "a guess")


@pytest.mark.django_db
def test_there_and_back_as_files():
    who = alice()
    verbs.set_presence(
        who, "facebook", 61, "Our count", quality="counted", url="https://kape.example/count", year=2026
    )
    verbs.set_presence(who, "tiktok", 30, "a guess", age_from=18, age_to=24)
    verbs.set_place(who, "tiktok", 4, None, 8, "anyway")
    told = files.export(a_brand())
    other = a_brand("second", name="Second")
    files.restore(other, told, who)
    assert files.export(other) == told
    assert Presence.objects.filter(brand=other).count() == 2
