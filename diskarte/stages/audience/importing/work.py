"""Working through an accepted file: part by part, then the join; a killed import goes on where it stopped."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from diskarte.core import clock, tables
from diskarte.core.lake.shelves import Moved, place, shelf_of
from diskarte.core.lake.tables import Tables, hands, in_order, opened
from diskarte.words import Problem

from .. import sentences
from ..forgetting import Door, last_asked, shut_out
from ..models import Intake
from ..spending import spent
from ..waiting import desk_folder, drop, upload_of
from .joining import Joined, Source, join
from .numbering import free_after
from .origin import Origin
from .plain import Looks
from .reading import Desk, Part, bad_rows, done_parts, pieces, read_part
from .shape import Shape, lines_in, parts, prepared
from .way import Way

REJECTED = 200_000  # refused rows kept for download; beyond them only the count
AT_ONCE = 8 * 1024 * 1024  # a file up to this size is taken while the person waits
SILENT = timedelta(minutes=3)  # a worker that says nothing for so long is presumed dead
TRIES = 5


def take(intake: Intake) -> Intake:
    """Read every part that is not read yet, then join. Raises Problem; the file stays, nothing is half taken."""
    way = Way(**intake.way)
    with opened(intake.brand) as t:
        desk, source = _desk(t, intake, way)
        for told in _parts(t, desk, source):
            _beat(intake, "reading", told.next)
        done = [*done_parts(desk.folder).values()]
        if not sum(part.rows - part.refused for part in done):
            raise _nobody(desk, done)
        _beat(intake, "joining", intake.bytes_all)
        _join(t, intake, way, desk, done)
    shutil.rmtree(desk.folder, ignore_errors=True)
    return intake


def _desk(t: Tables, intake: Intake, way: Way) -> tuple[Desk, Path]:
    """Everything laid out as it was when the import began, or for the first time."""
    folder = desk_folder(intake)
    folder.mkdir(parents=True, exist_ok=True)
    upload = upload_of(intake)
    clean = folder / "clean.csv"
    if not intake.shape or not (clean.exists() or upload.path):
        intake.shape = {}
    if not {"shape", "base"} <= intake.shape.keys():
        for old in folder.glob("part-*"):  # of a try that was given up, or of an earlier version
            old.unlink()
        source, shape = prepared(upload, clean, intake.shape.get("encoding", "utf-8"), len(intake.headers))
        intake.shape |= {"shape": shape.plain(), "source": str(source), "asked": last_asked(intake.brand)}
        intake.bytes_all = source.stat().st_size
        intake.shape["base"] = free_after(t, intake.bytes_all)
        intake.save()
    told = intake.shape
    shape = Shape(**told["shape"])
    origin = Origin(intake.pk, intake.name, way.consent_from or intake.name, told["base"])
    return Desk(way, shape, intake.headers, Door(intake.brand), origin, folder), Path(told["source"])


def _parts(t: Tables, desk: Desk, source: Path) -> Iterator[Part]:
    """Every part in order, some of them read at the same time. A part that fails is read once more when those above it
    are done, so that what is said of its rows has their numbers."""
    done, above, lines = done_parts(desk.folder), desk.shape.first - 1, 0
    looks: defaultdict[Tables, Looks] = defaultdict(Looks)
    with in_order(t), hands(t) as begin:

        def coming(at: int, span: tuple[int, int]) -> Callable[[], Part]:
            nonlocal lines
            here = lines
            if not desk.shape.numbered:
                lines += lines_in(source, *span)
            if at in done:
                return lambda: done[at]
            return begin(lambda t: read_part(t, desk, source, span, at, here, looks[t])).result

        spans = [(at, span, coming(at, span)) for at, span in enumerate(parts(source, desk.shape.start))]
        for at, span, part in spans:
            try:
                told = part()
            except Problem:
                read_part(t, desk, source, span, at, 0, above=above)
                raise
            above += told.rows
            yield told


def _beat(intake: Intake, step: str, read: int) -> None:
    """Say that somebody is at it, and how far."""
    intake.step, intake.bytes_read, intake.beat_at = step, read, clock.now()
    Intake.objects.filter(pk=intake.pk).update(step=step, bytes_read=read, beat_at=intake.beat_at)


def _nobody(desk: Desk, done: list[Part]) -> Problem:
    if not sum(part.refused for part in done):
        return Problem(_("There is no row below the header."), kept=_("Nothing was imported."))
    number, _row, code, value = next(bad_rows(desk, 1))
    what = _("Not one row could be taken. Row %(n)s: %(why)s") % {
        "n": number,
        "why": sentences.reason(code, value),
    }
    return Problem(
        what, kept=_("Nothing was imported."), do=_("Check which column is which."), field="columns"
    )


def _join(t: Tables, intake: Intake, way: Way, desk: Desk, done: list[Part]) -> None:
    source = Source(pieces(desk), desk.origin, way.list_name or intake.name, way.buys)
    packed, asked = b"", -1
    for _try in range(TRIES):
        t.shelf = shelf_of(intake.brand)
        told = join(t, source)
        with ThreadPoolExecutor(1) as hand:  # what was bought is summed while refused rows are written down
            sums = hand.submit(spent, t, told.files["purchases"], intake.brand.currency) if way.buys else None
            if asked < 0:
                asked, packed = last_asked(intake.brand), _rejected(intake, desk)
        if sums:
            told.files["spending"] = sums.result()
        try:
            with transaction.atomic():
                shelf = place(t.shelf, told.files)
                shut_out(t, shelf, intake.shape["asked"])
                if last_asked(intake.brand) != asked:
                    packed = _rejected(intake, desk)
                intake.rejected = packed
                _finish(intake, way, desk, done, told)
            return
        except Moved:
            continue
    raise Problem(
        _("Others change the people at the same time."), kept=_("Nothing was imported."), do=_("Try again.")
    )


def _rejected(intake: Intake, desk: Desk) -> bytes:
    """The refused rows with their reasons, as a packed file, without rows that name who asked to be forgotten;
    nothing where there are none."""
    door, country = Door(intake.brand), desk.way.country
    bad = (
        (n, row, sentences.reason(code, value))
        for n, row, code, value in bad_rows(desk, REJECTED)
        if not door.stands_in(row.values(), country)
    )
    first = next(bad, None)
    return tables.packed_rejected(intake.headers, chain([first], bad)) if first else b""


def _finish(intake: Intake, way: Way, desk: Desk, done: list[Part], told: Joined) -> None:
    good = sum(part.rows - part.refused for part in done)
    reasons: Counter[str] = Counter()
    for part in done:
        reasons.update(part.reasons)
    refused = sum(reasons.values())
    intake.taken, intake.changed, intake.bought = told.taken, told.changed, told.bought
    intake.same = max(0, good - (told.bought if way.buys else told.taken + told.changed))
    intake.refused, intake.reasons, intake.columns = refused, dict(reasons), way.columns
    intake.state, intake.step, intake.done_at = "done", "", clock.now()
    drop(intake)
    intake.save()


@contextmanager
def told_to_person(intake: Intake) -> Iterator[None]:
    """What stops an import in the background is written where the person looks."""
    try:
        yield
    except Problem as problem:
        intake.refresh_from_db()
        intake.state, intake.why = (
            "stopped",
            " ".join(filter(None, (problem.what, problem.kept, problem.do)))[:500],
        )
        intake.save()


def left_alone(now: datetime) -> list[Intake]:
    """Imports somebody began and nobody is at any more."""
    return list(Intake.objects.filter(state="working", beat_at__lt=now - SILENT).select_related("brand"))
