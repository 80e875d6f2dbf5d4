"""What a rule sees and does: the things it would fire for now, and the firing itself, once for each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from django.core.mail import send_mail
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.stages.goals import actions as goals
from diskarte.stages.publish import actions as publish
from diskarte.words import Problem

from .models import Firing, Rule
from .rules import breakouts

LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Match:
    """One thing a rule fires for, and what would be done, in words."""

    about: str
    said: str


def matches(who: Who, rule: Rule, now: datetime) -> list[Match]:
    """What this rule would fire for now; what it fired for already is left out."""
    found = {"breakout": _breakouts, "trouble": _troubles, "behind": _behind}[rule.when](who, rule, now)
    done = set(rule.firings.values_list("about", flat=True)) if rule.pk else set()
    return [match for match in found if match.about not in done]


def _breakouts(who: Who, rule: Rule, now: datetime) -> list[Match]:
    rows = list(who.own(Publication).filter(is_reply=False).order_by("-at")[:400])
    known = [row.engaged for row in rows if row.engaged is not None]
    usual = math.expm1(fmean(math.log1p(v) for v in known)) if len(known) >= 10 else None
    young = {row.pk: row for row in rows if row.engaged is not None and now - row.at < LATELY}
    hits = breakouts([(pk, row.engaged or 0) for pk, row in young.items()], usual, rule.times)
    return [
        Match(
            f"publication:{pk}",
            _("«%(text)s» has %(n)s engagements, %(times)s times your usual post.")
            % {
                "text": Truncator(" ".join(young[pk].text.split())).chars(60),
                "n": young[pk].engaged,
                "times": round((young[pk].engaged or 0) / usual, 1),
            },
        )
        for pk in hits
        if usual
    ]


def _troubles(who: Who, rule: Rule, now: datetime) -> list[Match]:
    rows = who.own(Delivery).filter(
        state__in=("refused", "unknown", "blocked", "lost"), due_at__gt=now - LATELY
    )
    return [
        Match(f"delivery:{row.pk}:{row.state}", f"{row.label or row}: {row.why} {row.do}".strip()[:300])
        for row in rows.order_by("-due_at")[:50]
    ]


def _behind(who: Who, rule: Rule, now: datetime) -> list[Match]:
    late = [pace for pace in goals.pace(who) if pace.state == "behind"]
    return [
        Match(f"goal:{p.goal.pk}:{now:%Y-%m}", _("Behind pace: %(goal)s") % {"goal": p.goal.sentence})
        for p in late
    ]


def fire(who: Who, rule: Rule, match: Match) -> Firing:
    """Do it once: the row is written first, so a second worker finds it there."""
    firing, new = Firing.objects.get_or_create(
        rule=rule, about=match.about, defaults={"said": match.said[:300]}
    )
    if not new:
        return firing
    try:
        _do(who, rule, match)
    except (Problem, OSError) as problem:  # a mail server that does not answer is an OSError
        firing.problem = str(problem)[:300]
        firing.save()
    return firing


def _do(who: Who, rule: Rule, match: Match) -> None:
    if rule.then == "mail":
        subject = " ".join(f"{who.brand}: {match.said[:80]}".split())  # a header is one line
        send_mail(subject, match.said, None, [rule.to])
        return
    kind, pk = match.about.split(":")[:2]
    if kind != "publication":
        raise Problem(_("Only a post can be drafted again."))
    row = who.one(Publication, int(pk))
    publish.write(who, text=row.text, title=_("Again: %s") % row.text[:60], origin=f"automate.rule:{rule.pk}")
