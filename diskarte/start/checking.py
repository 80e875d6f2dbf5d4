"""What an answer must say before it is kept, told where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from diskarte.words import Problem

from . import rivals


def competitors(given: Mapping[str, Any], today: date) -> None:
    """A number of a competitor needs the page it was read on, and a day that has been. Raises Problem."""
    for one in rivals.told(str(given.get("rivals", ""))):
        if one.counted and not one.handle:
            raise Problem(
                _("On which page did you see the numbers of «%(name)s»?") % {"name": one.name},
                do=_("Name it in the line, like «Facebook: kantomilktea»."), field="rivals",
            )  # fmt: skip
    if given.get("rivals_on"):
        day(given["rivals_on"], "rivals_on", today)


def day(text: Any, field: str, today: date) -> date:
    """A day on which something was read. Raises Problem: no day, or one that has not been."""
    try:
        told = date.fromisoformat(str(text).strip())
    except ValueError:
        raise Problem(_("«%s» is no day.") % text, do=_("Write it like 2026-12-31."), field=field) from None
    if told > today:
        raise Problem(_("Nobody has read anything on a day that has not been."), field=field)
    return told
