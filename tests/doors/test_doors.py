"""Every verb is reachable at all four doors, with the same validation and the same answer to «may I?»."""

import asyncio
import json

import mcp as sdk
import pytest
from django.test import Client
from typer.testing import CliRunner

from diskarte.core.people import keys
from diskarte.core.people.models import Audit, Invite, Membership
from diskarte.doors import cli, mcp, verbs
from tests.make import a_brand, alice, bob, charlie

pytestmark = pytest.mark.django_db(transaction=True)


class Doors:
    """One person at the four doors; each answers ("ok", value), or what kind of no it was."""

    def __init__(self, who, brand, monkeypatch):
        self.who, self.brand, self.monkeypatch = who, brand, monkeypatch

    def web(self, verb, given):
        client = Client(HTTP_ACCEPT="application/json")
        client.force_login(self.who.person)
        return self._http(client.post(f"/{self.brand.slug}/do/{verb}", given))

    def rest(self, verb, given):
        _row, secret = keys.make_token(self.who.person, self.who.workspace, "test", [], None)
        headers = {"Authorization": f"Bearer {secret}"}
        path = f"/{self.brand.slug}/api/{verb.replace('.', '/')}"
        return self._http(
            Client().post(path, json.dumps(given), content_type="application/json", headers=headers)
        )

    def _http(self, answer):
        if answer.status_code == 200:
            return "ok", answer.json()["result"]
        return {403: "forbidden", 404: "not found", 422: "wrong"}[answer.status_code], None

    def cli(self, verb, given):
        stage, name = verb.split(".")
        self.monkeypatch.setattr("sys.argv", ["diskarte", stage])
        words = [f"--{k}={v}" for k, v in given.items()]
        args = [
            stage,
            name.replace("_", "-"),
            *words,
            "--brand",
            self.brand.slug,
            "--as",
            self.who.person.email,
        ]
        answer = CliRunner().invoke(cli.app, args)
        if answer.exit_code == 0:
            return "ok", json.loads(answer.stdout)
        return _kind(str(answer.exception) + answer.output), None

    def mcp(self, verb, given):
        async def call():
            mcp.asking.set(lambda slug: mcp.who_in(self.who.person, slug, "mcp"))
            async with sdk.Client(mcp.make()) as client:
                return await client.call_tool(verb.replace(".", "_"), given | {"brand": self.brand.slug})

        answer = asyncio.run(call())
        text = answer.content[0].text
        return (_kind(text), None) if answer.is_error else ("ok", json.loads(text)["result"])


def _kind(text):
    if "Not found" in text:
        return "not found"
    return "forbidden" if "does not allow" in text else "wrong"


DOORS = ["web", "rest", "cli", "mcp"]


@pytest.fixture
def at(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    return lambda door, who: getattr(Doors(who, a_brand(), monkeypatch), door)


@pytest.mark.parametrize("door", DOORS)
def test_a_write_is_done_and_recorded(at, door):
    kind, told = at(door, alice())("people.invite", {"role": "author"})
    assert kind == "ok"
    assert "/welcome/" in told["secret"]
    line = Audit.objects.get(verb="people.invite")
    assert (line.door, line.person.name, line.given["role"]) == (door, "Alice", "author")
    assert line.changes[0]["after"]["digest"] == "•••"


@pytest.mark.parametrize("door", DOORS)
def test_wrong_values_are_refused_alike(at, door):
    for given in ({"role": "king"}, {}, {"role": "author", "colour": "red"}):
        if door == "cli" and "colour" in given:
            continue  # Typer itself knows no such option, and says so
        assert at(door, alice())("people.invite", given)[0] == "wrong"
    assert not Invite.objects.exists()


@pytest.mark.parametrize("door", DOORS)
def test_a_member_without_the_right_is_told_so(at, door):
    assert at(door, bob())("people.invite", {"role": "owner"})[0] == "forbidden"


@pytest.mark.parametrize("door", DOORS)
def test_a_stranger_learns_nothing(at, door):
    a_brand()
    assert at(door, charlie())("people.invite", {"role": "owner"})[0] == "not found"


@pytest.mark.parametrize("door", DOORS)
def test_somebody_elses_row_does_not_exist(at, door):
    theirs = Membership.objects.get(person=charlie().person)
    assert at(door, alice())("people.remove_member", {"member": theirs.pk})[0] == "not found"
    assert Membership.objects.filter(pk=theirs.pk).exists()


def test_every_verb_has_all_doors(monkeypatch):
    from diskarte.urls import api

    schema = api.get_openapi_schema()
    operations = {op["operationId"] for path in schema["paths"].values() for op in path.values()}
    tools = {tool.name for tool in asyncio.run(mcp.make().list_tools())}
    for name, action in verbs().items():
        stage, verb = name.split(".")
        monkeypatch.setattr("sys.argv", ["diskarte", stage])
        commands = cli.app.info.cls(name="x").get_command(None, stage).list_commands(None)
        assert name in operations, f"{name} is not in the API"
        assert name.replace(".", "_") in tools, f"{name} is not a tool"
        assert verb.replace("_", "-") in commands, f"{name} is not a command"
        assert action.help, f"{name} has no help"


def test_a_token_is_limited_by_its_scopes_and_dies_when_withdrawn(client):
    who = alice()
    row, secret = keys.make_token(who.person, who.workspace, "reader", ["people.see"], None)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/kape-diwata/api/people/members", headers=headers).status_code == 200
    body = json.dumps({"role": "author"})
    post = {"content_type": "application/json", "headers": headers}
    assert client.post("/kape-diwata/api/people/invite", body, **post).status_code == 403
    row.delete()
    assert client.get("/kape-diwata/api/people/members", headers=headers).status_code == 401


def test_brand_by_query_or_header(client):
    who = alice()
    a_brand("second", name="Second")
    _row, secret = keys.make_token(who.person, who.workspace, "t", [], None)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/brand/standing?brand=second", headers=headers).status_code == 200
    assert client.get("/api/brand/standing", headers=headers | {"X-Brand": "second"}).status_code == 200
    assert client.get("/api/brand/standing?brand=nobodys", headers=headers).status_code == 404


def test_a_verb_of_a_stage_asks_which_brand():
    from diskarte.core.people.who import who_in
    from diskarte.words import Problem

    who = who_in(alice().person, None)
    with pytest.raises(Problem, match="Which brand"):
        verbs()["plan.standing"].run(who, {})
    assert verbs()["brand.create"].run(who, {"name": "Tea House"}).slug == "tea-house"


def test_a_fault_of_ours_is_a_sentence_at_the_command_line(monkeypatch):
    monkeypatch.setattr("sys.argv", ["diskarte", "settings"])
    monkeypatch.setattr(cli, "app", lambda **_: 1 / 0)
    with pytest.raises(SystemExit, match="went wrong on our side"):
        cli.run()
