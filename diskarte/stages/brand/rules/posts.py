"""How a row of a table becomes a competitor's post, in our words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from diskarte.words import Kind, Misread
from diskarte.words import gettext_noop as _

COLUMNS = {
    "competitor": ("page", "page name", "account", "account name", "profile", "author", "username", "name", "brand"),
    "network": ("platform", "channel", "source network"),
    "date": ("date published", "published", "post created", "created at", "created", "posted", "post created date",
             "publish time", "time", "timestamp", "posted at", "datetime"),
    "text": ("message", "caption", "post", "content", "title", "description", "post message", "tweet text"),
    "kind": ("type", "post type", "media type", "format"),
    "url": ("link", "permalink", "post url", "post link", "permanent link"),
    "id": ("post id", "tweet id", "status id", "remote id"),
    "likes": ("reactions", "reaction count", "favorites", "favourites", "like count", "likes count", "total reactions"),
    "replies": ("comments", "comment count", "comments count", "replies count"),
    "shares": ("share count", "reposts", "retweets", "shares count", "repost count"),
}  # fmt: skip
COUNTS = ("likes", "replies", "shares")
KINDS = {
    "photo": Kind.IMAGE, "picture": Kind.IMAGE, "photos": Kind.CAROUSEL, "album": Kind.CAROUSEL,
    "carousel_album": Kind.CAROUSEL, "reels": Kind.REEL, "short": Kind.REEL, "shorts": Kind.REEL,
    "status": Kind.TEXT, "native video": Kind.VIDEO, "live video": Kind.LIVE, "url": Kind.LINK,
}  # fmt: skip
NOTHING = frozenset({"", "-", "–", "na", "n/a", "null", "none", "nan"})
FLAT = re.compile(r"\s+")
SHORT, SIZES = re.compile(r"(\d+(?:[.,]\d+)?)([KkMm])"), {"k": 1_000, "m": 1_000_000}
DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2))


@dataclass(frozen=True)
class Given:
    """One readable row: whose post it is, where, and what anybody can see of it."""

    competitor: str
    network: str
    remote_id: str
    url: str
    at: datetime  # UTC
    kind: str
    text: str
    counts: Mapping[str, int]  # only what was told


def given(row: Mapping[str, str], month_last: bool, zone: tzinfo, competitor: str, network: str) -> Given:
    """One row by its fields; what the row does not say is taken from the two last arguments. Raises Misread."""
    page = row.get("competitor", "").strip() or competitor
    where = FLAT.sub("_", row.get("network", "").strip().lower())[:40] or network
    if not page:
        raise Misread(_("it does not say whose post this is"))
    if not where:
        raise Misread(_("it does not say on which network this is"))
    text, url = row.get("text", "").strip(), row.get("url", "").strip()[:600]
    at = moment(row.get("date", ""), month_last, zone)
    remote_id = row.get("id", "").strip() or url or _made(text, at)
    if "e+" in remote_id.lower() and row.get("id"):
        raise Misread(_("the id «%(id)s» was rounded by a spreadsheet; export the file again"), id=remote_id)
    counts = {name: n for name in COUNTS if (n := count(row.get(name, ""))) is not None}
    return Given(page[:120], where, remote_id[:300], url, at, kind(row.get("kind", "")), text, counts)


def not_ahead(post: Given, now: datetime) -> None:
    """Raises Misread for a post of tomorrow: its date was read or typed wrong."""
    if post.at > now + timedelta(days=1):
        raise Misread(_("the date lies in the future: %(day)s"), day=post.at.date().isoformat())


def count(text: str) -> int | None:
    """«1,204», «1 204», «1204.0» or «1.2K» as a whole number, None for nothing. Raises Misread."""
    plain = text.strip().replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if plain.lower() in NOTHING:
        return None
    if short := SHORT.fullmatch(plain):
        return round(float(short[1].replace(",", ".")) * SIZES[short[2].lower()])
    plain = plain.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        raise Misread(_("«%(text)s» is not a number"), text=text.strip()) from None
    if not 0 <= value < 1e15 or value != int(value):
        raise Misread(_("«%(text)s» is not a count"), text=text.strip())
    return int(value)


def moment(text: str, month_last: bool, zone: tzinfo) -> datetime:
    """The moment a text means, in UTC: `zone` where it has no offset, noon where it has no hour. Raises Misread."""
    told = FLAT.sub(" ", text.strip())
    if not told:
        raise Misread(_("the date is missing"))
    found = _iso(told) or _written(told, month_last)
    if found is None:
        raise Misread(_("«%(text)s» is not a date we can read"), text=told)
    if found.time() == time() and ":" not in told:
        found = found.replace(hour=12)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else ""))
    except ValueError:
        return None


def _written(text: str, month_last: bool) -> datetime | None:
    """Days as people write them; 3/4/2026 is 3 April when `month_last`. «Monday» and «May 3» are no dates."""
    from dateutil import parser

    try:
        first, second = (parser.parse(text, dayfirst=month_last, default=day) for day in DEFAULTS)
    except (ValueError, OverflowError):
        return None
    return first if first == second else None


def kind(text: str) -> str:
    """The kind of a post in our words; empty when it is not told or unknown."""
    word = FLAT.sub(" ", text.strip().lower())
    known = {member.value for member in Kind}
    return word if word in known else KINDS[word].value if word in KINDS else ""


def _made(text: str, at: datetime) -> str:
    """An id for a row without one: the same text at the same moment is the same post."""
    return "row-" + hashlib.sha256(f"{at.isoformat()}|{text}".encode()).hexdigest()[:24]
