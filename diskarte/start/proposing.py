"""Proposals: every draft the guided start has to offer, with its source. Values in, values out; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diskarte.playbooks import Playbook, source
from diskarte.stages.brand import sentences as brand_words
from diskarte.stages.plan.rules.settings import HOURS_OF

from . import numbers, questions, rivals

KINDS = (
    "concept",
    "fact",
    "product",
    "rival",
    "voice",
    "portrait",
    "hook",
    "goal",
    "pillar",
    "platform",
    "time",
)
AREAS = {  # the kinds that are decided together, in the order of the strategy
    "brand": ("concept", "fact", "product", "rival", "voice"),
    "people": ("portrait",),  # each with its hooks
    "goals": ("goal",),
    "pillars": ("pillar",),
    "places": ("platform", "time"),
}
DIGITS = re.compile(r"\d")


@dataclass(frozen=True)
class Proposal:
    """One draft: `fields` is what may be edited before it is taken, `source` where it comes from."""

    key: str
    kind: str
    title: str
    fields: dict[str, Any]
    source: str
    lines: list[str] = field(default_factory=list)  # said below the title
    url: str = ""  # of the source
    state: str = "open"  # taken, left
    under: str = ""  # the proposal this one needs first
    row: int | None = None  # what it became
    mine: bool = False  # the person's own answer, typed a moment ago
    own_numbers: bool = False  # a number in it must be the brand's own before anything is posted


@dataclass(frozen=True)
class Known:
    """Everything proposals are made from."""

    answers: dict[str, Any]
    found: list[dict[str, str]]
    drafts: list[dict[str, Any]]
    book: Playbook | None
    today: date
    name: str
    currency: str
    languages: list[str]


def every(known: Known) -> list[Proposal]:
    """All proposals, in the order of the strategy; each key once."""
    made = [one for make in MAKERS for one in make(known)]
    mine = (replace(one, mine=one.source == _yours()) for one in made)
    return list({one.key: one for one in mine}.values())


def _yours() -> str:
    return _("your answer")


def _concept(known: Known) -> Iterator[Proposal]:
    asked = {q.field: q.ask for q in brand_words.questions()}
    for name in (*questions.CANVAS, "price_level"):
        text = str(known.answers.get(name) or "").strip()
        if text:
            level = str(brand_words.PRICE_LEVELS.get(text, text))
            shown = level if name == "price_level" else text
            yield Proposal(f"answer.{name}", "concept", asked[name], {"text": text}, _yours(), [shown])
    colour = str(known.answers.get("colour") or "").strip()
    if colour:
        yield Proposal("answer.colour", "concept", _("Brand colour"), {"text": colour}, _yours(), [colour])
    for i, draft in enumerate(d for d in known.drafts if d["kind"] == "concept"):
        field, text = draft["field"], draft["value"]
        yield Proposal(f"model.{field}.{i}", "concept", asked[field], {"text": text}, _model(), [text])


def _model() -> str:
    return _("a language model's draft: read it twice")


def _facts(known: Known) -> Iterator[Proposal]:
    labels = {
        "phone": _("Telephone"), "email": _("E-mail"), "address": _("Address"), "hours": _("Opening hours"),
        "language": _("Language of the audience"), "name": _("Name"), "colour": _("Brand colour"), "logo": _("Logo"),
        "idea": _("What the website says about the business"),
    }  # fmt: skip
    for i, one in enumerate(known.found):
        old = one["kind"] == "name" and one["value"] == known.name
        old = old or (one["kind"] == "language" and one["value"] in known.languages)
        if one["kind"] in labels and not old:
            yield Proposal(
                f"site.{one['kind']}.{i}", "fact", labels[one["kind"]], {"text": one["value"]}, _(one["place"]),
                [one["value"]], one["url"],
            )  # fmt: skip


def _products(known: Known) -> Iterator[Proposal]:
    for line in numbers.lines(str(known.answers.get("products") or "")):
        name, price = numbers.priced(line)
        yield _product(
            f"answer.product.{name}", name, "" if price is None else str(price), known.currency, _yours(), ""
        )
    for one in known.found:
        if one["kind"] == "product":
            money = one["currency"] or known.currency
            yield _product(
                f"site.product.{one['value']}", one["value"], one["price"], money, _(one["place"]), one["url"]
            )


def _product(key: str, name: str, price: str, currency: str, told: str, url: str) -> Proposal:
    line = f"{currency} {price}" if price else _("price not known")
    return Proposal(
        key[:120], "product", name, {"name": name, "price": price, "currency": currency}, told, [line], url
    )


def _rivals(known: Known) -> Iterator[Proposal]:
    seen_in = str(known.answers.get("rivals_from") or "").strip() or _("their page")
    seen_on = str(known.answers.get("rivals_on") or "").strip() or known.today.isoformat()
    for one in rivals.told(str(known.answers.get("rivals") or "")):
        fields = {
            "name": one.name, "handle": one.handle, "followers": _blank(one.followers), "a_week": _blank(one.a_week),
            "seen_in": seen_in, "seen_on": seen_on,
        }  # fmt: skip
        yield Proposal(
            f"answer.rival.{one.name}"[:120],
            "rival",
            one.name,
            fields,
            _yours(),
            _seen(one, seen_in, seen_on),
        )


def _blank(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".removesuffix(".0")


def _seen(one: rivals.Rival, seen_in: str, seen_on: str) -> list[str]:
    """What is known of a competitor in one line, and where and when it was read."""
    told = [
        one.handle,
        "" if one.followers is None else _("%(n)s followers") % {"n": brand_words.number(one.followers)},
        "" if one.a_week is None else _("%(n)s posts a week") % {"n": brand_words.number(one.a_week)},
    ]
    line = " · ".join(part for part in told if part)
    if not one.counted:
        asked = _(
            "No number yet: open «Edit it first» and write what their page shows, or do it later under «Brand»."
        )
        return [line, asked] if line else [asked]
    day = date_format(date.fromisoformat(seen_on), "j F Y")
    return [line, _("Read: %(where)s, %(day)s") % {"where": seen_in, "day": day}]


def _voice(known: Known) -> Iterator[Proposal]:
    if known.book is None:
        return
    chosen = str(known.answers.get("voice") or "")
    for i, row in enumerate(known.book.voices):
        if chosen and chosen != str(i):
            continue
        fields = {"text": row["tone"], "do": "\n".join(row["do"]), "dont": "\n".join(row["dont"])}
        told = [
            row["tone"],
            _("Say: %(words)s") % {"words": ", ".join(row["do"])},
            _("Never: %(words)s") % {"words": ", ".join(row["dont"])},
        ]
        yield Proposal(
            f"{known.book.name}.voice.{i}", "voice", row["name"], fields, _played(known.book), told
        )


def _played(book: Playbook) -> str:
    return _("playbook «%(title)s», from experience") % {"title": book.title}


def _portraits(known: Known) -> Iterator[Proposal]:
    book, chosen = known.book, known.answers.get("segments") or []
    for i, row in enumerate(book.segments if book else []):
        assert book is not None
        if chosen and str(i) not in chosen:
            continue
        key = f"{book.name}.portrait.{i}"
        fields = {"name": row["name"], "summary": row["summary"]}
        lines = [
            row["summary"],
            _("Ages %(low)s to %(high)s") % {"low": row["age_from"], "high": row["age_to"]}
            + ", "
            + ", ".join(row["places"]),
            _("Pains: %(list)s") % {"list": ", ".join(row["pains"])},
            _("Objections: %(list)s") % {"list": ", ".join(row["objections"])},
        ]
        yield Proposal(key, "portrait", row["name"], fields, _played(book), lines)
        yield from (_hook(book, key, f"{i}.{n}", hook) for n, hook in enumerate(row["hook"]))
    yield from _drafted_hooks(known, [str(i) for i in range(len(book.segments))] if book else [])


def _hook(book: Playbook, under: str, place: str, hook: dict[str, str]) -> Proposal:
    fields = {"trigger": hook["trigger"], "text": hook["text"], "offer": hook["offer"]}
    claims = bool(DIGITS.search(hook["text"] + hook["offer"]))
    return Proposal(
        f"{book.name}.hook.{place}", "hook", hook["text"], fields, _played(book), [hook["offer"]], under=under,
        own_numbers=claims,
    )  # fmt: skip


def _drafted_hooks(known: Known, there: list[str]) -> Iterator[Proposal]:
    for i, draft in enumerate(d for d in known.drafts if d["kind"] == "hook" and str(d["segment"]) in there):
        assert known.book is not None
        fields = {name: draft[name] for name in ("trigger", "text", "offer")}
        yield Proposal(
            f"model.hook.{i}", "hook", draft["text"], fields, _model(), [draft["offer"]],
            under=f"{known.book.name}.portrait.{draft['segment']}", own_numbers=bool(DIGITS.search(draft["text"])),
        )  # fmt: skip


def _goals(known: Known) -> Iterator[Proposal]:
    chosen = known.answers.get("aims") or []
    told = {"customers": numbers.whole(known.answers.get("customers_a_month")),
            "followers": numbers.whole(known.answers.get("followers_now"))}  # fmt: skip
    for row in known.book.goals if known.book else []:
        assert known.book is not None
        if chosen and row["name"] not in chosen:
            continue
        first = numbers.first(row, told, known.today)
        cited = source(row.get("source", ""), known.book.language)
        lines = [row["why"], *([f"{cited.says} ({cited.title})"] if cited else [])]
        fields = {"sentence": row["sentence"], "target": first.target, "deadline": first.deadline.isoformat(),
                  "metric": row["metric"], "base": first.base if row["metric"] == "followers" else None}  # fmt: skip
        yield Proposal(
            f"{known.book.name}.goal.{row['name']}", "goal",
            worded(row["sentence"], first.target, first.deadline), fields,
            _goal_source(known.book, row, first), lines, cited.url if cited else "",
        )  # fmt: skip


def worded(sentence: str, target: float, deadline: date) -> str:
    """A goal's sentence with its number and its day."""
    from django.utils.formats import number_format

    return sentence.format(
        target=number_format(
            target, use_l10n=True, force_grouping=True, decimal_pos=None if target % 1 else 0
        ),
        deadline=date_format(deadline, "j F Y"),
    )


