"""Every verb of the plan: what a guest, an approver and a stranger may do with it (look, look, nothing)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.plan import actions
from diskarte.stages.plan.models import Occasion, Pillar, Slot, Version
from diskarte.words import Kind
from tests.make import NOW, a_member, alice, charlie
from tests.plan.builders import a_channel, a_slot, moment

pytestmark = pytest.mark.django_db
SOON = (NOW + timedelta(days=3)).isoformat()
WRITES = sorted(name for name, action in ALL.items() if name.startswith("plan.") and action.writes)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def ours():
    """One of everything that Alice's plan has, by the name of the parameter that points at it."""
    who, channel = alice(), a_channel()
    pillar = actions.add_pillar(who, "Beans")
    return {
        "slot": a_slot(channel).pk, "channel": channel.pk, "pillar": pillar.pk,
        "version": Version.objects.latest("pk").pk,
        "occasion": actions.add_occasion(who, date(2027, 1, 15), "Anniversary").pk,
    }  # fmt: skip


REST = {
    "move_slot": {"at": SOON}, "edit_slot": {"at": SOON, "kind": "text"},
    "set_cadence": {"a_week": 3, "kinds": [], "weights": []},
    "add_slot": {"at": SOON, "kind": "text"}, "edit_pillar": {"name": "Mine"},
}  # fmt: skip
OF_ROWS = [
    ("slot", "slot"), ("explain", "slot"), ("weigh", "slot"), ("move_slot", "slot"), ("edit_slot", "slot"),
    ("lock", "slot"), ("unlock", "slot"), ("drop_slot", "slot"), ("add_slot", "channel"), ("set_cadence", "channel"),
    ("edit_pillar", "pillar"), ("remove_pillar", "pillar"), ("restore_version", "version"),
    ("delete_occasion", "occasion"),
]  # fmt: skip


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Slot, Pillar, Version, Occasion)]


@pytest.mark.parametrize(("verb", "thing"), OF_ROWS)
def test_a_stranger_reaches_no_row_and_changes_none(ours, verb, thing):
    charlie()
    before = everything()
    with pytest.raises(Stranger):
        ALL[f"plan.{verb}"].run(charlie(), {thing: ours[thing]} | REST.get(verb, {}))
    assert everything() == before


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("role", ["guest", "approver", "analyst"])
def test_who_only_looks_writes_nothing(verb, role):
    with pytest.raises(Forbidden):
        ALL[verb].run(a_member("Gina", role), {})
    assert not Audit.objects.exists()


def test_a_stranger_moves_no_slot_onto_our_channel(ours):
    theirs = a_slot(a_channel("Tea", brand=charlie().brand))
    with pytest.raises(Stranger):
        actions.move_slot(charlie(), theirs.pk, moment(12, 9), channel=ours["channel"])
    for name in ("pillar", "segment", "hook", "goal"):
        with pytest.raises(Stranger):
            actions.edit_slot(charlie(), theirs.pk, theirs.at, Kind.TEXT, **{name: ours["pillar"]})


def test_a_stranger_sees_an_empty_plan(ours):
    who, start, end = charlie(), date(2026, 12, 1), date(2027, 12, 1)
    assert actions.slots(who, start, end) == []
    assert actions.versions(who) == []
    assert "Anniversary" not in {day.name for day in actions.occasions(who, start, end)}
    assert len(actions.export_slots(who, start, end).splitlines()) == 1
    assert "Beans" not in {pillar.name for pillar in actions.pillars(who)}


def test_a_guest_sees_the_plan_but_not_the_key_of_its_calendar(ours):
    actions.open_feed(alice())
    guest = a_member("Gina", "guest")
    assert len(actions.slots(guest, date(2026, 12, 1), date(2026, 12, 31))) == 1
    with pytest.raises(Forbidden):
        actions.feed_key(guest)


def test_a_new_private_address_closes_the_old_one(ours):
    first = actions.open_feed(alice())["key"]
    second = actions.open_feed(alice())["key"]
    assert first != second == actions.feed_key(alice())
    assert actions.feed_text("kape-diwata", first) is None
    assert actions.feed_text("kape-diwata", second)


@pytest.mark.parametrize("key", ["", "wrong", "ключ", "ñ" * 40])
def test_a_wrong_key_of_any_alphabet_opens_nothing(ours, client, key):
    actions.open_feed(alice())
    assert actions.feed_text("kape-diwata", key) is None
    assert client.get("/kape-diwata/plan/feed.ics", {"key": key}).status_code == 404


def test_a_plan_that_was_never_opened_has_no_door(ours, client):
    assert actions.feed_key(alice()) == ""
    assert client.get("/kape-diwata/plan/feed.ics?key=").status_code == 404
