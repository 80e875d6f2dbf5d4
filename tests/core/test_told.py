"""A sentence in a row is read in the reader's language, whatever language its writer spoke."""

import ast
import copy
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation

from diskarte.core import told
from diskarte.core.outbox import machine, watch
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.models import Attempt, Channel, Delivery
from diskarte.words import Reconnect, Refused, Told, TryLater
from tests.core.outbox_world import NOW, again

ROOT = Path(__file__).parents[2]
THERE = "It is there."


def test_it_is_english_where_english_is_spoken_and_filipino_where_that_is():
    one = Told("%(host)s cannot be reached.", host="harbour.example")
    assert one == str(one) == f"{one}" == "%s" % one == "harbour.example cannot be reached."  # noqa: UP031
    with translation.override("fil"):
        assert str(one) == f"{one}" == "%s" % one == "Hindi maabot ang harbour.example."  # noqa: UP031
    assert str(TryLater(one)) == "harbour.example cannot be reached."


def test_a_failure_keeps_what_it_says_translatable():
    with translation.override("fil"):
        assert str(str(Refused(Told(THERE)))) == "Naroon ito." or "%(" not in str(Refused(Told(THERE)))
    assert isinstance(str(Refused(Told(THERE))), Told)


def test_what_a_network_said_stays_in_its_own_words_and_cannot_break_the_sentence():
    one = Told("%(host)s: %(said)s", host="h.example", said="100 % %(host)s {no}")
    assert one == "h.example: 100 % %(host)s {no}"
    assert told.heard(told.kept(one)) == one


def test_sentences_stand_in_sentences():
    inner = Told("%(host)s cannot be reached.", host="h.example")
    whole = Told("%(why)s %(do)s", why=inner, do=Told("Tried again."))
    back = told.heard(told.kept(whole))
    with translation.override("fil"):
        assert str(back) == "Hindi maabot ang h.example. Sinubukan ulit."
    assert copy.deepcopy(whole).values == whole.values


def test_a_secret_is_taken_out_of_every_place_of_it():
    whole = Told("%(why)s %(do)s", why=Told("%(host)s: %(said)s", host="h", said="key-123"), do="key-123")
    assert whole.mapped(lambda text: text.replace("key-123", "•••")) == "h: ••• •••"


@pytest.mark.parametrize(
    "text", ["", "plain", '{"told": ', '{"told": 1}', '{"told": "a"}', '{"told": "a", "with": 3}']
)
def test_a_text_of_another_shape_is_itself(text):
    assert told.heard(text) == text or not text


def test_the_row_holds_the_frame_and_each_reader_gets_their_own_words(world):
    delivery = world.delivery()
    world.server.breaks = ["down"]
    attempt(delivery, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT why FROM outbox_delivery")
        assert cursor.fetchone()[0].startswith('{"told": "%(host)s cannot be reached."')
    assert again(delivery).why == "small.test cannot be reached."
    with translation.override("fil"):
        assert again(delivery).why == "Hindi maabot ang small.test."
        assert Attempt.objects.get().why == "Hindi maabot ang small.test."


def test_nothing_said_is_found_as_nothing(world):
    delivery = world.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(why=Told(""), do=Told("Look."))
    assert Delivery.objects.filter(why="").exclude(do="").count() == 1


def test_a_writer_who_speaks_filipino_is_read_in_english(world):
    delivery = world.delivery()
    with translation.override("fil"):
        machine.cancel(delivery, NOW, Told("Cancelled by %(person)s.", person="Alice"))
    assert again(delivery).why == "Cancelled by Alice."


def test_saving_a_row_that_was_read_in_filipino_freezes_nothing(world):
    delivery = world.delivery()
    Delivery.objects.update(why=Told(THERE), do=Told("Try again, or leave it."))
    with translation.override("fil"):
        row = again(delivery)
        row.save()
        Delivery.objects.filter(pk=row.pk).update(why=row.why)
    assert (again(delivery).why, again(delivery).do) == (THERE, "Try again, or leave it.")


def test_a_channel_says_why_it_stopped_in_the_readers_language(world):
    world.server.breaks = [401]
    attempt(world.delivery("small"), NOW)
    with translation.override("fil"):
        row = Channel.objects.get()
        assert (row.state, row.why) == ("blocked", "Hindi tinanggap ng small.test ang pag-sign in: no.")


def test_a_letter_to_a_filipino_is_filipino_though_the_watchdog_read_the_row_in_english(world):
    delivery = world.delivery()
    world.server.breaks = [404]
    attempt(delivery, NOW)
    (trouble,) = watch.troubles(NOW)
    with translation.override("fil"):
        letter = watch._letter([trouble], [], NOW)
    assert "Wala niyan sa small.test: no." in letter
    assert "does not have" not in letter


def _calls(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {"Refused", "Reconnect", "TryLater", "Unknown", "NotThere", "Ask", "Twice", "NoView"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names and node.args:
            yield node


@pytest.mark.parametrize("path", sorted((ROOT / "diskarte/networks").glob("*.py")), ids=lambda p: p.stem)
def test_no_network_fails_in_a_language(path):
    """A sentence is a `Told`, never a string put together on the spot: that could not be translated."""
    spoken = [ast.unparse(c) for c in _calls(path) if isinstance(c.args[0], ast.Constant | ast.JoinedStr)]
    assert spoken == []


def test_the_four_failures_are_still_exceptions_with_a_plain_text():
    assert Reconnect("gone").args == ("gone",)
