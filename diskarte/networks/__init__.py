"""Every network we can speak to. Adding one is adding one file here; nothing else changes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from diskarte.words import Problem, Told

if TYPE_CHECKING:
    from .base import Network

GROUP = "diskarte.networks"


def names() -> list[str]:
    """The names of our own network files, without importing any of them."""
    return sorted(m.name for m in iter_modules(__path__) if m.name != "base" and not m.name.startswith("_"))


@cache
def all_networks() -> dict[str, Network]:
    """Our own files, then what other packages offer under the entry points «diskarte.networks»."""
    found = {name: the_one_in(import_module(f"{__name__}.{name}")) for name in names()}
    for offered in entry_points(group=GROUP):
        found.setdefault(offered.name, the_one_in(offered.load()))
    return found


def get(name: str) -> Network:
    """The network of that name; raises `Problem` when there is none."""
    try:
        return all_networks()[name]
    except KeyError:
        raise Problem(
            Told("There is no network called «%(network)s».", network=name),
            do=Told("Install the package that adds it."),
            field="network",
        ) from None


def the_one_in(offered: ModuleType | type[Network]) -> Network:
    """An instance of the one `Network` a module defines, or of the class itself."""
    from .base import Network

    if isinstance(offered, type):
        return offered()
    (cls,) = (
        c
        for c in vars(offered).values()
        if isinstance(c, type) and issubclass(c, Network) and c.__module__ == offered.__name__
    )
    return cls()
