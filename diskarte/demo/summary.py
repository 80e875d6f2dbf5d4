"""What the demo says when it is built: the address, and what to look at first."""

from __future__ import annotations

from django.conf import settings

from diskarte.core.numbers.models import Publication
from diskarte.core.people.who import Who
from diskarte.stages.correct import actions as correct
from diskarte.stages.correct.models import Proposal
from diskarte.stages.plan.models import Slot
from diskarte.stages.publish import actions as publish


def said(who: Who, accepted: Proposal | None) -> str:
    """A few lines for the terminal."""
    assert who.brand is not None
    posts = who.own(Publication).count()
    slots = who.own(Slot).exclude(state="dropped").count()
    changed = f"Eight weeks ago: {accepted.sentence}" if accepted else "Nothing was worth a change so far."
    waiting = publish.counts(who)["waiting"]
    return "\n".join(
        (
            f"«{who.brand.name}» is ready, all of it simulated: {posts} posts of a year, {slots} slots of the plan.",
            f"  1. The compass      {settings.SITE}/{who.brand.slug}/   the next post goes out in two minutes",
            f"  2. The plan         {settings.SITE}/{who.brand.slug}/plan/   open a slot: why does it stand there?",
            f"  3. What we learned  {settings.SITE}/{who.brand.slug}/correct/   {changed}",
            f"     Waiting for an answer: {len(correct.proposals(who))} proposals, {waiting} of the posts.",
        )
    )
