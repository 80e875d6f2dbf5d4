"""What a website's page says about a brand, each with the place it was found. Bytes in, values out.

Read are JSON-LD and microdata of schema.org, Open Graph, the head of the page, and its main text (trafilatura).
Nothing is believed: every line becomes a proposal that a person takes or leaves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext_noop

MOST_PRODUCTS = 20
LONGEST = 600  # characters of a text that is proposed
SHORT_TEXT = 60  # a page's own words below this say nothing
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
NETWORKS = {
    "facebook.com": "Facebook", "instagram.com": "Instagram", "tiktok.com": "TikTok", "youtube.com": "YouTube",
    "x.com": "X", "twitter.com": "X", "linkedin.com": "LinkedIn", "t.me": "Telegram", "telegram.me": "Telegram",
    "pinterest.com": "Pinterest", "threads.net": "Threads", "threads.com": "Threads", "vk.com": "VK",
    "bsky.app": "Bluesky",
}  # fmt: skip
NO_PAGE = {
    "sharer",
    "sharer.php",
    "share",
    "intent",
    "hashtag",
    "dialog",
    "plugins",
    "watch",
    "embed",
    "home",
}
ORGANISATIONS = {
    "Organization", "LocalBusiness", "Corporation", "Restaurant", "CafeOrCoffeeShop", "Store", "NGO", "Dentist",
    "MedicalClinic", "MedicalBusiness", "EducationalOrganization", "School", "BeautySalon", "HairSalon",
    "RealEstateAgent", "GovernmentOrganization", "Bakery", "FoodEstablishment", "OnlineStore", "ClothingStore",
    "ProfessionalService", "Brand", "Person", "SoftwareApplication",
}  # fmt: skip
GOODS = {"Product", "MenuItem", "Service", "ProductGroup", "Course"}
JSON_LD, GRAPH, HEAD, TEXT, MICRODATA, LINK = (
    gettext_noop("structured data of the page (JSON-LD)"), gettext_noop("Open Graph tags of the page"),
    gettext_noop("head of the page"), gettext_noop("main text of the page"),
    gettext_noop("structured data of the page (microdata)"), gettext_noop("links on the page"),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One thing a page says: what it is (`kind`), its value, which place said it, and the page's address."""

    kind: str  # name, idea, text, phone, email, address, hours, language, page, product, colour, logo
    value: str
    place: str  # one of the msgids above
    url: str
    price: str = ""  # of a product, in its currency
    currency: str = ""

    def plain(self) -> dict[str, str]:
        """As it is kept in a row."""
        return asdict(self)


def read(body: bytes, url: str, charset: str = "") -> list[Found]:
    """Everything found on a page, the best place first; each value once. Broken HTML is read as browsers do."""
    from lxml import etree, html

    text = decoded(body, charset)
    try:
        tree = html.document_fromstring(
            text.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.ParserError, ValueError):
        return []
    nodes = [node for block in _blocks(tree) for node in _nodes(block)]
    found = [
        *_linked(nodes, url),
        *_micro(tree, url),
        *_graph(tree, url),
        *_head(tree, url),
        *_links(tree, url),
    ]
    if not any(one.kind == "idea" and one.value for one in found):
        found += _main(text, url)
    return _once(found)


def decoded(body: bytes, charset: str = "") -> str:
    """The page's characters: as the header says, else as the page says, else as they look."""
    named = [charset, *(m.decode("ascii", "ignore") for m in CHARSET.findall(body[:4096])[:1])]
    for name in (name for name in named if name):
        try:
            return body.decode(name).replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    from trafilatura.utils import decode_file

    return str(decode_file(body)).replace("\x00", "")


def _once(found: list[Found]) -> list[Found]:
    """Each value once; of what a brand has only one of, the first."""
    single = {"name", "idea", "text", "colour", "logo", "hours", "address"}
    kept: dict[tuple[str, str], Found] = {}
    for one in found:
        key = (one.kind, "" if one.kind in single else one.value.casefold())
        if one.value and key not in kept:
            kept[key] = one
    return list(kept.values())


