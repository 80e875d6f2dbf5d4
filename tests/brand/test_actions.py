"""The verbs of the brand: what each does, who may, and what is said about wrong input."""

from decimal import Decimal

import pytest

from diskarte.core import clock
from diskarte.core.people.models import Audit, Brand, Membership
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger, Who, who_in
from diskarte.stages.brand import actions
from diskarte.stages.brand.models import Canvas, Competitor, Product, Snapshot
from diskarte.words import Problem
from tests.brand.builders import ANSWERS, a_channel, a_rival, posts
from tests.make import NOW, a_brand, a_person, a_workspace, alice, bob, charlie

pytestmark = pytest.mark.django_db


def nobody_in(workspace) -> Who:
    """An owner of a workspace that has no brand yet."""
    person = a_person("Dina")
    Membership.objects.create(person=person, workspace=workspace, role="owner")
    return who_in(person, None)


def test_the_first_brand_takes_its_place_from_the_country():
    who = nobody_in(a_workspace())
    brand = actions.create(who, "Kape ni Juan", languages=["FIL", "en"])
    assert (brand.slug, brand.time_zone, brand.currency) == ("kape-ni-juan", "Asia/Manila", "PHP")
    assert brand.languages == ["fil", "en"]
    assert who_in(who.person, brand.slug).brand == brand


def test_names_may_repeat_and_addresses_do_not():
    who = nobody_in(a_workspace())
    slugs = [actions.create(who, name).slug for name in ("Kape", "Kape", "Plan", "Кофе")]
    assert slugs == ["kape", "kape-2", "plan-2", "brand-2"]  # /brand/ and /plan/ are pages


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "A", "country": "XX"}, "country"),
        ({"name": "A", "country": "RU"}, "time_zone"),  # eleven zones: a person chooses
        ({"name": "A", "time_zone": "Mars/Base"}, "time_zone"),
        ({"name": "A", "currency": "ZZZ"}, "currency"),
        ({"name": "A", "languages": ["klingonish"]}, "languages"),
    ],
)
def test_wrong_facts_are_said_beside_their_field(facts, field):
    with pytest.raises(Problem) as e:
        actions.create(alice(), **facts)
    assert e.value.field == field


def test_a_member_of_some_brands_sees_the_brand_they_made():
    who = alice()
    member = Membership.objects.get(person=who.person)
    member.role = "manager"
    member.save()
    member.brands.add(who.brand)
    made = actions.create(who_in(who.person, "kape-diwata"), "Second")
    assert who_in(who.person, made.slug).brand == made


def test_facts_change_and_the_address_stays():
    who = alice()
    actions.edit_facts(who, "Kape Diwata PH", "US", "America/New_York")
    brand = Brand.objects.get(pk=who.brand.pk)
    assert (brand.name, brand.slug, brand.currency) == ("Kape Diwata PH", "kape-diwata", "USD")
    assert brand.languages == ["en", "fil"]  # not given: kept


def test_edit_changes_what_is_given_and_nothing_else():
    who = alice()
    actions.edit(who, idea="Coffee", tone="Warm", do_words=["kape, tambay"])
    row = actions.edit(who, tone="", do_words=[], proof=" one\r\ntwo ")
    assert (row.idea, row.tone, row.do_words, row.proof) == ("Coffee", "", [], "one\ntwo")
    assert Canvas.objects.count() == 1


def test_a_wrong_colour_or_price_level_is_refused():
    with pytest.raises(Problem, match="#6b3e26"):
        actions.edit(alice(), colour="brown")
    with pytest.raises(Problem, match="low, middle or high"):
        actions.edit(alice(), price_level="cheap")


def test_the_statement_is_assembled_and_ones_own_words_win():
    who = alice()
    assert "[what they buy]" in actions.statement(who).text
    actions.edit(who, **ANSWERS)
    found = actions.statement(who)
    assert found.missing == []
    assert found.text == (
        "For people working near Katipunan who want a place that does not rush them, Kape Diwata is a café "
        "that names the farmer on every cup, because we buy from three farms."
    )
    actions.edit(who, positioning="Coffee with a name.")
    assert actions.statement(who).text == "Coffee with a name."


def test_products_are_added_changed_and_removed():
    who = alice()
    row = actions.add_product(who, "Latte", Decimal("180"), Decimal("62"), url="kape.ph/latte")
    assert (row.currency, row.url) == ("PHP", "https://kape.ph/latte")
    actions.edit_product(who, row.pk, "Latte", None)
    assert actions.product(who, row.pk).price is None
    actions.remove_product(who, row.pk)
    assert actions.products(who) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "latte"}, "name"),  # there is a «Latte»
        ({"name": "A", "price": Decimal(-1)}, "price"),
        ({"name": "A", "margin": Decimal(101)}, "margin"),
        ({"name": "A", "url": "javascript:alert(1)"}, "url"),
    ],
)
def test_a_wrong_product_is_said_beside_its_field(facts, field):
    who = alice()
    actions.add_product(who, "Latte")
    with pytest.raises(Problem) as e:
        actions.add_product(who, **facts)
    assert e.value.field == field
    assert len(actions.products(who)) == 1


