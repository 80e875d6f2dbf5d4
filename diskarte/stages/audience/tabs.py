"""The tabs of the stage."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is open) of every page of the stage."""
    rows = (
        ("audience.page", _("Portraits")), ("audience.hooks", _("Hook bank")), ("audience.people", _("People")),
        ("audience.value", _("Value")), ("audience.groups", _("Groups")), ("audience.overlap", _("Overlap")),
    )  # fmt: skip
    return [(name, reverse(url), url == here) for url, name in rows]
