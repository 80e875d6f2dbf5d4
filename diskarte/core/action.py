"""One verb: what it takes, who may, and how every door runs it."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from diskarte.core.given import FileGiven, Upload
from diskarte.core.people.who import Who
from diskarte.words import Problem


class Wrong(Problem):
    """What was given does not fit; `fields` holds a sentence for each field."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {says}" for name, says in fields.items()))
        self.fields = fields


SAYS = {
    "missing": gettext_noop("It is needed."),
    "extra_forbidden": gettext_noop("There is no such field."),
    "int_parsing": gettext_noop("Write a whole number."),
    "int_type": gettext_noop("Write a whole number."),
    "float_parsing": gettext_noop("Write a number."),
    "decimal_parsing": gettext_noop("Write an amount such as 99.50."),
    "bool_parsing": gettext_noop("Write true or false."),
    "literal_error": gettext_noop("Choose one of: %(expected)s."),
    "enum": gettext_noop("Choose one of: %(expected)s."),
    "date_from_datetime_parsing": gettext_noop("Write a day such as 2026-12-01."),
    "date_parsing": gettext_noop("Write a day such as 2026-12-01."),
    "datetime_from_date_parsing": gettext_noop("Write a moment such as 2026-12-01 18:00."),
    "datetime_parsing": gettext_noop("Write a moment such as 2026-12-01 18:00."),
    "string_type": gettext_noop("Write text."),
}  # what pydantic finds, in words of ours; what is not here is told in its own


def misfit(errors: Iterable[Any], skip: int = 0) -> Wrong:
    """A sentence for each field that does not fit; `skip` leaves out the first parts of its path."""
    told = {}
    for x in errors:
        name = ".".join(map(str, x["loc"][skip:])) or "given"
        says = SAYS.get(x["type"])
        told[name] = _(says) % x.get("ctx", {}) if says else str(x["msg"]).removeprefix("Value error, ")
    return Wrong(told)


@dataclass(frozen=True)
class Action:
    """One verb: `plan.move_slot` is CLI `plan move-slot`, `/api/plan/move_slot`, MCP `plan_move_slot`."""

    name: str
    call: Callable[..., Any]
    writes: bool
    may: str  # the permission asked for, at every door
    done: str = ""  # what a person is told afterwards; {field} is filled from the result
    anywhere: bool = False  # True: it needs no brand

    @property
    def help(self) -> str:
        return inspect.getdoc(self.call) or ""

    @cached_property
    def hints(self) -> dict[str, Any]:
        found = typing.get_type_hints(inspect.unwrap(self.call), include_extras=True)
        files: dict[Any, Any] = {Upload: FileGiven, list[Upload]: list[FileGiven]}
        return {n: files.get(hint, hint) if isinstance(hint, Hashable) else hint for n, hint in found.items()}

    @cached_property
    def takes(self) -> dict[str, tuple[Any, Any]]:
        """Parameter name → (type, default), without the leading `who`."""
        given = list(inspect.signature(self.call).parameters.values())[1:]
        return {p.name: (self.hints[p.name], p.default) for p in given}

    @cached_property
    def model(self) -> type[BaseModel]:
        """What every door validates with."""
        shape: dict[str, Any] = {
            n: (kind, ... if default is inspect.Parameter.empty else default)
            for n, (kind, default) in self.takes.items()
        }
        config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
        return create_model(self.name.replace(".", "_"), __config__=config, **shape)

    def run(self, who: Who, raw: dict[str, Any]) -> Any:
        """Validate, then call. Raises Wrong, Problem, Forbidden or Stranger, and nothing else on purpose."""
        who.must(self.may)
        if who.brand is None and not self.anywhere:
            raise Problem(_("Which brand?"), do=_("Name one of yours; `diskarte people brands` lists them."))
        try:
            given = self.model.model_validate(raw)
        except ValidationError as e:
            raise misfit(e.errors()) from None
        return self.call(who, **{name: getattr(given, name) for name in self.takes})
