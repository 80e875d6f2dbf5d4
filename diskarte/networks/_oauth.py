"""A family: apps that get a permission with OAuth 2.0 and renew it with a refresh token (RFC 6749)."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from .base import Api

Kept = tuple[dict[str, str], datetime | None]


def permission(api: Api, path: str, asked: dict[str, str], app: dict[str, str]) -> Kept:
    """Ask for a permission: what is stored of the answer, and until when it holds (None: nobody told).

    Apps with a secret prove it; apps without one (public clients) name themselves in the form. A network that renews
    no refresh token leaves the old one good.
    """
    told = api.post(path, data=asked, headers=_proof(app), harmless=True)
    secrets = {
        "client_id": app["client_id"],
        "client_secret": app.get("client_secret", ""),
        "token": str(told.need("access_token")),
        "refresh": str(told.get("refresh_token") or app.get("refresh") or ""),
    }
    lasts = told.get("expires_in")
    expires = api.clock() + timedelta(seconds=int(lasts)) if lasts else None
    return {name: value for name, value in secrets.items() if value}, expires


def _proof(app: dict[str, str]) -> dict[str, str]:
    if not app.get("client_secret"):
        return {}
    pair = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
