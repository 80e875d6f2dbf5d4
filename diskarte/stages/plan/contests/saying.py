"""A contest in words: its rules as people read them, from a template, in the language that is active."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core.people.models import Brand

from .models import Contest

STATES = {
    "draft": "Being prepared", "open": "Open", "closed": "Closed, list published", "drawn": "Drawn",
    "cancelled": "Cancelled",
}  # fmt: skip


def rules_text(contest: Contest, brand: Brand) -> str:
    """The rules from the answers given, ready to be edited; times on the brand's clock."""
    lines = [
        _("%(name)s: rules") % {"name": contest.name},
        _("1. Organiser: %(brand)s.") % {"brand": brand.name},
        _("2. Entries from %(opens)s to %(closes)s (%(zone)s).") % {
            "opens": _moment(contest.opens, brand), "closes": _moment(contest.closes, brand), "zone": brand.time_zone,
        },
        _("3. Prize: %(prize)s.") % {"prize": contest.prize},
        _("4. Who may take part: %(who)s.") % {"who": contest.who_may or _("everybody of legal age")},
        _("5. How to enter: %(how)s.") % {"how": contest.how}
        + " " + _("One ticket a person, however often somebody enters."),
        "6. " + _purchase(contest), "7. " + _winning(contest), "8. " + _drawing(contest),
        _("9. Names and contacts are used for this contest only and deleted when the prize is handed over."),
        _("10. No network sponsors or runs this contest; who enters releases the networks from every claim."),
    ]  # fmt: skip
    if contest.permit:
        lines.append(_("Permit: %(number)s.") % {"number": contest.permit})
    if contest.contact:
        lines.append(_("Questions: %(contact)s.") % {"contact": contest.contact})
    return "\n".join(line.replace("..", ".") for line in lines)


def _purchase(contest: Contest) -> str:
    if contest.purchase:
        return _("Something must be bought to enter, at its usual price.")
    return _("Nothing has to be bought.")


def _winning(contest: Contest) -> str:
    said = ngettext("One winner is drawn by lot", "%(n)d winners are drawn by lot", contest.winners)
    spare = ngettext("one more stands by", "%(n)d more stand by", contest.standby) % {"n": contest.standby}
    return said % {"n": contest.winners} + (f"; {spare}." if contest.standby else ".")


def _drawing(contest: Contest) -> str:
    """How the draw is done and why it can be checked."""
    start = _("A secret is fixed before the first entry and only its fingerprint is shown.") + " "
    start += _("After closing the list of tickets is published.") + " "
    if contest.beacon_kind == "drand":
        return start + _(
            "The public random number of drand decides together with the secret; anyone can check it."
        )
    if contest.beacon_kind == "lottery":
        name = contest.beacon_name or _("a public lottery")
        return start + _(
            "The number drawn by %(name)s decides together with the secret; anyone can check it."
        ) % {"name": name}
    return start + _("The secret alone decides: it shows that nothing was changed afterwards, and no more.")


def _moment(at: object, brand: Brand) -> str:
    return str(date_format(timezone.localtime(at, brand.zone), "j F Y, H:i"))  # type: ignore[arg-type]
