"""`python -m bench NAME` prints a table and one JSON object as its last line; `python -m bench all` runs every one."""

from __future__ import annotations

import json
import pkgutil
import sys
import time
from importlib import import_module

import bench
from bench import Missing, Row

HEAD = ("case", "metric", "unit", "ours", "baseline", "target", "met")


def names() -> list[str]:
    """Every bench, by its file's name."""
    found = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    return [
        name for name in found if not name.startswith("_") and hasattr(import_module(f"bench.{name}"), "run")
    ]


def table(rows: list[Row]) -> str:
    """The rows as aligned columns; numbers stand to the right."""
    cells = [HEAD, *(tuple(_cell(getattr(row, name)) for name in HEAD) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(HEAD))]
    return "\n".join("  ".join(map(_aside, line, widths, range(len(HEAD)))) for line in cells)


def _aside(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column < 3 else cell.rjust(width)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def show(name: str) -> bool:
    """Run one bench and print it; whether it could run."""
    start = time.perf_counter()
    try:
        rows: list[Row] = import_module(f"bench.{name}").run()
    except Missing as why:
        print(f"{name}: {why}")
        print(json.dumps({"bench": name, "rows": [], "missing": str(why)}))
        return False
    print(f"{name}  ({time.perf_counter() - start:.1f} s)\n{table(rows)}\n")
    print(json.dumps({"bench": name, "rows": [row.as_json() for row in rows]}))
    return True


def main(asked: list[str]) -> int:
    """Run what was asked for; 2 when there is no such bench, 1 when one could not run."""
    known = names()
    asked = [name for name in asked if not name.startswith("--")]  # a bench may know flags, such as --small
    wanted = known if asked == ["all"] else asked
    if not wanted or not set(wanted) <= set(known):
        print(f"python -m bench NAME, where NAME is all or one of: {', '.join(known)}")
        return 2
    return 0 if all([show(name) for name in wanted]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
