"""Rows that remember, and what leaves the house as plain values."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone as brand_time
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from diskarte.core.given import FileGiven, Moment, Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.people.models import Person, Token
from diskarte.core.plain import plain
from diskarte.core.rows import watched
from diskarte.stages.brand.models import Competitor, Product
from tests.make import NOW, a_brand, a_person, a_workspace

MOMENT = TypeAdapter(Moment)
FILE = TypeAdapter(FileGiven)


def a_rival(**facts):
    return Competitor(brand=a_brand(), **({"name": "Kape Ni Juan"} | facts))


def test_a_new_row_a_changed_row_and_a_deleted_row(db):
    row = a_rival()
    with watched() as seen:
        row.save()
        pk = row.pk
        row.name = "Juan"
        row.save()
        row.delete()
    made, changed, gone = seen
    assert (made["model"], made["before"], made["after"]["name"]) == (
        "brand.competitor",
        None,
        "Kape Ni Juan",
    )
    assert (changed["before"], changed["after"]) == ({"name": "Kape Ni Juan"}, {"name": "Juan"})
    assert (gone["before"]["name"], gone["after"]) == ("Juan", None)
    assert {c["pk"] for c in seen} == {pk}


def test_saving_without_a_change_tells_nothing(db):
    a_rival().save()
    with watched() as seen:
        Competitor.objects.get().save()
    assert seen == []


def test_a_list_changed_in_place_is_seen(db):
    a_rival(handles=[{"network": "practice", "handle": "@juan"}]).save()
    row = Competitor.objects.get()
    with watched() as seen:
        row.handles.append({"network": "practice", "handle": "@second"})
        row.save()
    assert [len(c["before"]["handles"]) for c in seen] == [1]
    assert [len(c["after"]["handles"]) for c in seen] == [2]


def test_what_is_written_down_is_json_whatever_the_row_holds(db):
    with watched() as seen:
        Product(brand=a_brand(), name="Barako", price=Decimal("250.5")).save()
        a_workspace("later").save()
    assert json.loads(json.dumps(seen)) == seen


def test_outside_of_a_watch_nothing_is_kept(db):
    with watched() as seen:
        pass
    a_rival().save()
    assert seen == []


def test_a_silent_row_is_not_worth_a_line(db):
    brand = a_brand()
    with watched() as seen:
        Publication(brand=brand, network="practice", remote_id="1", at=NOW).save()
    assert seen == []


def test_a_row_loaded_in_part_tells_only_what_it_knows(db):
    a_rival(strengths="Cheap").save()
    row = Competitor.objects.only("name").get()
    with watched() as seen:
        row.name = "Juan"
        row.save()
    assert [(c["before"], c["after"]) for c in seen] == [({"name": "Kape Ni Juan"}, {"name": "Juan"})]
    assert Competitor.objects.get().strengths == "Cheap"


def test_secrets_never_leave(db):
    person = Person.objects.create_user("ana@example.com", "correct horse battery")
    assert "password" not in plain(person)
    row = Token(person=person, workspace=a_workspace(), name="t", digest="abc")
    assert "digest" not in plain(row)
    assert plain(row)["person_id"] == person.pk


class Colour(Enum):
    RED = "red"


@dataclass
class Cup:
    at: datetime
    price: Decimal
    secret: str = field(repr=False, default="sh")


class Tray(BaseModel):
    cups: list[int]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        (Colour.RED, "red"),
        (Decimal("2.50"), "2.50"),
        (date(2026, 12, 1), "2026-12-01"),
        (time(9, 30), "09:30:00"),
        (NOW, "2026-12-01T01:00:00+00:00"),
        (gettext_lazy("Done."), "Done."),
        ((1, {2}), [1, [2]]),
        ({Colour.RED: Decimal(1), 3: None}, {"red": "1", "3": None}),
        (Tray(cups=[1]), {"cups": [1]}),
        (Cup(NOW, Decimal(3)), {"at": "2026-12-01T01:00:00+00:00", "price": "3"}),
        (Path("a/b"), "a/b"),
    ],
)
def test_every_value_a_verb_returns_becomes_plain(value, told):
    assert plain(value) == told


LEAF = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(LEAF, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(JSON)
def test_what_is_plain_already_stays(value):
    assert plain(value) == value


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.datetimes(timezones=st.just(UTC)) | st.dates())
def test_plain_is_always_json(value):
    assert json.loads(json.dumps(plain([value]))) == plain([value])


def test_a_query_is_a_list_of_dicts(db):
    a_person("Ana")
    (told,) = plain(Person.objects.all())
    assert (told["name"], told["email"]) == ("Ana", "ana@example.com")


# What comes in: moments and files.


def test_a_time_without_an_offset_is_the_brands_own():
    with brand_time.override(ZoneInfo("Asia/Manila")):
        assert MOMENT.validate_python("2026-12-01 18:00") == datetime(2026, 12, 1, 10, tzinfo=UTC)
        assert MOMENT.validate_python("2026-12-01T18:00+02:00") == datetime(2026, 12, 1, 16, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))
def test_a_moment_is_always_utc_and_never_another_moment(naive, hours):
    aware = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    inside = MOMENT.validate_python(aware)
    assert inside == aware
    assert inside.tzinfo is UTC


@given(st.text(max_size=40), st.binary(max_size=200))
def test_a_file_over_a_wire_arrives_whole(name, content):
    told = FILE.validate_python({"name": name, "base64": base64.b64encode(content).decode()})
    assert (told.name, told.read(), told.size) == (name, content, len(content))


@pytest.mark.parametrize(
    "value",
    [
        {"name": "a.csv", "base64": "not base64!"},
        {"name": "a.csv", "base64": 3},
        {"name": "a.csv"},
        {"name": "a.csv", "path": "/etc/passwd"},
        {"name": "a.csv", "base64": "", "path": "/etc/passwd"},
        "/etc/passwd",
        None,
    ],
)
def test_what_is_no_file_is_refused_and_a_path_is_never_taken_from_outside(value):
    with pytest.raises(ValidationError):
        FILE.validate_python(value)


def test_a_file_of_this_machine_is_read_where_it_lies(tmp_path):
    there = tmp_path / "posts.csv"
    there.write_bytes(b"date,text\n")
    file = Upload("posts.csv", path=there)
    assert (file.read(), file.size) == (b"date,text\n", 10)
    assert "date" not in repr(Upload("a", b"date"))  # a file's content is never printed


def test_doors_describe_a_file_by_its_shape():
    assert FILE.json_schema()["required"] == ["name", "base64"]
