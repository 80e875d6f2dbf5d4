"""Every verb of the stage «brand»."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.files.keep import keep
from diskarte.core.files.sniff import IMAGES
from diskarte.core.given import Moment, Upload
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Stranger, Who
from diskarte.core.standing import Need, Standing
from diskarte.words import Problem

from . import market as market  # its verbs
from . import own, rules, saving, sentences
from .models import Canvas, Competitor, Product, Snapshot
from .strategy import export as export
from .strategy import import_ as import_

Level = Literal["", "low", "middle", "high"]
AS_IS = "="  # a text that was not given stays as it is; an empty one is emptied
NEWEST = 2000  # snapshots looked at for a comparison


@dataclass(frozen=True)
class Statement:
    """The positioning in one sentence: written by hand, or assembled; `missing` names unanswered questions."""

    text: str
    assembled: str
    by_hand: bool
    missing: list[str]


@dataclass(frozen=True)
class Compared:
    """One competitor beside us: a line for every factor, and their newest numbers on each network."""

    competitor: Competitor
    lines: list[sentences.Said]
    newest: list[Snapshot]

    @property
    def ahead(self) -> list[sentences.Said]:
        """Our advantages."""
        return [line for line in self.lines if line.verdict == "ahead"]

    @property
    def behind(self) -> list[sentences.Said]:
        """Our disadvantages."""
        return [line for line in self.lines if line.verdict == "behind"]

    @property
    def neither(self) -> list[sentences.Said]:
        """What is alike, or another but not better."""
        return [line for line in self.lines if line.verdict in ("same", "different")]

    @property
    def open(self) -> list[sentences.Said]:
        """What nobody can tell yet, each with the reason."""
        return [line for line in self.lines if line.verdict == "unknown"]


@dataclass(frozen=True)
class Concept:
    """Everything the one-page concept says."""

    brand: Brand
    canvas: Canvas
    statement: Statement
    products: list[Product]
    compared: list[Compared]
    unanswered: list[str]


@read(may="brand.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    answers = _answers(canvas(who))
    rivals = who.own(Competitor).count()
    open_ = len(rules.unanswered(answers))
    if open_ == len(rules.QUESTIONS) and not rivals:
        return Standing("empty", missing=gettext_noop("Say who you are and what you sell"))
    figure = f"{len(rules.QUESTIONS) - open_}/{len(rules.QUESTIONS)}"
    if rules.missing_for_statement(answers):
        return Standing("half", figure, missing=gettext_noop("Answer what the positioning still needs"))
    if not rivals:
        need = Need(gettext_noop("Nobody to compare with yet"), "brand.rival_new", do=gettext_noop("Add one"))
        return Standing("half", figure, (need,), gettext_noop("Add a competitor"))
    return Standing("full", figure)


@read(may="brand.see")
def canvas(who: Who) -> Canvas:
    """Who the brand is, in its own words; empty fields are questions still open."""
    return who.own(Canvas).select_related("logo").first() or Canvas(brand=who.brand)


@read(may="brand.see")
def statement(who: Who) -> Statement:
    """The positioning statement, assembled from the canvas or written by hand."""
    return _statement(who, canvas(who))


@read(may="brand.see")
def products(who: Who) -> list[Product]:
    """What is on sale, by name."""
    return list(who.own(Product).order_by("name"))


@read(may="brand.see")
def product(who: Who, product: int) -> Product:
    """One product."""
    row: Product = who.one(Product, product)
    return row


@read(may="brand.see")
def competitors(who: Who) -> list[Competitor]:
    """Whom the customer could choose instead, by name."""
    return list(who.own(Competitor).order_by("name"))


@read(may="brand.see")
def competitor(who: Who, competitor: int) -> Competitor:
    """One competitor."""
    row: Competitor = who.one(Competitor, competitor)
    return row


@read(may="brand.see")
def snapshots(who: Who, competitor: int) -> list[Snapshot]:
    """What was written down about a competitor's channels, newest first."""
    row = who.one(Competitor, competitor)
    return list(who.own(Snapshot).filter(competitor=row).order_by("-at", "-pk")[:NEWEST])


@read(may="brand.see")
def compare(who: Who) -> list[Compared]:
    """Advantages and disadvantages against every competitor, each with its number or source."""
    now = clock.now()
    ours, ourselves, newest, seen = own.figures(who, now), canvas(who), _newest(who), own.seen(who, now)
    both = [(row, newest.get(row.pk, {}), seen.get(row.pk, {})) for row in competitors(who)]
    return [_compared(row, counted, posts, ours, ourselves, now) for row, counted, posts in both]


