"""Verbs of ideas: caught, made ready, put into slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.audience.models import Segment
from diskarte.words import Kind, Problem

from .. import placing
from ..models import Pillar, Slot
from ..sheet import channel_names
from ..taking import Taken, take
from ..together import held
from .models import Idea

STEPS = {
    "idea": gettext_lazy("Ideas"), "to_write": gettext_lazy("To write"), "ready": gettext_lazy("Ready"),
    "planned": gettext_lazy("In the plan"),
}  # fmt: skip
Step = Literal["idea", "to_write", "ready"]
SEEN = 30  # of those already in the plan, the newest
FITTING = 3
COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("idea", "headline", "text", "ideya", "идея"), "note": ("notes", "details", "comment"),
    "pillar": ("rubric", "category"), "segment": ("audience", "for"), "channel": ("account", "network"),
    "kind": ("type", "format"), "step": ("state", "status", "column"),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """An idea on the board with the places it would fit best."""

    idea: Idea
    places: list[Slot]

    @property
    def tone(self) -> int:
        """The colour of its pillar."""
        return int((self.idea.pillar and self.idea.pillar.colour) or 0)


@read(may="plan.see")
def board(who: Who) -> list[tuple[str, str, list[Card]]]:
    """The columns of the board: step, its name, its cards; the newest first. Three queries."""
    rows = list(who.own(Idea).select_related("pillar", "segment", "channel", "slot__channel"))
    free = open_slots(who)
    told = []
    for step, name in STEPS.items():
        cards = [
            Card(row, fitting(row, free) if step != "planned" else []) for row in rows if row.step == step
        ]
        told.append((step, str(name), cards[:SEEN] if step == "planned" else cards))
    return told


def open_slots(who: Who) -> list[Slot]:
    """Slots ahead that nobody has written, named or filled, soonest first; a draft names them by topic or day."""
    rows = who.own(Slot).filter(at__gt=clock.now(), state="open").exclude(pk__in=_filled(who))
    rows = rows.filter(Q(title="") | Q(version__isnull=False, title__in=[F("topic"), F("occasion")]))
    return list(rows.select_related("channel", "pillar").defer("reasons").order_by("at")[:200])


def _filled(who: Who) -> Any:
    return who.own(Idea).filter(slot__isnull=False).values("slot_id")


def fitting(idea: Idea, free: list[Slot]) -> list[Slot]:
    """The places that suit an idea: same channel and kind where it names them, its pillar first, the soonest first."""
    can = [s for s in free if idea.channel_id in (None, s.channel_id) and idea.kind in ("", s.kind)]
    ranked = sorted(can, key=lambda s: (s.pillar_id != idea.pillar_id, s.segment_id != idea.segment_id, s.at))
    return ranked[:FITTING]


@read(may="plan.see")
def one_idea(who: Who, idea: int) -> Idea:
    """One idea."""
    row: Idea = who.one(Idea, idea)
    return row


@write(may="plan.edit", done=gettext_noop("Kept: «{title}»."))
def add_idea(
    who: Who, title: str, note: str = "", pillar: int | None = None, segment: int | None = None,
    channel: int | None = None, kind: Kind | None = None, step: Step = "idea",
) -> Idea:  # fmt: skip
    """Keep an idea before it is forgotten; a title is enough."""
    row = Idea(brand=who.brand, made_by=who.person if who.person and who.person.pk else None)
    return _kept(who, row, title, note, pillar, segment, channel, kind, step)


@write(may="plan.edit", done=gettext_noop("Saved."))
def edit_idea(
    who: Who, idea: int, title: str, note: str = "", pillar: int | None = None, segment: int | None = None,
    channel: int | None = None, kind: Kind | None = None,
) -> Idea:  # fmt: skip
    """Change an idea."""
    row: Idea = who.one(Idea, idea)
    return _kept(who, row, title, note, pillar, segment, channel, kind, row.step)


def _kept(
    who: Who, row: Idea, title: str, note: str, pillar: int | None, segment: int | None, channel: int | None,
    kind: Kind | None, step: str,
) -> Idea:  # fmt: skip
    first, _line, rest = title.strip().partition("\n")
    if not first:
        raise Problem(_("An idea needs a few words."), kept=_("Nothing was kept."), field="title")
    over = first[160:]  # what is too long for a title is not lost
    row.title, row.note = first[:160], "\n".join(filter(None, [over, rest.strip(), note.strip()]))
    row.pillar = who.one(Pillar, pillar) if pillar is not None else None
    row.segment = who.one(Segment, segment) if segment is not None else None
    row.channel = who.one(Channel, channel) if channel is not None else None
    row.kind, row.step = kind.value if kind else "", step
    if row.channel and row.kind:
        placing.fits(row.channel, row.kind)
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Moved."))
def move_idea(who: Who, idea: int, step: Step) -> Idea:
    """Put an idea into another column; one that was in the plan leaves its slot."""
    row: Idea = who.one(Idea, idea)
    if row.slot is not None:
        _emptied(row)
    row.step = step
    row.save()
    return row


def _emptied(row: Idea) -> None:
    """The slot gives back what the idea brought, unless somebody has written or changed it since."""
    slot = row.slot
    assert slot is not None
    if slot.state == "written":
        what, do = _("A post is written for this slot."), _("Delete or unschedule the post first.")
        raise Problem(what, kept=_("Nothing was changed."), do=do)
    if slot.title == row.title:
        slot.title = slot.occasion or slot.topic
        slot.note = "" if slot.note == row.note else slot.note
        slot.save()
    row.slot = None


@write(may="plan.edit", done=gettext_noop("{said}"))
def place_idea(who: Who, idea: int, slot: int | None = None, seen: int | None = None) -> dict[str, Any]:
    """Fill a slot with an idea: its words, its pillar, segment and kind where it has them. Without a slot: the best."""
    row: Idea = who.one(Idea, idea)
    place = _best(who, row) if slot is None else held(who, slot, seen)
    if place.state != "open" or Idea.objects.filter(slot=place).exclude(pk=row.pk).exists():
        what, do = _("This place is taken meanwhile."), _("Choose another one.")
        raise Problem(what, kept=_("Your idea is where it was."), do=do)
    if row.slot is not None and row.slot_id != place.pk:
        _emptied(row)
    if row.kind:
        placing.fits(place.channel, row.kind)
        place.kind = row.kind
    place.title, place.note = row.title, row.note or place.note
    place.pillar, place.segment = row.pillar or place.pillar, row.segment or place.segment
    place.locked = True
    placing.retold(who, place, clock.now())
    place.save()
    row.step, row.slot = "planned", place
    row.save()
    return {"slot": place.pk, "said": _("«%(title)s» is in the plan.") % {"title": row.title}}


def _best(who: Who, row: Idea) -> Slot:
    """The place that suits an idea best; raises Problem when there is none, or it has one already."""
    kept = _("Your idea is where it was.")
    if row.slot is not None:
        raise Problem(_("This idea is in the plan already."), kept=kept)
    places = fitting(row, open_slots(who))
    if not places:
        raise Problem(_("No free place suits it."), kept=kept, do=_("Draft a month, or add a slot."))
    return held(who, places[0].pk, None)


@write(may="plan.edit", done=gettext_noop("Thrown away."))
def drop_idea(who: Who, idea: int) -> None:
    """Throw an idea away; a slot it fills stays as it is."""
    who.one(Idea, idea).delete()


@write(may="plan.edit", done=gettext_noop("{made} ideas are on the board."))
def import_ideas(who: Who, file: Upload) -> Taken:
    """Put ideas from a CSV or XLSX on the board; rows that make no sense are told one by one."""
    return take(who, "ideas", file, COLUMNS, ("title",), _Maker(who).add)


class _Maker:
    """Turns a row into an idea, or says what is wrong with it."""

    def __init__(self, who: Who) -> None:
        self.who = who
        channels = list(who.own(Channel).exclude(state="paused"))
        names = channel_names(channels)
        self.known: dict[str, dict[str, Any]] = {
            "channel": {names[c.pk].casefold(): c for c in channels},
            "pillar": {p.name.casefold(): p for p in who.own(Pillar)},
            "segment": {s.name.casefold(): s for s in who.own(Segment).filter(state="active")},
        }
        self.there = {title.casefold() for title in who.own(Idea).values_list("title", flat=True)}
        self.steps = {str(name).casefold(): step for step, name in STEPS.items()} | {
            step: step for step in STEPS
        }

    def add(self, row: dict[str, str]) -> str:
        title = row.get("title", "")
        if not title:
            raise ValueError(_("An idea needs a few words."))
        if title[:160].casefold() in self.there:
            return _("stood on the board already")
        kind = row.get("kind", "").casefold()
        if kind and kind not in set(Kind):
            raise ValueError(_("There is no kind of post «%(name)s».") % {"name": kind})
        facts = {name: self._one(name, row.get(name, "")) for name in self.known}
        step = self.steps.get(row.get("step", "").casefold() or "idea", "idea")
        note = "\n".join(filter(None, [title[160:], row.get("note", "")]))
        person = self.who.person if self.who.person and self.who.person.pk else None
        Idea(
            brand=self.who.brand, title=title[:160], note=note, kind=kind, made_by=person,
            step="idea" if step == "planned" else step, **facts,
        ).save()  # fmt: skip
        self.there.add(title[:160].casefold())
        return ""

    def _one(self, what: str, name: str) -> Any:
        if not name:
            return None
        found = self.known[what].get(name.casefold())
        if found is None:
            said = {"channel": _("There is no channel «%(name)s»."), "pillar": _("There is no pillar «%(name)s»."),
                    "segment": _("There is no segment «%(name)s».")}  # fmt: skip
            raise ValueError(said[what] % {"name": name})
        return found
