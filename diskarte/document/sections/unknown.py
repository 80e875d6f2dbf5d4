"""What we do not know, and what is still missing, with its weight."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..blocks import Section, heading, listed, note, table
from ..missing import Whole

MOST = 24


def section(found: list[Section], whole: Whole) -> Section:
    """The table of gaps, then every question the chapters left open."""
    share = round(whole.share * 100)
    rows = [(g.name, _done(g.done), "●" * g.weight, g.why) for g in whole.open]
    blocks = []
    if rows:
        blocks += [table([_("Still missing"), _("There"), _("Weight"), _("Why it matters")], rows, (1,))]
        blocks += [
            note(
                _(
                    "Weights run from 1 to 5 and are our judgement: five where the plan is a guess without it, three "
                    "where it is weaker, one where it would be nicer. The share is weighed with them."
                )
            )
        ]
    open_ = [(one.title, line) for one in found for line in one.unknown][:MOST]
    if open_:
        blocks += [heading(_("Open questions"), bool(rows)), listed([(line, title) for title, line in open_])]
    lead = _("%(n)d of 100 parts of this strategy stand, weighed by how much each matters.") % {"n": share}
    return Section("unknown", _("What we do not know yet"), lead, blocks)


def _done(share: float) -> str:
    return f"{round(share * 100)} %"
