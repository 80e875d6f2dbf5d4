"""Everything worth keeping in one file, and back again.

One zip: `manifest.json` (what is inside, with SHA-256 sums), the database, the media, the secret key. SQLite is
copied by its own online back-up, so writers go on; PostgreSQL is written as one JSON row per line from one
snapshot, and such a file can be restored into either. Nothing is touched before all sums were checked.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import batched, groupby
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.base import DeserializedObject
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.words import Problem

FORMAT = 1
CHUNK = 1024 * 1024
SQLITE, ROWS, KEY, MANIFEST = "diskarte.sqlite3", "rows.jsonl", "secret.key", "manifest.json"
BEFORE = "before-restore.zip"
BATCH = 500
ENGINE = "copy"  # "rows": as lines even from SQLite, to move to PostgreSQL
Sums = dict[str, str]


@dataclass(frozen=True)
class Kept:
    """What a back-up holds or a restore brought."""

    file: Path
    entries: int
    size: int  # bytes

    def __str__(self) -> str:
        return f"{self.file}: {self.entries} files, {self.size / CHUNK:.1f} MB"


def backup(file: Path | str, rows: bool = False) -> Kept:
    """Write a back-up; an existing file is replaced only by a whole one. Raises Problem.

    With `rows` it can be restored into PostgreSQL too, whatever it was made from.
    """
    file = Path(file).absolute()
    part = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            sums = _write_all(archive, rows)
        _check(part)
        part.replace(file)
    except OSError as e:
        raise Problem(
            _("The back-up could not be written: %s.") % (e.strerror or e), do=_("Try another place.")
        ) from e
    finally:
        if part.exists():
            part.unlink()
    file.chmod(0o600)  # it holds the secret key
    return Kept(file, len(sums), file.stat().st_size)


def _write_all(archive: zipfile.ZipFile, rows: bool) -> Sums:
    sums: Sums = {}
    with tempfile.TemporaryDirectory(prefix="diskarte-backup-") as folder:
        as_copy = ENGINE == "copy" and not rows and connection.vendor == "sqlite"
        database = Path(folder) / (SQLITE if as_copy else ROWS)
        (_copy_sqlite if as_copy else _write_rows)(database)
        sums[database.name] = _add(archive, database, database.name)
    for room, root in _rooms().items():
        for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.name.startswith(".")):
            name = f"{room}/{path.relative_to(root).as_posix()}"
            sums[name] = _add(archive, path, name)
    archive.writestr(KEY, settings.SECRET_KEY)
    sums[KEY] = hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()
    archive.writestr(MANIFEST, json.dumps(_manifest(sums), indent=1))
    return sums


def _rooms() -> dict[str, Path]:
    """Folders whose files belong to a back-up: media, and the columns of heavy tables."""
    return {"media": Path(settings.MEDIA_ROOT), "lake": Path(settings.DATA) / "lake"}


def _manifest(sums: Sums) -> dict[str, Any]:
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {"format": FORMAT, "made_at": clock.now().isoformat(), "migrations": applied, "sha256": sums}


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    kind = zipfile.ZIP_STORED if name.startswith(("media/", "lake/")) else zipfile.ZIP_DEFLATED
    entry = zipfile.ZipInfo.from_file(path, name)
    entry.compress_type = kind
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        return _copied(source, target)


def _copied(source: IO[bytes], target: IO[bytes] | None) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest()


def _copy_sqlite(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def _write_rows(path: Path) -> None:
    with transaction.atomic(), path.open("w", encoding="utf-8") as file:
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in _tables():
            rows = model._base_manager.order_by("pk").iterator(BATCH)
            for batch in batched(rows, BATCH):
                for told in serializers.serialize("python", batch):
                    file.write(json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n")


def _tables() -> list[type[models.Model]]:
    """Every table of ours that holds data, those pointed at before those that point."""
    configs = [(config, None) for config in apps.get_app_configs()]
    ordered = serializers.sort_dependencies(configs, allow_cycles=True)
    return [m for m in ordered if m._meta.managed and not m._meta.proxy]


def restore(file: Path | str, *, force: bool = False) -> Kept:
    """Bring a back-up back; what is here is kept aside. Raises Problem before touching anything that it refuses."""
    file = Path(file).absolute()
    manifest = _check(file)
    _fits(manifest)
    if not force and not _is_empty():
        raise Problem(
            _("There is something here already."),
            kept=_("Nothing was changed."),
            do=_("Add --force to replace it."),
        )
    if not _is_empty():
        backup(Path(settings.DATA) / BEFORE)
    names: Sums = manifest["sha256"]
    with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        for name in names:
            target = Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out, CHUNK)
        _bring_database(Path(folder), names)
        for room, root in _rooms().items():
            _bring_files(Path(folder) / room, root)
        _bring_key(Path(folder) / KEY)
    return Kept(file, len(names), file.stat().st_size)


def _check(file: Path) -> dict[str, Any]:
    """The manifest, after every sum was found right."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            for name, sum_ in _safe(manifest["sha256"]):
                with archive.open(name) as source:
                    if _copied(source, None) != sum_:
                        raise ValueError(name)
    except FileNotFoundError:
        raise Problem(_("There is no file %s.") % file) from None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as e:
        raise Problem(
            _("%s is not a whole back-up.") % file.name,
            kept=_("Nothing was changed."),
            do=_("Take another one; this one is damaged (%s).") % e,
        ) from e
    return manifest


