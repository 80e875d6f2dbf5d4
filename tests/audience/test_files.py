"""The audience as files, there and back without loss."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core.lake.shelves import shelf_of
from diskarte.stages.audience import actions, files
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.audience.rules.hooks import TRIGGERS
from tests.make import a_brand, alice

from .builders import ANA, people_file

pytestmark = pytest.mark.django_db
words = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=30)
lists = st.lists(words.filter(bool), max_size=3)
portraits = st.fixed_dictionaries(
    {
        "summary": words, "size_from": words, "source": words, "size": st.none() | st.integers(0, 10**9),
        "age_from": st.none() | st.integers(0, 99), "awake": st.lists(st.integers(0, 23), unique=True, max_size=5),
        "state": st.sampled_from(["active", "resting"]), "pains": lists, "networks": lists, "places": lists,
    }
)  # fmt: skip
hooks = st.tuples(st.sampled_from(TRIGGERS), words, words)
banks = st.lists(hooks, max_size=3, unique_by=lambda hook: hook[1])
worlds = st.dictionaries(words.filter(bool), st.tuples(portraits, banks))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds)
def test_there_and_back(db, world):
    here, there = a_brand(), a_brand("second", name="Second")
    Segment.objects.all().delete()
    for name, (facts, lines) in world.items():
        segment = Segment.objects.create(brand=here, name=name, **facts)
        for trigger, text, offer in lines:
            Hook.objects.create(brand=here, segment=segment, trigger=trigger, text=text, offer=offer)
    told = files.export(here)
    files.restore(there, told, alice())
    assert files.export(there) == told
    assert Hook.objects.filter(brand=there).count() == sum(len(lines) for _facts, lines in world.values())


def test_a_whole_playbook_comes_back_and_people_stay_here():
    actions.add_playbook(alice(), "cafe")
    actions.import_people(alice(), people_file(ANA))
    told = files.export(a_brand())
    assert "ana@example.com" not in str(told)
    other = a_brand("second", name="Second")
    files.restore(other, told, alice())
    assert files.export(other) == told
    assert not shelf_of(other).rows("people")


def test_an_empty_audience_is_no_file():
    assert files.export(a_brand()) == {}
    files.restore(a_brand(), {}, alice())
    assert not Segment.objects.exists()


def test_a_hook_that_looks_like_a_formula_is_disarmed_in_the_file_and_comes_back_as_it_was():
    segment = Segment.objects.create(brand=a_brand(), name="-Regulars")
    text = '=HYPERLINK("http://example.com","Click")'
    Hook.objects.create(brand=a_brand(), segment=segment, trigger="ease", text=text, offer="@home")
    told = files.export(a_brand())
    assert "'=HYPERLINK" in told["hooks.csv"]
    assert "'@home" in told["hooks.csv"]
    other = a_brand("second", name="Second")
    files.restore(other, told, alice())
    hook = Hook.objects.get(brand=other)
    assert (hook.segment.name, hook.text, hook.offer) == ("-Regulars", text, "@home")
