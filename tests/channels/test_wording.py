"""The choice in words: every sentence has its figure, in both languages, on the page and on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from diskarte.core import clock
from diskarte.document.sections import platforms
from diskarte.stages.audience.models import Segment
from diskarte.stages.channels import actions, wording
from diskarte.stages.channels.choosing import Turn
from diskarte.stages.channels.rules import swot as rules
from diskarte.stages.channels.rules.choosing import Part
from tests.channels.test_beside import a_market
from tests.make import NOW, alice


def a_fact(side, about, gain=0.25):
    return rules.Fact(side, "there", about, "Rival", 120.0, 96.0, gain, gain - 0.1, gain + 0.1, 2.0, 20, 30)


FACTS = [
    a_fact("strength", "engagement"), a_fact("weakness", "cadence", -0.4), a_fact("opportunity", "platform_trend"),
    a_fact("threat", "rival_trend"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fil"])
@pytest.mark.parametrize("told", FACTS)
def test_a_fact_is_a_sentence_with_its_figure(told, language):
    with translation.override(language):
        said = wording.fact(told, "There")
    assert said.startswith("There:")
    assert "25 %" in said or "40 %" in said
    assert "%(" not in said


@pytest.mark.parametrize("language", ["en", "fil"])
def test_every_move_names_its_two_facts(language):
    strength, weakness = FACTS[0], FACTS[1]
    opportunity, threat = FACTS[2], FACTS[3]
    pairs = {"SO": (strength, opportunity), "ST": (strength, threat), "WO": (weakness, opportunity)}
    pairs["WT"] = (weakness, threat)
    with translation.override(language):
        for kind, (inner, outer) in pairs.items():
            said = wording.move(actions.beside.Move(kind, inner, outer), "There")
            assert "There" in said
            assert "25 %" in said
            assert "%(" not in said


def test_parts_tell_whose_word_it_is():
    assert "nobody said" in wording.part(Part("goal", 0.5, 0.5))
    assert "as you said" in wording.part(Part("goal", 0.8, 0.25))
    assert "12 posts" in wording.part(Part("ours", 1.1, 0.1, 12))
    assert "one post" in wording.part(Part("rivals", 1.1, 0.1, 1))
    assert "× 0.75" in wording.part(Part("content", 0.75, 0.1, 4))


def test_an_unknown_says_how_often_and_how_much():
    said = wording.turn(Turn("tiktok", "TikTok", "presence", 0.3, 1234.0), "people")
    assert "30 % of cases" in said
    assert "1,200 more people" in said
    assert "+2.5 %" in wording.turn(Turn("tiktok", "TikTok", "hours", 0.3, 2.5), "percent")


def test_ages_and_countries():
    assert wording.ages(None, None) == ""
    assert wording.ages(65, None) == "65 and older"
    assert wording.ages(18, 29) == "18–29"
    assert wording.country("PH") == "Philippines"
    assert wording.country("NO") == "NO"


@pytest.mark.django_db
def test_the_document_prints_the_choice_and_the_facts():
    with clock.at(NOW):
        who = alice()
        a_market(who)
        Segment.objects.create(brand=who.brand, name="Students", size=20_000)
        assert wording.on_paper(actions.choosing.choice(who)) == []
        actions.set_budget(who, Decimal(7))
        told = wording.on_paper(actions.choosing.choice(who))
        assert told[0].startswith("Best for")
        assert any("of 10 draws" in line for line in told)
        section = platforms.section(who)
    heads = [block.get("head") for block in section.blocks]
    assert "Where should we be?" in heads
    assert "How do we stand beside competitors?" in heads
