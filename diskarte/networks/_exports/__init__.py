"""The files networks let people export: how each is recognised by its headers and what its columns mean.

One file a network, discovered by name. A description is data: `measure` reads the rows.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from diskarte.words import Kind, Metric


@dataclass(frozen=True)
class Export:
    """One kind of export. Headers are compared without case; the first that is present counts."""

    name: str  # as a person knows it: "X, posts (to 2024)"
    network: str
    needs: tuple[str, ...]  # all of these headers are there: that is how it is recognised
    id: str = ""  # header of the remote id
    url: str = ""
    text: str = ""
    at: str = ""
    formats: tuple[str, ...] = ()  # of `at`, for strptime
    utc: bool = False  # True: without an offset a time is UTC; else it is the brand's own
    has_hour: bool = True
    kind: str = ""  # header of the type, if there is one
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # its values, lower case
    media: str = ""  # header of a count that is above nought when the post carried a picture or a video
    reply_mark: str = ""  # a text that begins so answers somebody
    counts: Mapping[Metric, tuple[str, ...]] = field(default_factory=dict)
    refuse: str = ""  # recognised, but of no use here: why, and what to export instead


@cache
def all_exports() -> tuple[Export, ...]:
    """Every kind of export we know, the most demanding first, so that the best match wins."""
    found: list[Export] = []
    for module in pkgutil.iter_modules(__path__):
        found += import_module(f"{__name__}.{module.name}").EXPORTS
    return tuple(sorted(found, key=lambda export: -len(export.needs)))


def recognise(headers: list[str]) -> Export | None:
    """The export whose needed headers are all there."""
    have = {header.strip().lower() for header in headers}
    return next((e for e in all_exports() if {n.lower() for n in e.needs} <= have), None)
