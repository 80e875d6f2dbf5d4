"""Who the brand is: the answers of the canvas, the voice, what it sells."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from diskarte.core.people.who import Who
from diskarte.stages.brand import actions as brand
from diskarte.stages.brand import sentences
from diskarte.start import facts as start_facts

from ..blocks import Section, facts, heading, quote, table


def section(who: Who) -> Section | None:
    """The concept, or nothing where no question was answered."""
    told = brand.concept(who)
    answers = sentences.answered(told.canvas)
    said = [(q.ask, text) for q, text in answers if text and q.field not in ("tone", "idea")]
    if not said and not told.products:
        return None
    blocks = [quote(told.statement.text)] if told.statement.by_hand or not told.statement.missing else []
    blocks.append(facts(said))
    if told.products:
        rows = [
            (
                p.name,
                f"{p.currency} {sentences.number(float(p.price))}" if p.price is not None else "–",
                f"{sentences.number(float(p.margin))} %" if p.margin is not None else "–",
            )
            for p in told.products
        ]
        blocks += [heading(_("What we sell")), table([_("Product"), _("Price"), _("Margin")], rows, (1, 2))]
    blocks += _voice(told.canvas)
    where = start_facts.shown(who)
    if where:
        blocks += [heading(_("How to reach us")), facts(where)]
    unknown = [q.ask for q, text in answers if not text]
    return Section(
        "concept", _("Who we are, and why anyone would choose us"), told.canvas.idea, blocks, unknown
    )


def _voice(canvas: Any) -> list[dict[str, object]]:
    if not (canvas.tone or canvas.do_words or canvas.dont_words):
        return []
    blocks = [heading(_("How we sound"))]
    rows = [
        (_("Tone"), canvas.tone),
        (_("We say"), ", ".join(canvas.do_words)),
        (_("We never say"), ", ".join(canvas.dont_words)),
    ]
    return [*blocks, facts(rows)]