@read(may="brand.see")
def concept(who: Who) -> Concept:
    """The brand on one page: what it is, for whom, why it, what it sells, against whom."""
    assert who.brand is not None
    row = canvas(who)
    unanswered = rules.unanswered(_answers(row))
    return Concept(who.brand, row, _statement(who, row), products(who), compare(who), unanswered)


@write(may="brand.edit", done=gettext_noop("{name} is ready. Say who it is."), anywhere=True)
def create(
    who: Who,
    name: str,
    country: str = "PH",
    time_zone: str = "",
    currency: str = "",
    languages: list[str] | None = None,
) -> Brand:
    """Make a brand; time zone and currency are the country's own unless given."""
    assert who.workspace is not None
    facts = saving.facts(name, country, time_zone, currency, languages)
    slug = rules.slug_of(facts["name"], {*Brand.objects.values_list("slug", flat=True), *rules.RESERVED})
    brand = Brand.objects.create(workspace=who.workspace, slug=slug, **facts)
    saving.let_in(who, brand)
    return brand


@write(may="brand.edit", done=gettext_noop("Saved."))
def edit_facts(
    who: Who,
    name: str,
    country: str,
    time_zone: str = "",
    currency: str = "",
    languages: list[str] | None = None,
) -> Brand:
    """Change the brand's name, country, time zone, currency and languages; its address stays."""
    brand = _brand(who)
    given = brand.languages if languages is None else languages
    for field, value in saving.facts(name, country, time_zone, currency, given).items():
        setattr(brand, field, value)
    brand.save()
    return brand


@write(may="brand.edit", done=gettext_noop("Saved."))
def edit(
    who: Who,
    idea: str = AS_IS,
    sells: str = AS_IS,
    customers: str = AS_IS,
    need: str = AS_IS,
    promise: str = AS_IS,
    proof: str = AS_IS,
    earns: str = AS_IS,
    price_level: str = AS_IS,
    mission: str = AS_IS,
    positioning: str = AS_IS,
    tone: str = AS_IS,
    colour: str = AS_IS,
    do_words: list[str] | None = None,
    dont_words: list[str] | None = None,
) -> Canvas:
    """Change answers of the canvas, the voice and the colour; «=» leaves a text as it is."""
    if price_level not in (AS_IS, "", *rules.PRICE_LEVELS):
        raise Problem(_("A price level is low, middle or high."), field="price_level")
    if colour not in (AS_IS, "") and not rules.COLOUR.fullmatch(colour):
        raise Problem(_("A colour is written like #6b3e26."), field="colour")
    texts = {
        "idea": idea, "sells": sells, "customers": customers, "need": need, "promise": promise, "proof": proof,
        "earns": earns, "price_level": price_level, "mission": mission, "positioning": positioning, "tone": tone,
        "colour": colour,
    }  # fmt: skip
    lists = {"do_words": do_words, "dont_words": dont_words}
    row = canvas(who)
    for field, text in texts.items():
        if text != AS_IS:
            setattr(row, field, rules.tidy(text))
    for field, lines in lists.items():
        if lines is not None:
            setattr(row, field, rules.words(lines))
    row.save()
    return row


@write(may="brand.edit", done=gettext_noop("Logo saved."))
def set_logo(who: Who, file: Upload) -> Canvas:
    """Give the brand its logo: PNG, JPEG or WebP."""
    row = canvas(who)
    row.logo = keep(_brand(who), file.name, file, accept=IMAGES)
    row.save()
    return row


@write(may="brand.edit", done=gettext_noop("{name} added."))
def add_product(
    who: Who,
    name: str,
    price: Decimal | None = None,
    margin: Decimal | None = None,
    currency: str = "",
    url: str = "",
) -> Product:
    """Add something that is on sale; the margin is the percentage of the price that stays."""
    return saving.product(_brand(who), Product(), name, price, margin, currency, url)


@write(may="brand.edit", done=gettext_noop("Saved."))
def edit_product(
    who: Who,
    product: int,
    name: str,
    price: Decimal | None = None,
    margin: Decimal | None = None,
    currency: str = "",
    url: str = "",
) -> Product:
    """Change a product; what is not given becomes unknown."""
    return saving.product(_brand(who), who.one(Product, product), name, price, margin, currency, url)


