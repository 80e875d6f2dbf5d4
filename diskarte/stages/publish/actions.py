"""Every verb of the stage «publish»."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read
from diskarte.core.actions import write as does
from diskarte.core.files.models import File
from diskarte.core.given import Moment, Upload
from diskarte.core.people.who import Who
from diskarte.core.standing import Standing
from diskarte.words import Kind, Problem, Told

from . import ahead, changing, lists, looks, rules, sending, stories
from . import promises as promises  # tells dry runs what is not handed over yet
from . import undoing as undoing  # verbs
from .changing import KEEP
from .models import Attachment, Post

Then = Literal["", "request_approval", "approve", "schedule", "publish_now"]
ON_TIME = timedelta(minutes=5)  # a time this little in the past still means «now»


@read(may="publish.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    return ahead.standing(who, clock.now())


@read(may="publish.see")
def coming(who: Who, limit: int = 5) -> list[ahead.Coming]:
    """What goes out next: deliveries that wait, and slots of the next week that nobody has written yet."""
    return ahead.coming(who, clock.now(), limit)


@read(may="publish.see")
def posts(who: Who, state: str = "", start: int = 0, limit: int = 50) -> list[lists.Card]:
    """The posts in one state (draft, changes, waiting, approved, scheduled, needs_you, sent), or all."""
    if state and state not in rules.STATES:
        raise Problem(_("There is no state «%s».") % state, do=", ".join(rules.STATES), field="state")
    start, limit = max(0, start), max(1, min(limit, 500))
    return lists.cards(lists.in_state(who.own(Post), state)[start : start + limit])


@read(may="publish.see")
def counts(who: Who) -> dict[str, int]:
    """How many posts are in each state."""
    return lists.counts(who.own(Post))


@read(may="publish.see")
def post(who: Who, post: int) -> stories.Whole:
    """One post with its channels, media, state and looks."""
    return stories.whole(who, post)


@read(may="publish.see")
def story(who: Who, post: int, channel: int | None = None) -> stories.Story:
    """What became of a post on one channel: every moment, what was sent, what came back.

    Without a channel it is the one that needs a person, else the first.
    """
    return stories.story(who, post, channel)


@read(may="publish.edit")
def start(who: Who, slot: int) -> Post:
    """The post a slot of the plan asks for, with nothing said yet; it is not kept."""
    return Post(brand=who.brand, **changing.from_slot(who, slot))


@read(may="publish.see")
def written_for(who: Who, slot: int) -> Post | None:
    """The post that was written for a slot of the plan, if there is one."""
    found: Post | None = who.own(Post).filter(slot=slot).order_by("pk").first()
    return found


@read(may="publish.see")
def choices(who: Who) -> dict[str, list[tuple[int, str]]]:
    """What a post can be labelled with and where it can go: channels, pillars, segments, hooks, goals."""
    return changing.choices(who)


@read(may="publish.see")
def media(who: Who, file: int) -> File:
    """One file of the brand."""
    found: File = who.one(File, file)
    return found


@read(may="publish.see")
def preview(who: Who, post: int, channel: int | None = None) -> list[looks.Look]:
    """How each channel would take it: the text, its length counted the network's way, and what is wrong."""
    row: Post = who.one(Post, post)
    variants = [v for v in sending.variants_of(row) if channel in (None, v.channel_id)]
    return looks.looks(row, variants, sending.files_of(row))


@read(may="publish.edit")
def try_out(
    who: Who, text: str = "", channels: list[int] | None = None, post: int | None = None, slot: int | None = None,
    kind: Kind | None = None, link: str = "", first_comment: str = "", parts: list[str] | None = None,
    own: list[str] | None = None,
) -> list[looks.Look]:  # fmt: skip
    """The same for words that are not saved: nothing is kept."""
    row = who.one(Post, post) if post else Post(brand=who.brand)
    files = sending.files_of(row) if post else []
    row.text, row.link, row.first_comment = rules.lines(text), link.strip(), first_comment.strip()
    row.parts, row.kind = changing.parts_of(parts or []), kind or row.kind
    variants = changing.imagined(who, row, channels or [], changing.own_texts(own or []))
    return looks.looks(row, variants, files)


