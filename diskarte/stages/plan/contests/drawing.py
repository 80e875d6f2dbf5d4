"""A contest moves on, each step once: opened, listed, drawn. What is published cannot be taken back by an undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from diskarte.science import draw
from diskarte.words import Problem

from . import rules
from .models import Contest, Entry


def moved(row: Contest, since: tuple[str, ...], **facts: Any) -> Contest:
    """Write facts of a step if the contest still stands where it may begin; exactly one caller wins.

    Not through `save`: a step of a draw is public at once and must not have an undo.
    """
    if not Contest.objects.filter(pk=row.pk, state__in=since).update(**facts):
        raise Problem(_("Somebody was faster: this step is done already."), kept=_("Nothing was changed."))
    row.refresh_from_db()
    return row


def opened(row: Contest, text: str) -> Contest:
    """Rules as published and the fingerprint of the secret."""
    text = text.strip()
    found = draw.commitment(row.sealed["secret"], text, rules.closing(row.closes))
    return moved(row, ("draft",), state="open", rules=text, commitment=found)


def still_open(row: Contest) -> None:
    """Raise when the list is fixed."""
    if row.state != "open":
        do = _("After the draw you can pass a winner over; the next one steps in.")
        raise Problem(_("The list is published: nobody can be added or taken out any more."), do=do)


def tickets(row: Contest) -> list[str]:
    """The list as it is published: every ticket that counts, in order."""
    return draw.canonical(row.entries.filter(out="").values_list("ticket", flat=True))


def listed(row: Contest, now: datetime) -> Contest:
    """The list's root, and the round of the beacon that nobody can know yet."""
    facts: dict[str, Any] = {"state": "closed", "root": draw.root(tickets(row)), "listed_at": now}
    if row.beacon_kind == "drand":
        facts["beacon_name"] = f"drand quicknet round {rules.round_for(now)}"
    return moved(row, ("open",), **facts)


def ready_at(row: Contest) -> datetime | None:
    """When the beacon's round comes out; None where it has no round."""
    number = rules.round_of(row.beacon_name) if row.beacon_kind == "drand" else None
    return rules.round_time(number) if number else None


def drawn(row: Contest, beacon: str, proof: str, now: datetime) -> Contest:
    """Winners and those who stand by, written down with the secret that is revealed. Raises Problem."""
    kept = _("Nothing was drawn.")
    beacon, proof = beacon.strip(), proof.strip().lower()
    beacon = beacon.lower() if row.beacon_kind == "drand" else "" if row.beacon_kind == "none" else beacon
    why = rules.cannot_draw(row.state, row.beacon_kind, ready_at(row), now)
    if why:
        raise Problem(_(why), kept=kept)
    why = rules.beacon_wrong(row.beacon_kind, beacon, proof)
    if why:
        raise Problem(_(why), kept=kept, field="proof" if proof and len(beacon) == 64 else "beacon")
    if not row.sealed.readable or not row.sealed.get("secret"):
        raise Problem(
            _("The secret of this draw cannot be opened."), kept=kept, do=_("Bring the former key back.")
        )
    lines = tickets(row)
    if draw.root(lines) != row.root:
        raise Problem(_("The entries are not those of the published list any more."), kept=kept)
    if not lines:
        raise Problem(
            _("Nobody entered: there is nothing to draw."), kept=kept, do=_("Cancel the contest instead.")
        )
    secret = row.sealed["secret"]
    order = draw.draw(lines, secret, beacon, row.winners + row.standby, row.root)
    moved(row, ("closed",), state="drawn", beacon=beacon, beacon_proof=proof if row.beacon_kind == "drand" else "",
          secret=secret, drawn=order, drawn_at=now)  # fmt: skip
    for place, ticket in enumerate(order, 1):
        Entry.objects.filter(contest=row, ticket=ticket).update(place=place)
    return row


def proof(row: Contest) -> dict[str, Any]:
    """The file `verify_draw.py` reads. Raises Problem before the draw."""
    if row.state != "drawn":
        raise Problem(_("There is nothing to check before the draw."))
    facts = {
        "contest": row.name, "rules": row.rules, "closes": rules.closing(row.closes), "commitment": row.commitment,
        "root": row.root, "secret": row.secret, "beacon": row.beacon, "beacon_name": row.beacon_name,
        "winners": row.winners, "standby": row.standby, "entrants": tickets(row), "drawn": row.drawn,
    }  # fmt: skip
    return facts | ({"beacon_signature": row.beacon_proof} if row.beacon_proof else {})


def placed(row: Contest) -> list[tuple[Entry, str]]:
    """The drawn in order, each with «winner», «standby» or «passed»: whoever is passed over makes room for the next."""
    left, told = row.winners, []
    for entry in row.entries.exclude(place=None).order_by("place"):
        what = "passed" if entry.passed else "winner" if left > 0 else "standby"
        left -= what == "winner"
        told.append((entry, what))
    return told
