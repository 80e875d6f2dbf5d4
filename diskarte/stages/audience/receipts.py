"""Proof of forgetting: what was removed and when, chained and sealed against later changes."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from diskarte.core import clock
from diskarte.core.people.models import Brand

from .models import Receipt


def sealed(brand: Brand, digests: list[str], removed: dict[str, int]) -> Receipt:
    """A new receipt; its seal also covers the seal of the one before."""
    before = Receipt.objects.filter(brand=brand).order_by("-pk").values_list("seal", flat=True).first() or ""
    row = Receipt(brand=brand, at=clock.now(), digests=sorted(digests), removed=removed)
    row.seal = _seals(row, before)[0]
    row.save()
    return row


def broken(rows: Iterable[Receipt]) -> list[int]:
    """Of a brand's receipts, oldest first: those whose seal does not fit what stands there."""
    before, wrong = "", []
    for row in rows:
        if not any(hmac.compare_digest(row.seal, seal) for seal in _seals(row, before)):
            wrong.append(row.pk)
        before = row.seal
    return wrong


def _seals(row: Receipt, before: str) -> list[str]:
    told: dict[str, Any] = {
        "at": row.at.isoformat(timespec="microseconds"),
        "digests": row.digests,
        "before": before,
    }
    text = json.dumps(told | {"removed": row.removed, "brand": row.brand_id}, sort_keys=True).encode()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.digest(b"receipt:" + key.encode(), text, "sha256").hex() for key in keys]
