"""Competitors' posts into the table, whoever told them: a file, a feed or a network. Known numbers are never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import batched

from .models import Competitor, RivalFile, RivalPost
from .rules.posts import COUNTS, Given

BATCH = 1000


def keep(
    rival: Competitor, posts: Iterable[Given], source: str, now: datetime, file: RivalFile | None = None
) -> Counter[str]:
    """Keep the posts of one competitor; how many were `new`, `updated` and the `same`. Two queries a thousand."""
    found: Counter[str] = Counter()
    for some in batched(posts, BATCH):
        found += _batch(rival, {(p.network, p.remote_id): p for p in some}, source, now, file)
    return found


def _batch(
    rival: Competitor, posts: dict[tuple[str, str], Given], source: str, now: datetime, file: RivalFile | None
) -> Counter[str]:
    ids = [remote_id for _network, remote_id in posts]
    rows = RivalPost.objects.filter(competitor=rival, remote_id__in=ids)
    known = {(row.network, row.remote_id): row for row in rows}
    new = [_row(rival, post, source, now, file) for key, post in posts.items() if key not in known]
    changed = [row for key, row in known.items() if key in posts and _told_more(row, posts[key], now)]
    RivalPost.objects.bulk_create(new)
    RivalPost.objects.bulk_update(changed, [*COUNTS, "text", "kind", "url", "seen_at"])
    same = sum(key in posts for key in known) - len(changed)
    return Counter(new=len(new), updated=len(changed), same=same)


def _row(rival: Competitor, post: Given, source: str, now: datetime, file: RivalFile | None) -> RivalPost:
    facts = {"network": post.network, "remote_id": post.remote_id, "url": post.url, "at": post.at}
    told = {"kind": post.kind, "text": post.text, **post.counts, "seen_at": now, "source": source[:200]}
    return RivalPost(brand_id=rival.brand_id, competitor=rival, file=file, **facts, **told)


def _told_more(row: RivalPost, post: Given, now: datetime) -> bool:
    """Take over what is new: counts of a post's life only grow, so the larger one is the later truth."""
    more: dict[str, object] = {
        name: n for name, n in post.counts.items() if (was := getattr(row, name)) is None or n > was
    }
    for name in ("text", "kind", "url"):
        if getattr(post, name) and not getattr(row, name):
            more[name] = getattr(post, name)
    for name, value in more.items():
        setattr(row, name, value)
    if more:
        row.seen_at = now
    return bool(more)
