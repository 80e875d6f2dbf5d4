"""Who may do what: the table of roles against every verb there is."""

from __future__ import annotations

import pytest

from diskarte.core.people.models import Membership
from diskarte.core.people.roles import ROLE_CHOICES, ROLES
from diskarte.core.people.who import Can, Forbidden, Stranger, Who, brands_of, who_in, worker_of
from diskarte.doors import verbs
from diskarte.stages import STAGES
from tests.make import a_brand, a_member, a_person, a_workspace, alice, bob, charlie

# Right asked → who has it, as the docs promise: owner, manager, author, approver, analyst, guest.
TABLE = {
    "brand.see": "OMAPNG", "plan.see": "OMAPNG", "publish.see": "OMAPNG", "measure.see": "OMAPNG",
    "goals.see": "OMAPN.", "audience.see": "OMAPN.", "channels.see": "OMAPN.", "engage.see": "OMAPN.",
    "correct.see": "OMAPN.", "automate.see": "OMAPN.", "outbox.see": "OMAPN.", "people.see": "OMAPN.",
    "brand.edit": "OM....", "channels.edit": "OM....", "automate.edit": "OM....",
    "audience.edit": "OMA...", "plan.edit": "OMA...", "engage.edit": "OMA...", "publish.edit": "OMA...",
    "goals.edit": "OM..N.", "measure.edit": "OM..N.", "correct.edit": "OM..N.",
    "publish.approve": "OM.P..", "publish.send": "OM....", "outbox.edit": "OM....",
    "people.edit": "O.....",
}  # fmt: skip
LETTERS = {"owner": "O", "manager": "M", "author": "A", "approver": "P", "analyst": "N", "guest": "G"}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_exactly_the_rights_of_the_table(role):
    assert ROLES[role] == {may for may, letters in TABLE.items() if LETTERS[role] in letters}


def test_every_verb_asks_for_a_right_that_an_owner_has():
    asked = {action.may for action in verbs().values()}
    assert asked <= ROLES["owner"]


def test_a_guest_can_run_no_write_at_all():
    assert not [action.name for action in verbs().values() if action.writes and action.may in ROLES["guest"]]


def test_looking_never_asks_for_more_than_working_on_it():
    """Whoever may change a stage may see it, or the pages of their own work would be closed to them."""
    for rights in ROLES.values():
        assert {f"{may.split('.')[0]}.see" for may in rights} <= rights


def test_every_stage_has_writes_that_nobody_without_its_right_can_run():
    for stage in STAGES:
        mine = [a for a in verbs().values() if a.writes and a.name.startswith(f"{stage}.")]
        assert mine, stage
        assert all(a.may.split(".")[0] == stage for a in mine), stage


def test_the_choices_people_see_are_the_roles():
    assert [name for name, _label in ROLE_CHOICES] == list(ROLES)


def test_templates_ask_by_a_name_with_a_line():
    can = Can(frozenset({"plan.edit"}))
    assert can.plan_edit
    assert not can.plan_see


def test_a_member_without_the_right_learns_which_one(db):
    with pytest.raises(Forbidden) as told:
        bob().must("people.edit")
    assert "author" in told.value.what
    assert "people.edit" in told.value.do


def test_somebody_of_no_workspace_learns_nothing(db):
    nobody = Who(a_person("Eve"), None, None, "", frozenset())
    with pytest.raises(Stranger):
        nobody.must("plan.see")
    assert who_in(a_person("Eve"), None).workspace is None


def test_without_a_brand_named_the_oldest_workspace_answers(db):
    person = alice().person
    later = a_brand("second", name="Second", workspace=a_workspace("zeta"))
    a_member("Alice", "guest", later)
    who = who_in(person, None)
    assert (who.workspace.slug, who.brand, who.role) == ("kape", None, "owner")
    assert who_in(person, "second").role == "guest"


def test_a_limited_member_and_a_limited_owner(db):
    first, second = a_brand(), a_brand("second", name="Second")
    for name, role in (("Bob", "author"), ("Olga", "owner")):
        member = Membership.objects.get(person=a_member(name, role, first).person)
        member.brands.set([first])
    assert [b.slug for b in brands_of(a_person("Bob"))] == ["kape-diwata"]
    with pytest.raises(Stranger):
        who_in(a_person("Bob"), second.slug)
    assert who_in(a_person("Olga"), second.slug).brand == second  # an owner is never limited


def test_what_an_owner_sees_and_what_an_owner_may_open_are_the_same(db):
    first, second = a_brand(), a_brand("second", name="Second")
    owner = a_member("Olga", "owner", first)
    Membership.objects.get(person=owner.person).brands.set([first])
    assert {b.slug for b in brands_of(owner.person)} == {first.slug, second.slug}


def test_brands_in_every_workspace_by_name(db):
    who = alice()
    a_member("Alice", "guest", charlie().brand)
    assert [b.name for b in brands_of(who.person)] == ["Charlie's Tea", "Kape Diwata"]


def test_the_house_at_work_has_every_right_and_no_name(db):
    who = worker_of(a_brand())
    assert (who.person, who.role, who.door) == (None, "worker", "worker")
    assert who.rights == ROLES["owner"]


def test_rows_of_others_do_not_exist(db):
    from diskarte.stages.brand.models import Product

    theirs = Product.objects.create(brand=charlie().brand, name="Tea")
    assert not alice().own(Product).exists()
    with pytest.raises(Stranger):
        alice().one(Product, theirs.pk)
    with pytest.raises(Stranger):
        alice().one(Product, 10**9)
    assert charlie().one(Product, theirs.pk) == theirs
