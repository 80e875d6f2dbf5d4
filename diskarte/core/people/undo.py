"""Undo one recorded write: every row goes back to what it was, unless somebody changed it since."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models, transaction
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from diskarte.words import Problem

from .models import Audit

KEPT_OUT = ("outbox.", "people.")  # what was sent or granted is not taken back by undo
CHANNEL = "outbox.channel"


def can_undo(line: Audit) -> bool:
    """True when the line changed rows and none of them is about sending or rights; a new channel sent nothing yet."""
    return bool(line.changes) and line.undone_at is None and not any(map(_kept_out, line.changes))


def _kept_out(change: dict[str, Any]) -> bool:
    model = str(change.get("model", "people.more"))  # the rest was not written down
    return model.startswith(KEPT_OUT) and not (model == CHANNEL and change["before"] is None)


def undo(line: Audit) -> None:
    """Put every row of this write back, or raise Problem and change nothing."""
    if not can_undo(line):
        raise Problem(_("This cannot be undone."), do=_("Change it by hand."))
    try:
        with transaction.atomic():
            for change in reversed(line.changes):
                _back(change)
            _check_keys(line)
            line.undone_at = timezone.now()
            line.save(update_fields=["undone_at"])
    except IntegrityError:
        raise _changed_since() from None


def _check_keys(line: Audit) -> None:
    """Databases look only at the end whether every key leads somewhere: too late to be told in words."""
    tables = {apps.get_model(change["model"])._meta.db_table for change in line.changes}
    connection.check_constraints(table_names=sorted(tables))


def _changed_since() -> Problem:
    return Problem(_("Somebody has changed this since."), kept=_("Nothing was undone."))


def _back(change: dict[str, Any]) -> None:
    model = apps.get_model(change["model"])
    row = model._base_manager.filter(pk=change["pk"]).first()
    before, after = change["before"], change["after"]
    if after is None:
        _create(model, before or {})
        return
    if row is None or any(getattr(row, n) != _value(model, n, v) for n, v in after.items() if v != "•••"):
        raise _changed_since()
    if before is None:
        _check_alone(row)
        row.delete()
        return
    for name, value in before.items():
        setattr(row, name, _value(model, name, value))
    row.save()


def _check_alone(row: models.Model) -> None:
    """What was made since and would go with this row is somebody's work. Raises Problem."""
    going = Collector(using=row._state.db or DEFAULT_DB_ALIAS)
    going.collect([row])
    found = sum(len(rows) for rows in going.data.values()) + sum(rows.count() for rows in going.fast_deletes)
    if found > 1:
        what = _("Something that was made since hangs on «%(name)s».") % {"name": row}
        raise Problem(what, kept=_("Nothing was undone."), do=_("Remove that first, or change it by hand."))


def _create(model: type[models.Model], facts: dict[str, Any]) -> None:
    row = model(**{name: _value(model, name, value) for name, value in facts.items()})
    row.save(force_insert=True)


def _value(model: type[models.Model], name: str, value: Any) -> Any:
    field = next(f for f in model._meta.concrete_fields if f.attname == name)
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    return kind.to_python(value)
