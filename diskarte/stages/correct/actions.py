"""Every verb of the stage «correct»: findings, proposals, decisions, history, verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte import networks
from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Slot, Version
from diskarte.words import Problem

from . import learning, rules
from .models import Finding, Proposal
from .verdicts import Verdict, judged

AHEAD = 92  # days of the plan that are looked at
QUIET_AFTER_NO = timedelta(days=60)  # a refused change is not proposed again for so long


@dataclass(frozen=True)
class Accepted:
    """What accepting a proposal did."""

    id: int
    version: int
    moved: int  # slots of the plan that changed
    diff: list[dict[str, object]]


@read(may="correct.see")
def findings(who: Who) -> list[Finding]:
    """What the numbers teach at present, the strongest first; each with effect, interval and sample."""
    rows = who.own(Finding).filter(current=True)
    return sorted(rows, key=lambda f: -abs(f.lift - 1) * abs(f.chance - 0.5))


@read(may="correct.see")
def proposals(who: Who, state: str = "open") -> list[Proposal]:
    """Changes that wait for a decision, the most promising first; or those in another state, the newest first."""
    rows = who.own(Proposal).filter(state=state).select_related("finding", "decided_by", "version")
    return list(rows.order_by("-gain_low" if state == "open" else "-decided_at"))


@write(
    may="correct.edit",
    done=gettext_noop("Looked at the history: {findings} findings, {proposals} proposals."),
)
def learn(who: Who) -> dict[str, int]:
    """Look at the whole history again: renew the findings and the proposals that follow from them."""
    assert who.brand is not None
    now = clock.now()
    rows = learning.ripe(who.own(Publication), now)
    told, shares = learning.learnt(rows, who.brand.zone)
    who.own(Finding).filter(current=True).update(current=False)
    found = {}
    for one in rules.worth_telling(told):
        finding = Finding(
            brand=who.brand, factor=one.factor, level=one.level, lift=one.lift, low=one.low, high=one.high,
            chance=one.chance, n=one.n, of=len(rows), share=shares.get(one.factor, 0.0), first=rows[0].at,
            last=rows[-1].at, found_at=now,
        )  # fmt: skip
        finding.save()
        found[finding.pk] = one
    return {"findings": len(found), "proposals": _propose(who, found, len(rows))}


def _propose(who: Who, found: dict[int, rules.Told], of: int) -> int:
    """Renew the open proposals: what no longer follows from the numbers is gone."""
    settings = plan.current_settings(who)
    channels = who.own(Channel).filter(state="ready")
    possible = {str(c.pk): sorted(networks.get(c.network).kinds) for c in channels}
    who.own(Proposal).filter(state="open").update(state="gone")
    lately = clock.now() - QUIET_AFTER_NO
    refused = set(
        who.own(Proposal).filter(state="refused", decided_at__gt=lately).values_list("key", flat=True)
    )
    now = rules.Plan(settings, possible, _planned(who))
    made = [(pk, c) for pk, c in rules.changes(found, now, max(of, 1)) if c.key not in refused]
    for pk, change in made:
        Proposal(
            brand=who.brand, finding_id=pk, key=change.key, what=change.what, values=change.values,
            patch=change.patch, gain=change.gain, gain_low=change.gain_low, gain_high=change.gain_high,
        ).save()  # fmt: skip
    return len(made)


def _planned(who: Who) -> dict[tuple[str, str], float] | None:
    """Which share of the slots ahead each weekday, part of the day, kind and pillar has; None without slots."""
    assert who.brand is not None
    now = clock.now()
    today = now.astimezone(who.brand.zone).date()
    rows = plan.slots(who, today, today + timedelta(days=AHEAD))
    slots = [row for row in rows if row.at > now and row.state != "dropped"]
    levels = [level for row in slots for level in learning.levels_of(row, who.brand.zone)]
    return {level: levels.count(level) / len(slots) for level in set(levels)} if slots else None


@write(may="correct.edit", done=gettext_noop("Accepted. {moved} slots of the plan changed."))
def accept(who: Who, proposal: int, why: str = "", redraft: bool = True) -> Accepted:
    """Make a proposal the new version of the plan's settings, and draft the open slots ahead again by it."""
    row = _open(who, proposal)
    finding = row.finding
    evidence = {
        "finding": finding.pk, "lift": finding.lift, "low": finding.low, "high": finding.high, "n": finding.n,
        "of": finding.of, "chance": finding.chance, "basis": finding.basis,
    }  # fmt: skip
    said = why or f"{finding.sentence} {finding.evidence}"
    version = plan.change_settings(who, row.patch, said, evidence, f"correct.proposal:{row.pk}")
    row.moved = plan.redraft_ahead(who) if redraft else 0
    _decide(who, row, "accepted", why)
    row.version = version
    row.save()
    return Accepted(row.pk, version.number, row.moved, version.diff)


