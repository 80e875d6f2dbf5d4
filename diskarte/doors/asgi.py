"""The web process: /mcp goes to the tools, everything else to Django."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diskarte.settings")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from asgiref.sync import sync_to_async  # noqa: E402
from mcp.server.transport_security import TransportSecuritySettings  # noqa: E402

from diskarte.doors import mcp  # noqa: E402
from diskarte.doors.ground import start_watch, start_worker  # noqa: E402

GUARD = TransportSecuritySettings(
    enable_dns_rebinding_protection=False
)  # a bearer token is asked for instead
tools = mcp.make().streamable_http_app(stateless_http=True, json_response=True, transport_security=GUARD)


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        stop, _thread = start_worker() if os.environ.get("DISKARTE_WITH_WORKER") else start_watch()
        await tools(scope, receive, send)
        stop.set()
    elif scope["type"] == "http" and scope["path"].rstrip("/") == "/mcp":
        await _tools(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _tools(scope: dict[str, Any], receive: Any, send: Any) -> None:
    header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    ask = await sync_to_async(mcp.by_token)(header.removeprefix("Bearer ").strip()) if header else None
    if ask is None:
        await send(
            {"type": "http.response.start", "status": 401, "headers": [(b"www-authenticate", b"Bearer")]}
        )
        await send({"type": "http.response.body", "body": b""})
        return
    mcp.asking.set(ask)
    await tools(scope | {"path": "/mcp"}, receive, send)
