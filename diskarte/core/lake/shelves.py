"""Putting files on a brand's shelf, and sweeping those nobody names."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from diskarte.core.people.models import Brand

from .models import Shelf

GRACE = 3600  # seconds a file that nobody names may still be read or be about to be named
Files = dict[str, list[tuple[str, int]]]  # table → (name of the file, rows)


class Moved(Exception):
    """Somebody else changed the shelf meanwhile: look again and repeat."""


def folder(brand_pk: int) -> Path:
    """Where the files of a brand lie; made when it is missing."""
    path = Path(settings.DATA) / "lake" / str(brand_pk)
    path.mkdir(parents=True, exist_ok=True)
    return path


def new_file(table: str) -> str:
    """A name for a file of a table; nobody else has it."""
    return f"{table}-{uuid4().hex}.parquet"


def shelf_of(brand: Brand) -> Shelf:
    """The brand's shelf; an empty one when nothing was ever put there."""
    return Shelf.objects.filter(brand=brand).first() or Shelf(brand=brand)


def place(shelf: Shelf, files: Files) -> Shelf:
    """Make these the files of these tables; tables not named stay. Files that go are deleted once it is certain.

    Raises Moved when the shelf is not the one that was looked at any more.
    """
    now = Shelf(brand_id=shelf.brand_id, version=shelf.version + 1)
    now.files = {**shelf.files, **{table: [list(file) for file in rows] for table, rows in files.items()}}
    with transaction.atomic():
        if shelf.pk is None:
            now.pk = Shelf.objects.get_or_create(brand_id=shelf.brand_id)[0].pk
        else:
            now.pk = shelf.pk
        same = Shelf.objects.filter(pk=now.pk, version=shelf.version)
        if not same.update(version=now.version, files=now.files):
            raise Moved
        for name in shelf.names() - now.names():
            transaction.on_commit(partial((folder(shelf.brand_id) / name).unlink, missing_ok=True))
    return now


def sweep() -> int:
    """Delete files no shelf has named for an hour; how many."""
    gone = 0
    root = Path(settings.DATA) / "lake"
    named = {str(shelf.brand_id): shelf.names() for shelf in Shelf.objects.all()}
    for file in root.glob("*/*.parquet"):
        if file.name not in named.get(file.parent.name, ()) and file.stat().st_mtime < time.time() - GRACE:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
