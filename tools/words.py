"""Translations: `--compile` writes the .mo files that are not kept in git, `--update` finds new strings (needs gettext)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent / "diskarte"


def rooms() -> list[Path]:
    """Every folder that keeps its own translations."""
    return sorted(path.parent for path in ROOT.rglob("locale") if path.is_dir())


def compile_all() -> None:
    for po in ROOT.rglob("*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source, mo.open("wb") as target:
            write_mo(target, read_po(source))


def update_all() -> None:
    for room in rooms():
        command = [
            sys.executable, "-m", "django", "makemessages", "-l", "fil", "--no-obsolete", "--add-location", "never", "--no-wrap",
        ]  # fmt: skip
        subprocess.run(command, cwd=room, check=True, env={"PATH": "/usr/bin:/bin"})  # noqa: S603


if __name__ == "__main__":
    update_all() if "--update" in sys.argv else None
    compile_all()
