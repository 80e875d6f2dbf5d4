"""The press: editions set by a process of its own, which may die, be slow, or not be wanted any more."""

import subprocess
import sys

import pytest

from diskarte.core.jobs.run import run_tasks
from diskarte.document import actions, making, paper
from diskarte.document.models import Edition
from diskarte.start import actions as start
from diskarte.words import Problem
from tests.make import alice
from tests.start.builders import answered

pytestmark = pytest.mark.django_db


HEAVY = ("typst", "vl_convert", "docx")


def test_the_press_needs_no_django_and_nothing_heavy_comes_into_this_process(monkeypatch):
    here = "import sys, diskarte.document.press; print('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", here], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
    row = actions.begin(alice())
    for name in HEAVY:
        monkeypatch.setitem(sys.modules, name, None)  # to import it here is an error now
    run_tasks()
    assert actions.making(alice(), row.pk).state == "ready"
    row.refresh_from_db()
    assert (bytes(row.pdf)[:4], bytes(row.docx)[:2]) == (b"%PDF", b"PK")


def test_what_was_composed_at_once_is_set_when_it_is_first_looked_at_and_kept(client):
    who = alice()
    answered(who)
    start.take_all(who, "portrait")
    start.take_all(who, "goal")
    row = actions.make(who)
    assert not row.pdf
    opened = actions.share(who, row.pk)
    page = client.get(opened.url.partition("8000")[2]).content.decode()
    assert "data:image/svg+xml;base64," in page
    row.refresh_from_db()
    first = bytes(row.pdf)
    assert first.startswith(b"%PDF")
    assert {int(n) for n in row.pages} <= set(paper.SHOWN)
    assert actions.drawn(row, "pdf")[2] == first


@pytest.mark.parametrize("broken", ["no.such.press", "tests.document.killed"])
def test_a_press_that_dies_leaves_a_sentence_and_no_edition_on_its_way(web, monkeypatch, broken):
    who = alice()
    monkeypatch.setattr(making, "PRESS", broken)
    row = actions.begin(who)
    run_tasks()
    assert actions.making(who, row.pk).state == "failed"
    told = web.get(f"/kape-diwata/document/{row.pk}/").content.decode()
    assert "Make it again" in told
    kept = actions.make(who)
    with pytest.raises(Problem, match="could not be set"):
        actions.printed(who)
    page = web.get(f"/kape-diwata/document/{kept.pk}/", follow=True).content.decode()
    assert "Traceback" not in page
    assert "could not be set" in page


def test_an_edition_removed_while_it_is_made_is_made_no_further(monkeypatch):
    who = alice()
    row = actions.begin(who)
    compose = making.composing.compose
    monkeypatch.setattr(making.composing, "compose", lambda *given: (compose(*given), row.delete()))
    run_tasks()
    assert not Edition.objects.exists()