@write(may="correct.edit", done=gettext_noop("Put aside. It is not proposed again for two months."))
def refuse(who: Who, proposal: int, why: str = "") -> Proposal:
    """Say no to a proposal; it is not made again for two months."""
    row = _open(who, proposal)
    _decide(who, row, "refused", why)
    row.save()
    return row


def _open(who: Who, pk: int) -> Proposal:
    row: Proposal = who.one(Proposal, pk)
    if row.state != "open":
        raise Problem(_("This proposal has been decided already."), do=_("Look at the history below."))
    return row


def _decide(who: Who, row: Proposal, state: str, why: str) -> None:
    row.state, row.why, row.decided_by, row.decided_at = state, why[:300], who.person, clock.now()


@read(may="correct.see")
def history(who: Who) -> list[Version]:
    """Every version of the plan's settings, the newest first, with who, when, why and the difference."""
    return list(plan.versions(who))


@write(may="correct.edit", done=gettext_noop("Version {number} is back, as a new version."))
def restore(who: Who, version: int) -> Version:
    """Bring an older version of the plan's settings back; it becomes the newest one."""
    restored: Version = plan.restore_version(who, version)
    return restored


@read(may="correct.see")
def verdict(who: Who, proposal: int) -> Verdict:
    """Did an accepted change work? Its effect with interval, or how many posts are still missing to tell."""
    row: Proposal = who.one(Proposal, proposal)
    if row.decided_at is None or row.state != "accepted":
        raise Problem(_("This proposal was not accepted."), do=_("Only an accepted change has a verdict."))
    return judged(learning.ripe(who.own(Publication), clock.now()), row.decided_at)


@read(may="correct.see")
def slots_of(who: Who, proposal: int) -> list[Slot]:
    """The slots of the plan that were drafted under an accepted proposal's version, soonest first."""
    row: Proposal = who.one(Proposal, proposal)
    if row.version_id is None:
        return []
    slots = who.own(Slot).filter(version=row.version_id).exclude(state="dropped")
    return list(slots.select_related("channel", "pillar").order_by("at"))


@read(may="correct.see")
def learnt_from(who: Who) -> dict[str, object]:
    """What the findings are learnt from: how many posts with numbers, from when to when, and when last looked at."""
    rows = who.own(Publication).filter(is_reply=False)
    told = rows.aggregate(first=Min("at"), last=Max("at"))
    looked = who.own(Finding).aggregate(at=Max("found_at"))["at"]
    return {"posts": rows.count(), "needed": learning.FEWEST, "looked_at": looked, **told}


@read(may="correct.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    waiting = who.own(Proposal).filter(state="open").count()
    decided = who.own(Proposal).filter(state="accepted").count()
    needs: tuple[Need, ...] = ()
    if waiting:
        one = gettext_noop("A proposal waits for your answer.")
        more = gettext_noop("%(n)s proposals wait for your answer.")
        what = one if waiting == 1 else more
        needs = (Need(what, "correct.page", {"n": waiting}, urgency="review", do=gettext_noop("Decide")),)
    if decided:
        return Standing("full", str(decided), needs)
    learnt = waiting or who.own(Finding).filter(current=True).exists()
    return Standing(
        "half" if learnt else "empty", needs=needs, missing=gettext_noop("Decide about a first proposal.")
    )
