"""What each network can do and takes, from its own file: for the page, and for docs/networks.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from diskarte.networks import all_networks
from diskarte.networks.base import FOREVER, ByHand, Lack, Named, Network, OAuth2, Password, Token, Webhook
from diskarte.words import MB, Kind, Limits, Metric

CONNECTS = (
    (ByHand, "by_hand"), (Named, "name"), (OAuth2, "oauth"), (Password, "password"), (Webhook, "webhook"),
    (Token, "token"),
)  # fmt: skip
SHOWN = ("publish", "delete", "measure", "measure_channel", "read_replies", "reply", "read_public")
COUNTS = {
    "characters": "characters",
    "graphemes": "letters and emoji",
    "weighted": "weighted",
    "utf16": "UTF-16 units",
}


@dataclass(frozen=True)
class Line:
    """One network: what it can do, what it takes, and when that was last compared with its own documentation."""

    name: str
    label: str
    can: frozenset[str]
    kinds: tuple[Kind, ...]
    limits: Limits
    counts: tuple[Metric, ...]
    connect: str  # by_hand, name, oauth, password, webhook, token
    doubt: str  # how a doubt is settled: remembers, finds, blind
    remembers: timedelta
    checked: date
    docs: str
    note: str
    lacks: dict[str, Lack]  # what it does not offer, in a sentence with its source


def lines() -> list[Line]:
    """Every network, by its name."""
    found = [line(name, network) for name, network in all_networks().items()]
    return sorted(found, key=lambda one: one.label.casefold())


def line(name: str, network: Network) -> Line:
    """One network as the matrix shows it."""
    kinds = tuple(kind for kind in Kind if kind in network.kinds)
    return Line(
        name, network.name, network.can, kinds, network.limits, tuple(m for m in Metric if m in network.counts),
        how(network), _doubt(network), network.remembers_key, network.checked, network.docs, network.note,
        network.lacks,
    )  # fmt: skip


def how(network: Network) -> str:
    """Which of the five ways to connect it has."""
    return next(name for kind, name in CONNECTS if isinstance(network.connect, kind))


def _doubt(network: Network) -> str:
    if network.remembers_key:
        return "remembers"
    return "finds" if "find" in network.can and not network.blind else "blind"


def markdown() -> str:
    """The page docs/networks.md: abilities, limits and a note for each network."""
    found = lines()
    parts = [
        "# Networks",
        "What each network can do here, printed from its file in `diskarte/networks/`. A tick is a method that exists.",
        "## What it can do",
        _table(
            ["network", *(name.replace("_", " ") for name in SHOWN), "connect", "checked"],
            map(_abilities, found),
        ),
        "## What it takes",
        _table(["network", "text", "images", "videos", "thread", "a day", "kinds"], map(_limits, found)),
        "## What happens when an answer is lost",
        "\n".join(f"* **{one.label}**: {_settled(one)}" for one in found),
        "## Numbers, notes, sources",
        "\n".join(_note(one) for one in found),
    ]
    return "\n\n".join(parts) + "\n"


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    body = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in body)


def _abilities(one: Line) -> list[str]:
    ticks = ["✓" if name in one.can else "–" for name in SHOWN]
    return [one.label, *ticks, one.connect.replace("_", " "), one.checked.isoformat()]


def _limits(one: Line) -> list[str]:
    takes = one.limits
    text = f"{takes.text:,} {COUNTS[takes.count]}"
    files = (_files(takes.images, takes.image_bytes), _files(takes.videos, takes.video_bytes))
    thread = f"{takes.parts + 1} posts" if takes.parts else "–"
    return [one.label, text, *files, thread, str(takes.per_day or "–"), ", ".join(one.kinds)]


def _files(number: int, size: int | None) -> str:
    if not number:
        return "–"
    return f"{number} of {size / MB:.3g} MB" if size else str(number)


def _settled(one: Line) -> str:
    if one.doubt == "finds":
        return "we look whether the post is there before repeating."
    if one.doubt == "blind":
        return "nobody can ask the network; a person is asked to look."
    hours = "for ever" if one.remembers >= FOREVER else f"for {_span(one.remembers)}"
    return f"the network itself refuses a repeat {hours}."


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _note(one: Line) -> str:
    counts = ", ".join(metric.value.replace("_", " ") for metric in one.counts) or "none"
    told = f" {one.note}" if one.note else ""
    lines = [f"* **{one.label}** (`{one.name}`): numbers of a post: {counts}.{told} Source: {one.docs}"]
    lines += [
        f"  * no {what.replace('_', ' ')}: {lack.why} {lack.source}".rstrip()
        for what, lack in one.lacks.items()
    ]
    return "\n".join(lines)
