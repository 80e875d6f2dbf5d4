"""What a form may have meant: texts trimmed, lists split into lines, hours read, nonsense refused in words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from diskarte.words import Problem

from .models import Hook, Segment
from .rules import portraits
from .rules.people import Unfit, language

AS_IS: Final = "="  # a text that was not given stays as it is; an empty one is emptied
NUMBER_AS_IS: Final = -1
NOT_EMPTIED = {*portraits.LISTS, "state"}


def fill(row: Segment, given: dict[str, Any]) -> Segment:
    """Write what was given into a portrait and save it. Raises Problem for what cannot be right."""
    told = {
        n: v
        for n, v in given.items()
        if v not in (AS_IS, NUMBER_AS_IS) and not (v is None and n in NOT_EMPTIED)
    }
    for name, value in told.items():
        setattr(row, name, _read(name, value))
    if not row.name:
        raise Problem(_("A segment needs a name."), field="name")
    twins = Segment.objects.filter(brand=row.brand_id, name=row.name).exclude(pk=row.pk)
    if twins.exists():
        raise Problem(_("There is a segment «%(name)s» already.") % {"name": row.name}, field="name")
    if row.age_from is not None and row.age_to is not None and row.age_from > row.age_to:
        raise Problem(_("The ages are the wrong way round."), field="age_from")
    row.save()
    return row


def _read(name: str, value: Any) -> Any:
    if name == "awake":
        try:
            return portraits.read_spans(value)
        except ValueError:
            raise Problem(_("Write hours like «6-8, 12, 18-22»."), field="awake") from None
    if name == "languages":
        return [_language(text) for text in portraits.lines("\n".join(value).replace(",", "\n"))]
    if name in portraits.LISTS:
        return portraits.lines("\n".join(value))
    if isinstance(value, int) and not 0 <= value <= (120 if name.startswith("age") else 10**10):
        raise Problem(_("«%(n)s» cannot be right.") % {"n": value}, field=name)
    return value.strip() if isinstance(value, str) else value


def _language(text: str) -> str:
    try:
        return language(text)
    except Unfit:
        raise Problem(
            _("«%(text)s» is not a language we know.") % {"text": text}, field="languages"
        ) from None


def save_hook(row: Hook, given: dict[str, str]) -> Hook:
    """Save a hook with the texts that are given. Raises Problem for an empty, long or repeated line."""
    told_hook(row, given)
    if Hook.objects.filter(segment=row.segment_id, text=row.text).exclude(pk=row.pk).exists():
        raise Problem(_("This segment has that hook already."), field="text")
    row.save()
    return row


def told_hook(row: Hook, given: dict[str, str]) -> Hook:
    """A hook with the texts that are given, not saved yet. Raises Problem for what cannot be right."""
    for name, value in given.items():
        text = " ".join(value.split()) if name == "text" else value.strip()
        setattr(row, name, _language(text) if name == "language" and text else text)
    if not row.text or len(row.text) > 200:
        raise Problem(_("A hook is one line of at most 200 characters."), field="text")
    for name, most in (("offer", 300), ("example", 500)):
        if len(getattr(row, name)) > most:
            raise Problem(_("That is longer than %(n)s characters.") % {"n": most}, field=name)
    return row
