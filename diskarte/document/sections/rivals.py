"""Against whom: every competitor with what is ahead and behind, each with its number or source."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core.people.who import Who
from diskarte.stages.brand import actions as brand

from ..blocks import Block, Section, heading, listed, text


def section(who: Who) -> Section | None:
    """The comparison, or nothing where nobody was named."""
    compared = brand.compare(who)
    if not compared:
        return None
    blocks: list[Block] = []
    for row in compared:
        blocks.append(heading(row.competitor.name))
        if row.competitor.offer:
            blocks.append(text(row.competitor.offer))
        for words, lines, tone in (
            (_("Where we are ahead"), row.ahead, "good"),
            (_("Where they are ahead"), row.behind, "bad"),
            (_("Alike, or simply different"), row.neither, ""),
        ):
            if lines:
                blocks.append(
                    {**listed([(one.sentence, one.evidence) for one in lines], tone), "head": words}
                )
        if not (row.ahead or row.behind or row.neither):
            blocks.append(text(_("Nothing that numbers or notes show yet.")))
    unknown = [f"{row.competitor.name}: {line.sentence}" for row in compared for line in row.open]
    n = len(compared)
    lead = ngettext(
        "One competitor, compared by what was measured or seen.",
        "%(n)d competitors, compared by what was measured or seen.",
        n,
    ) % {"n": n}
    return Section("rivals", _("Against whom"), lead, blocks, unknown)
