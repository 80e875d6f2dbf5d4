"""The way in, the brand in the path, the one write door, undo, and what strangers see."""

import pytest
from django.test import Client
from django.utils import timezone

from diskarte.core.people import keys
from diskarte.core.people.models import Audit, Invite, Membership, Person, Workspace
from tests.make import a_brand, a_member, alice, bob, charlie

pytestmark = pytest.mark.django_db
STRONG = "correct horse battery"


def test_the_first_link_makes_the_owner_and_works_once(client):
    link = keys.owner_link()
    assert client.get(link).status_code == 200
    given = {"name": "Ana", "email": "Ana@Example.com", "password": STRONG}
    assert client.post(link, given).status_code == 302
    member = Membership.objects.get()
    assert (member.role, member.person.email) == ("owner", "ana@example.com")
    assert client.get("/people/").status_code == 200
    assert Client().get(link).status_code == 404
    assert keys.owner_link() is None


def test_a_weak_password_is_told_and_nothing_is_made(client):
    link = keys.owner_link()
    answer = client.post(link, {"name": "Ana", "email": "ana@example.com", "password": "short"})
    assert "too short" in answer.content.decode()
    assert not Person.objects.exists()


def test_an_invitation_lets_somebody_who_is_here_join(client):
    who = alice()
    _invite, secret = keys.make_invite(who.workspace, "approver")
    outsider = charlie()
    client.force_login(outsider.person)
    assert client.get(f"/welcome/{secret}/").status_code == 200
    client.post(f"/welcome/{secret}/")
    assert Membership.objects.get(person=outsider.person, workspace=who.workspace).role == "approver"


def test_an_expired_link_is_worth_nothing(client):
    _invite, secret = keys.make_invite(alice().workspace, "owner", days=-1)
    assert client.get(f"/welcome/{secret}/").status_code == 404


def test_nobody_signs_up_alone(client):
    answer = client.post("/accounts/signup/", {"email": "eve@example.com", "password1": STRONG})
    assert not Person.objects.filter(email="eve@example.com").exists()
    assert answer.status_code in (200, 302, 403)


@pytest.mark.parametrize("path", ["/", "/people/", "/kape-diwata/", "/kape-diwata/plan/", "/nobody/plan/"])
def test_without_a_sign_in_every_page_leads_to_it(client, path):
    a_brand()
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    "path", ["/kape-diwata/", "/kape-diwata/plan/", "/kape-diwata/people/", "/nobody/plan/"]
)
def test_a_stranger_gets_404(client, path):
    alice()
    client.force_login(charlie().person)
    assert client.get(path).status_code == 404


def test_addresses_made_on_a_brands_page_stay_in_the_brand(web):
    text = web.get("/kape-diwata/people/").content.decode()
    assert "/kape-diwata/plan/" in text
    assert "/kape-diwata/do/people.invite" in text


def test_a_member_of_one_brand_only_does_not_see_the_other(client):
    brand, other = a_brand(), a_brand("second", name="Second Brand")
    who = a_member("Bob", "author", brand)
    Membership.objects.get(person=who.person).brands.set([brand])
    client.force_login(who.person)
    assert client.get("/kape-diwata/people/").status_code == 200
    assert client.get(f"/{other.slug}/people/").status_code == 404
    assert "Second Brand" not in client.get("/kape-diwata/people/").content.decode()


def test_a_failed_form_keeps_what_was_typed(web):
    answer = web.post(
        "/kape-diwata/do/people.invite", {"role": "king", "email": "x@example.com"}, follow=True
    )
    text = answer.content.decode()
    assert "x@example.com" in text or "role" in text
    page = web.get("/kape-diwata/people/").content.decode()
    assert "king" not in page  # shown once


def test_a_write_can_be_undone_from_its_message(web):
    who = alice()
    web.post("/kape-diwata/do/brand.add_competitor", {"name": "Kape Ni Juan"})
    line = Audit.objects.get(verb="brand.add_competitor")
    assert (line.person, line.door) == (who.person, "web")
    web.post(f"/kape-diwata/do/people.undo?line={line.pk}")
    line.refresh_from_db()
    assert line.undone_at
    from diskarte.stages.brand.models import Competitor

    assert not Competitor.objects.exists()


def test_undo_refuses_when_somebody_changed_it_since(web):
    from diskarte.stages.brand.models import Competitor

    web.post("/kape-diwata/do/brand.add_competitor", {"name": "Kape Ni Juan"})
    Competitor.objects.update(name="Changed")
    line = Audit.objects.get(verb="brand.add_competitor")
    answer = web.post(f"/kape-diwata/do/people.undo?line={line.pk}", follow=True)
    assert "changed this since" in answer.content.decode()
    assert Competitor.objects.exists()


def test_rights_are_never_taken_back_by_undo(web):
    web.post("/kape-diwata/do/people.invite", {"role": "author"})
    line = Audit.objects.get(verb="people.invite")
    web.post(f"/kape-diwata/do/people.undo?line={line.pk}")
    assert Invite.objects.exists()


def test_reads_and_unknown_verbs_are_not_writes(web):
    assert web.post("/kape-diwata/do/people.members").status_code == 404
    assert web.post("/kape-diwata/do/people.nothing").status_code == 404
    assert web.get("/kape-diwata/do/people.invite").status_code == 405


def test_a_form_cannot_lead_elsewhere(web):
    answer = web.post("/kape-diwata/do/people.invite", {"role": "author", "next": "https://evil.example/"})
    assert answer.url == "/kape-diwata/"


def test_writes_need_the_csrf_token():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice().person)
    assert strict.post("/kape-diwata/do/people.invite", {"role": "author"}).status_code == 403


def test_the_last_owner_stays(web):
    member = Membership.objects.get(person=alice().person)
    answer = web.post("/kape-diwata/do/people.remove_member", {"member": member.pk}, follow=True)
    assert "needs an owner" in answer.content.decode()
    assert Membership.objects.filter(pk=member.pk).exists()


def test_people_pages(web):
    bob()
    for page in ("people/", "people/tokens/", "people/audit/", "brands/"):
        assert web.get(f"/kape-diwata/{page}").status_code == 200


def test_a_new_key_is_shown_once(web):
    answer = web.post(
        "/kape-diwata/do/people.make_token",
        {"name": "script", "next": "/kape-diwata/people/tokens/"},
        follow=True,
    )
    assert "dk_" in answer.content.decode()
    assert "dk_" not in web.get("/kape-diwata/people/tokens/").content.decode()


def test_the_policy_of_content_is_strict(web):
    policy = web.get("/kape-diwata/people/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_the_open_demo_lets_everybody_in(client, settings):
    settings.DEMO = True
    person = Person.objects.create_user("demo@diskarte.local", name="Amihan")
    workspace = Workspace.objects.create(slug="demo", name="Demo")
    Membership.objects.create(person=person, workspace=workspace, role="owner")
    assert client.get("/people/").status_code == 200


def test_tokens_end(client):
    who = alice()
    _row, secret = keys.make_token(who.person, who.workspace, "t", [], timezone.now())
    assert (
        client.get(
            "/kape-diwata/api/people/members", headers={"Authorization": f"Bearer {secret}"}
        ).status_code
        == 401
    )


def test_a_stage_without_a_brand_leads_to_the_first_one(web, client):
    assert web.get("/plan/").url == "/kape-diwata/plan/"
    assert (
        web.post("/do/plan.draft_plan", headers={"Accept": "application/json"}).json()["what"]
        == "Which brand?"
    )
    client.force_login(Person.objects.create_user("new@example.com"))
    assert client.get("/plan/").url == "/brand/new/"