def _goal_source(book: Playbook, row: dict[str, Any], first: numbers.First) -> str:
    if first.base is None:
        return _("playbook «%(title)s»: a starting guess, replace it with your own") % {"title": book.title}
    words = {"customers": _("customers a month"), "followers": _("followers")}[row["base"]]
    times = f"{row['times'] * 100:g} %" if row["times"] < 1 else f"{row['times']:g}"
    facts = {"n": f"{first.base:,}", "what": words, "times": times, "title": book.title}
    return (
        _("your own number (%(n)s %(what)s) × %(times)s; the factor is a guess of the playbook «%(title)s»")
        % facts
    )


def _pillars(known: Known) -> Iterator[Proposal]:
    for i, row in enumerate(known.book.pillars if known.book else []):
        assert known.book is not None
        fields = {"name": row["name"], "share": row["share"], "topics": "\n".join(row["topics"])}
        lines = [row["about"], _("Topics: %(list)s") % {"list": ", ".join(row["topics"])}]
        title = f"{row['name']} · {row['share']} %"
        yield Proposal(f"{known.book.name}.pillar.{i}", "pillar", title, fields, _played(known.book), lines)


def _platforms(known: Known) -> Iterator[Proposal]:
    """The brand's own pages, then the trade's platforms, as often as the hours allow; what they do not allow waits."""
    found = list(_wished(known))
    for one, times in zip(found, _times(known, found), strict=True):
        if times or one.key.startswith("page."):
            fields = {**one.fields, "a_week": times or 1}
            lines = [*one.lines, _("To begin with %(n)s posts a week.") % {"n": fields["a_week"]}]
            yield replace(one, fields=fields, lines=lines)