def _safe(sums: Sums) -> Iterator[tuple[str, str]]:
    for name, sum_ in sums.items():
        if name.startswith("/") or ".." in Path(name).parts or "\\" in name:
            raise ValueError(name)
        yield name, sum_


def _fits(manifest: dict[str, Any]) -> None:
    """A back-up of a newer version is refused: this one would not know what to do with it."""
    known = set(MigrationLoader(None).disk_migrations)
    newer = [
        name for name in map(tuple, manifest["migrations"]) if name not in known and name[0] in _labels()
    ]
    if manifest["format"] > FORMAT or newer:
        raise Problem(
            _("A newer version made this back-up."),
            kept=_("Nothing was changed."),
            do=_("Update, then restore."),
        )
    if SQLITE in manifest["sha256"] and connection.vendor != "sqlite":
        raise Problem(
            _("This back-up holds an SQLite database, and here PostgreSQL is used."),
            kept=_("Nothing was changed."),
            do=_("Restore it without DATABASE_URL."),
        )


def _labels() -> set[str]:
    return {config.label for config in apps.get_app_configs()}


def _is_empty() -> bool:
    if "people_person" not in connection.introspection.table_names():
        return True
    return not apps.get_model("people", "Person")._base_manager.exists()


def _bring_database(folder: Path, names: Sums) -> None:
    if SQLITE in names:
        _bring_sqlite(folder / SQLITE)
        call_command("migrate", verbosity=0, interactive=False)
    else:
        call_command("migrate", verbosity=0, interactive=False)
        _bring_rows(folder / ROWS)


def _bring_sqlite(copy: Path) -> None:
    """Through the database's own back-up interface, so that open connections see one change, not a lost file."""
    with closing(sqlite3.connect(copy)) as source:
        if source.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Problem(_("The database in the back-up is damaged."), kept=_("Nothing was changed."))
        connection.ensure_connection()
        source.backup(connection.connection)
    connection.close()


def _bring_rows(path: Path) -> None:
    with transaction.atomic(), path.open(encoding="utf-8") as lines:
        for model in reversed(_tables()):
            for link in model._meta.local_many_to_many:
                if link.remote_field.through:
                    link.remote_field.through._base_manager.all().delete()
            model._base_manager.all()._raw_delete(connection.alias)
        for batch in batched(lines, BATCH):
            _save(list(serializers.deserialize("json", f"[{','.join(batch)}]", ignorenonexistent=True)))
        for statement in connection.ops.sequence_reset_sql(no_style(), _tables()):
            connection.cursor().execute(statement)


def _save(rows: list[DeserializedObject]) -> None:
    """In bulk, as the tables are empty; one by one where a row has links to keep."""
    for model, alike in groupby(rows, lambda row: type(row.object)):
        if model._meta.local_many_to_many:
            for row in alike:
                row.save()
        else:
            model._base_manager.bulk_create([row.object for row in alike])


def _bring_files(folder: Path, root: Path) -> None:
    """Files never change under their name, so nothing that is here can be overwritten by something else."""
    for path in (p for p in folder.rglob("*") if p.is_file()):
        target = root / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)


def _bring_key(path: Path) -> None:
    target = Path(settings.DATA) / KEY
    if target.exists() and target.read_text() != path.read_text():
        target.replace(target.with_name(f"{KEY}.before-restore"))
    target.write_text(path.read_text())
    target.chmod(0o600)
