"""Pages of the reference that are printed from the code, so that they cannot differ from it."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diskarte.core.actions import Action
from diskarte.doors import verbs
from diskarte.env import ASKED
from diskarte.stages import STAGES
from diskarte.words import Metric

HEAD = "<!-- Printed from the code by `diskarte docs`; a test keeps it equal. -->\n\n"


def verbs_page() -> str:
    """Every verb: its name at the four doors, what it takes, which right it asks for."""
    lines = [
        "# Verbs", "",
        "Everything a person or a program can do. `plan.move_slot` is the command `diskarte plan move-slot`, the call",
        "`POST /api/plan/move_slot` and the tool `plan_move_slot`; pages use the same verb. Reads are `GET`.", "",
    ]  # fmt: skip
    for room in ("people", "outbox", *STAGES, "start", "document"):
        mine = [action for name, action in sorted(verbs().items()) if name.split(".")[0] == room]
        if mine:
            lines += [
                f"## {room}",
                "",
                "| verb | takes | right | |",
                "|---|---|---|---|",
                *map(_verb, mine),
                "",
            ]
    return "\n".join(lines)


def _verb(action: Action) -> str:
    mark = "writes" if action.writes else "reads"
    takes = ", ".join(_takes(action))
    says = action.help.splitlines()[0].replace("|", "\\|")
    return f"| `{action.name}` {says} | {takes or '–'} | `{action.may}` | {mark} |"


def _takes(action: Action) -> Iterator[str]:
    for name, (kind, default) in action.takes.items():
        shown = "" if default is inspect.Parameter.empty else f" = {_default(default)}"
        yield f"`{name}: {_kind(kind)}{shown}`".replace("|", "\\|")


def _default(value: Any) -> str:
    return "…" if isinstance(value, str) and not value.isprintable() else repr(value)


def _kind(kind: Any) -> str:
    """A type as a person writes it."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return {"datetime": "moment", "Upload": "file"}.get(inner[0].__name__, _kind(inner[0]))
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind(part) for part in inner if part is not types.NoneType)
    if origin is typing.Literal:
        return "/".join(str(part) for part in inner if part != "")
    if origin is not None:
        return f"{origin.__name__}[{', '.join(_kind(part) for part in inner)}]"
    return getattr(kind, "__name__", str(kind))


def settings_page() -> str:
    """Every setting with its default."""
    lines = [
        "# Settings",
        "",
        "From the environment, or the file `.env`. `NAME_FILE` names a file that holds it.",
        "",
    ]
    lines += ["| setting | default | |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{a.name}` | `{a.default}` | {a.says} |" for a in ASKED)]) + "\n"


def metrics_page() -> str:
    """The closed vocabulary of numbers."""
    source = inspect.getsource(Metric).splitlines()
    says = {line.split("=")[0].strip(): line.partition("#")[2].strip() for line in source if "=" in line}
    lines = [
        "# Metrics",
        "",
        "Every number we keep. Unknown is empty, never 0.",
        "",
        "| metric | |",
        "|---|---|",
    ]
    return "\n".join([*lines, *(f"| `{m.value}` | {says.get(m.name, '')} |" for m in Metric)]) + "\n"


def networks_page() -> str:
    """What each network can do, from its own file."""
    from diskarte.stages.channels.matrix import markdown

    return markdown()


def words_page() -> str:
    """What each thing is called, from the tables themselves."""
    from django.apps import apps

    lines = [
        "# Words",
        "",
        "The nouns of the house. A name means one thing everywhere: table, verb, page, file.",
        "",
    ]
    for room in ("people", "files", "outbox", "numbers", *STAGES):
        rows = [_word(model) for model in apps.get_app_config(room).get_models()]
        lines += [f"## {room}", "", "| word | |", "|---|---|", *rows, ""] if rows else []
    return "\n".join(lines)


def _word(model: type) -> str:
    says = (model.__doc__ or "").strip().splitlines()[0].replace("|", "\\|")
    return f"| **{model.__name__}** | {says} |"


PAGES = {
    "words.md": words_page,
    "verbs.md": verbs_page,
    "settings.md": settings_page,
    "networks.md": networks_page,
    "metrics.md": metrics_page,
}


def write_all(folder: Path) -> list[str]:
    """Write every page; the paths that were written."""
    for name, page in PAGES.items():
        (folder / name).write_text(HEAD + page(), encoding="utf-8")
    return [str(folder / name) for name in PAGES]
