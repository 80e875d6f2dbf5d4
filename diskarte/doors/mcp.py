"""The same verbs as tools for a language model, made by the `mcp` SDK: over stdio, and over HTTP at /mcp."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.utils import timezone
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from diskarte import __version__
from diskarte.core.actions import Action
from diskarte.core.people import keys
from diskarte.core.people.who import Stranger, Who, who_by_token, who_in
from diskarte.core.plain import plain
from diskarte.doors import verbs
from diskarte.words import Problem

Asking = Callable[[str | None], Who]  # brand slug → who asks
asking: ContextVar[Asking] = ContextVar("asking")


class Tools(MCPServer):
    """A word too many is an error here too, as at every other door."""

    async def call_tool(self, name: str, arguments: dict[str, Any], *more: Any, **most: Any) -> Any:
        action = verbs().get(name.replace("_", ".", 1))
        unknown = set(arguments) - set(action.takes) - {"brand"} if action else set()
        if unknown:
            raise ToolError(f"{name} takes no {', '.join(sorted(unknown))}.")
        return await super().call_tool(name, arguments, *more, **most)


def make() -> MCPServer:
    """A server with one tool for each verb; `asking` says for whom."""
    server = Tools(
        "diskarte", version=__version__,
        instructions="Strategy, plan, publishing and results of social media brands. Name the brand by its slug.",
    )  # fmt: skip
    for action in verbs().values():
        hints = ToolAnnotations(read_only_hint=not action.writes)
        server.add_tool(
            _tool(action), name=action.name.replace(".", "_"), description=action.help, annotations=hints
        )
    return server


def _tool(action: Action) -> Callable[..., Any]:
    async def tool(**given: Any) -> Any:
        return await sync_to_async(_call)(action, given, asking.get())

    kind = inspect.Parameter.KEYWORD_ONLY
    params = [
        inspect.Parameter(name, kind, annotation=hint, default=default)
        for name, (hint, default) in action.takes.items()
    ]
    if "brand" not in action.takes:
        params.append(inspect.Parameter("brand", kind, annotation=str | None, default=None))
    tool.__signature__ = inspect.Signature(params, return_annotation=dict[str, Any])  # type: ignore[attr-defined]
    tool.__annotations__ = {p.name: p.annotation for p in params} | {"return": dict[str, Any]}
    tool.__name__ = action.name.replace(".", "_")
    return tool


def _call(action: Action, given: dict[str, Any], ask: Asking) -> dict[str, Any]:
    """Run one verb; what went wrong is told as the tool's error, in words."""
    close_old_connections()
    brand = None if "brand" in action.takes else given.pop("brand", None)
    try:
        who = ask(brand)
        with timezone.override(who.brand.zone if who.brand else None):
            return {"result": plain(action.run(who, given))}
    except Stranger:
        raise ToolError("Not found.") from None
    except Problem as problem:
        raise ToolError(str(problem)) from None
    finally:
        close_old_connections()


def by_token(secret: str) -> Asking | None:
    """Who asks, for the bearer token of an HTTP call."""
    row = keys.find_token(secret, timezone.now())
    return None if row is None else lambda slug: who_by_token(row, slug, "mcp")


def serve_stdio(person: Any) -> None:
    """`diskarte mcp`: speak over standard input and output as this person."""
    asking.set(lambda slug: who_in(person, slug, "mcp"))
    make().run("stdio")
