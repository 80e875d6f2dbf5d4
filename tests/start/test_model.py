"""Drafts by a language model: always proposals, never facts; without one everything works and says so."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

pytest.importorskip("pydantic_ai", reason="the optional part [ai] is not installed")

from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.models.test import TestModel

from diskarte.core.people.who import Forbidden
from diskarte.stages.brand.models import Canvas
from diskarte.start import actions, model
from diskarte.words import Problem
from tests.make import alice, bob
from tests.start.builders import of

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_model(settings, monkeypatch):
    """Some model is set; returns a function that says which."""
    settings.MODEL_URL, settings.MODEL = "http://127.0.0.1:9/v1", "local"
    return lambda one: monkeypatch.setattr(model, "chosen", lambda: one)


def answering(**fields):
    """A model that fills the form so, and keeps what it was asked."""
    asked = []

    def answer(messages, info):
        asked.append(messages)
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, fields)])

    return FunctionModel(answer), asked


def test_without_a_model_it_says_so_and_everything_else_works(settings):
    who = alice()
    settings.MODEL_URL = ""
    assert "everything works without it" in actions.can_draft(who)
    with pytest.raises(Problem, match="No language model") as told:
        actions.draft(who)
    assert told.value.kept == "Nothing was changed."


def test_without_the_optional_part_it_says_so(settings, monkeypatch):
    settings.MODEL_URL, settings.MODEL = "http://127.0.0.1:9/v1", "local"
    monkeypatch.setattr(model, "find_spec", lambda name: None)
    assert "[ai]" in actions.can_draft(alice())


def test_any_shape_a_model_may_answer_with_becomes_proposals(a_model):
    who = alice()
    actions.answer(who, 1, trade="cafe")
    a_model(TestModel(custom_output_args={"proof": "We weigh it.", "hooks": []}))
    actions.draft(who)
    drafts = [one for one in actions.proposals(who) if one.key.startswith("model.")]
    assert drafts
    assert all(one.state == "open" and "read it twice" in one.source for one in drafts)
    assert not Canvas.objects.exists()


def test_drafts_fill_only_what_nobody_answered(a_model):
    who = alice()
    actions.answer(who, 1, trade="cafe")
    actions.answer(who, 3, idea="Our own words.")
    hooks = [
        {"segment": 0, "trigger": "ease", "text": "Order from your desk", "offer": "Ready at the side door."},
        {"segment": 9, "trigger": "ease", "text": "For nobody", "offer": ""},
        {"segment": 1, "trigger": "magic", "text": "No such trigger", "offer": ""},
    ]
    made, asked = answering(idea="A model's idea", need="want a quiet table", hooks=hooks)
    a_model(made)
    actions.draft(who)
    drafts = {one.title: one for one in actions.proposals(who) if one.key.startswith("model.")}
    assert set(drafts) == {"What are they missing?", "Order from your desk"}
    assert "Our own words." in str(asked)
    assert "Office regulars" in str(asked)
    assert "@" not in str(asked), "it sees the answers and nothing else of the data"
    actions.take(who, drafts["What are they missing?"].key, text="want a quiet table with light")
    assert Canvas.objects.get().need == "want a quiet table with light"
    portrait = of(who, "portrait")[0]
    actions.take(who, portrait.key, hooks=[])
    actions.take(who, drafts["Order from your desk"].key)


def test_words_that_are_no_draft_are_refused(a_model):
    who = alice()
    a_model(FunctionModel(lambda messages, info: ModelResponse(parts=[TextPart("I would rather chat.")])))
    with pytest.raises(Problem, match="no usable answer") as told:
        actions.draft(who)
    assert told.value.kept


def test_an_author_may_not_ask_it(a_model):
    alice()
    with pytest.raises(Forbidden):
        actions.draft(bob())


# Over a real line, to a server that speaks as OpenAI does


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization"), given))
        status, body = self.server.answer(given)
        told = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *given):
        pass


@pytest.fixture
def server(settings):
    httpd = HTTPServer(("127.0.0.1", 0), Server)
    httpd.asked = []
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    settings.MODEL_URL = f"http://127.0.0.1:{httpd.server_port}/v1"
    settings.MODEL, settings.MODEL_KEY = "tiny", "sk-own"
    yield httpd
    httpd.shutdown()
    httpd.server_close()


def completed(given):
    name = given["tools"][0]["function"]["name"]
    filled = {"name": name, "arguments": json.dumps({"proof": "We weigh it."})}
    call = {"id": "1", "type": "function", "function": filled}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
    return 200, {"id": "x", "object": "chat.completion", "created": 1, "model": "tiny", "choices": [choice]}


def test_a_local_server_is_asked_with_the_own_key(server):
    who = alice()
    server.answer = completed
    actions.draft(who)
    assert [d["value"] for d in actions._row(who).drafts] == ["We weigh it."]
    path, key, given = server.asked[0]
    assert (path, key, given["model"]) == ("/v1/chat/completions", "Bearer sk-own", "tiny")


def test_a_server_that_fails_ends_in_words(server):
    server.answer = lambda given: (400, {"error": {"message": "no such model"}})
    with pytest.raises(Problem, match="no usable answer"):
        actions.draft(alice())