@read(may="publish.see")
def preflight(who: Who, post: int) -> dict[str, list[looks.Trouble]]:
    """What each channel would refuse, and hints, by the channel's name; an empty list is a clear way."""
    return {look.name: look.troubles for look in preview(who, post)}


@does(may="publish.edit", done=gettext_noop("Saved."))
def write(
    who: Who, text: str = "", slot: int | None = None, channels: list[int] | None = None, at: Moment | None = None,
    kind: Kind | None = None, title: str = KEEP, link: str = "", first_comment: str = "",
    parts: list[str] | None = None, topic: str = KEEP, pillar: int | None = None, segment: int | None = None,
    hook: int | None = None, goal: int | None = None, own: list[str] | None = None, only_on: int | None = None,
    own_text: str = "", file: Upload | None = None, file_alt: str = "", origin: str = "", then: Then = "",
) -> Post:  # fmt: skip
    """Write a new post, free or into a slot of the plan; it stays a draft unless `then` says more."""
    facts: dict[str, Any] = changing.from_slot(who, slot) if slot else {}
    row = Post(
        brand=who.brand, made_by=changing.person(who), made_at=clock.now(), origin=origin[:80], **facts
    )
    said = {"text": text, "title": title, "link": link, "first_comment": first_comment, "topic": topic}
    chosen = {"pillar": pillar, "segment": segment, "hook": hook, "goal": goal}
    changing.fill(who, row, said, chosen, due_at=at, kind=kind, parts=parts)
    row.save()
    changing.slot_is(row.slot)
    first = [row.slot.channel_id] if row.slot else []
    changing.place(
        who, row, first if channels is None else channels, changing.with_this(own, only_on, own_text)
    )
    if file is not None:
        changing.attach(who, row, file, file_alt)
        changing.settle_kind(row)
        row.save()
    return _then(who, row, then)


@does(may="publish.edit", done=gettext_noop("Saved."))
def edit(
    who: Who, post: int, text: str = KEEP, channels: list[int] | None = None, at: Moment | None = None,
    kind: Kind | None = None, title: str = KEEP, link: str = KEEP, first_comment: str = KEEP,
    parts: list[str] | None = None, topic: str = KEEP, pillar: int | None = None, segment: int | None = None,
    hook: int | None = None, goal: int | None = None, own: list[str] | None = None, only_on: int | None = None,
    own_text: str = "", file: Upload | None = None, file_alt: str = "", remove: int | None = None, then: Then = "",
) -> Post:  # fmt: skip
    """Change a post; what is not given stays, an empty text takes it out. What waits in the outbox follows."""
    row: Post = who.one(Post, post)
    said = {"text": text, "title": title, "link": link, "first_comment": first_comment, "topic": topic}
    chosen = {"pillar": pillar, "segment": segment, "hook": hook, "goal": goal}
    changing.fill(who, row, said, chosen, due_at=at, kind=kind, parts=parts)
    changing.place(who, row, channels, changing.with_this(own, only_on, own_text))
    if file is not None:
        changing.attach(who, row, file, file_alt)
    if remove is not None:
        changing.attachment(who, remove, row).delete()
    changing.changed(who, row)
    return _then(who, row, then)


def _then(who: Who, row: Post, then: str) -> Post:
    """The next step a person asked for in the same breath."""
    steps = {
        "request_approval": request_approval,
        "approve": approve,
        "schedule": schedule,
        "publish_now": publish_now,
    }
    return steps[then](who, row.pk) if then else row


@does(may="publish.edit", done=gettext_noop("Added."))
def attach(who: Who, post: int, file: Upload, alt: str = "") -> Attachment:
    """Add a picture or video, with its description for people who cannot see it."""
    row: Post = who.one(Post, post)
    added = changing.attach(who, row, file, alt)
    changing.changed(who, row)
    return added


@does(may="publish.edit", done=gettext_noop("Taken off."))
def detach(who: Who, attachment: int) -> Post:
    """Take a picture or video off its post; the file itself stays."""
    one = changing.attachment(who, attachment)
    one.delete()
    changing.changed(who, one.post)
    return one.post


@does(may="publish.edit", done=gettext_noop("Described."))
def describe(who: Who, attachment: int, alt: str) -> Post:
    """Say what a picture or video shows, for people who cannot see it."""
    one = changing.attachment(who, attachment)
    changing.describe(one.file, alt)
    changing.changed(who, one.post)
    return one.post


