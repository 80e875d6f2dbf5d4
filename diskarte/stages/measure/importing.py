"""Taking a file of numbers in: recognised, looked through, then merged row by row in one transaction."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.given import Upload
from diskarte.core.numbers.models import COUNTS, Publication, Reading
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.networks._exports import Export, recognise
from diskarte.words import Metric, Misread, Problem

from .rules import Read, Report, ignored, merged, read_row

BAD_KEPT = 20_000  # rows that are given back; a file with more is the wrong file
KNOWN = tuple(metric.value for metric in COUNTS)


@dataclass
class Opened:
    """A recognised file: its description, its readable rows as a stream, what is known so far."""

    export: Export
    headers: list[str]
    rows: Iterator[tuple[int, dict[str, str]]]
    report: Report
    bad: list[list[str]] = field(default_factory=list)

    def reads(self, zone: Any) -> Iterator[Read]:
        """The readable rows; the others are kept with their reason."""
        for number, row in self.rows:
            try:
                read = read_row(self.export, row, zone)
            except Misread as misread:
                self.report.bad += 1
                if len(self.bad) < BAD_KEPT:
                    self.bad.append(
                        [
                            str(number),
                            _(misread.what) % misread.values,
                            *(row.get(h, "") for h in self.headers),
                        ]
                    )
                continue
            self.report.note(read)
            yield read

    def bad_rows(self) -> str:
        """The unreadable rows as CSV with row number and reason; empty when there are none."""
        if not self.bad:
            return ""
        return tables.write_csv([_("row"), _("reason"), *self.headers], self.bad).decode("utf-8-sig")


def opened(upload: Upload) -> Opened:
    """Recognise a file by its headers. Raises Problem: no table, unknown headers, an export that is of no use."""
    table = tables.read(upload, is_header=lambda cells: recognise(cells) is not None)
    export = recognise(table.headers)
    if export is None:
        raise Problem(
            _("The columns of «%(file)s» are not those of an export we know: %(columns)s.")
            % {"file": upload.name, "columns": ", ".join(table.headers[:6])},
            kept=_("Nothing was imported."),
            do=_(
                "Export posts from the network's analytics, or name your columns date, text, views, likes …"
            ),
        )
    if export.refuse:
        raise Problem(
            _("«%(file)s» is «%(export)s».") % {"file": upload.name, "export": export.name},
            kept=_("Nothing was imported."),
            do=_(export.refuse),
        )
    report = Report(export=export.name, has_hour=export.has_hour, warnings=list(table.warnings))
    report.ignored = ignored(export, table.headers)
    return Opened(export, table.headers, table.rows, report)


def unpacked(files: list[Upload]) -> Iterator[Upload]:
    """The files themselves, and the tables inside a zip."""
    for upload in files:
        if not upload.name.lower().endswith(".zip"):
            yield upload
            continue
        try:
            yield from _tables_in(upload)
        except (zipfile.BadZipFile, zlib.error, RuntimeError):  # RuntimeError: it wants a password
            raise Problem(_("«%s» is not a zip file, or it is damaged.") % upload.name) from None


def _tables_in(upload: Upload) -> Iterator[Upload]:
    with zipfile.ZipFile(upload.open()) as archive:
        for entry in archive.infolist():
            is_table = entry.filename.lower().endswith((".csv", ".xlsx", ".tsv"))
            if is_table and entry.file_size < tables.LARGEST:
                yield Upload(Path(entry.filename).name, archive.read(entry))


def kept(upload: Upload) -> str:
    """Keep a file until it is taken in; its path below the data folder."""
    path = Path("imports") / uuid4().hex
    target = settings.DATA / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with upload.open() as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except OSError as e:
        target.unlink(missing_ok=True)
        raise Problem(
            _("The file could not be kept: %s.") % e.strerror, do=_("Free some disk space.")
        ) from None
    return str(path)


def looked_through(brand: Brand, file: Opened) -> None:
    """Read every row and count, but keep nothing."""
    seen: set[str] = set()
    for read in file.reads(brand.zone):
        file.report.twice += read.remote_id in seen
        seen.add(read.remote_id)
    file.report.metrics = [metric.value for metric in file.export.counts]


def taken(brand: Brand, file: Opened, channel: Channel | None, origin: str, now: datetime) -> None:
    """Merge every readable row into the ledger. Runs inside the caller's transaction."""
    if Metric.FOLLOWERS in file.export.counts:
        _take_followers(brand, file, channel)
        return
    network = channel.network if channel else ""
    for rows in batched(file.reads(brand.zone), 500):
        _merge(brand, file, list(rows), channel, network, origin, now)
    file.report.metrics = [metric.value for metric in file.export.counts]


def _merge(
    brand: Brand,
    file: Opened,
    rows: list[Read],
    channel: Channel | None,
    network: str,
    origin: str,
    now: datetime,
) -> None:
    names = {read.network or network or "import" for read in rows}
    ids = [read.remote_id for read in rows]
    there = Publication.objects.filter(brand=brand, network__in=names, remote_id__in=ids)
    known = {(row.network, row.remote_id): row for row in there}
    new: dict[tuple[str, str], Publication] = {}
    changed: dict[int, Publication] = {}
    for read in rows:
        key = (read.network or network or "import", read.remote_id)
        row = known.get(key) or new.get(key)
        if row is None:
            new[key] = _publication(brand, read, key[0], channel, origin, file.export.name, now)
            file.report.new += 1
            continue
        file.report.twice += key in new
        _update(row, read, file.report, changed, now)
    Publication.objects.bulk_create(new.values())
    Publication.objects.bulk_update(changed.values(), [*KNOWN, "numbers_at"])


def _update(
    row: Publication, read: Read, report: Report, changed: dict[int, Publication], now: datetime
) -> None:
    more = merged({name: getattr(row, name) for name in KNOWN}, read.counts)
    for name, value in more.items():
        setattr(row, name, value)
    if row.pk is None:
        return
    if more:
        row.numbers_at = now
        changed[row.pk] = row
    report.updated += bool(more)
    report.same += not more


def _publication(
    brand: Brand, read: Read, network: str, channel: Channel | None, origin: str, source: str, now: datetime
) -> Publication:
    facts: dict[str, Any] = {
        metric.value: value for metric, value in read.counts.items() if metric.value in KNOWN
    }
    return Publication(
        brand=brand, channel=channel, network=network, remote_id=read.remote_id, url=read.url[:600], at=read.at,
        kind=read.kind.value, text=read.text, is_reply=read.is_reply, origin=origin, source=source,
        day_only=read.day_only, numbers_at=now, **facts,
    )  # fmt: skip


def _take_followers(brand: Brand, file: Opened, channel: Channel | None) -> None:
    rows = [(read.at, read.counts.get(Metric.FOLLOWERS)) for read in file.reads(brand.zone)]
    network = channel.network if channel else ""
    there = set(
        Reading.objects.filter(brand=brand, channel=channel, metric=Metric.FOLLOWERS).values_list(
            "at", flat=True
        )
    )
    new = [
        Reading(
            brand=brand,
            channel=channel,
            network=network,
            metric=Metric.FOLLOWERS,
            value=value,
            at=at,
            source=file.export.name,
        )
        for at, value in dict(rows).items()
        if value is not None and at not in there
    ]
    Reading.objects.bulk_create(new, batch_size=1000)
    file.report.new, file.report.same = len(new), len(rows) - len(new)
    file.report.metrics = [Metric.FOLLOWERS.value]


def as_dict(report: Report) -> dict[str, Any]:
    return asdict(report)
