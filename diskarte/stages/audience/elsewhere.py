"""Where an address stands in words that are not the audience's: a comment, a note, a deal. Told, not removed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps
from django.db import models

from diskarte.core.people.models import Brand
from diskarte.stages import STAGES

TEXTS = (models.CharField, models.TextField, models.JSONField)
SHORTEST = 6  # letters; a shorter customer number stands anywhere
ALSO = {"outbox": "publish", "files": "publish", "numbers": "measure"}  # where a person finds what these keep


def elsewhere(brand: Brand, values: set[str]) -> dict[str, int]:
    """Stage → its rows whose texts hold one of the addresses; a phone also as it is written at home."""
    wanted = {form for value in values for form in _forms(value) if len(form) >= SHORTEST}
    told: Counter[str] = Counter()
    for model in apps.get_models():
        stage = ALSO.get(model._meta.app_label, model._meta.app_label)
        if wanted and stage in STAGES and (way := _way_to_brand(model)):
            told[stage] += _rows(model, {way: brand}, wanted)
    return {stage: told[stage] for stage in STAGES if told[stage]}


def _way_to_brand(model: Any) -> str:
    """The lookup of the brand a row belongs to, its own or that of what it hangs on; empty for neither."""
    relations = {
        field.name: field.related_model for field in model._meta.concrete_fields if field.is_relation
    }
    if "brand" in relations:
        return "brand"
    above = (name for name, other in relations.items() if hasattr(other, "brand"))
    return next((f"{name}__brand" for name in above), "")


def _rows(model: Any, of: dict[str, Brand], wanted: set[str]) -> int:
    texts = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
    holds = models.Q()
    for name in texts:
        for form in wanted:
            holds |= models.Q(**{f"{name}__icontains": form})
    return int(model.objects.filter(holds, **of).count()) if texts else 0


def _forms(value: str) -> set[str]:
    if not value.startswith("+"):
        return {value}
    last = value[-10:]
    return {value, last, f"{last[:3]} {last[3:6]} {last[6:]}", f"{last[:3]}-{last[3:6]}-{last[6:]}"}
