"""Fixtures of the core's tests."""

from tests.core.outbox_world import world

__all__ = ["world"]
