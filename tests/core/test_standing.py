"""Standings are kept and asked anew; the strategy's head and folder; the loop that outlives a fault."""

from __future__ import annotations

import io
import logging
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from diskarte.core import strategy
from diskarte.core.actions import ALL
from diskarte.core.given import Upload
from diskarte.core.loop import safely
from diskarte.core.people.models import Brand
from diskarte.core.people.who import who_in, worker_of
from diskarte.core.standing import FRESH, standings
from diskarte.core.strategy import Folder, facts_of, unpacked
from diskarte.doors import verbs
from diskarte.stages import STAGES
from diskarte.stages.brand import actions as brand
from diskarte.words import Problem
from tests.make import NOW, a_brand, a_member, alice


def fresh(who):
    return who_in(who.person, who.brand.slug)


@pytest.mark.django_db
def test_every_stage_tells_where_it_stands_even_of_an_empty_brand():
    verbs()
    told = standings(alice(), NOW)
    assert list(told) == list(STAGES)
    assert {one["state"] for one in told.values()} == {"empty"}
    assert all(one["missing"] for one in told.values())


@pytest.mark.django_db
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_asked_in_three_queries(stage, django_assert_max_num_queries):
    verbs()
    who = worker_of(a_brand())
    with django_assert_max_num_queries(3):
        told = ALL[f"{stage}.standing"].call(who)
    for need in told.needs:
        assert reverse(need.url, kwargs=need.args)


@pytest.mark.django_db
def test_standings_are_kept_until_something_is_written(django_assert_num_queries):
    verbs()
    who = alice()
    standings(who, NOW)
    again = fresh(who)
    with django_assert_num_queries(0):
        standings(again, NOW + timedelta(minutes=4))
    brand.edit(who, idea="Slow coffee", sells="A café", customers="People of Katipunan")
    assert Brand.objects.get().standing is None
    assert standings(fresh(who), NOW)["brand"]["state"] != "empty"


@pytest.mark.django_db
def test_standings_grow_old():
    verbs()
    who = alice()
    standings(who, NOW)
    Brand.objects.update(standing={"brand": {"state": "full"}})
    assert standings(fresh(who), NOW + FRESH)["brand"]["state"] == "full"
    assert standings(fresh(who), NOW + FRESH + timedelta(seconds=1))["brand"]["state"] == "empty"


@pytest.mark.django_db
def test_what_a_guest_sees_in_the_rail_is_what_everybody_sees():
    """The answers are kept for the brand, so whoever asks first must not leave a poorer answer to the others."""
    verbs()
    who = alice()
    brand.edit(who, idea="Slow coffee")
    guest = a_member("Gina", "guest")
    seen = standings(guest, NOW)
    Brand.objects.update(standing=None)
    assert standings(fresh(who), NOW) == seen


@pytest.mark.django_db
def test_without_a_brand_nothing_stands():
    assert standings(who_in(alice().person, None), NOW) == {}


# The strategy as a folder


def test_equal_folders_give_equal_bytes():
    one = Folder("kape", {"b.md": "Two", "a.md": "One ñ"})
    two = Folder("kape", {"a.md": "One ñ", "b.md": "Two"})
    assert one.zipped() == two.zipped()
    assert unpacked(Upload("kape.zip", one.zipped())) == {"kape/a.md": "One ñ", "kape/b.md": "Two"}


def zipped(files):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return Upload("strategy.zip", box.getvalue())


@pytest.mark.parametrize("top", ["", "kape/", "Downloads/kape-2/"])
def test_the_folder_may_stand_in_another(top):
    told = unpacked(zipped({f"{top}strategy.toml": "format = 1", f"{top}01-brand/products.csv": "name\n"}))
    assert set(told) == {"strategy.toml", "01-brand/products.csv"}


def test_pictures_and_programs_are_left_where_they_are():
    told = unpacked(zipped({"strategy.toml": "", "logo.png": b"\x89PNG", "run.py": "print()"}))
    assert set(told) == {"strategy.toml"}


def test_a_mark_of_a_spreadsheet_at_the_beginning_is_taken_off():
    assert unpacked(zipped({"strategy.toml": b"\xef\xbb\xbfformat = 1"})) == {"strategy.toml": "format = 1"}


def test_a_file_that_is_not_text_is_told_in_words():
    with pytest.raises(Problem):
        unpacked(zipped({"strategy.toml": b"\xff\xfe\x00name"}))


def test_a_zip_whose_content_was_damaged_on_the_way():
    whole = zipped({"strategy.toml": "format = 1"}).read()
    with pytest.raises(Problem, match="damaged"):
        unpacked(Upload("strategy.zip", whole.replace(b"format = 1", b"format = 2")))


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(strategy, "LARGEST", 100)
    with pytest.raises(Problem, match="larger than"):
        unpacked(zipped({"strategy.toml": "x" * 101}))


@pytest.mark.parametrize("text", ["format = 2", "format = 'one'", "format = [1]"])
def test_a_head_of_another_format_is_refused(text):
    with pytest.raises(Problem):
        facts_of({"strategy.toml": text})


def test_a_head_without_a_format_is_of_the_first():
    assert facts_of({"strategy.toml": 'name = "Kape"'}) == {"name": "Kape"}


# The loop


def test_a_fault_is_logged_and_handed_back(caplog):
    def broken(number):
        raise ValueError(f"no {number}")

    with caplog.at_level(logging.ERROR, "diskarte.worker"):
        told = safely(broken, 3)
    assert isinstance(told, ValueError)
    assert "broken" in caplog.text
    assert "no 3" in caplog.text
    seen = []
    assert safely(seen.append, 1) is None
    assert seen == [1]


def test_the_end_of_the_process_is_not_a_fault():
    def ended():
        raise SystemExit(0)

    with pytest.raises(SystemExit):
        safely(ended)
