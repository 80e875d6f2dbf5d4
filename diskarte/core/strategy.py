"""The whole strategy of a brand as a folder of readable files, and back.

Each stage with something to keep has a `files.py` with `export(brand) -> {name: text}` and
`restore(brand, files, who)`; what a later one refers to by name is made before it.
"""

from __future__ import annotations

import io
import tomllib
import zipfile
import zlib
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext as _

from diskarte.stages import STAGES
from diskarte.words import MB, Problem

from .given import Upload
from .people.models import Brand
from .people.who import Who
from .toml import dump

FORMAT = 1
LARGEST = 100 * MB  # unpacked
FACTS = ("name", "country", "time_zone", "currency", "languages", "simulated")


@dataclass(frozen=True)
class Folder:
    """Files by their path inside a folder. The command line can write it with `--to`."""

    name: str
    files: dict[str, str]

    def zipped(self) -> bytes:
        """The same folder as one file; equal folders give equal bytes."""
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in sorted(self.files.items()):
                archive.writestr(zipfile.ZipInfo(f"{self.name}/{path}"), text)
        return box.getvalue()


def export(brand: Brand) -> Folder:
    """Everything that was decided for a brand, without numbers, people's data and secrets."""
    facts = {name: getattr(brand, name) for name in FACTS}
    files = {"strategy.toml": dump({"format": FORMAT} | facts)}
    for number, stage, part in _parts():
        files |= {
            f"{number:02}-{stage}/{name}": text for name, text in part.export(brand).items() if text.strip()
        }
    return Folder(brand.slug, files)


def restore(who: Who, files: dict[str, str]) -> None:
    """Make everything again in the brand of `who`, which must be new. Raises Problem; the caller's transaction ends."""
    assert who.brand is not None
    head = facts_of(files)
    for name in FACTS:
        setattr(who.brand, name, head.get(name, getattr(who.brand, name)))
    who.brand.save()
    for number, stage, part in sorted(
        _parts(), key=lambda p: ORDER.index(p[1]) if p[1] in ORDER else len(ORDER)
    ):
        prefix = f"{number:02}-{stage}/"
        mine = {path.removeprefix(prefix): text for path, text in files.items() if path.startswith(prefix)}
        try:
            part.restore(who.brand, mine, who)
        except (KeyError, ValueError, TypeError) as e:
            raise Problem(
                _("The files of «%(stage)s» cannot be read: %(why)s.") % {"stage": stage, "why": e},
                kept=_("Nothing was made."), do=_("Correct the file and try again."),
            ) from e  # fmt: skip


def facts_of(files: dict[str, str]) -> dict[str, Any]:
    """The head of a strategy. Raises Problem when it is missing or of a newer version."""
    try:
        head = tomllib.loads(files["strategy.toml"])
    except KeyError:
        raise Problem(
            _("There is no strategy.toml in it."), do=_("Give the folder that was exported.")
        ) from None
    except tomllib.TOMLDecodeError as e:
        raise Problem(_("strategy.toml cannot be read: %s.") % e, do=_("Correct it and try again.")) from None
    if not isinstance(head.get("format", 0), int):
        raise Problem(_("strategy.toml cannot be read: %s.") % "format", do=_("Correct it and try again."))
    if head.get("format", 0) > FORMAT:
        raise Problem(_("This strategy was exported by a newer version."), do=_("Update Diskarte first."))
    return head


def unpacked(upload: Upload) -> dict[str, str]:
    """The files of a zipped strategy, with the folder it stands in taken off. Raises Problem."""
    try:
        with zipfile.ZipFile(upload.open()) as archive:
            texts = _texts(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        UnicodeDecodeError,
        RuntimeError,
    ):  # RuntimeError: it wants a password
        raise Problem(_("«%s» is not a zip file, or it is damaged.") % upload.name, field="file") from None
    top = next((path.removesuffix("strategy.toml") for path in texts if path.endswith("strategy.toml")), "")
    return {path.removeprefix(top): text for path, text in texts.items()}


def _texts(archive: zipfile.ZipFile) -> dict[str, str]:
    entries = [e for e in archive.infolist() if e.filename.endswith((".toml", ".csv", ".md"))]
    if sum(e.file_size for e in entries) > LARGEST:
        raise Problem(_("The strategy is larger than %s MB.") % (LARGEST // MB), field="file")
    return {e.filename: archive.read(e).decode("utf-8-sig") for e in entries}


ORDER = (
    "brand",
    "channels",
    "audience",
    "goals",
)  # read back first: goals name channels, which come later in the route


def _parts() -> list[tuple[int, str, Any]]:
    names = [(n, stage) for n, stage in enumerate(STAGES, 1) if find_spec(f"diskarte.stages.{stage}.files")]
    return [(n, stage, import_module(f"diskarte.stages.{stage}.files")) for n, stage in names]
