"""The commands that keep the house: who is meant, back-up and restore as typed, the welcome."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from diskarte.core.people.models import Invite, Membership, Workspace
from diskarte.core.people.who import Stranger
from diskarte.doors import cli, ground
from diskarte.doors.tasks import whoever
from diskarte.stages import STAGES
from diskarte.stages.brand.models import Competitor
from diskarte.words import Problem
from tests.make import a_brand, a_member, a_person, alice, bob, charlie


@pytest.fixture
def typed(monkeypatch):
    """What a person types after `diskarte`: the exit code and everything that was said."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["diskarte", *words])
        answer = CliRunner().invoke(cli.app, list(words))
        said = answer.output + (str(answer.exception) if answer.exception else "")
        return answer.exit_code, said

    return run


def test_the_person_is_the_one_named_or_the_first_owner(db):
    owner, author = alice(), bob()
    assert whoever(None, None).person == owner.person
    assert whoever("BOB@example.com", None).person == author.person
    assert (whoever(None, None).door, whoever(None, None).brand) == ("cli", owner.brand)


def test_an_owner_of_the_brand_that_is_named(db):
    alice()
    stranger = charlie()
    assert whoever(None, "charlies-tea").person == stranger.person


def test_with_two_brands_one_must_be_named(db):
    alice()
    a_brand("second", name="Second")
    assert whoever(None, None).brand is None
    assert whoever(None, "second").brand.slug == "second"


def test_nobody_and_strangers(db):
    with pytest.raises(Problem, match="no owner yet"):
        whoever(None, None)
    alice()
    with pytest.raises(Problem, match="Nobody here"):
        whoever("eve@example.com", None)
    with pytest.raises(Stranger):
        whoever(a_person("Eve").email, "kape-diwata")


def test_one_line_for_every_no(db, typed):
    alice()
    bob()
    brand = ("--brand", "kape-diwata")
    for words, says in (
        (("plan", "lock", "--slot", "999", *brand), "Not found."),
        (("people", "invite", "--role", "owner", *brand, "--as", "bob@example.com"), "does not allow"),
        (("people", "invite", "--role", "king", *brand), "Choose one of"),
        (("plan", "lock", "--slot", "soon", *brand), "Write a whole number."),
        (("people", "members", "--as", "eve@example.com"), "Nobody here has the address"),
        (("plan", "standing", "--brand", "nobodys", "--as", "bob@example.com"), "Not found."),
        (("brand", "set-logo", "--file", "/nowhere/logo.png", *brand), "There is no file /nowhere/logo.png."),
    ):
        code, said = typed(*words)
        assert code == 1, words
        assert says in said
        assert "Traceback" not in said


def test_lists_tables_and_several_values(db, typed):
    import json

    alice()
    code, said = typed(
        "brand", "add-competitor", "--name", "Juan", "--handles", "practice: @a", "--handles", "x: @b"
    )
    assert code == 0, said
    assert len(Competitor.objects.get().handles) == 2
    code, said = typed("plan", "change-settings", "--patch", '{"per_day": 3}', "--why", "more hands")
    assert code == 0, said
    assert json.loads(said)["number"] == 1
    assert typed("plan", "change-settings", "--patch", "{not json")[0] != 0


def test_every_stage_is_listed_with_its_question(typed):
    code, said = typed("--help")
    assert code == 0
    for name in (*STAGES, "people", "outbox", "backup", "restore", "settings"):
        assert f" {name}" in said
    code, said = typed("people", "--help")
    assert "set-role" in said


@pytest.fixture
def house(settings, tmp_path):
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    (tmp_path / "secret.key").write_text(settings.SECRET_KEY)
    a_member("Alice", "owner")
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_out_and_back_as_typed(house, typed):
    file = str(house / "house.zip")
    code, said = typed("backup", file)
    assert code == 0, said
    Workspace.objects.all().delete()
    code, said = typed("restore", file, "--force")
    assert code == 0, said
    assert Membership.objects.get().person.name == "Alice"


@pytest.mark.django_db(transaction=True)
def test_a_restore_over_a_living_house_wants_to_be_forced(house, typed):
    file = str(house / "house.zip")
    typed("backup", file)
    Workspace.objects.update(name="Since then")
    code, said = typed("restore", file)
    assert code != 0
    assert Workspace.objects.get().name == "Since then"
    assert said


@pytest.mark.django_db(transaction=True)
def test_what_is_no_back_up_is_refused(house, typed):
    (house / "odd.zip").write_bytes(b"hello")
    assert typed("restore", str(house / "odd.zip"), "--force")[0] != 0
    assert Membership.objects.exists()
    assert typed("restore", str(house / "missing.zip"), "--force")[0] != 0
    assert Membership.objects.exists()


def test_the_welcome_is_a_link_for_the_first_and_none_for_the_second(db, capsys, settings):
    ground.say_welcome()
    first = capsys.readouterr().out
    assert f"{settings.SITE}/welcome/" in first
    ground.say_welcome()  # started again before anybody came: the newest link counts
    assert Invite.objects.count() == 1
    alice()
    ground.say_welcome()
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == f"Diskarte is at {settings.SITE}/"
