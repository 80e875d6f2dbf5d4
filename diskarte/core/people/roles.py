"""What each role may do. A permission is `<room>.<right>`; rights are see, edit, approve, send."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from diskarte.stages import STAGES

ROOMS = (*STAGES, "outbox", "people")
SEE = frozenset(f"{room}.see" for room in ROOMS)
WORK = frozenset(f"{stage}.edit" for stage in STAGES)
SEND = frozenset({"publish.send", "publish.approve", "outbox.edit"})


def _edit(*rooms: str) -> frozenset[str]:
    return frozenset(f"{room}.edit" for room in rooms)


ROLES: dict[str, frozenset[str]] = {
    "owner": SEE | WORK | SEND | _edit("people"),
    "manager": SEE | WORK | SEND,
    "author": SEE | _edit("audience", "plan", "engage", "publish"),
    "approver": SEE | frozenset({"publish.approve"}),
    "analyst": SEE | _edit("measure", "correct", "goals"),
    "guest": frozenset({"brand.see", "plan.see", "publish.see", "measure.see"}),
}
ROLE_CHOICES = [
    ("owner", _("Owner")),
    ("manager", _("Manager")),
    ("author", _("Author")),
    ("approver", _("Approver")),
    ("analyst", _("Analyst")),
    ("guest", _("Guest")),
]