def test_competitors_and_their_numbers_come_and_go():
    who = alice()
    row = a_rival(who, site="kanto.ph")
    actions.add_snapshot(who, row.pk, "By Hand", followers=5)
    assert [s.network for s in actions.snapshots(who, row.pk)] == ["by_hand"]
    actions.edit_competitor(who, row.pk, "Kanto", handles=["Facebook: k"])
    assert actions.competitors(who)[0].handles == {"facebook": "k"}
    actions.remove_competitor(who, row.pk)
    assert not Competitor.objects.exists()
    assert not Snapshot.objects.exists()


def test_a_removed_competitor_comes_back_with_its_numbers():
    who = alice()
    row = a_rival(who)
    actions.add_snapshot(who, row.pk, "practice", followers=5, at=NOW)
    actions.remove_competitor(who, row.pk)
    undo(Audit.objects.get(verb="brand.remove_competitor"))
    assert actions.snapshots(who, row.pk)[0].followers == 5


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"network": " ", "followers": 1}, "network"),
        ({"network": "x"}, "followers"),
        ({"network": "x", "engagement": -1.0}, "engagement"),
    ],
)
def test_wrong_numbers_are_said_beside_their_field(facts, field):
    who = alice()
    with pytest.raises(Problem) as e:
        actions.add_snapshot(who, a_rival(who).pk, **facts)
    assert e.value.field == field


def test_handles_without_a_network_are_explained():
    with pytest.raises(Problem, match="@kanto") as e:
        a_rival(alice(), handles=["@kanto"])
    assert e.value.field == "handles"


def test_the_comparison_cites_a_number_or_a_source_in_every_line():
    who = alice()
    a_channel(who, followers=1000)
    posts(who, 20, likes=30)
    row = a_rival(who, strengths="Own roast", source="visited", price_level="high")
    facts = {"followers": 4000, "posts_a_week": 1.0, "engagement": 300.0, "posts": 20, "at": NOW}
    actions.add_snapshot(who, row.pk, "practice", **facts, source="their page")
    with clock.at(NOW):
        (found,) = actions.compare(who)
    assert [line.factor for line in found.behind] == ["followers", "engagement", "said"]
    assert [line.factor for line in found.ahead] == ["posts_a_week"]
    assert "ours 1,000, theirs 4,000" in found.behind[0].sentence
    assert "their page" in found.behind[0].evidence
    assert found.behind[-1].evidence == "visited"
    assert all(line.evidence for line in found.ahead + found.behind)


def test_standing_grows_from_empty_to_full():
    who = alice()
    assert actions.standing(who).state == "empty"
    actions.edit(who, idea="Coffee")
    assert actions.standing(who).figure == "1/10"
    actions.edit(who, **ANSWERS)
    assert actions.standing(who).needs[0].url == "brand.rival_new"
    a_rival(who)
    assert actions.standing(who).state == "full"


WRITES = [
    lambda who, row: actions.create(who, "B"),
    lambda who, row: actions.edit(who, idea="B"),
    lambda who, row: actions.edit_facts(who, "B", "PH"),
    lambda who, row: actions.add_product(who, "B"),
    lambda who, row: actions.add_competitor(who, "B"),
    lambda who, row: actions.edit_competitor(who, row.pk, "B"),
    lambda who, row: actions.remove_competitor(who, row.pk),
    lambda who, row: actions.add_snapshot(who, row.pk, "x", followers=1),
]


@pytest.mark.parametrize("write", WRITES)
def test_an_author_looks_and_does_not_touch(write):
    row = a_rival(alice())
    assert actions.competitor(bob(), row.pk) == row
    with pytest.raises(Forbidden):
        write(bob(), row)


def test_a_stranger_learns_nothing():
    who = alice()
    row = a_rival(who)
    product = actions.add_product(who, "Latte")
    seen = actions.add_snapshot(who, row.pk, "x", followers=1)
    for touch in (
        lambda w: actions.competitor(w, row.pk),
        lambda w: actions.edit_competitor(w, row.pk, "Mine"),
        lambda w: actions.product(w, product.pk),
        lambda w: actions.remove_product(w, product.pk),
        lambda w: actions.remove_snapshot(w, seen.pk),
    ):
        with pytest.raises(Stranger):
            touch(charlie())
    assert actions.compare(charlie()) == []
    assert Product.objects.filter(brand=a_brand()).count() == 1
