"""Pure rules of the audience: portraits, hooks, people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.stages.audience.rules import portraits
from diskarte.stages.audience.rules.hooks import Result, Score, order, scores
from diskarte.stages.audience.rules.people import (
    Known,
    Person,
    Unfit,
    agreed,
    changes,
    email,
    language,
    person,
    phone,
)


def test_a_portrait_says_what_it_lacks():
    told = {"summary": "x", "size": 0, "places": ["Cebu"], "jobs": []}
    assert portraits.unanswered(told)[:2] == ["languages", "jobs"]
    assert "size" in portraits.unanswered({"size": None})


def test_lines_are_trimmed_and_each_stands_once():
    assert portraits.lines("- queue\n\n  queue \n• price") == ["queue", "price"]


@pytest.mark.parametrize(
    ("text", "hours", "written"),
    [
        ("6-8, 12, 18:00–20:00", [6, 7, 12, 18, 19], "06–08, 12–13, 18–20"),
        ("22-1", [0, 22, 23], "00–01, 22–24"),
        ("", [], ""),
        ("0-24", list(range(24)), "00–24"),
    ],
)
def test_hours(text, hours, written):
    assert portraits.read_spans(text) == hours
    assert portraits.spans(hours) == written


@pytest.mark.parametrize("text", ["morning", "25", "6-6", "1-2-3"])
def test_hours_that_make_no_sense(text):
    with pytest.raises(ValueError):
        portraits.read_spans(text)


@given(st.sets(st.integers(0, 23)))
def test_hours_written_are_hours_read(awake):
    assert portraits.read_spans(portraits.spans(awake)) == sorted(awake)


def posts(hook, numbers, channel="a"):
    return [Result("Students", hook, channel, n) for n in numbers]


def test_a_hook_that_doubles_the_numbers_is_seen_and_a_new_one_is_unclear():
    found = scores([*posts("", [100] * 40), *posts("Good", [200, 210, 190, 205] * 5), *posts("New", [300])])
    good, new = found["Students", "Good"], found["Students", "New"]
    assert good.verdict == "better"
    assert good.uses == 20
    assert 1.2 < good.low < good.mid < good.high < 2.5
    assert good.chance > 0.95
    assert new.uses == 1
    assert new.high / new.low > good.high / good.low


def test_a_large_channel_does_not_make_a_hook_look_good():
    small = [*posts("", [9, 11] * 10, "small")]
    large = [*posts("Big", [990, 1010] * 5, "large"), *posts("", [990, 1010] * 5, "large")]
    assert scores([*small, *large])["Students", "Big"].verdict == "unclear"


def test_without_a_hook_there_is_nothing_to_rank():
    assert scores(posts("", [1, 2, 3])) == {}
    assert Score().verdict == "untried"


def test_the_untried_come_last_in_their_order():
    tried = Score(3, 0.8, 1.1, 1.5, 0.7)
    best = Score(3, 1.1, 1.4, 1.9, 0.9)
    assert order([("new", Score()), ("b", tried), ("newer", Score()), ("a", best)]) == [
        "a",
        "b",
        "new",
        "newer",
    ]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ana <Ana@Example.COM>", "ana@example.com"),
        ("mailto:x@y.ph", "x@y.ph"),
        (" a.b+c@sub.example.co.uk, ", "a.b+c@sub.example.co.uk"),
        ("ana@münchen.de", "ana@münchen.de"),
    ],
)
def test_emails(text, clean):
    assert email(text) == clean


@pytest.mark.parametrize(
    "text", ["a@b", "a b@c.de", "a..b@c.de", "@c.de", "a@-c.de", "x" * 250 + "@c.de", "=1+1"]
)
def test_what_is_no_email(text):
    with pytest.raises(Unfit):
        email(text)


@pytest.mark.parametrize(
    ("text", "country", "e164"),
    [
        ("0917 123 4567", "PH", "+639171234567"),
        ("9171234567", "PH", "+639171234567"),
        ("639171234567", "PH", "+639171234567"),
        ("+63-917-123-4567", "PH", "+639171234567"),
        ("(02) 8123 4567", "PH", "+63281234567"),
        ("0917-123-4567 / 0918-111-2222", "PH", "+639171234567"),
        ("8 916 123-45-67", "RU", "+79161234567"),
        ("(650) 561-5622", "US", "+16505615622"),
        ("+1 650 561 5622", "PH", "+16505615622"),
    ],
)
def test_phones(text, country, e164):
    assert phone(text, country) == e164


@pytest.mark.parametrize(
    ("text", "code"), [("12", "phone"), ("call me", "phone"), ("9.17123E+09", "phone_cut")]
)
def test_what_is_no_phone(text, code):
    with pytest.raises(Unfit) as unfit:
        phone(text, "PH")
    assert unfit.value.code == code


def test_languages_by_name_or_code():
    assert [language(t) for t in ("Tagalog", "English", "en-US", "Cebuano", "fil")] == [
        "fil",
        "en",
        "en",
        "ceb",
        "fil",
    ]
    with pytest.raises(Unfit):
        language("Klingonish")


def test_consent_is_understood_in_both_languages_and_never_guessed():
    assert [agreed(t) for t in ("Yes", "OO", "1", "opted-in")] == ["yes"] * 4
    assert [agreed(t) for t in ("no", "Hindi", "FALSE", "Unsubscribed")] == ["no"] * 4
    assert [agreed(t) for t in ("", "n/a", "unknown")] == [""] * 3
    with pytest.raises(Unfit):
        agreed("maybe")


def row(**told):
    return person(told, "PH", lambda text: date.fromisoformat(text) if text != "x" else None)


def test_a_row_becomes_a_person():
    found = row(
        first_name="Ana", last_name="Reyes", email="A@b.co", joined_at="2026-03-04", consent="oo", phone="-"
    )
    assert found == Person(email="a@b.co", name="Ana Reyes", joined_at=date(2026, 3, 4), consent="yes")


def test_a_row_may_name_its_country():
    assert (
        row(phone="(650) 561-5622", country="US").phone
        == row(phone="6505615622", country="Estados Unidos").phone
    )


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"name": "Ana"}, "nobody"),
        ({"email": "n/a", "phone": "wala"}, "nobody"),
        ({"email": "ana@"}, "email"),
        ({"email": "a@b.co", "joined_at": "x"}, "date"),
        ({"email": "a@b.co", "joined_at": "0202-01-01"}, "date"),
        ({"email": "a@b.co", "consent": "perhaps"}, "consent"),
    ],
)
def test_why_a_row_is_refused(told, code):
    with pytest.raises(Unfit) as unfit:
        row(**told)
    assert unfit.value.code == code


def test_silence_erases_nothing_and_a_no_stays_a_no():
    known = Person(email="a@b.co", name="Ana", place="Cebu", consent="no", facts={"drink": "latte"})
    new = Person(email="a@b.co", name="Ana Reyes", consent="yes", facts={"size": "large"})
    assert changes(known, new) == {"name": "Ana Reyes", "facts": {"drink": "latte", "size": "large"}}
    assert changes(Person(email="a@b.co"), Person(email="a@b.co", consent="yes")) == {"consent": "yes"}
    assert changes(Person(email="a@b.co", consent="yes"), Person(email="a@b.co", consent="no")) == {
        "consent": "no"
    }
    assert changes(known, known) == {}


def test_who_a_row_means():
    ana = Person(external_id="7", email="ana@b.co", phone="+639171234567")
    known = Known([ana])
    assert known.find(Person(external_id="7", email="new@b.co")) is ana
    assert known.find(Person(email="ana@b.co")) is ana
    assert known.find(Person(phone="+639171234567")) is ana
    assert known.find(Person(external_id="8", email="ana@b.co")) is None  # two customers, one mailbox
    assert known.find(Person(email="ben@b.co", phone="+639171234567")) is None  # a family phone
    assert known.find(Person(email="x@b.co")) is None
