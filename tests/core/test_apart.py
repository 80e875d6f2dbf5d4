"""Work in a process of its own: told, heard, stopped, and given nothing of ours."""

import os
import time

import pytest

from diskarte.core.apart import Died, apart

ECHO = "tests.core.echo"


def test_it_answers_piece_by_piece_and_hears_letters_of_every_kind():
    assert list(apart(ECHO, {"say": ["kapé", 2, {"₱": None}]})) == ["kapé", 2, {"₱": None}]


def test_it_gets_no_setting_of_ours(monkeypatch):
    monkeypatch.setenv("DISKARTE_MODEL_KEY", "abc")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:secret@host/name")
    (names,) = apart(ECHO, {"names": True})
    assert "PATH" in names
    assert not [name for name in names if name.startswith(("DISKARTE", "DATABASE"))]


def test_what_it_prints_is_a_complaint_and_its_last_words_are_told():
    heard = []
    with pytest.raises(Died, match="ZeroDivisionError"):
        heard.extend(apart(ECHO, {"say": ["so far"], "divide": 0}))
    assert heard == ["so far"]
    assert list(apart(ECHO, {"print": "hello", "say": [1]})) == [1]


def test_it_is_stopped_after_its_time_and_when_nobody_listens():
    began = time.monotonic()
    with pytest.raises(Died, match="-9"):
        list(apart(ECHO, {"sleep": 60}, limit=0.5))
    pieces = apart(ECHO, {"pid": True, "sleep": 60})
    pid = next(pieces)
    pieces.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert time.monotonic() - began < 50
