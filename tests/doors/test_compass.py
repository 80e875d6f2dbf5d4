"""The front page of a brand: the next step of a new one, everything that waits, figures that say what they count."""

import re

import pytest

from diskarte.core.outbox.models import Channel
from tests import make
from tests.make import a_brand

pytestmark = pytest.mark.django_db
HOME = "/kape-diwata/"


def words(web) -> str:
    return " ".join(re.sub("<[^>]+>", " ", web.get(HOME).content.decode()).split())


def test_a_new_brand_is_led_to_the_guided_start_and_sees_the_route_first(web):
    text = words(web)
    assert "Start here" in text
    assert "12 short questions" in text
    assert text.index("The route") < text.index("On course?")
    assert "Open the plan" not in text  # there is none yet


def test_who_may_not_edit_the_brand_is_led_to_the_first_empty_stage(client, db):
    bob = make.bob()
    make.alice()
    client.force_login(bob.person)
    assert "Next step: Brand" in words(client)


def test_needs_beyond_six_are_folded_and_none_is_lost(web):
    brand = a_brand()
    for n in range(8):
        facts = {"network": "practice", "name": f"Harbour {n}", "handle": f"h{n}", "identity": f"h{n}"}
        Channel.objects.create(brand=brand, state="blocked", **facts)
    web.get(HOME)
    type(brand).objects.filter(pk=brand.pk).update(standing=None)
    text = words(web)
    shown, folded = text[text.index("Needs you") :].split("Show the rest", 1)
    needs = int(re.search(r"Needs you (\d+)", text)[1])
    assert needs > 6
    assert shown.count("Harbour") + folded.count("Harbour") >= 8


def test_every_figure_of_the_rail_says_what_it_counts(web):
    Channel.objects.create(brand=a_brand(), network="practice", name="Harbour", handle="h", identity="h")
    html = web.get(HOME).content.decode()
    assert re.search(r'class="route-figure" title="channels">1<', html)
