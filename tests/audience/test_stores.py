"""What lies where: sums of purchases, receipts in a chain, charts, imports taken back, and a light start."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.lake.shelves import shelf_of
from diskarte.core.lake.tables import opened
from diskarte.core.tables import packed_rejected, write_csv
from diskarte.stages.audience import actions, charts, valuing, waiting
from diskarte.stages.audience.columns import SPENDING
from diskarte.stages.audience.importing.shape import Shape, parts
from diskarte.stages.audience.models import Receipt
from diskarte.stages.audience.receipts import broken, sealed
from diskarte.stages.audience.sketches import hashed
from tests.make import NOW, alice, bob

from .builders import ANA, BEN, known, people_file, shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch, settings):
    settings.DATA = tmp_path
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")
    with clock.at(NOW):
        yield


def test_sums_of_purchases_by_hand():
    lines = [["7", "2026-03-04", "100"], ["7", "2026-03-04", "50"], ["7", "2026-03-20", "30"],
             ["7", "2026-03-21", "-20"],
             ["7", "2026-04-01", "$9"], ["8", "2026-03-04", "-5"]]  # fmt: skip
    actions.import_people(bob(), Upload("s.csv", write_csv(["customer id", "order date", "amount"], lines)))
    with opened(bob().brand) as t:
        told = t.rows(f"SELECT days, first, last, cents, again_cents FROM {t.of('spending', SPENDING)}")
    # three days with a purchase; money given back lowers the sum; dollars are a purchase without a sum; 8 never bought
    assert told == [(3, date(2026, 3, 4), date(2026, 4, 1), 16000, 3000)]


def test_receipts_form_a_chain():
    rows = [sealed(bob().brand, [f"{n:064}"], {"people": n}) for n in range(3)]
    assert broken(Receipt.objects.order_by("pk")) == []
    rows[1].digests = []
    rows[1].save()
    assert broken(Receipt.objects.order_by("pk")) == [rows[1].pk]
    rows[0].delete()  # whoever takes one out breaks the next as well
    assert rows[1].pk in broken(Receipt.objects.order_by("pk"))


def test_receipts_hold_when_the_key_is_changed(settings):
    sealed(bob().brand, ["a"], {})
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert broken(Receipt.objects.all()) == []


def test_what_an_import_only_told_stays_when_it_is_taken_back():
    actions.import_people(bob(), people_file(ANA))
    second = actions.import_people(bob(), people_file(["Ana Maria Reyes", *ANA[1:]], BEN, name="second.csv"))
    assert (second.taken, second.changed) == (1, 1)
    actions.take_back_people(bob(), second.pk)
    assert [one.name for one in known(bob())] == ["Ana Maria Reyes"]
    assert actions.lists(bob()) == [("people.csv", 1)]


def test_numbers_of_people_are_never_given_twice_while_they_are_here():
    for n in range(3):
        actions.import_people(
            bob(), people_file([f"P{n}", f"p{n}@example.com", "", "", "", ""], name=f"{n}.csv")
        )
    assert len({one.id for one in known(bob())}) == 3
    assert len(shelf_of(bob().brand).files["people"]) == 3


def test_an_import_made_of_one_list_is_a_list():
    actions.import_people(bob(), people_file(ANA, BEN), list_name="May survey")
    actions.import_people(bob(), people_file(ANA), list_name="May survey")
    assert actions.lists(bob()) == [("May survey", 2)]


def test_charts_hold_what_they_are_given():
    actions.import_people(alice(), shop())
    told = actions.value(alice())
    spec = charts.recency_map(told["map"])
    assert sum(row["n"] for row in spec["data"]["values"]) == told["customers"]
    spec = charts.worth_spread(told["spread"], "PHP")
    assert sum(row["n"] for row in spec["data"]["values"]) == told["customers"]


def test_a_group_too_small_to_be_drawn_has_its_range(monkeypatch):
    monkeypatch.setattr(valuing, "SAMPLE", 3)
    actions.import_people(alice(), shop())
    cells = actions.value(alice())["cells"]
    assert len(cells) > 3
    assert all(0 <= cell["low"] <= cell["high"] for cell in cells)


def test_charts_are_vega_lite():
    import altair

    cells = [{"often": 0, "ago": 1, "n": 5, "spent": 1.0}]
    bins = [{"low": 0.0, "high": 1000.0, "n": 3}]
    for spec in (charts.recency_map(cells), charts.worth_spread(bins, "PHP")):
        altair.Chart.from_dict(spec) if "mark" in spec else altair.LayerChart.from_dict(spec)


def test_parts_cover_a_file_and_end_with_rows(tmp_path, monkeypatch):
    from diskarte.stages.audience.importing import shape

    monkeypatch.setattr(shape, "PART", 64)
    file = tmp_path / "x.csv"
    file.write_bytes(b"".join(b'%d,"a\nb ""%d"""\n' % (n, n) for n in range(50)))
    spans = list(parts(file, 0))
    assert [start for start, _end in spans[1:]] == [end for _start, end in spans[:-1]]
    assert spans[-1][1] == file.stat().st_size
    assert all(file.read_bytes()[start:end].endswith(b'"""\n') for start, end in spans)
    assert Shape(**Shape("utf-8", ",", 2).plain()) == Shape("utf-8", ",", 2)


def test_refused_rows_run_nothing_in_a_spreadsheet():
    import gzip

    told = gzip.decompress(packed_rejected(["=x", "b"], [(2, {"=x": "=cmd()", "b": "+1"}, "why")])).decode(
        "utf-8-sig"
    )
    assert told.splitlines() == ["'=x,b,Row,Reason", "'=cmd(),+1,2,why"]


def test_hashes_of_members_are_salted(settings):
    one = hashed(["Ana@Example.com ", "b"])
    assert one[0] == hashed(["ana@example.com"])[0]
    settings.SECRET_KEY = "another house"
    assert one[0] != hashed(["ana@example.com"])[0]


def test_the_stage_starts_without_heavy_libraries():
    code = "import django; django.setup(); import diskarte.stages.audience.actions, sys;"
    code += "print([n for n in ('duckdb', 'scipy', 'pandas') if n in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_env()
    )
    assert told.stdout.strip() == "[]"


def _env():
    import os

    return {**os.environ, "DJANGO_SETTINGS_MODULE": "diskarte.settings"}
