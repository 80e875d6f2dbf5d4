"""Every write is one transaction and leaves one line: who, what, when, before and after."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from diskarte.core.plain import plain
from diskarte.core.rows import watched

from .models import Audit, Brand
from .who import Who

MOST = 2000  # changed rows told in one line; a larger write cannot be undone
SECRETS = ("password", "secret", "token", "given")
_inside: ContextVar[bool] = ContextVar("inside", default=False)


@contextmanager
def recorded(who: Who, verb: str, bound: inspect.BoundArguments, calls_out: bool = False) -> Iterator[None]:
    """A verb called by another verb belongs to the outer one's transaction and line.

    A verb that `calls_out` speaks to a network: no transaction is open meanwhile, since it would keep everybody
    else from writing; what it saves is saved step by step.
    """
    if _inside.get():
        yield
        return
    token = _inside.set(True)
    try:
        with nullcontext() if calls_out else transaction.atomic(), watched() as changes:
            yield
            _keep(who, verb, bound, changes)
    finally:
        _inside.reset(token)


def _keep(who: Who, verb: str, bound: inspect.BoundArguments, changes: list[dict[str, Any]]) -> None:
    given = {n: _shown(n, v) for n, v in list(bound.arguments.items())[1:]}
    person = who.person if who.person and who.person.pk else None
    line = Audit(
        workspace=who.workspace, brand=who.brand, person=person, door=who.door, verb=verb, given=given
    )
    line.changes = changes if len(changes) <= MOST else [*changes[:MOST], {"more": len(changes) - MOST}]
    line.save()
    last_write.set(line.pk)
    if who.brand is not None:
        Brand.objects.filter(pk=who.brand.pk).update(standing=None)


last_write: ContextVar[int | None] = ContextVar("last_write", default=None)


def _shown(name: str, value: Any) -> Any:
    if any(word in name for word in SECRETS):
        return "•••"
    if isinstance(value, str) and len(value) > 2000:
        return value[:2000] + "…"
    return plain(value)
