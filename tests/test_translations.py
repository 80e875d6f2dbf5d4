"""English is the source, Filipino is complete at every commit."""

import re
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import words

PLACES = re.compile(r"%\(\w+\)[sdg]|\{\w+\}")
FILES = sorted(words.ROOT.rglob("locale/fil/LC_MESSAGES/django.po"))


def test_nothing_is_missing():
    missing = words.missing()
    assert not missing, f"{len(missing)} strings without Filipino, such as {missing[:5]}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(words.ROOT).parts[:2]))
def test_a_translation_keeps_the_places_of_its_source(path):
    with path.open("rb") as source:
        for message in read_po(source):
            ids = message.id if isinstance(message.id, tuple | list) else [message.id]
            texts = message.string if isinstance(message.string, tuple | list) else [message.string]
            known = set(PLACES.findall(" ".join(ids)))
            for text in texts:
                assert set(PLACES.findall(text)) <= known, (ids[0], text)


def test_a_page_speaks_filipino(web):
    words.compile_all()
    web.cookies["language"] = "fil"
    page = web.get("/kape-diwata/measure/").content.decode()
    assert '<html lang="fil"' in page
    assert "Ano ang nangyari?" in page


def test_the_finder_sees_a_missing_string(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<p>{% translate "Not there" %} {% blocktranslate %}Hi {{ name }}{% endblocktranslate %}</p>'
    )
    assert list(words.strings(page)) == ["Not there", "Hi %(name)s"]
