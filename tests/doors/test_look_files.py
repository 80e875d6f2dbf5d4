"""What is shipped: small enough, complete, licensed, translated."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.template.loader import render_to_string

from diskarte.doors import web
from tools import icons, tabler

WEB = Path(web.__file__).parent
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
CATALOGUE = WEB / "locale/fil/LC_MESSAGES/django.po"
OURS = [*sorted((WEB / "templates").rglob("*.html")), *sorted((WEB / "templatetags").glob("*.py"))]
OURS = [path for path in OURS if not path.name.startswith("gallery")]


def packed(path):
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 9))


def test_the_first_page_is_at_most_150_kilobytes():
    import django_htmx

    own = [STATIC / name for name in ("style.css", "theme.js", "app.js", "icons.svg")]
    own += [
        VENDOR / "tabler/tabler.min.css",
        VENDOR / "inter/inter-latin.woff2",
        VENDOR / "inter/inter-money.woff2",
    ]
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    page = len(gzip.compress(render_to_string("404.html").encode())) + 10_000  # a page of content on top
    assert sum(map(packed, [*own, htmx])) + page <= 150 * 1024


def test_charts_and_calendar_come_only_where_they_are_used():
    frame = (WEB / "templates/skeleton.html").read_text() + (WEB / "templates/base.html").read_text()
    assert "vega.min.js" not in frame
    assert "calendar" not in frame.replace("calendar.js", "calendar")


@pytest.mark.parametrize("folder", sorted(p for p in VENDOR.iterdir() if p.is_dir()), ids=lambda p: p.name)
def test_everything_vendored_is_listed_and_licensed(folder):
    assert (folder / "LICENSE").exists()
    assert f"`{folder.name}/" in (VENDOR / "README.md").read_text()


def test_nothing_shipped_fetches_from_elsewhere():
    for path in [STATIC / "style.css", *VENDOR.rglob("*.css")]:
        addresses = re.findall(r"(?:url\(|@import\s+)[\"']?(?!data:)(https?:)?//", path.read_text())
        assert not addresses, path
    for path in STATIC.glob("*.js"):
        assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text()), path


def test_every_address_in_the_style_exists():
    for address in re.findall(r'url\("([^"]+)"\)', (STATIC / "style.css").read_text()):
        assert (STATIC / address).exists(), address


def test_the_sprite_holds_the_icons_the_tool_lists():
    shipped = re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text())
    assert shipped == sorted(set(icons.ICONS.split()))


def test_a_symbol_keeps_the_drawing_and_drops_the_frame():
    svg = '<svg\n width="24">\n <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n <path d="M16 3v4" />\n</svg>'
    assert icons.symbol("x", svg) == '<symbol id="x" viewBox="0 0 24 24"><path d="M16 3v4"/></symbol>'


def test_the_smaller_tabler_drops_components_and_keeps_the_rest():
    css = ".btn{color:red}.carousel,.card{color:blue}@media (min-width:1400px){.btn{x:y}}@media print{.card{x:y}}"
    assert tabler.smaller(css) == ".btn{color:red}.card{color:blue}@media print{.card{x:y}}"
    assert tabler.smaller('@charset "UTF-8";.carousel{x:y}') == '@charset "UTF-8";'


def test_the_smaller_tabler_drops_what_nothing_refers_to():
    css = ":root{--a:1;--b:var(--a)}.x{color:var(--b)}.y{--c:2}@keyframes spin{from{x:y}to{x:z}}"
    assert tabler.without_unused(css) == ":root{--a:1;--b:var(--a)}.x{color:var(--b)}"


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("ink", ["ink", "muted", "accent", "amber", "red", "blue"])
@pytest.mark.parametrize("ground", ["paper", "desk", "sunk"])
@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_every_ink_is_readable_on_every_ground(ink, ground, mode):
    style = (STATIC / "style.css").read_text()
    tokens = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", style))
    assert contrast(*(tokens[name].split(", ")[mode] for name in (ink, ground))) >= 4.5


@pytest.mark.parametrize("name", ["accent", "amber", "red", "blue"])
@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_every_badge_is_readable(name, mode):
    tokens = dict(
        re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", (STATIC / "style.css").read_text())
    )
    assert contrast(*(tokens[key].split(", ")[mode] for key in (name, f"{name}-soft"))) >= 4.5


# Filipino is complete at every commit


def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fil")


def one_line(text):
    return re.sub(r"\s+", " ", text)


def asked_for(path):
    """Texts a file wants translated, as gettext names them."""
    text = path.read_text()
    if path.suffix == ".py":
        text = re.sub(r'""".*?"""', "", text, flags=re.S)
        found = re.findall(r'(?<![\w"])(?:_|gettext_lazy|gettext)\(\s*"([^"]+)"', text)
        return found + re.findall(r'ngettext\("([^"]+)"', text)
    found = re.findall(r'{%-? ?translate "([^"]+)"', text) + re.findall(r'_\("([^"]+)"\)', text)
    for body in re.findall(
        r"{% blocktranslate[^%]*%}(.*?)(?:{% plural %}|{% endblocktranslate %})", text, re.S
    ):
        found.append(re.sub(r"{{ *(\w+) *}}", r"%(\1)s", body.replace("%", "%%") if "{{" in body else body))
    return found


@pytest.mark.parametrize("path", OURS, ids=lambda p: str(p.relative_to(WEB)))
def test_every_text_is_in_the_filipino_catalogue(path):
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue() if m.id}
    assert not [text for text in asked_for(path) if text not in known]


def test_every_text_of_the_catalogue_is_translated():
    messages = [m for m in catalogue() if m.id]
    assert messages
    blank = [m.id for m in messages if not all(m.string if isinstance(m.string, tuple) else [m.string])]
    assert not blank
    assert not [m.id for m in messages if m.fuzzy]


def test_translations_keep_their_placeholders():
    for m in catalogue():
        if not m.id:
            continue
        ids, texts = (x if isinstance(x, tuple) else (x,) for x in (m.id, m.string))
        wanted = set(re.findall(r"%\(\w+\)[sd]", ids[-1]))
        assert all(set(re.findall(r"%\(\w+\)[sd]", text)) == wanted for text in texts), m.id


def test_filipino_is_offered():
    assert "fil" in dict(settings.LANGUAGES)