def _times(known: Known, found: list[Proposal]) -> list[int]:
    hours = str(known.answers.get("hours") or "").replace(",", "").strip()
    wanted = [(int(one.fields["a_week"]), _hours_each(one.fields["kinds"])) for one in found]
    return numbers.rhythm(wanted, float(hours) if hours else None)


def _hours_each(kinds: list[str]) -> float:
    """Hours one post takes, when the kinds take turns, by the plan's own first guess."""
    return sum(HOURS_OF.get(kind, 1.0) for kind in kinds) / len(kinds)


def _wished(known: Known) -> Iterator[Proposal]:
    advice = {row["name"]: row for row in (known.book.platforms if known.book else [])}
    there: set[str] = set()
    for name, handle, told, url in _pages(known):
        there.add(name.casefold())
        yield _platform(f"page.{name}.{handle}"[:120], name, handle, told, url, advice.get(name, {}))
    for name, row in advice.items():
        assert known.book is not None
        if name.casefold() in there:
            continue
        cited = source(row.get("source", ""), known.book.language)
        made = _platform(
            f"{known.book.name}.platform.{name}",
            name,
            "",
            _played(known.book),
            cited.url if cited else "",
            row,
        )
        lines = [*made.lines, *([f"{cited.says} ({cited.title})"] if cited else [])]
        yield Proposal(made.key, made.kind, made.title, made.fields, made.source, lines, made.url)


