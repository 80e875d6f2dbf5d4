"""The strategy as a folder: out, in, and equal again; by the verbs, by the command line and by the page."""

import io
import json
import tomllib
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from diskarte.core import strategy
from diskarte.core.given import Upload
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Forbidden, Stranger, who_in
from diskarte.doors import cli
from diskarte.stages.audience import actions as audience
from diskarte.stages.automate import actions as automate
from diskarte.stages.brand import actions as brand
from diskarte.stages.channels import actions as channels
from diskarte.stages.goals import actions as goals
from diskarte.stages.plan import actions as plan
from diskarte.stages.publish import actions as publish
from diskarte.words import Metric, Problem
from tests.make import a_brand, a_member, alice, charlie

pytestmark = pytest.mark.django_db
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)


def a_strategy(who, words="Best beans, «really» = good"):
    """A little of everything."""
    brand.edit(who, idea=words, mission=words)
    brand.add_product(who, name="Barako", price=250, margin=100)
    brand.add_competitor(who, name="Kape Ni Juan")
    channel = channels.connect(who, "practice", name="Practice")
    audience.add_segment(who, name="Students", summary=words)
    deadline = (timezone.now() + timedelta(days=60)).date()
    goals.set_goal(
        who, sentence="Reach 10,000 people", metric=Metric.REACH, target=10_000, deadline=deadline, baseline=5_000,
        channel=channel.pk,
    )  # fmt: skip
    plan.change_settings(who, {"per_day": 3}, "a busy month", {}, "by hand")
    publish.write(who, text=words or "Hello", channels=[channel.pk])
    automate.add_rule(who, "breakout", "draft_again")
    return channel


def as_upload(folder):
    return Upload("strategy.zip", folder.zipped())


def again(who, folder, name="Second life"):
    made = brand.import_(who, as_upload(folder), name=name)
    return brand.export(who_in(who.person, made.slug))


def test_out_in_and_out_again_is_equal():
    who = alice()
    a_strategy(who)
    first = brand.export(who)
    second = again(who, first)
    heads = [tomllib.loads(f.files.pop("strategy.toml")) for f in (first, second)]
    assert heads[0] | {"name": ""} == heads[1] | {"name": ""}
    assert second.files == first.files
    assert {path.split("/")[0] for path in first.files} >= {"01-brand", "02-goals", "03-audience", "05-plan"}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS)
def test_whatever_people_write_survives(words):
    Brand.objects.all().delete()
    who = alice(a_brand())
    a_strategy(who, words)
    first = brand.export(who)
    second = again(who, first)
    assert {k: v for k, v in second.files.items() if k != "strategy.toml"} == {
        k: v for k, v in first.files.items() if k != "strategy.toml"
    }


def test_secrets_and_peoples_data_stay_at_home():
    who = alice()
    channel = a_strategy(who)
    channel.secrets = {"token": "very-secret"}
    channel.save()
    text = json.dumps(brand.export(who).files)
    assert "very-secret" not in text
    assert who.person.email not in text


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "no strategy.toml"),
        ({"strategy.toml": "format = "}, "cannot be read"),
        ({"strategy.toml": "format = 99\nname = 'x'"}, "newer version"),
        (
            {"strategy.toml": "format = 1\nname = 'x'", "10-automate/rules.toml": "[[rule]]\nwhen = 3"},
            "cannot be read",
        ),
    ],
)
def test_a_broken_folder_makes_nothing(files, says):
    who = alice()
    before = Brand.objects.count()
    with pytest.raises(Problem, match=says):
        brand.import_(who, as_upload(strategy.Folder("x", files)))
    assert Brand.objects.count() == before


def test_no_zip_is_told():
    with pytest.raises(Problem, match="not a zip"):
        brand.import_(alice(), Upload("a.zip", b"hello"))


def test_rights():
    with pytest.raises(Forbidden):
        brand.import_(a_member("Gina", "guest"), Upload("a.zip", b""))
    assert "Kape Diwata" not in json.dumps(brand.export(charlie()).files)
    with pytest.raises(Stranger):
        who_in(charlie().person, "kape-diwata")


def test_the_command_line_writes_a_folder_and_reads_it(tmp_path, monkeypatch):
    who = alice()
    a_strategy(who)
    asks = ["--brand", who.brand.slug, "--as", who.person.email]
    monkeypatch.setattr("sys.argv", ["diskarte", "brand"])
    answer = CliRunner().invoke(cli.app, ["brand", "export", "--to", str(tmp_path / "out"), *asks])
    assert answer.exit_code == 0, answer.output
    assert (tmp_path / "out" / "strategy.toml").exists()
    given_ = ["brand", "import", "--file", str(tmp_path / "out"), "--name", "Copy", *asks]
    answer = CliRunner().invoke(cli.app, given_)
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["slug"] == "copy"


def test_the_page_gives_the_zip(web):
    a_strategy(alice())
    answer = web.get("/kape-diwata/brand/strategy.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "kape-diwata/strategy.toml" in names
