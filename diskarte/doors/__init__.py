"""Four doors in (web, command line, REST, MCP) and one out (paper). No behaviour of their own."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from diskarte.stages import STAGES

if TYPE_CHECKING:
    from diskarte.core.actions import Action

ROOMS = (
    "diskarte.core.people", "diskarte.core.outbox", *(f"diskarte.stages.{stage}" for stage in STAGES),
    "diskarte.start", "diskarte.document",
)  # fmt: skip


def verbs() -> dict[str, Action]:
    """Every verb of the product, in the order of the rooms."""
    from diskarte.core.actions import ALL

    for room in ROOMS:
        import_module(f"{room}.actions")
    return ALL
