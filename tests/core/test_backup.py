"""One file out, the same house back; and nothing touched before it was checked."""

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from diskarte.core import backup as keeping
from diskarte.core.backup import backup, restore
from diskarte.core.files.keep import keep
from diskarte.core.files.models import File
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.queue import queue
from diskarte.core.people.models import Membership, Person
from diskarte.core.secrets import Secrets
from diskarte.words import Problem
from tests import make
from tests.core.outbox_world import NOW
from tests.core.test_files import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(settings, tmp_path):
    """An installation with a person, a file, a channel with a secret, and something to send."""
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    (tmp_path / "secret.key").write_text(settings.SECRET_KEY)
    alice = make.alice()
    Membership.objects.get().brands.add(alice.brand)
    keep(alice.brand, "latte.png", picture())
    channel = Channel.objects.create(
        brand=alice.brand, network="practice", identity="a", secrets=Secrets(token="tok-123")
    )
    queue(alice.brand, channel, {"text": "Magandang umaga ñ"}, NOW, key="k1")
    return tmp_path


def whole():
    """What must be there."""
    assert Person.objects.get().email == "alice@example.com"
    assert [brand.slug for brand in Membership.objects.get().brands.all()] == ["kape-diwata"]
    assert Channel.objects.get().secrets == {"token": "tok-123"}
    delivery = Delivery.objects.get()
    assert (delivery.key, delivery.content, delivery.due_at) == ("k1", {"text": "Magandang umaga ñ"}, NOW)
    assert File.objects.get().read() == picture()


def ruin():
    for file in File.objects.all():
        file.path.unlink()
    for model in (Delivery, Channel, Membership, Person):
        model.objects.all().delete()


def test_there_and_back(house):
    kept = backup(house / "a" / "house.zip")
    assert kept.entries == 3
    ruin()
    restore(house / "a" / "house.zip")
    whole()


def test_the_rows_way_too(house, monkeypatch):
    """What PostgreSQL writes, and what SQLite can read."""
    monkeypatch.setattr(keeping, "ENGINE", "rows")
    backup(house / "house.zip")
    assert keeping.ROWS in zipfile.ZipFile(house / "house.zip").namelist()
    ruin()
    restore(house / "house.zip")
    whole()
    Person.objects.create_user("bea@example.com")  # the next number is free


def test_the_file_is_for_its_owner_only_and_no_part_remains(house):
    backup(house / "house.zip")
    assert (house / "house.zip").stat().st_mode & 0o077 == 0
    assert not list(house.glob("*.part"))


def test_it_does_not_replace_what_is_here_unless_told(house):
    backup(house / "house.zip")
    Person.objects.update(name="Changed")
    with pytest.raises(Problem, match="--force"):
        restore(house / "house.zip")
    assert Person.objects.get().name == "Changed"
    restore(house / "house.zip", force=True)
    assert Person.objects.get().name == "Alice"
    assert (house / keeping.BEFORE).exists()  # and what was here can still be had


def test_the_key_comes_back_and_the_other_is_kept_aside(house, settings):
    backup(house / "house.zip")
    (house / "secret.key").write_text("a new installation's key")
    restore(house / "house.zip", force=True)
    assert (house / "secret.key").read_text() == settings.SECRET_KEY
    assert (house / "secret.key.before-restore").read_text() == "a new installation's key"


def rewritten(path: Path, name: str, data: bytes | None) -> Path:
    """The same archive with one entry changed, or left out."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        if data is not None:
            new.writestr(name, data)
    return target


@pytest.mark.parametrize("data", [b"other bytes", None])
def test_one_wrong_byte_is_noticed_before_anything_is_touched(house, data):
    backup(house / "house.zip")
    media = next(n for n in zipfile.ZipFile(house / "house.zip").namelist() if n.startswith("media/"))
    changed = rewritten(house / "house.zip", media, data)
    with pytest.raises(Problem, match="not a whole back-up"):
        restore(changed, force=True)
    whole()


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "media/../../evil"])
def test_an_entry_leads_nowhere_else(house, name):
    backup(house / "house.zip")
    manifest = json.loads(zipfile.ZipFile(house / "house.zip").read(keeping.MANIFEST))
    manifest["sha256"][name] = "0"
    changed = rewritten(house / "house.zip", keeping.MANIFEST, json.dumps(manifest).encode())
    with pytest.raises(Problem, match="not a whole"):
        restore(changed, force=True)


def test_a_newer_back_up_is_refused(house):
    backup(house / "house.zip")
    manifest = json.loads(zipfile.ZipFile(house / "house.zip").read(keeping.MANIFEST))
    manifest["migrations"].append(["outbox", "9999_from_the_future"])
    changed = rewritten(house / "house.zip", keeping.MANIFEST, json.dumps(manifest).encode())
    with pytest.raises(Problem, match="newer version"):
        restore(changed, force=True)


def test_what_is_no_back_up_is_said_to_be_none(house):
    (house / "x.zip").write_bytes(b"nothing")
    with pytest.raises(Problem, match="not a whole back-up"):
        restore(house / "x.zip")
    with pytest.raises(Problem, match="no file"):
        restore(house / "missing.zip")


def test_a_place_that_cannot_be_written_is_a_problem_in_words(house):
    (house / "file").write_text("")
    with pytest.raises(Problem, match="could not be written"):
        backup(house / "file" / "house.zip")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="an SQLite database's own copy")
def test_the_copy_is_a_whole_database(house, tmp_path):
    backup(house / "house.zip")
    zipfile.ZipFile(house / "house.zip").extract(keeping.SQLITE, tmp_path / "out")
    copy = sqlite3.connect(tmp_path / "out" / keeping.SQLITE)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.execute("SELECT key FROM outbox_delivery").fetchall() == [("k1",)]


def test_columns_come_back_with_the_rows_that_name_them(house, tmp_path):
    from diskarte.core.lake.shelves import folder, place, shelf_of
    from diskarte.core.lake.tables import opened

    brand = make.alice().brand
    with opened(brand) as t:
        t.write("SELECT 7 AS n", str(folder(brand.pk) / "words-1.parquet"))
    place(shelf_of(brand), {"words": [("words-1.parquet", 1)]})
    backup(tmp_path / "b.zip")
    (folder(brand.pk) / "words-1.parquet").unlink()
    restore(tmp_path / "b.zip", force=True)
    with opened(make.alice().brand) as t:
        assert t.rows(f"SELECT n FROM {t.of('words', {'n': 'INTEGER'})}") == [(7,)]
