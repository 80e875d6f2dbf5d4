"""The demo's pictures: quiet cards in the brand's colours, drawn here so that nothing has to be licensed.

Shapes are SVG, words are set by typst with its own letters: the cards look the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from diskarte.core.files.keep import keep
from diskarte.core.files.models import File
from diskarte.core.people.models import Brand

WIDE, HIGH = 720, 900  # pixels; 4:5
SVG = "http://www.w3.org/2000/svg"
FOOT = "KAPE DIWATA  ·  QUEZON CITY"
PAPER, INK, GREEN, CLAY, GOLD = "#f5eee3", "#33231b", "#2f4f43", "#b4633c", "#d9a441"
CUP = (
    '<path d="M210 470h270v70a135 135 0 0 1-270 0z" fill="{a}"/>'
    '<path d="M480 490h26a44 44 0 0 1 0 88h-36" fill="none" stroke="{a}" stroke-width="18"/>'
    '<rect x="170" y="690" width="350" height="16" rx="8" fill="{a}"/>'
    '<path d="M290 420c-30-40 30-60 0-105M350 420c-30-40 30-60 0-105M410 420c-30-40 30-60 0-105" fill="none" '
    'stroke="{b}" stroke-width="12" stroke-linecap="round"/>'
)
BEAN = (
    '<g transform="translate({x} {y}) rotate({t}) scale({s})"><ellipse rx="70" ry="100" fill="{a}"/>'
    '<path d="M0-96c34 56-34 130 0 192" fill="none" stroke="{b}" stroke-width="11" stroke-linecap="round"/></g>'
)
HILLS = (
    '<circle cx="520" cy="330" r="82" fill="{a}"/>'
    '<path d="M0 560c130-130 210-150 330-20s230 60 390-90v450H0z" fill="{b}" opacity=".55"/>'
    '<path d="M0 650c170-110 260-60 400 10s210 10 320-60v300H0z" fill="{b}"/>'
)
DRIPPER = (
    '<path d="M200 330h320L400 520h-80z" fill="{a}"/><rect x="160" y="312" width="400" height="20" rx="10" fill="{a}"/>'
    '<path d="M360 540v60" stroke="{b}" stroke-width="12" stroke-linecap="round" stroke-dasharray="4 26"/>'
    '<path d="M262 610h196l-22 110H284z" fill="{b}"/>'
)
BAG = (
    '<path d="M230 330h260l26 380H204z" fill="{a}"/><path d="M230 330h260v-46H230z" fill="{b}"/>'
    '<circle cx="360" cy="520" r="74" fill="{b}"/>'
)


@dataclass(frozen=True)
class Card:
    """One picture: a file name, a line to read, what stands behind it, and its description."""

    name: str
    line: str
    ground: str
    ink: str
    shapes: str
    alt: str
    foot: str = ""  # colour of the small line below, when the drawing reaches down there


def _beans(a: str, b: str) -> str:
    places = (
        (190, 380, -30, 1.0),
        (390, 330, 24, 0.9),
        (560, 430, -8, 0.8),
        (270, 590, 40, 0.95),
        (480, 630, -36, 1.1),
    )
    return "".join(BEAN.format(x=x, y=y, t=t, s=s, a=a, b=b) for x, y, t, s in places)


CARDS = (
    Card(
        "cup.jpg", "Kape muna.", GREEN, PAPER, CUP.format(a=PAPER, b=GOLD),
        "A steaming white cup on a dark green card with the words «Kape muna.»",
    ),
    Card(
        "beans.jpg", "Sagada, Benguet, Lipa.", PAPER, INK, _beans(CLAY, PAPER),
        "Five coffee beans on a cream card with the names of three origins",
    ),
    Card(
        "hills.jpg", "Kilala namin ang nagtanim.", GOLD, INK, HILLS.format(a=PAPER, b=GREEN),
        "Green hills under a pale sun, with the words «We know who planted it» in Filipino", PAPER,
    ),
    Card(
        "pour-over.jpg", "1 : 16", CLAY, PAPER, DRIPPER.format(a=PAPER, b=GOLD),
        "A paper dripper over a small jug and the ratio 1 to 16",
    ),
    Card(
        "bag.jpg", "Roasted on Tuesday.", PAPER, INK, BAG.format(a=INK, b=GOLD),
        "A dark coffee bag with a golden label on a cream card",
    ),
    Card(
        "table-six.jpg", "Table six is free.", INK, PAPER, CUP.format(a=GOLD, b=PAPER),
        "A golden cup on a dark card with the words «Table six is free.»",
    ),
)  # fmt: skip


def drawn(card: Card, high: int = HIGH) -> bytes:
    """The card as a JPEG of WIDE × `high` pixels."""
    import pyvips
    import typst

    picture = pyvips.Image.new_from_buffer(
        typst.compile(page(card, high).encode(), format="png", ppi=72.0), ""
    )
    return bytes(picture.flatten().jpegsave_buffer(Q=84, strip=True))


def page(card: Card, high: int = HIGH) -> str:
    """The card as a typst document, one point a pixel."""
    svg = f'<svg xmlns="{SVG}" viewBox="0 0 {WIDE} {HIGH}">{card.shapes}</svg>'
    foot = card.foot or card.ink
    return f"""#set page(width: {WIDE}pt, height: {high}pt, margin: 0pt, fill: rgb("{card.ground}"))
#set text(font: "Libertinus Serif", fill: rgb("{card.ink}"))
#let line = text(size: 54pt, weight: "semibold", {_quoted(card.line)})
#let foot = text(size: 24pt, tracking: 3pt, fill: rgb("{foot}"), {_quoted(FOOT)})
#place(dy: {(high - HIGH) // 2}pt, image(bytes({_quoted(svg)}), format: "svg", width: {WIDE}pt))
#place(dx: 56pt, dy: 56pt, block(width: {WIDE - 112}pt, line))
#place(bottom, dx: 56pt, dy: -44pt, foot)
"""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def hung(brand: Brand) -> list[File]:
    """Every card as a file of the brand, with its description."""
    return [keep(brand, card.name, drawn(card), alt=card.alt) for card in CARDS]


def logo() -> bytes:
    """The brand's mark: a cup in a green circle, PNG."""
    import typst

    ring = f'<circle cx="360" cy="450" r="340" fill="{GREEN}"/>'
    cup = f'<g transform="translate(72 90) scale(.8)">{CUP.format(a=PAPER, b=GOLD)}</g>'
    svg = f'<svg xmlns="{SVG}" viewBox="20 110 680 680">{ring}{cup}</svg>'
    page = "#set page(width: 256pt, height: 256pt, margin: 0pt, fill: none)"
    source = f'{page}\n#image(bytes({_quoted(svg)}), format: "svg")'
    return bytes(typst.compile(source.encode(), format="png", ppi=72.0))
