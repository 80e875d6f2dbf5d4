"""Fixtures of the tests of «measure»."""

from tests.measure.wire import server

__all__ = ["server"]
