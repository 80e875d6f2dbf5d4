"""Every playbook: its schema, its sums, its languages, its sources. A playbook that lies or limps fails here."""

import re
from datetime import date

import pytest

from diskarte import playbooks
from diskarte.stages.audience.rules import hooks, portraits
from diskarte.words import Kind, Metric

TRADES = {
    "cafe", "shop", "online", "clinic", "school", "salon", "realestate", "software", "creator", "ngo", "lgu", "b2b",
}  # fmt: skip
EXAMPLES = {
    "idea",
    "mission",
    "sells",
    "products",
    "customers",
    "need",
    "promise",
    "proof",
    "earns",
    "rivals",
}
SHAPES = {
    "voice": {"name", "tone", "do", "dont"},
    "pillar": {"name", "share", "about", "topics"},
    "segment": {
        "name", "summary", "age_from", "age_to", "places", "languages", "interests", "jobs", "pains", "gains",
        "objections", "awake", "networks", "hook",
    },
    "hook": {"trigger", "text", "offer"},
    "goal": {"name", "sentence", "metric", "base", "times", "at_least", "months", "why"},
    "platform": {"name", "a_week", "kinds", "why"},
}  # fmt: skip
every = pytest.mark.parametrize("name", playbooks.names())


def texts(value, path=""):
    """Every table of languages in a file, with its path."""
    if isinstance(value, dict):
        if "en" in value or "fil" in value:
            yield path, value
        else:
            for key, part in value.items():
                yield from texts(part, f"{path}.{key}")
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from texts(part, f"{path}[{i}]")


def test_there_is_one_for_every_trade():
    assert set(playbooks.names()) == TRADES
    assert {path.stem for path in playbooks.FOLDER.glob("*.toml")} == TRADES | {"sources"}


@every
def test_every_text_is_there_in_every_language(name):
    found = list(texts(playbooks.raw(name)))
    assert len(found) > 60
    for path, told in found:
        assert set(told) == {"en", "fil"}, path
        assert all(told[one] for one in told), path
        if isinstance(told["en"], list):
            assert len(told["en"]) == len(told["fil"]) or path.endswith("t"), (
                f"{path} says more in one language"
            )


@every
def test_most_filipino_texts_are_not_english_copies(name):
    found = [told for _path, told in texts(playbooks.raw(name)) if isinstance(told["en"], str)]
    same = [told["en"] for told in found if told["en"] == told["fil"]]
    assert len(same) <= len(found) * 0.05, same


@every
def test_the_parts_have_their_shape(name):
    told = playbooks.raw(name)
    assert set(told["example"]) == EXAMPLES
    for part in ("voice", "pillar", "segment", "goal", "platform"):
        assert 2 <= len(told[part]) <= 6, part
        for row in told[part]:
            assert set(row) - {"source"} == SHAPES[part], (part, row.get("name"))
    assert all(set(hook) == SHAPES["hook"] for row in told["segment"] for hook in row["hook"])


@every
def test_the_mix_sums_to_a_hundred(name):
    shares = [pillar["share"] for pillar in playbooks.raw(name)["pillar"]]
    assert sum(shares) == 100
    assert all(5 <= share <= 50 for share in shares)


@every
@pytest.mark.parametrize("language", playbooks.LANGUAGES)
def test_portraits_and_hooks_are_workable(name, language):
    book = playbooks.one(name, language)
    assert len(book.segments) >= 3
    for row in book.segments:
        assert len(row["hook"]) >= 3
        assert row["age_from"] < row["age_to"]
        assert portraits.read_spans(row["awake"])
        assert len(row["name"]) <= 80
        assert len(row["summary"]) <= 300
        for hook in row["hook"]:
            assert hook["trigger"] in hooks.TRIGGERS
            assert len(hook["text"]) <= 200
            assert len(hook["offer"]) <= 300
        assert len({hook["text"] for hook in row["hook"]}) == len(row["hook"])


@every
def test_goals_can_be_set_and_platforms_planned(name):
    book = playbooks.one(name)
    for goal in book.goals:
        assert Metric(goal["metric"])
        assert goal["base"] in ("customers", "followers")
        assert goal["times"] > 0
        assert goal["at_least"] >= 5
        assert 1 <= goal["months"] <= 12
        assert "{target}" in goal["sentence"]
        if goal["metric"] == "followers":
            assert goal["times"] > 1, "a level must grow"
    for platform in book.platforms:
        assert 1 <= platform["a_week"] <= 7
        assert all(Kind(kind) for kind in platform["kinds"])


@every
@pytest.mark.parametrize("language", playbooks.LANGUAGES)
def test_what_is_claimed_has_a_source_and_the_rest_is_called_a_guess(name, language):
    book = playbooks.one(name, language)
    for row in (*book.goals, *book.platforms):
        cited = playbooks.source(row.get("source", ""), language)
        if cited is not None:
            assert cited.url.startswith("https://")
            assert 2018 <= cited.year <= date.today().year
            assert re.search(r"\d", cited.says), "a source says a number"
        elif re.search(r"\d+(\.\d+)? %", row["why"]):
            assert re.search("guess|hula|without ads|walang ads", row["why"]), row["why"]


def test_an_unknown_trade_or_source_is_refused():
    with pytest.raises(KeyError):
        playbooks.one("../secrets")
    with pytest.raises(KeyError):
        playbooks.source("nobody")
    assert playbooks.source("") is None


def test_an_unknown_language_reads_english():
    assert playbooks.one("cafe", "ru").title == playbooks.one("cafe", "en").title
