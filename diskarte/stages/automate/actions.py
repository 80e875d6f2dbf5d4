"""Every verb of the stage «automate»: bulk upload of posts, rules, dry runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock, tables
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Token
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing
from diskarte.stages.plan.models import Pillar
from diskarte.stages.publish import actions as publish
from diskarte.words import Kind, Misread, Problem

from . import firing
from . import repeating as repeating  # its verbs: repeat_post, stop_repeat, repeats
from .models import Batch, Firing, Rule
from .rules import COLUMNS, Line, line

MOST = 5000  # posts in one file
When = Literal["breakout", "trouble", "behind"]
Then = Literal["mail", "draft_again"]


@write(may="automate.edit", done=gettext_noop("Can be taken in: {good}. Cannot be read: {bad}."))
def upload_posts(who: Who, file: Upload) -> Batch:
    """Look through a table of posts (date, time, channel, text, kind, pillar …); nothing is made yet."""
    assert who.brand is not None
    table = tables.read(file)
    if "text" not in {header.strip().lower() for header in table.headers}:
        raise Problem(
            _("The column «text» is missing."), kept=_("Nothing was taken in."),
            do=_("Name the columns: %s.") % ", ".join(COLUMNS), field="file",
        )  # fmt: skip
    channels = {str(c): c.pk for c in who.own(Channel)} | {
        c.handle: c.pk for c in who.own(Channel) if c.handle
    }
    pillars = {p.name: p.pk for p in who.own(Pillar)}
    good: list[dict[str, Any]] = []
    bad: list[list[str]] = []
    for number, row in table.rows:
        if len(good) >= MOST:
            raise Problem(_("The file has more than %s posts.") % MOST, do=_("Split it."), field="file")
        try:
            good.append(_kept(line(row, who.brand.zone, channels, pillars)))
        except Misread as misread:
            bad.append(
                [str(number), _(misread.what) % misread.values, *(row.get(h, "") for h in table.headers)]
            )
    text = tables.write_csv([_("row"), _("reason"), *table.headers], bad).decode("utf-8-sig") if bad else ""
    batch = Batch(
        brand=who.brand, name=file.name[:255], rows=good, good=len(good), bad=len(bad), bad_rows=text
    )
    batch.made_by = who.person
    batch.save()
    return batch


def _kept(one: Line) -> dict[str, Any]:
    return {
        "text": one.text, "at": one.at.isoformat() if one.at else None, "channels": list(one.channels),
        "kind": one.kind.value if one.kind else None, "title": one.title, "pillar": one.pillar, "topic": one.topic,
        "link": one.link, "first_comment": one.first_comment,
    }  # fmt: skip


@write(may="automate.edit", done=gettext_noop("{made} posts made, {scheduled} of them scheduled."))
def take_batch(who: Who, batch: int, schedule: bool = False) -> dict[str, int]:
    """Make the posts of a file that was looked through: drafts, or scheduled where time and channel are given."""
    row: Batch = who.one(Batch, batch)
    if row.state != "looked":
        raise Problem(_("This file has been taken in already."))
    now, scheduled = clock.now(), 0
    for facts in row.rows:
        at = datetime.fromisoformat(facts["at"]) if facts["at"] else None
        ready = schedule and at is not None and at > now and bool(facts["channels"])
        _write(who, row, facts, at, ready)
        scheduled += ready
    made = len(row.rows)
    row.state, row.rows, row.scheduled = "taken", [], scheduled
    row.save()
    return {"made": made, "scheduled": scheduled}


def _write(who: Who, batch: Batch, facts: dict[str, Any], at: datetime | None, ready: bool) -> None:
    kind = Kind(facts["kind"]) if facts["kind"] else None
    publish.write(
        who, text=facts["text"], channels=facts["channels"], at=at, kind=kind, title=facts["title"],
        link=facts["link"], first_comment=facts["first_comment"], topic=facts["topic"], pillar=facts["pillar"],
        origin=f"automate.batch:{batch.pk}", then="schedule" if ready else "",
    )  # fmt: skip


@write(may="automate.edit", done=gettext_noop("Thrown away."))
def drop_batch(who: Who, batch: int) -> None:
    """Throw away a file that was looked through; posts that were made stay."""
    who.one(Batch, batch).delete()


@read(may="automate.see")
def batches(who: Who) -> list[Batch]:
    """The last files of posts, newest first."""
    return list(who.own(Batch).select_related("made_by").order_by("-id")[:20])


@read(may="automate.see")
def bad_rows(who: Who, batch: int) -> str:
    """The rows of one file that could not be read, as CSV with the reason of each."""
    return str(who.one(Batch, batch).bad_rows)


@read(may="automate.see")
def template(who: Who) -> str:
    """An example table for a bulk upload, as CSV."""
    channel = who.own(Channel).first()
    example = ["2026-12-01", "18:00", str(channel or ""), _("Good morning!"), "text", "", "", "", "", ""]
    return tables.write_csv(COLUMNS, [example]).decode("utf-8-sig")


@write(may="automate.edit", done=gettext_noop("Rule saved."))
def add_rule(who: Who, when: When, then: Then, times: float = 3.0, to: str = "") -> Rule:
    """When a post breaks out, a delivery needs help or a goal falls behind: mail somebody or draft the post again."""
    if then == "mail" and "@" not in to:
        raise Problem(_("To whom? The mail needs an address."), field="to")
    if then == "draft_again" and when != "breakout":
        raise Problem(_("Only a post that breaks out can be drafted again."), field="then")
    if times < 1.5:
        raise Problem(_("Less than 1.5 times the usual is not a breakout."), field="times")
    rule = Rule(brand=who.brand, when=when, then=then, times=times, to=to, made_by=who.person)
    rule.save()
    return rule


@write(may="automate.edit", done=gettext_noop("Rule switched."))
def switch_rule(who: Who, rule: int, on: bool) -> Rule:
    """Turn a rule on or off."""
    row: Rule = who.one(Rule, rule)
    row.on = on
    row.save()
    return row


@write(may="automate.edit", done=gettext_noop("Rule removed."))
def remove_rule(who: Who, rule: int) -> None:
    """Remove a rule; what it did stays done."""
    who.one(Rule, rule).delete()


@read(may="automate.see")
def rules(who: Who) -> list[Rule]:
    """Every rule of this brand."""
    return list(who.own(Rule).order_by("id"))


@read(may="automate.see")
def dry_run(who: Who, rule: int) -> list[firing.Match]:
    """What a rule would do now, without doing it."""
    return firing.matches(who, who.one(Rule, rule), clock.now())


@write(may="automate.edit", done=gettext_noop("The rules ran: {fired} things done."))
def run_rules(who: Who) -> dict[str, int]:
    """Let every rule that is on do its work now; each thing is done once."""
    now, fired = clock.now(), 0
    for rule in who.own(Rule).filter(on=True):
        for match in firing.matches(who, rule, now):
            firing.fire(who, rule, match)
            fired += 1
    return {"fired": fired}


@read(may="automate.see")
def firings(who: Who, limit: int = 30) -> list[Firing]:
    """What the rules did, newest first."""
    return list(Firing.objects.filter(rule__brand=who.brand).select_related("rule")[: min(limit, 500)])


@read(may="automate.see")
def tokens(who: Who) -> int:
    """How many keys programs have for this workspace."""
    return Token.objects.filter(workspace=who.workspace).count()


@read(may="automate.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    on = who.own(Rule).filter(on=True).count()
    waiting = who.own(Batch).filter(state="looked").count()
    needs: tuple[Need, ...] = ()
    if waiting:
        one = gettext_noop("An uploaded file of posts waits to be taken in.")
        more = gettext_noop("%(n)s uploaded files of posts wait to be taken in.")
        what = one if waiting == 1 else more
        needs = (Need(what, "automate.page", {"n": waiting}, do=gettext_noop("Look")),)
    if on:
        return Standing("full", str(on), needs)
    return Standing("empty", needs=needs, missing=gettext_noop("Let a first rule work for you."))
