"""Before the tests: find PostgreSQL and Chromium, install them with apt when root, else say what will be skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

WANTED = {"chromium": ["chromium"], "postgresql": ["postgresql"]}


def found(name: str) -> bool:
    if name == "postgresql":
        return bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))) or bool(shutil.which("initdb"))
    return bool(shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"))


def install(packages: list[str]) -> None:
    apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=apt, check=False)
    subprocess.run(["apt-get", "install", "-y", "-qq", *packages], env=apt, check=False)


def main() -> None:
    missing = [name for name in WANTED if not found(name)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        install([package for name in missing for package in WANTED[name]])
    for name in WANTED:
        print(f"{name}: {'found' if found(name) else 'not here, its tests are skipped'}")


if __name__ == "__main__":
    main()