@write(may="brand.edit", done=gettext_noop("Removed."))
def remove_product(who: Who, product: int) -> None:
    """Take a product off the list."""
    who.one(Product, product).delete()


@write(may="brand.edit", done=gettext_noop("{name} added."))
def add_competitor(
    who: Who,
    name: str,
    site: str = "",
    offer: str = "",
    price_level: Level = "",
    strengths: str = "",
    weaknesses: str = "",
    source: str = "",
    handles: list[str] | None = None,
) -> Competitor:
    """Add somebody the customer could choose instead; handles one a line, such as «Facebook: @rival»."""
    texts = {"offer": offer, "strengths": strengths, "weaknesses": weaknesses, "source": source}
    return saving.competitor(_brand(who), Competitor(), name, site, price_level, texts, handles or [])


@write(may="brand.edit", done=gettext_noop("Saved."))
def edit_competitor(
    who: Who,
    competitor: int,
    name: str,
    site: str = "",
    offer: str = "",
    price_level: Level = "",
    strengths: str = "",
    weaknesses: str = "",
    source: str = "",
    handles: list[str] | None = None,
) -> Competitor:
    """Change a competitor; what is not given becomes empty."""
    texts = {"offer": offer, "strengths": strengths, "weaknesses": weaknesses, "source": source}
    row = who.one(Competitor, competitor)
    return saving.competitor(_brand(who), row, name, site, price_level, texts, handles or [])


@write(may="brand.edit", done=gettext_noop("Removed."))
def remove_competitor(who: Who, competitor: int) -> None:
    """Take a competitor off the list, with the numbers written down about them."""
    row = who.one(Competitor, competitor)
    for snapshot in row.snapshots.all():
        snapshot.delete()
    row.delete()


@write(may="brand.edit", done=gettext_noop("Numbers noted."))
def add_snapshot(
    who: Who,
    competitor: int,
    network: str,
    followers: int | None = None,
    posts_a_week: float | None = None,
    engagement: float | None = None,
    posts: int | None = None,
    at: Moment | None = None,
    source: str = "",
) -> Snapshot:
    """Write down what can be seen of a competitor: followers, posts a week, engagement a post, and from where."""
    row = Snapshot(
        brand=who.brand, competitor=who.one(Competitor, competitor), at=at or clock.now(), posts=posts
    )
    row.followers, row.posts_a_week, row.engagement = followers, posts_a_week, engagement
    return saving.snapshot(row, network, source)


@write(may="brand.edit", done=gettext_noop("Removed."))
def remove_snapshot(who: Who, snapshot: int) -> None:
    """Take back numbers written down about a competitor."""
    who.one(Snapshot, snapshot).delete()


def _brand(who: Who) -> Brand:
    if who.brand is None:
        raise Stranger
    return who.brand


def _answers(row: Canvas) -> dict[str, str]:
    return {name: getattr(row, name) for name in rules.QUESTIONS}


def _statement(who: Who, row: Canvas) -> Statement:
    answers, name = _answers(row), _brand(who).name
    assembled = sentences.statement(name, answers)
    text = row.positioning or assembled
    return Statement(text, assembled, bool(row.positioning), rules.missing_for_statement(answers))


def _newest(who: Who) -> dict[int, dict[str, Snapshot]]:
    """Competitor → network → their newest snapshot."""
    found: dict[int, dict[str, Snapshot]] = {}
    for row in who.own(Snapshot).order_by("-at", "-pk")[:NEWEST]:
        found.setdefault(row.competitor_id, {}).setdefault(row.network, row)
    return found


def _compared(
    row: Competitor,
    newest: dict[str, Snapshot],
    seen: dict[str, rules.Figures],
    ours: dict[str, rules.Figures],
    canvas: Canvas,
    now: Any,
) -> Compared:
    counted = {
        name: rules.Figures(s.followers, s.posts_a_week, s.engagement, s.posts, s.at, s.source)
        for name, s in newest.items()
    }
    theirs = rules.together(counted, seen)
    lines = rules.compare(ours, theirs, row.handles, (canvas.price_level, row.price_level), now)
    lines += rules.said(row.strengths, row.weaknesses, row.source)
    return Compared(row, [sentences.line(line) for line in lines], list(newest.values()))
