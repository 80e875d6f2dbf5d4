"""Before the tests: find PostgreSQL and Chromium, install them with apt when root, else say what will be skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

WANTED = {"chromium": ["chromium"], "postgresql": ["postgresql"]}
PHP = ["php-cli", "php-mysql", "php-gd", "php-curl", "php-xml", "php-mbstring"]
SERVERS = {"wordpress": ["wordpress", "mariadb-server", *PHP]}  # a real one, to test a network with


def wanted() -> dict[str, list[str]]:
    """The real servers of networks only where their start scripts are."""
    shared = Path(os.environ.get("DISKARTE_SHARED", Path(__file__).parent.parent.parent / "shared"))
    return WANTED | (SERVERS if (shared / "servers").is_dir() else {})


def found(name: str) -> bool:
    if name == "wordpress":
        return Path("/usr/share/wordpress").is_dir() and Path("/usr/sbin/mariadbd").exists()
    if name == "postgresql":
        return bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))) or bool(shutil.which("initdb"))
    return bool(shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"))


def install(packages: list[str]) -> None:
    apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # installed, not started
    subprocess.run(["apt-get", "update", "-qq"], env=apt, check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=apt, check=False
    )


def main() -> None:
    names = wanted()
    missing = [name for name in names if not found(name)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        install([package for name in missing for package in names[name]])
    for name in names:
        print(f"{name}: {'found' if found(name) else 'not here, its tests are skipped'}")


if __name__ == "__main__":
    main()
