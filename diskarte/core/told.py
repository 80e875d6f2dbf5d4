"""Sentences kept in rows as they were meant, so that each reader gets them in their own language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext

from diskarte.words import Told

Told.tongue = staticmethod(gettext)
BEGINS = '{"told": '

if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    Text = models.TextField


class ToldField(Text):
    """A text; a `Told` keeps its frame and values in the database and comes back in the reader's language."""

    def deconstruct(self) -> Any:
        """To the database, and so to migrations, it is a text like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return heard(value) if value and value.startswith(BEGINS) else value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Told):
            return kept(value) if value.frame else ""  # nothing said stays nothing: rows are asked for it
        return super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        """For a back-up: as in the database."""
        return str(self.get_prep_value(self.value_from_object(obj)))


def kept(told: Told) -> str:
    """A sentence as the text that stands in the database."""
    return json.dumps(_packed(told), ensure_ascii=False)


def _packed(told: Told) -> dict[str, Any]:
    places = {name: _packed(v) if isinstance(v, Told) else v for name, v in told.values.items()}
    return {"told": told.frame, "with": places}


def heard(text: str) -> str:
    """The sentence behind a text from the database; a text of another shape is itself."""
    try:
        return _unpacked(json.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError):
        return text


def _unpacked(packed: dict[str, Any]) -> Told:
    places = {name: _unpacked(v) if isinstance(v, dict) else v for name, v in packed["with"].items()}
    return Told(packed["told"], **places)
