"""What the decorators promise: one transaction, one line; none open while a verb calls out."""

import pytest
from django.db import connection

from diskarte.core.actions import ALL, write
from diskarte.core.people.models import Audit
from diskarte.words import Problem
from tests.make import alice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def verb():
    made = []

    def make(call, **how):
        call.__doc__, call.__module__ = "A verb of a test.", "diskarte.core.people.actions"
        made.append(f"people.{call.__name__}")
        return write(may="people.see", **how)(call)

    yield make
    for name in made:
        del ALL[name]


def test_a_write_is_one_transaction(verb):
    def spoil(who):
        who.workspace.name = "Changed"
        who.workspace.save()
        raise Problem("No.")

    who = alice()
    with pytest.raises(Problem):
        verb(spoil)(who)
    who.workspace.refresh_from_db()
    assert who.workspace.name == "Kape"
    assert not Audit.objects.exists()


def test_a_verb_inside_a_verb_belongs_to_the_outer_line(verb):
    def rename(who):
        who.workspace.name = "Changed"
        who.workspace.save()

    inner = verb(rename)

    def outer(who):
        inner(who)

    verb(outer)(alice())
    line = Audit.objects.get()
    assert (line.verb, line.changes[0]["after"]) == ("people.outer", {"name": "Changed"})


def test_no_transaction_is_open_while_a_verb_calls_out(verb):
    def speak(who):
        return connection.in_atomic_block

    def keep(who):
        return connection.in_atomic_block

    assert verb(speak, calls_out=True)(alice()) is False
    assert verb(keep)(alice()) is True
    assert Audit.objects.count() == 2


def test_a_name_is_taken_once(verb):
    def again(who):
        return None

    verb(again)
    with pytest.raises(TypeError, match="is taken"):
        write(may="people.see")(again)
