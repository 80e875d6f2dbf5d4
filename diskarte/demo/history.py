"""Ten months before the brand planned anything: what was posted by habit on the practice network, and what it brought.

The numbers are not chosen here. They come from the make-believe readers of the practice network
(`core.practice.people`), whose worlds follow method h: the same the worker would read for these posts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.practice.models import PracticePost
from diskarte.core.practice.people import counts_of
from diskarte.core.practice.transport import SITE
from diskarte.stages.audience.models import Hook

from .strategy import BEANS, CAFE, PILLARS
from .texts import Bank

WARM_UP = 48  # first posts of an account: nearly all of them pictures
PICTURES = 0.85
HOURS = {12: 0.34, 9: 0.16, 10: 0.12, 15: 0.08, 17: 0.08, 18: 0.12, 20: 0.10}  # when they used to post
KINDS = {
    CAFE: {"image": 0.56, "reel": 0.24, "carousel": 0.1, "text": 0.1},
    BEANS: {"image": 0.52, "carousel": 0.24, "link": 0.14, "text": 0.1},
}
A_WEEK = 4
HOOKED = 0.3  # of the posts that could carry a hook of the bank


@dataclass(frozen=True)
class Made:
    """One post of the past before it has a row."""

    at: datetime
    kind: str
    pillar: str
    topic: str
    text: str
    hook: Hook | None


def posted(brand: Brand, channels: Sequence[Channel], hooks: Sequence[Hook], bank: Bank, since: datetime,
           until: datetime) -> None:  # fmt: skip
    """Write the habit's posts between two moments down: on the practice network and in the brand's own ledger."""
    for channel in channels:
        luck = Random(f"{channel.identity} by habit")  # noqa: S311 - a plausible past, no secret
        made = list(_made(brand, channel.identity, hooks, bank, luck, since, until))
        there = [_there(brand, channel, one, n) for n, one in enumerate(made)]
        PracticePost.objects.bulk_create(there)
        rows = [_ours(brand, channel, one, post, until) for one, post in zip(made, there, strict=True)]
        Publication.objects.bulk_create(rows)


def hooks_of(brand: Brand) -> list[Hook]:
    """The hook bank, in the order it was entered."""
    return list(Hook.objects.filter(brand=brand).select_related("segment").order_by("pk"))


def _made(brand: Brand, account: str, hooks: Sequence[Hook], bank: Bank, luck: Random, since: datetime,
          until: datetime) -> Iterator[Made]:  # fmt: skip
    for n, at in enumerate(_moments(brand, luck, since, until)):
        pictures = n < WARM_UP and luck.random() < PICTURES
        kind = "image" if pictures else _one(luck, KINDS[account])
        pillar = _one(luck, PILLARS)
        hook = luck.choice(hooks) if pillar in ("Useful", "Selling") and luck.random() < HOOKED else None
        said = bank.hooked(hook.text, hook.offer) if hook else bank.say(pillar, kind, _on(account))
        yield Made(at, kind, pillar, said.topic, said.text, hook)


def _moments(brand: Brand, luck: Random, since: datetime, until: datetime) -> list[datetime]:
    """Four different days of every week, at the hours they were used to."""
    found, week = [], since.astimezone(brand.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    while week < until:
        for day in luck.sample(range(7), A_WEEK):
            hour = int(_one(luck, {str(h): share for h, share in HOURS.items()}))
            found.append(week + timedelta(days=day, hours=hour, minutes=luck.randrange(60)))
        week += timedelta(days=7)
    return sorted(at for at in found if since <= at < until)


def _on(account: str) -> str:
    return "beans" if account == BEANS else "cafe"


def _one(luck: Random, shares: dict[str, float]) -> str:
    return luck.choices(list(shares), list(shares.values()))[0]


def _there(brand: Brand, channel: Channel, one: Made, n: int) -> PracticePost:
    local = one.at.astimezone(brand.zone)
    return PracticePost(
        account=channel.identity, key=f"{channel.identity} {local:%Y-%m-%d} {n}", text=one.text, kind=one.kind,
        at=one.at, weekday=local.weekday(), hour=local.hour + local.minute / 60,
    )  # fmt: skip


def _ours(brand: Brand, channel: Channel, one: Made, post: PracticePost, now: datetime) -> Publication:
    labels = {"segment": str(one.hook.segment), "hook": str(one.hook)} if one.hook else {}
    return Publication(
        brand=brand, channel=channel, network=channel.network, remote_id=str(post.pk), at=one.at, kind=one.kind,
        url=f"{SITE}/{channel.identity}/{post.pk}", text=one.text, language="en", pillar=one.pillar, topic=one.topic,
        **labels, **numbers(post, now),
    )  # fmt: skip


def numbers(post: PracticePost, now: datetime) -> dict[str, Any]:
    """The columns of a publication that hold what its readers did until now."""
    return {**counts_of(post, now), "numbers_at": now, "source": "simulated", "simulated": True}
