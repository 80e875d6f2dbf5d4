"""The plan as files: the round trip loses nothing, whatever names and texts people choose."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.people.models import Brand
from diskarte.core.people.who import worker_of
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.brand.models import Product
from diskarte.stages.plan import actions, days, files, in_force
from diskarte.stages.plan.contests import actions as contests
from diskarte.stages.plan.models import Contest, Occasion, Pillar, Promotion, Slot, Version
from diskarte.stages.plan.promotions import actions as promotions
from tests.make import NOW, a_brand, alice
from tests.plan.builders import a_channel, a_slot

pytestmark = pytest.mark.django_db
WORDS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def an_empty_twin(brand: Brand) -> Brand:
    """A new brand with the same accounts and segments, and no plan."""
    twin = a_brand(f"twin-{Brand.objects.count()}", name="Twin")
    for channel in brand.channels.order_by("pk"):
        a_channel(channel.name, channel.network, brand=twin, identity=channel.identity)
    for segment in Segment.objects.filter(brand=brand):
        copy = Segment.objects.create(brand=twin, name=segment.name)
        for hook in segment.hooks.all():
            Hook.objects.create(brand=twin, segment=copy, trigger=hook.trigger, text=hook.text)
    return twin


def test_a_drafted_plan_comes_back_whole():
    brand, channel = a_brand(), a_channel()
    segment = Segment.objects.create(brand=brand, name="Students")
    Hook.objects.create(brand=brand, segment=segment, trigger="loss", text="Last cups")
    actions.draft_plan(alice(), date(2027, 1, 1))
    actions.change_settings(alice(), {"per_day": 3, "hours_a_week": 7.5}, "more hands", {"n": 40}, "by hand")
    actions.set_cadence(alice(), channel.pk, 5, ["image"], [1])
    actions.add_occasion(alice(), date(2027, 1, 9), "Fiesta, «big»", "contest")
    told = files.export(brand)
    assert set(told) == {"pillars.toml", "settings.toml", "versions.toml", "days.csv", "slots.csv"}
    assert '"practice:harbour" = {a_week = 5' in told["settings.toml"]
    twin = an_empty_twin(brand)
    files.restore(twin, told, worker_of(twin))
    assert files.export(twin) == told
    assert in_force.current(worker_of(twin))["per_day"] == 3
    slot = Slot.objects.filter(brand=twin).order_by("at").first()
    assert (slot.segment.brand, slot.hook.text, slot.version.number) == (twin, "Last cups", 1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, WORDS, st.lists(WORDS, max_size=3), st.booleans())
def test_any_text_survives(name, note, topics, locked):
    brand = a_brand(f"words-{Brand.objects.count()}")
    channel = a_channel(brand=brand)
    pillar = Pillar.objects.create(brand=brand, name=name, share=0.3, topics=topics, colour="2")
    a_slot(channel, pillar=pillar, note=note, title=name, locked=locked, expected=12.5)
    Occasion.objects.create(brand=brand, day=date(2027, 2, 3), name=name, source=note)
    told = files.export(brand)
    twin = an_empty_twin(brand)
    files.restore(twin, told, worker_of(twin))
    assert files.export(twin) == told
    row = Slot.objects.get(brand=twin)
    assert (row.note, row.title, row.locked, row.pillar.topics, row.expected) == (
        note,
        name,
        locked,
        topics,
        12.5,
    )


def test_a_brand_without_a_plan_has_no_files_and_lost_names_are_left_out():
    assert files.export(a_brand()) == {}
    channel = a_channel()
    a_slot(channel)
    actions.change_settings(alice(), {"per_day": 3})
    told = files.export(a_brand())
    twin = a_brand("twin", name="Twin")
    files.restore(twin, told, worker_of(twin))  # without the channel
    assert not Slot.objects.filter(brand=twin).exists()
    assert Version.objects.get(brand=twin).settings["channels"] == {}


def test_promotions_contests_and_the_choice_of_days_come_back():
    brand, channel = a_brand(), a_channel()
    Product.objects.create(brand=brand, name="Beans", price=400, margin=40, currency="PHP")
    who = alice()
    days.choose_days(who, "cafe", "Cebu", ["ID", "DE-BY"])
    days.hide_day(who, date(2026, 12, 12), "12.12")
    days.change_day(who, date(2027, 2, 14), "Valentine's Day", 30, "high")
    days.add_day(who, date(2028, 2, 29), "Leap «day»", date(2028, 3, 2), yearly=True)
    first, last = date(2026, 12, 10), date(2026, 12, 19)
    row = promotions.add_promotion(who, "Payday, «beans»", "Two\u00a0for one", first, last, channels=[channel.pk],
                                   product=Product.objects.get().pk, price=Decimal("320.00"))  # fmt: skip
    promotions.start_promotion(who, row.pk)
    opens = NOW + timedelta(days=1)
    contest = contests.add_contest(
        who, "Quiz", "A car", "Answer", opens, opens + timedelta(days=5), worth=Decimal(9)
    )
    a_slot(channel, 12, arc=f"{row.key} peak")
    a_slot(channel, 13, arc=f"contest:{contest.pk} launch")
    told = files.export(brand)
    assert {"promotions.toml", "contests.toml", "choice.toml", "days.csv"} <= set(told)
    assert contest.sealed["secret"] not in "".join(told.values())
    twin = an_empty_twin(brand)
    Product.objects.create(brand=twin, name="Beans", price=400, margin=40, currency="PHP")
    files.restore(twin, told, worker_of(twin))
    assert files.export(twin) == told
    there = Promotion.objects.get(brand=twin)
    assert Slot.objects.get(brand=twin, arc=f"{there.key} peak").channel.brand == twin
    assert (there.price, there.product.brand, there.channels) == (
        Decimal("320.00"),
        twin,
        [twin.channels.get().pk],
    )
    fresh = Contest.objects.get(brand=twin)
    assert fresh.sealed["secret"] != contest.sealed["secret"]
    assert fresh.state == "draft"
