"""Heavy tables: named by a shelf, moved at once, swept when nobody names them."""

from __future__ import annotations

import os
import time

import duckdb
import pytest

from diskarte.core.lake.models import Shelf
from diskarte.core.lake.shelves import GRACE, Moved, folder, new_file, place, shelf_of, sweep
from diskarte.core.lake.tables import hands, in_order, opened, quoted
from tests.make import a_brand

pytestmark = pytest.mark.django_db
COLUMNS = {"n": "INTEGER", "text": "VARCHAR"}


@pytest.fixture(autouse=True)
def _place(tmp_path, settings):
    settings.DATA = tmp_path


def put(brand, rows: int, text: str) -> Shelf:
    """A new file of the table «words», beside those that are there."""
    shelf = shelf_of(brand)
    with opened(brand, shelf) as t:
        name = new_file("words")
        sql = f"SELECT i::INTEGER AS n, {quoted(text)} AS text FROM range({rows}) r(i)"
        count = t.write(sql, str(folder(brand.pk) / name))
    return place(shelf, {"words": [*shelf.files.get("words", []), (name, count)]})


def test_a_table_without_files_has_its_columns_and_no_rows():
    with opened(a_brand()) as t:
        assert t.rows(f"SELECT n, text FROM {t.of('words', COLUMNS)}") == []


def test_files_of_a_table_are_asked_together():
    put(a_brand(), 3, "it's")
    shelf = put(a_brand(), 2, "b")
    assert (shelf.version, shelf.rows("words"), len(shelf.names())) == (2, 5, 2)
    with opened(a_brand()) as t:
        told = t.rows(f"SELECT text, count(*) FROM {t.of('words', COLUMNS)} GROUP BY text ORDER BY text")
        assert told == [("b", 2), ("it's", 3)]
        assert t.arrays(f"SELECT n FROM {t.of('words', COLUMNS)} ORDER BY n")["n"].tolist() == [0, 0, 1, 1, 2]


def test_who_looked_at_an_older_shelf_must_look_again():
    old = put(a_brand(), 1, "a")
    put(a_brand(), 1, "b")
    with pytest.raises(Moved):
        place(old, {"words": []})
    fresh = Shelf(brand=a_brand())
    with pytest.raises(Moved):
        place(fresh, {})


def test_a_file_that_goes_is_deleted_when_that_is_certain(django_capture_on_commit_callbacks):
    shelf = put(a_brand(), 1, "a")
    with django_capture_on_commit_callbacks(execute=True):
        place(shelf, {"words": []})
        assert len(list(folder(shelf.brand_id).glob("*.parquet"))) == 1
    assert not list(folder(shelf.brand_id).glob("*.parquet"))


def test_files_nobody_names_are_swept_after_an_hour():
    shelf = put(a_brand(), 1, "a")
    lost = folder(shelf.brand_id) / new_file("words")
    lost.write_bytes(b"x")
    assert sweep() == 0
    old = time.time() - GRACE - 5
    for file in folder(shelf.brand_id).glob("*.parquet"):
        os.utime(file, (old, old))
    assert sweep() == 1
    assert not lost.exists()
    with opened(a_brand()) as t:
        assert len(t.rows(f"SELECT * FROM {t.of('words', COLUMNS)}")) == 1


def test_nothing_stays_behind_a_connection():
    with opened(a_brand()) as t:
        t.rows("SELECT 1")
        assert len(list(folder(a_brand().pk).iterdir())) == 1
    assert not list(folder(a_brand().pk).iterdir())


def test_hands_work_beside_each_other_and_a_failure_is_told():
    with opened(a_brand()) as t:
        with hands(t) as begin:
            sums = [
                begin(lambda mine, n=n: mine.row(f"SELECT sum(i) FROM range({n}) r(i)")[0]) for n in (3, 5, 7)
            ]
            assert [told.result() for told in sums] == [3, 10, 21]
            with pytest.raises(duckdb.Error):
                begin(lambda mine: mine.row("SELECT nonsense")).result()
        assert t.row("SELECT 1") == (1,)  # the connection itself is free


def test_what_is_joined_as_it_is_written_is_not_later():
    with opened(a_brand()) as t:
        asked = "SELECT current_setting('disabled_optimizers'), current_setting('threads')"
        before = t.row(asked)
        with in_order(t):
            assert t.row(asked) == ("build_side_probe_side", 1)
        assert t.row(asked) == before