def _clean(value: Any, longest: int = LONGEST) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("url") or ""
    text = " ".join(re.sub(r"<[^>]+>", " ", unescape(str(value or ""))).split())
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def _whole(url: str, link: str) -> str:
    """A link of the page as a whole address; nothing for what is none."""
    try:
        return urljoin(url, link)
    except ValueError:
        return ""


# JSON-LD


def _blocks(tree: Any) -> Iterator[Any]:
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        try:
            yield json.loads(
                (script.text or "").strip().removeprefix("<!--").removesuffix("-->"), strict=False
            )
        except (json.JSONDecodeError, RecursionError):
            continue


def _nodes(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object of a block that has a type, wherever it hangs."""
    if depth > 8:
        return
    if isinstance(value, list):
        for part in value:
            yield from _nodes(part, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for part in value.values():
            if isinstance(part, list | dict):
                yield from _nodes(part, depth + 1)


def _types(node: dict[str, Any]) -> set[str]:
    kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    return {str(kind).rpartition("/")[2] for kind in kinds}


def _linked(nodes: list[dict[str, Any]], url: str) -> Iterator[Found]:
    for node in nodes:
        kinds = _types(node)
        if kinds & ORGANISATIONS and not kinds & GOODS:
            yield from _organisation(node, url)
        if kinds & {"WebSite"}:
            yield Found("name", _clean(node.get("name"), 120), JSON_LD, url)
        if kinds & GOODS:
            yield from _good(node, url, JSON_LD)


def _organisation(node: dict[str, Any], url: str) -> Iterator[Found]:
    for kind, key in (("name", "name"), ("idea", "description"), ("phone", "telephone"), ("email", "email")):
        yield Found(kind, _clean(node.get(key)).removeprefix("mailto:"), JSON_LD, url)
    yield Found("address", _address(node.get("address")), JSON_LD, url)
    yield Found("hours", _hours(node), JSON_LD, url)
    logo = node.get("logo")
    logo = logo.get("url") or logo.get("contentUrl") if isinstance(logo, dict) else _clean(logo)
    if logo:
        yield Found("logo", _whole(url, str(logo)), JSON_LD, url)
    same = node.get("sameAs") or []
    for link in same if isinstance(same, list) else [same]:
        yield from _page(str(link), JSON_LD, url)


def _address(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, dict):
        return _clean(value, 200)
    parts = (value.get(k) for k in ("streetAddress", "addressLocality", "addressRegion", "postalCode"))
    return ", ".join(_clean(part, 100) for part in parts if part)


def _hours(node: dict[str, Any]) -> str:
    plain = node.get("openingHours")
    if plain:
        return ", ".join(str(p) for p in (plain if isinstance(plain, list) else [plain]))[:200]
    spans = node.get("openingHoursSpecification") or []
    rows = [s for s in (spans if isinstance(spans, list) else [spans]) if isinstance(s, dict)]
    told = (
        f"{_days(s.get('dayOfWeek'))} {str(s.get('opens', ''))[:5]}–{str(s.get('closes', ''))[:5]}"
        for s in rows
    )
    return ", ".join(told)[:200]


def _days(value: Any) -> str:
    days = [str(d).rpartition("/")[2][:3] for d in (value if isinstance(value, list) else [value]) if d]
    return f"{days[0]}–{days[-1]}" if len(days) > 2 else "/".join(days)


def _good(node: dict[str, Any], url: str, place: str) -> Iterator[Found]:
    offer = node.get("offers") or {}
    offer = offer[0] if isinstance(offer, list) and offer else offer
    offer = offer if isinstance(offer, dict) else {}
    spec = offer.get("priceSpecification")
    spec = spec[0] if isinstance(spec, list) and spec else spec
    more = spec if isinstance(spec, dict) else {}
    price = offer.get("price") or offer.get("lowPrice") or more.get("price") or ""
    currency = offer.get("priceCurrency") or more.get("priceCurrency") or ""
    yield Found(
        "product", _clean(node.get("name"), 120), place, url, _number(price), str(currency)[:3].upper()
    )


def _number(value: Any) -> str:
    text = re.sub(r"[^\d.,]", "", str(value))
    text = text.replace(",", "") if re.search(r",\d{3}\b", text) or "." in text else text.replace(",", ".")
    return text if re.fullmatch(r"\d+(\.\d+)?", text) else ""


# Microdata, Open Graph, the head, links, the text


def _micro(tree: Any, url: str) -> Iterator[Found]:
    for node in tree.xpath('//*[@itemscope and contains(@itemtype, "schema.org/Product")]')[:MOST_PRODUCTS]:
        price, currency = _prop(node, "price"), _prop(node, "priceCurrency")
        yield Found(
            "product", _clean(_prop(node, "name"), 120), MICRODATA, url, _number(price), currency[:3].upper()
        )


def _prop(node: Any, name: str) -> str:
    found = node.xpath(f'.//*[@itemprop="{name}"]')
    return str(found[0].get("content") or found[0].text_content()).strip() if found else ""


def _meta(tree: Any, name: str) -> str:
    found = tree.xpath(f'//meta[@property="{name}" or @name="{name}"]/@content')
    return _clean(found[0]) if found else ""


def _graph(tree: Any, url: str) -> Iterator[Found]:
    yield Found("name", _meta(tree, "og:site_name")[:120], GRAPH, url)
    yield Found("idea", _meta(tree, "og:description"), GRAPH, url)
    yield Found("language", _meta(tree, "og:locale")[:2].lower(), GRAPH, url)


def _head(tree: Any, url: str) -> Iterator[Found]:
    yield Found("idea", _meta(tree, "description"), HEAD, url)
    titles = tree.xpath("//head/title/text()") or [""]
    yield Found("name", _clean(re.split(r"\s[|·–—-]\s", str(titles[0]))[0], 120), HEAD, url)
    for language in [*tree.xpath("/html/@lang"), *tree.xpath('//link[@rel="alternate"]/@hreflang')]:
        code = str(language).strip().split("-")[0].lower()
        yield Found(
            "language", "fil" if code == "tl" else code if code.isalpha() and len(code) < 4 else "", HEAD, url
        )
    colour = COLOUR.search(_meta(tree, "theme-color"))
    yield Found("colour", colour.group().lower() if colour else "", HEAD, url)
    icons = tree.xpath('//link[contains(@rel, "apple-touch-icon")]/@href')
    pictures = [*icons, *([_meta(tree, "og:image")] if _meta(tree, "og:image") else [])]
    yield Found("logo", _whole(url, str(pictures[0])) if pictures else "", HEAD, url)


def _links(tree: Any, url: str) -> Iterator[Found]:
    for link in tree.xpath("//a/@href")[:2000]:
        target = str(link).strip()
        if target.lower().startswith("mailto:"):
            yield Found("email", target[7:].partition("?")[0], LINK, url)
        elif target.lower().startswith("tel:"):
            yield Found("phone", target[4:], LINK, url)
        else:
            yield from _page(target, LINK, url)


def _page(link: str, place: str, url: str) -> Iterator[Found]:
    """The brand's page on a network, told from share buttons."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    way = [step for step in parts.path.split("/") if step]
    if host in NETWORKS and way and way[0].lower() not in NO_PAGE:
        yield Found("page", f"{NETWORKS[host]}: https://{host}/{'/'.join(way[:2])}", place, url)


def _main(text: str, url: str) -> list[Found]:
    import trafilatura

    words = (
        trafilatura.extract(text, favor_precision=True, include_comments=False, include_tables=False) or ""
    )
    told = _clean(words)
    return [Found("idea", told, TEXT, url)] if len(told) >= SHORT_TEXT else []
