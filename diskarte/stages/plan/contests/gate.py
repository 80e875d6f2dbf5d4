"""How often one address may try to enter: a public form must not be a door for machines."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address
from typing import Any

from django.core.cache import cache

MOST, SECONDS = 20, 3600  # tries an hour from one address: a family or a café shares one


def allowed(request: Any, key: str) -> bool:
    """Whether this address may try once more; the address itself is not kept."""
    name = "enter:" + hashlib.sha256(f"{key} {address(request.META)}".encode()).hexdigest()
    cache.add(name, 0, SECONDS)
    return bool(cache.incr(name) <= MOST)


def address(meta: dict[str, Any]) -> str:
    """Who asks; behind our own proxy (a private address) what that proxy says."""
    direct = str(meta.get("REMOTE_ADDR", ""))
    told = str(meta.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        return told if told and ip_address(direct).is_private and ip_address(told) else direct
    except ValueError:
        return direct
