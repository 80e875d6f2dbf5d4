"""The brand survives the way through files."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.stages.brand import actions, files
from diskarte.stages.brand.models import Canvas, Competitor, Product, Snapshot
from tests.brand.builders import a_rival
from tests.make import NOW, a_brand, alice

pytestmark = pytest.mark.django_db
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
word = st.text(st.characters(exclude_categories=["Cs", "C", "Z"]), min_size=1, max_size=12)
money = st.none() | st.decimals(0, 10**9, places=2)
count = st.none() | st.integers(0, 10**12)
rate = st.none() | st.floats(0, 1e9)
canvases = st.fixed_dictionaries({n: text for n in ("idea", "sells", "proof", "positioning", "tone")})
products = st.lists(st.tuples(word, money), max_size=3, unique_by=lambda row: row[0].casefold())
rivals = st.lists(
    st.tuples(word, text, st.dictionaries(word, word, max_size=3), count, rate),
    max_size=3, unique_by=lambda row: row[0].casefold(),
)  # fmt: skip


def emptied():
    for model in (Canvas, Product, Competitor, Snapshot):
        model.objects.all().delete()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(canvases, products, rivals)
def test_there_and_back(answers, sold, known):
    emptied()
    brand = a_brand()
    Canvas.objects.create(brand=brand, **answers, do_words=["kape", "tambay, tayo"])
    for name, price in sold:
        Product.objects.create(brand=brand, name=name, price=price, currency="PHP")
    for name, note, places, followers, engagement in known:
        rival = Competitor.objects.create(brand=brand, name=name, strengths=note, handles=places)
        facts = {"followers": followers, "engagement": engagement, "at": NOW}
        Snapshot.objects.create(brand=brand, competitor=rival, network="x", source="=seen", **facts)
    before, rows = (
        files.export(brand),
        list(Snapshot.objects.order_by("competitor__name").values_list("engagement")),
    )
    emptied()
    files.restore(brand, before, alice())
    assert files.export(brand) == before
    assert {name: getattr(Canvas.objects.get(), name) for name in answers} == answers
    assert list(Snapshot.objects.order_by("competitor__name").values_list("engagement")) == rows


def test_the_files_read_well():
    who = alice()
    actions.edit(who, idea="Coffee with a name.", do_words=["kape"])
    row = a_rival(who, strengths="Own roast\nSecond branch")
    actions.add_snapshot(who, row.pk, "practice", followers=70, at=NOW, source="their page")
    made = files.export(a_brand())
    assert sorted(made) == ["canvas.toml", "competitor_numbers.csv", "competitors.toml"]
    assert 'idea = "Coffee with a name."' in made["canvas.toml"]
    assert "Own roast\nSecond branch" in made["competitors.toml"]
    assert (
        "Kanto Roasters,practice,2026-12-01T01:00:00+00:00,70,,,,their page" in made["competitor_numbers.csv"]
    )


def test_an_empty_brand_has_no_files_and_none_are_needed():
    assert files.export(a_brand()) == {}
    files.restore(a_brand(), {}, alice())
    assert not Canvas.objects.exists()
