"""English is the source, Filipino is complete at every commit."""

import ast
import gettext
import re
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from django.utils import translation

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import words

PLACES = re.compile(r"%\(\w+\)[sdg]|%[sdg]|\{\w+\}")
FILES = sorted(words.ROOT.rglob("locale/fil/LC_MESSAGES/django.po"))
EVERY_ROOM = pytest.mark.parametrize(
    "path", FILES, ids=lambda p: "/".join(p.relative_to(words.ROOT).parts[:2])
)


def test_nothing_is_missing():
    missing = [f"{path.relative_to(words.ROOT)}: {marked[1]}" for path, marked in words.missing()]
    assert not missing, f"{len(missing)} strings without Filipino, such as {missing[:5]}"


@EVERY_ROOM
def test_a_translation_keeps_the_places_of_its_source(path):
    for message in words._read(path):
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        known = set(PLACES.findall(" ".join(ids)))
        for text in texts:
            assert set(PLACES.findall(text)) <= known, (ids[0], text)


@EVERY_ROOM
def test_a_room_is_clean(path):
    text, catalog = path.read_text(encoding="utf-8"), words._read(path)
    assert '"Language: fil\\n"' in text
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"' in text
    assert not catalog.obsolete
    assert not any(message.fuzzy for message in catalog if message.id)
    assert len(list(catalog)) == len(re.findall(r"^msgid ", text, re.MULTILINE)), (
        "a string stands there twice"
    )


def test_a_page_speaks_filipino(web):
    words.compile_all()
    web.cookies["language"] = "fil"
    page = web.get("/kape-diwata/measure/").content.decode()
    assert '<html lang="fil"' in page
    assert "Ano ang nangyari?" in page


def test_the_finder_sees_what_every_verb_says_afterwards():
    from diskarte.doors import verbs

    told = {
        verb.done for verb in verbs().values() if verb.done and not re.fullmatch(r"\{\w+\}\.?", verb.done)
    }
    marked = {one[1] for path in words.ROOT.rglob("*.py") for one in words.strings(path)}
    assert len(told) > 50
    assert told <= marked


def test_a_finding_and_a_complaint_come_out_in_filipino():
    from diskarte.networks import get
    from diskarte.stages.correct.models import Finding
    from diskarte.words import Post

    words.compile_all()
    finding = Finding(factor="weekday", level="4", lift=1.2, low=1.1, high=1.3, n=20, of=90)
    (empty,) = (c for c in get("mastodon").preflight(Post("k", "")) if c.code == "empty")
    with translation.override("fil"):
        assert finding.sentence == "Mas malakas tuwing Biyernes kaysa ibang araw: +20\u00a0%."
        assert translation.gettext(empty.what) == "Walang laman ang post."


def test_the_finder_sees_a_missing_string(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "{% load i18n %}<p>{% translate \"Not there\" %} {% blocktranslate %}Hi {{ name }}{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} egg{% plural %}{{ n }} eggs{% endblocktranslate %}</p>"
        '{% translate "Sent" context "a post" %}{% act "brand.save" _("Save it") icon="check" %}'
    )  # fmt: skip
    found = set(words.strings(page))
    assert found == {
        ("", "Not there", ""), ("", "Hi %(name)s", ""), ("", "%(n)s egg", "%(n)s eggs"), ("a post", "Sent", ""),
        ("", "Save it", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('_("One " "sentence")', [("", "One sentence", "")]),
        ('_lazy("Hour")', [("", "Hour", "")]),
        ('translation.gettext("Dotted")', [("", "Dotted", "")]),
        ('ngettext("%(n)s egg", "%(n)s eggs", n)', [("", "%(n)s egg", "%(n)s eggs")]),
        ('pgettext_lazy("a post", "Sent")', [("a post", "Sent", "")]),
        ('gettext(need["what"])', []),
        ('gettext(told.get("missing"))', []),
        ('write(may="brand.edit", done="Saved.")', [("", "Saved.", "")]),
        ('says("Not marked")', []),
    ],
)
def test_in_code_only_a_literal_argument_is_a_string(code, found):
    assert list(words._of_code(ast.parse(code))) == found


def test_the_finder_sees_what_network_files_say():
    found = {text for _path, (_context, text, _plural) in words.of_networks()}
    assert "The post is empty." in found
    assert "No bot is told how often a post was seen: views come from an export or by hand." in found
    assert "From @BotFather, after /newbot." in found
    assert any(text.startswith("These are totals of days, not posts.") for text in found)


def test_new_strings_are_added_below_the_old_ones(tmp_path):
    po = tmp_path / "locale/fil/LC_MESSAGES/django.po"
    for text, said in (("Yes", "Oo"), (("%(n)s egg", "%(n)s eggs"), ("%(n)s itlog",) * 2)):
        more = Catalog()
        more.add(text, said)
        words.append(po, more, "fil")
    box = BytesIO()
    write_mo(box, words._read(po))
    box.seek(0)
    spoken = gettext.GNUTranslations(box)
    assert spoken.gettext("Yes") == "Oo"
    assert spoken.ngettext("%(n)s egg", "%(n)s eggs", 3) == "%(n)s itlog"


def test_a_file_without_a_room_belongs_to_core():
    assert words.room_of(words.ROOT / "stages/correct/rules.py") == words.ROOT / "stages/correct"
    assert words.room_of(words.ROOT / "playbooks/x.py") == words.ROOT / "core"