@does(may="publish.edit", done=gettext_noop("Saved."))
def set_variant(who: Who, post: int, channel: int, text: str = "") -> Post:
    """Say it differently on one channel; an empty text means: as everywhere."""
    row: Post = who.one(Post, post)
    changing.say_here(row, channel, text)
    changing.changed(who, row)
    return row


@does(may="publish.edit", done=gettext_noop("Asked for approval."))
def request_approval(who: Who, post: int) -> Post:
    """Ask somebody who may approve to read it."""
    row: Post = who.one(Post, post)
    assert who.workspace is not None
    if who.workspace.approval == "none":
        raise Problem(_("Nobody needs to approve posts here."), do=_("Schedule it."))
    changing.only_open(row, _("It is in the outbox already."))
    row.step, row.comment = "review", ""
    row.save()
    return row


@does(may="publish.approve", done=gettext_noop("Approved."))
def approve(who: Who, post: int) -> Post:
    """Agree to this very version of a post."""
    row: Post = who.one(Post, post)
    row.step, row.comment, row.approved_version = "approved", "", row.version
    row.approved_by, row.approved_at = changing.person(who), clock.now()
    row.save()
    return row


@does(may="publish.approve", done=gettext_noop("Sent back with your comment."))
def send_back(who: Who, post: int, comment: str) -> Post:
    """Do not agree, and say what should change."""
    row: Post = who.one(Post, post)
    if not comment.strip():
        raise Problem(_("Say what should change."), field="comment")
    changing.only_open(row, _("It is in the outbox already."))
    row.step, row.comment, row.approved_version = "draft", comment.strip(), None
    row.save()
    return row


@does(may="publish.send", done=gettext_noop("Scheduled."))
def schedule(who: Who, post: int, at: Moment | None = None, channels: list[int] | None = None) -> Post:
    """Hand it to the outbox for its time: one delivery for each channel, new or moved."""
    row: Post = who.one(Post, post)
    if channels is not None:
        changing.place(who, row, channels, None)
    row.due_at = at or row.due_at
    if row.due_at is None:
        raise Problem(_("It has no time yet."), do=_("Choose when it should go out."), field="at")
    if row.due_at < clock.now() - ON_TIME:
        raise Problem(_("That time has passed."), do=_("Choose a later one, or send it now."), field="at")
    return _out(who, row)


@does(may="publish.send", done=gettext_noop("It is on its way."))
def publish_now(who: Who, post: int) -> Post:
    """Hand it to the outbox for this moment."""
    row: Post = who.one(Post, post)
    row.due_at = clock.now()
    return _out(who, row)


def _out(who: Who, row: Post) -> Post:
    assert who.workspace is not None
    assert row.due_at is not None
    answer = rules.may_go(who.workspace.approval, row.step, row.version, row.approved_version)
    if not answer.may:
        raise Problem(changing.why_not(answer.why), do=_("Ask somebody who may approve."))
    if row.approved_version == row.version:
        row.approved_version = row.version + 1
    row.version += 1  # whoever undoes an older change must not change what waits in the outbox
    row.save()
    sending.hand_over(who, row, row.due_at)
    return row


@does(may="publish.send", done=gettext_noop("Taken back: it is a draft again."))
def cancel(who: Who, post: int) -> Post:
    """Take everything that is not out yet back from the outbox."""
    row: Post = who.one(Post, post)
    if not sending.take_back(who, row, Told("Taken back.")):
        raise Problem(_("Nothing of it waits in the outbox."))
    return row


@does(may="publish.edit", done=gettext_noop("Copied: this is the copy."))
def duplicate(who: Who, post: int) -> Post:
    """The same post once more, as a draft without a time."""
    return changing.copy(who, who.one(Post, post))


@does(may="publish.edit", done=gettext_noop("Deleted."))
def delete(who: Who, post: int) -> None:
    """Delete a post of which nothing is in the outbox or out."""
    row: Post = who.one(Post, post)
    changing.only_open(row, _("A post that is in the outbox or out is not deleted."))
    for one in (*row.attachments.all(), *row.variants.all()):
        one.delete()
    row.delete()
    changing.slot_is(row.slot)
