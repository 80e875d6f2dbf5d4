"""The register of verbs. One function marked `@read` or `@write` is reachable at all four doors."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from diskarte.core.action import Action, Wrong
from diskarte.core.people.audit import recorded
from diskarte.core.people.who import Who

__all__ = ["ALL", "Action", "Wrong", "read", "write"]
ALL: dict[str, Action] = {}
BRANDLESS = ("people", "outbox")  # rooms whose verbs need no brand


def _room(module: str) -> str:
    """The stage a module belongs to, however deep its rooms (`plan.contests.actions` is of `plan`); else its folder."""
    parts = module.split(".")
    return parts[2] if parts[1] == "stages" else parts[-2]


def _mark(
    may: str, writes: bool, done: str, anywhere: bool, calls_out: bool
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def mark(call: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{_room(call.__module__)}.{call.__name__.rstrip('_')}"

        @wraps(call)
        def allowed(who: Who, *args: Any, **given: Any) -> Any:
            who.must(may)
            if not writes:
                return call(who, *args, **given)
            with recorded(who, name, inspect.signature(call).bind(who, *args, **given), calls_out):
                return call(who, *args, **given)

        if name in ALL or not call.__doc__:
            raise TypeError(f"{name} is taken, or has no docstring to be its help")
        free = anywhere or name.split(".")[0] in BRANDLESS
        ALL[name] = Action(name, allowed, writes, may, done, free)
        return allowed

    return mark


def read[F: Callable[..., Any]](may: str, anywhere: bool = False) -> Callable[[F], F]:
    """A verb that looks and changes nothing; with `anywhere` it needs no brand."""
    return _mark(may, False, "", anywhere, False)  # type: ignore[return-value]


def write[F: Callable[..., Any]](
    may: str, done: str = "", anywhere: bool = False, calls_out: bool = False
) -> Callable[[F], F]:
    """A verb that changes something: one transaction, one line in the audit. See `recorded` for `calls_out`."""
    return _mark(may, True, done, anywhere, calls_out)  # type: ignore[return-value]
