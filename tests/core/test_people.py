"""Verbs about people: invitations, roles, keys for programs, the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from diskarte.core.actions import ALL, Wrong
from diskarte.core.people import actions, keys
from diskarte.core.people.models import Audit, Invite, Membership, Token, Workspace
from diskarte.core.people.who import Forbidden, Stranger, who_by_token, who_in, worker_of
from diskarte.stages.brand import actions as brand
from diskarte.words import Problem
from tests.make import a_brand, a_member, a_person, a_workspace, alice, bob, charlie

pytestmark = pytest.mark.django_db


def membership(who):
    return Membership.objects.get(person=who.person, workspace=who.workspace)


def test_members_are_those_of_this_workspace_only():
    who = alice()
    bob()
    charlie()
    assert [str(row) for row in actions.members(who)] == ["Alice, owner", "Bob, author"]


def test_an_invitation_is_mailed_and_listed_until_it_is_used():
    who = alice()
    shown = actions.invite(who, "approver", "dana@example.com")
    assert mail.outbox[0].to == ["dana@example.com"]
    assert shown.secret in mail.outbox[0].body
    assert [row.pk for row in actions.invites(who)] == [shown.id]
    secret = shown.secret.rstrip("/").rpartition("/")[2]
    assert secret not in str(Invite.objects.values_list())  # only its hash is kept
    member = keys.accept_invite(secret, a_person("Dana"), timezone.now())
    assert (member.role, actions.invites(who)) == ("approver", [])
    with pytest.raises(Problem, match="used or has expired"):
        keys.accept_invite(secret, a_person("Eve"), timezone.now())


def test_an_invitation_without_an_address_sends_no_mail():
    assert actions.invite(alice(), "guest").name == "guest"
    assert mail.outbox == []


def test_a_second_invitation_never_changes_the_role_somebody_has():
    who = bob()
    _row, secret = keys.make_invite(who.workspace, "owner")
    assert keys.accept_invite(secret, who.person, timezone.now()).role == "author"


def test_a_withdrawn_invitation_is_worth_nothing():
    who = alice()
    row, secret = keys.make_invite(who.workspace, "author")
    with pytest.raises(Stranger):
        actions.withdraw_invite(charlie(), row.pk)
    actions.withdraw_invite(who, row.pk)
    assert keys.find_invite(secret, timezone.now()) is None
    with pytest.raises(Stranger):
        actions.withdraw_invite(who, row.pk)


def test_a_role_and_the_brands_it_holds_for():
    who, member = alice(), membership(bob())
    second = a_brand("second", name="Second")
    actions.set_role(who, member.pk, "analyst", ["second", "charlies-tea", "nothing"])
    assert [b.pk for b in member.brands.all()] == [second.pk]
    assert who_in(member.person, "second").role == "analyst"
    actions.set_role(who, member.pk, "author", [])
    assert who_in(member.person, "kape-diwata").role == "author"
    actions.set_role(who, member.pk, "author")
    assert not member.brands.exists()


def test_the_last_owner_stays_an_owner_until_there_is_another():
    who, member = alice(), membership(bob())
    with pytest.raises(Problem, match="needs an owner"):
        actions.set_role(who, membership(who).pk, "manager")
    actions.set_role(who, member.pk, "owner")
    actions.set_role(who, membership(who).pk, "manager")
    assert membership(who).role == "manager"


def test_who_is_removed_loses_the_keys_of_this_workspace_only():
    who, outsider = alice(), bob()
    _row, here = keys.make_token(outsider.person, who.workspace, "here", [], None)
    _row, there = keys.make_token(outsider.person, a_workspace("tea"), "there", [], None)
    actions.remove_member(who, membership(outsider).pk)
    assert keys.find_token(here, timezone.now()) is None
    assert keys.find_token(there, timezone.now()) is not None
    with pytest.raises(Stranger):
        who_in(outsider.person, "kape-diwata")


def test_somebody_elses_members_cannot_be_touched():
    theirs = membership(charlie())
    with pytest.raises(Stranger):
        actions.set_role(alice(), theirs.pk, "guest")
    with pytest.raises(Stranger):
        actions.remove_member(alice(), theirs.pk)
    assert membership(charlie()).role == "owner"


def test_only_an_owner_changes_people_and_habits():
    calls = (
        ("invite", {"role": "guest"}), ("withdraw_invite", {"invite": 1}), ("remove_member", {"member": 1}),
        ("set_role", {"member": 1, "role": "guest"}), ("edit_workspace", {"name": "Mine"}),
    )  # fmt: skip
    for name, given in calls:
        with pytest.raises(Forbidden):
            ALL[f"people.{name}"].run(a_member("Max", "manager"), given)
    assert Workspace.objects.get(slug="kape").name == "Kape"


def test_the_workspace_keeps_what_is_not_given():
    who = alice()
    row = actions.edit_workspace(who, approval="required")
    assert (row.name, row.approval, row.late) == ("Kape", "required", "ask")
    assert actions.edit_workspace(who, name="Kape at iba", late="skip").approval == "required"
    with pytest.raises(Wrong, match="approval"):
        ALL["people.edit_workspace"].run(who, {"approval": "perhaps"})


def test_a_key_knows_its_limits():
    who = alice()
    shown = actions.make_token(who, "sheets", ["plan.see"], days=7)
    row = keys.find_token(shown.secret, timezone.now())
    asked = who_by_token(row, None, "rest")
    assert (asked.brand.slug, asked.rights, asked.door) == ("kape-diwata", {"plan.see"}, "rest")
    assert keys.find_token(shown.secret, timezone.now() + timedelta(days=8)) is None
    with pytest.raises(Problem, match=r"plan\.fly"):
        actions.make_token(who, "bad", ["plan.fly"])


def test_a_key_never_grants_what_its_person_has_lost():
    shown = actions.make_token(bob(), "mine", ["plan.edit", "people.edit"])
    row = keys.find_token(shown.secret, timezone.now())
    assert who_by_token(row, None, "mcp").rights == {"plan.edit"}
    actions.set_role(alice(), membership(bob()).pk, "guest")
    assert who_by_token(row, None, "mcp").rights == frozenset()


def test_a_key_of_one_workspace_opens_no_other():
    who = alice()
    a_member("Alice", "owner", charlie().brand)
    row, _secret = keys.make_token(who.person, who.workspace, "kape", [], None)
    with pytest.raises(Stranger):
        who_by_token(row, "charlies-tea", "rest")


def test_a_key_of_one_brand_opens_no_other():
    who, second = alice(), a_brand("second", name="Second")
    row, _secret = keys.make_token(who.person, who.workspace, "one", [], None)
    row.brand = second
    row.save()
    assert who_by_token(row, None, "rest").brand == second
    with pytest.raises(Stranger):
        who_by_token(row, "kape-diwata", "rest")


def test_a_key_is_marked_as_used_and_dies_with_its_person():
    now = timezone.now()
    row, secret = keys.make_token(alice().person, a_workspace(), "t", [], None)
    for later, expected in ((0, now), (30, now), (90, now + timedelta(seconds=90))):
        keys.find_token(secret, now + timedelta(seconds=later))
        row.refresh_from_db()
        assert row.used_at == expected  # written at most once a minute
    row.person.is_active = False
    row.person.save()
    assert keys.find_token(secret, now) is None


def test_keys_are_ones_own():
    shown = actions.make_token(alice(), "mine")
    assert actions.tokens(bob()) == []
    with pytest.raises(Stranger):
        actions.withdraw_token(bob(), shown.id)
    actions.withdraw_token(alice(), shown.id)
    assert not Token.objects.exists()


def test_the_record_is_of_this_workspace_and_brand_newest_first():
    who, other = alice(), alice(a_brand("second", name="Second"))
    brand.add_competitor(who, name="Kape Ni Juan")
    actions.make_token(who_in(who.person, None), "whole workspace")
    brand.add_competitor(other, name="Second's rival")
    brand.add_competitor(charlie(), name="Charlie's rival")
    assert [line.verb for line in actions.audit(who)] == ["people.make_token", "brand.add_competitor"]
    assert len(actions.audit(other, "brand.")) == 1
    assert len(actions.audit(who, limit=1)) == 1


def test_secrets_stand_nowhere_in_the_record():
    who = alice()
    shown = actions.make_token(who, "sheets")
    actions.withdraw_token(who, shown.id)
    lines = list(Audit.objects.values_list("verb", "given", "changes"))
    assert [verb for verb, *_rest in lines] == ["people.make_token", "people.withdraw_token"]
    assert shown.secret not in str(lines)
    assert keys.digest(shown.secret) not in str(lines)


def test_brands_for_a_person_and_for_the_house():
    charlie()
    assert [b.slug for b in actions.brands(alice())] == ["kape-diwata"]
    assert len(actions.brands(worker_of(a_brand()))) == 2
