"""The tabs of the stage."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is open) of every page of the stage."""
    rows = (
        ("channels.page", _("Our channels")), ("channels.where", _("Where to be")),
        ("channels.presence", _("Who is where")), ("channels.swot", _("Beside competitors")),
        ("channels.followers", _("Shared followers")),
    )  # fmt: skip
    return [(name, reverse(url), url == here) for url, name in rows]
