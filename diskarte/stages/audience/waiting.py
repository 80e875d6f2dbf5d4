"""Files of people that wait for a person to look at their preview; a day later they are thrown away."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from diskarte.core import clock, tables
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.words import Problem

from .importing.shape import LARGEST, sample
from .models import Intake
from .rules.vocabulary import SYNONYMS

FOLDER = Path(settings.DATA) / "intake"
WAITS = timedelta(days=1)


def keep(who: Who, file: Upload) -> Intake:
    """Put the file aside until a person has seen its preview; one that is no table is refused at once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = uuid4().hex
    with ThreadPoolExecutor(1) as hand:  # copied while its letters are looked through
        copy = hand.submit(_copy, file, FOLDER / name)
        try:
            found = tables.read(file, largest=LARGEST)
        except Problem:
            copy.add_done_callback(lambda _done: (FOLDER / name).unlink(missing_ok=True))
            raise
        copy.result()
    columns = tables.match_headers(found.headers, SYNONYMS)
    facts: dict[str, Any] = {
        "name": file.name[:200],
        "path": name,
        "headers": found.headers,
        "columns": columns,
    }
    facts |= {"shape": {"encoding": found.encoding}, "bytes_all": file.size}
    intake = Intake(brand=who.brand, made_by=who.person, made_at=clock.now(), **facts)
    intake.save()
    return intake


def _copy(file: Upload, target: Path) -> None:
    if file.path is not None:
        shutil.copyfile(file.path, target)
    else:
        target.write_bytes(file.content or b"")


def desk_folder(intake: Intake) -> Path:
    """Where the parts of an import lie until they are joined."""
    return Path(settings.DATA) / "lake" / str(intake.brand_id) / f"intake-{intake.pk}"


def upload_of(intake: Intake) -> Upload:
    """The waiting file. Raises Problem when it is gone."""
    path = FOLDER / intake.path
    if intake.state not in ("waiting", "working", "stopped") or not intake.path or not path.is_file():
        raise Problem(_("This file is not waiting any more."), do=_("Give it once more."))
    return Upload(intake.name, path=path)


def sample_of(intake: Intake) -> Upload:
    """The first rows of the waiting file."""
    return sample(upload_of(intake), intake.shape.get("encoding", "utf-8"))


def drop(intake: Intake) -> None:
    """Throw the waiting file away, once the decision about it is kept."""
    if intake.path:
        transaction.on_commit(partial((FOLDER / intake.path).unlink, missing_ok=True))
        intake.path = ""


def sweep(now: datetime) -> int:
    """Throw away files nobody came back for, with their rows; how many files."""
    for left in Intake.objects.filter(state="stopped", made_at__lt=now - WAITS).exclude(path=""):
        shutil.rmtree(desk_folder(left), ignore_errors=True)
        drop(left)
        left.save(update_fields=["path"])
    Intake.objects.filter(state="waiting", made_at__lt=now - WAITS).delete()
    old = [f for f in FOLDER.glob("*") if datetime.fromtimestamp(f.stat().st_mtime, UTC) < now - WAITS]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