def _pages(known: Known) -> Iterator[tuple[str, str, str, str]]:
    """Pages the brand has: network, handle, who says so, where."""
    for line in numbers.lines(str(known.answers.get("places") or "")):
        network, _sign, handle = (
            line.partition(":") if "://" not in line.split()[0] else (_host(line), "", line)
        )
        yield network.strip()[:40], handle.strip() or network.strip(), _yours(), ""
    for one in known.found:
        if one["kind"] == "page":
            network, _sign, address = one["value"].partition(": ")
            yield network, address, _(one["place"]), one["url"]


def _host(line: str) -> str:
    from urllib.parse import urlsplit

    from .site import NETWORKS

    host = (urlsplit(line.split()[0]).hostname or line).removeprefix("www.").removeprefix("m.")
    return NETWORKS.get(host, host.split(".")[0].title())


def _platform(key: str, name: str, handle: str, told: str, url: str, row: dict[str, Any]) -> Proposal:
    fields = {
        "name": name,
        "handle": handle,
        "a_week": row.get("a_week", 3),
        "kinds": row.get("kinds", ["image"]),
    }
    return Proposal(key, "platform", name, fields, told, [row["why"]] if row else [], url)


def _time(known: Known) -> Iterator[Proposal]:
    hours, money = (str(known.answers.get(name) or "").strip() for name in ("hours", "money"))
    if hours or money:
        spoken = brand_words.number(float(money.replace(",", "") or 0))
        shown = [_("%(n)s hours a week") % {"n": hours}] if hours else []
        shown += (
            [_("%(currency)s %(n)s a month") % {"n": spoken, "currency": known.currency}] if money else []
        )
        found = list(_wished(known))
        given = list(zip(found, _times(known, found), strict=True))
        lines = (
            [_("They hold about %(n)s posts a week.") % {"n": sum(times for _one, times in given)}]
            if hours
            else []
        )
        if later := [one.title for one, times in given if not times and not one.key.startswith("page.")]:
            lines.append(_("With more hours, also: %(names)s.") % {"names": ", ".join(later)})
        yield Proposal(
            "answer.time", "time", ", ".join(shown), {"hours": hours, "money": money}, _yours(), lines
        )


MAKERS = (_concept, _facts, _products, _rivals, _voice, _portraits, _goals, _pillars, _platforms, _time)
