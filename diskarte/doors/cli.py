"""`diskarte plan move-slot --slot 12 --at 2026-12-01T09:00`: the verbs as commands, made by Typer.

A stage is only loaded when it is asked for, so `diskarte --help` needs neither Django nor a database.
"""

from __future__ import annotations

import base64
import inspect
import io
import json
import os
import sys
import typing
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from diskarte.doors.tasks import housework
from diskarte.stages import STAGES

WHOLE = ("start", "document")  # what stands above the ten stages and works on all of them
GROUPS = (*STAGES, *WHOLE, "people", "outbox")


class Lazy(TyperGroup):
    """Lists the ten stages and the housework at once; loads a stage's verbs when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*GROUPS, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, name: str) -> Any:
        if name not in GROUPS:
            return super().get_command(ctx, name)
        listing = not sys.argv[1:] or sys.argv[1] in ("--help", "-h")
        app = typer.Typer(
            name=name, help=_question(name), no_args_is_help=True, add_completion=False, rich_markup_mode=None
        )
        if listing:
            app.command("…")(lambda: None)
            app.callback(help=_question(name))(lambda: None)
        else:
            _fill(app, name)
        return typer.main.get_command(app)


def _question(name: str) -> str:
    place = "diskarte.stages" if name in STAGES else "diskarte" if name in WHOLE else "diskarte.core"
    room = f"{place}.{name}"
    return (import_module(room).__doc__ or name).strip().splitlines()[0]


def _fill(app: typer.Typer, name: str) -> None:
    import django

    django.setup()
    from diskarte.doors import verbs

    for action in verbs().values():
        stage, verb = action.name.split(".")
        if stage == name:
            app.command(verb.replace("_", "-"), help=action.help)(_command(action))
    app.callback(help=_question(name))(lambda: None)


def _command(action: Any) -> Callable[..., None]:
    def command(**given: Any) -> None:
        as_, brand = given.pop("as_"), None if "brand" in action.takes else given.pop("brand")
        to = given.pop("to_", None)
        raw = {n: _opened(action, n, v) for n, v in given.items() if v is not None and v != []}
        told = tell(action, as_, brand, raw)
        print(written(told, Path(to)) if to else told if isinstance(told, str) else _json(told))

    kind = inspect.Parameter.KEYWORD_ONLY
    params = [_option(n, hint, default) for n, (hint, default) in action.takes.items()]
    if "brand" not in action.takes:
        brand = Annotated[str | None, typer.Option(envvar="DISKARTE_BRAND", help="The brand's short name.")]
        params.append(inspect.Parameter("brand", kind, annotation=brand, default=None))
    who = Annotated[
        str | None, typer.Option("--as", envvar="DISKARTE_AS", help="E-mail of the person who asks.")
    ]
    params.append(inspect.Parameter("as_", kind, annotation=who, default=None))
    if _gives_folder(action):
        to = Annotated[str | None, typer.Option("--to", help="Write it into this folder or file.")]
        params.append(inspect.Parameter("to_", kind, annotation=to, default=None))
    command.__signature__ = inspect.Signature(params)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in params}
    return command


def _json(told: Any) -> str:
    return json.dumps(told, indent=2, ensure_ascii=False)


def _gives_folder(action: Any) -> bool:
    return getattr(action.hints.get("return"), "__name__", "") in ("Folder", "Printed")


def written(told: dict[str, Any], folder: Path) -> str:
    """Write a verb's files into a folder of this machine, or its one file; what was written, in words."""
    if "base64" in told:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = base64.b64decode(told["base64"])
        folder.write_bytes(made)
        return f"{len(made)} bytes written to {folder}"
    for path, text in told["files"].items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    return f"{len(told['files'])} files written to {folder}"


def _zipped(folder: Path) -> bytes:
    """A folder as the zip that a verb takes."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, path.relative_to(folder))
    return box.getvalue()


def _option(name: str, hint: Any, default: Any) -> inspect.Parameter:
    """One parameter as an option of text; pydantic turns it into its type, as at every other door."""
    flag = "--" + name.replace("_", "-")
    must = default is inspect.Parameter.empty
    parser, many = _reader(hint)
    shape: Any = list[str] if many else str
    option = typer.Option(flag, help=None if must else f"[{default!r}]", parser=None if many else parser)
    annotation = Annotated[shape if must else shape | None, option]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=... if must else None
    )


def _reader(hint: Any) -> tuple[Callable[[str], Any], bool]:
    """How the text of an option is read, and whether it may be given several times."""
    from diskarte.core.given import Upload

    kinds = [k for k in typing.get_args(hint) if k is not NoneType] if _is_union(hint) else [hint]
    kind = kinds[0]
    base = typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind
    if base is Upload:
        return str, False
    if typing.get_origin(base) is list and _inner(base) in (str, int, Upload):
        return str, True
    if base is dict or typing.get_origin(base) in (dict, list):
        return lambda text: json.loads(text) if isinstance(text, str) else text, False
    return str, False


def _inner(hint: Any) -> Any:
    """What a list holds, without its annotations."""
    inner = typing.get_args(hint)[0]
    return typing.get_args(inner)[0] if typing.get_origin(inner) is Annotated else inner


def _opened(action: Any, name: str, value: Any) -> Any:
    """Paths become files where the verb takes files: on this machine whoever types may read them."""
    if "Upload" not in str(action.takes[name][0]):
        return value
    from diskarte.core.given import Upload

    gone = next((v for v in (value if isinstance(value, list) else [value]) if not Path(v).exists()), None)
    if gone is not None:
        raise SystemExit(f"There is no file {gone}.")
    if not isinstance(value, list) and Path(value).is_dir():
        return Upload(f"{Path(value).name}.zip", _zipped(Path(value)))
    return (
        [Upload(Path(v).name, path=Path(v)) for v in value]
        if isinstance(value, list)
        else Upload(Path(value).name, path=Path(value))
    )


def _is_union(hint: Any) -> bool:
    return isinstance(hint, UnionType) or typing.get_origin(hint) is typing.Union


def tell(action: Any, as_: str | None, brand: str | None, raw: dict[str, Any]) -> Any:
    """Run one verb for a person of this machine; what went wrong ends in one sentence and exit code 1."""
    from django.utils import timezone

    from diskarte.core.people.who import Stranger
    from diskarte.core.plain import plain
    from diskarte.doors.tasks import whoever
    from diskarte.words import Problem

    try:
        who = whoever(as_, brand)
        with timezone.override(who.brand.zone if who.brand else None):
            return plain(action.run(who, raw))
    except Stranger:
        raise SystemExit("Not found.") from None
    except (Problem, FileNotFoundError) as e:
        raise SystemExit(str(e)) from None


app = typer.Typer(
    cls=Lazy,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback(help="Makes a social media strategy, runs it, measures it and corrects it.")(lambda: None)
housework(app)


def run() -> None:
    """The entry point of the command `diskarte`. A fault of ours ends in a sentence, not in a stack trace."""
    try:
        app(prog_name="diskarte")
    except Exception as e:
        if os.environ.get("DISKARTE_DEBUG") == "true":
            raise
        what = f"Something went wrong on our side ({type(e).__name__}: {e})."
        raise SystemExit(f"{what} Nothing was half done. DISKARTE_DEBUG=true shows where.") from None
