"""Translations. `--compile` writes the .mo files, which are not kept in git; `--update` finds new strings (needs
gettext); `--missing` prints what Filipino lacks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent / "diskarte"
KEYWORDS = {
    "_": None, "_lazy": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip


def rooms() -> list[Path]:
    """Every folder that keeps its own translations, the innermost first."""
    found = {path.parent for path in ROOT.rglob("locale") if path.is_dir()}
    return sorted(found, key=lambda path: -len(path.parts))


def compile_all() -> None:
    """Write each .mo that is older than its .po."""
    for po in ROOT.rglob("*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        box = BytesIO()
        with po.open("rb") as source:
            write_mo(box, read_po(source))
        mo.write_bytes(box.getvalue())


def update_all() -> None:
    """Let gettext add the new strings of every room to its .po."""
    for room in rooms():
        inner = [f"{r.relative_to(room)}/*" for r in rooms() if r != room and room in r.parents]
        ignore = [word for pattern in inner for word in ("--ignore", pattern)]
        command = [
            sys.executable, "-m", "django", "makemessages", "-l", "fil", "--no-obsolete", "--no-wrap",
            "--add-location", "never", *ignore,
        ]  # fmt: skip
        subprocess.run(command, cwd=room, check=True, env=os.environ | {"DJANGO_SETTINGS_MODULE": ""})  # noqa: S603


def strings(path: Path) -> Iterator[str]:
    """Every string a file marks for translation; of a plural the singular."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        from django.utils.translation.template import templatize

        source = "\n".join(line.strip() for line in templatize(source).splitlines())
        source = re.sub(r"\bu'", "'", source)
    for _line, text, _comments, _context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield text[0] if isinstance(text, tuple) else text


def missing(language: str = "fil") -> list[str]:
    """`file: string` for every string without a translation in any room; the strings of all rooms count together."""
    known: set[str] = set()
    for po in ROOT.rglob(f"locale/{language}/LC_MESSAGES/*.po"):
        with po.open("rb") as source:
            for message in read_po(source):
                text = message.string if isinstance(message.string, str) else "".join(message.string or ())
                one = message.id if isinstance(message.id, str) else message.id[0]
                if one and text and not message.fuzzy:
                    known.add(one)
    files = [p for p in (*ROOT.rglob("*.py"), *ROOT.rglob("*.html")) if "migrations" not in p.parts]
    return [f"{p.relative_to(ROOT)}: {s}" for p in sorted(files) for s in strings(p) if s and s not in known]


if __name__ == "__main__":
    if "--update" in sys.argv:
        update_all()
    if "--missing" in sys.argv:
        print("\n".join(missing()))
    compile_all()
