"""Make the vendored Tabler smaller: only the components our pages use, without the networks' colours.

npm pack @tabler/core && tar xzf tabler-core-*.tgz && python tools/tabler.py package/dist/css/tabler.min.css
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parent.parent / "diskarte/doors/web/static/vendor/tabler/tabler.min.css"

BANNER = "/*! Tabler (tabler.io), MIT licence, without the components we do not use: tools/tabler.py */"


def words(text: str) -> list[str]:
    """Split a list that is easier to read as text."""
    return text.split()


COMPONENTS = words("""
    accordion apexcharts autocomplete breadcrumb calendar carousel chart chat chips clr countup custom-file
    datagrid demo divide dropdown dropend dropstart dropup dropzone emoji fc flag flatpickr form-colorinput
    form-imagecheck form-selectgroup fslightbox input-otp io irs jsvectormap jvm layout legend litepicker
    loader markdown mention modal nav-segmented navbar noUi offcanvas otp page-wrapper page-loader payment
    placeholder plyr popover progressbg ribbon signal signature social sortable sparkline star-rating steps
    step-item strength svgmap swatch tagify theme- timeline toast tom-select tooltip tracking ts-
    turbo-progress typed vc wysiwyg hljs dz- pricing nav-bordered nav-vertical settings stars tox scrollspy
    nav-tabs nav-pills tab-content tag- bg-pattern offset- order- z- float- vstack hstack btn-floating
    btn-loading btn-actions card-carousel card-stamp card-rotate card-aside card-tabs avatar-upload
    bg-gradient shape status-indicator icon-link link-offset link-underline link-opacity focus-ring
    object-fit img-thumbnail form-floating form-range form-label-description btn-check figure blockquote
    initialism lead display- list-inline lead- dl- dt- switch-icon icon-pulse icon-tada icon-rotate cursor
    overflow-x overscroll pe-none text-bg
""")
COLOURS = words("""
    facebook twitter linkedin google youtube vimeo dribbble github instagram pinterest vk rss flickr
    bitbucket tabler x tiktok azure indigo purple pink lime teal cyan black inverted orange blue yellow
    light dark
""")
NAMED = re.compile(rf"\.(?:{'|'.join(map(re.escape, COMPONENTS))})")
COLOURED = re.compile(rf"\.[a-z-]+-(?:{'|'.join(COLOURS)})(?:-[a-z0-9]+)*(?![\w-])|-\d+-(?:lt|fg)(?![\w-])")
MEDIA = re.compile(r"(?:min|max)-width:(?:1400|1399\.98|575\.98)px|(?:rtl|prefers-contrast)")


def blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield the (head, body) of every top-level rule in minified CSS; body is None for `@charset` and the like."""
    at = 0
    while (brace := css.find("{", at)) >= 0:
        stop = css.find(";", at, brace)
        if css[at] == "@" and stop >= 0:
            yield css[at:stop], None
            at = stop + 1
            continue
        end, depth = brace + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[at:brace], css[brace + 1 : end - 1]
        at = end


def selectors(head: str) -> list[str]:
    """Split a selector list at its top-level commas."""
    return re.split(r",(?![^()]*\))", head)


def keeps(selector: str) -> bool:
    """Tell whether our pages may need this selector."""
    return not (NAMED.search(selector) or COLOURED.search(selector) or "data-vc" in selector)


def smaller(css: str) -> str:
    """Return the rules of `css` whose selectors we keep."""
    kept = []
    for head, body in blocks(css):
        if body is None:
            kept.append(f"{head};")
        elif head.startswith(("@media", "@supports")):
            inner = "" if MEDIA.search(head) else smaller(body)
            kept.append(f"{head}{{{inner}}}" if inner else "")
        elif wanted := [one for one in selectors(head) if head.startswith("@") or keeps(one)]:
            kept.append(f"{','.join(wanted)}{{{body}}}")
    return "".join(kept)


def without_unused(css: str) -> str:
    """Drop the animations and custom properties that nothing left in `css` refers to."""
    frames = re.findall(r"@keyframes ([\w-]+)", css)
    for name in frames:
        if not re.search(rf"animation[^;}}]*[:\s]{name}(?![\w-])", css):
            css = re.sub(rf"@keyframes {re.escape(name)}\{{(?:[^{{}}]*\{{[^{{}}]*\}})*\}}", "", css)
    while (slimmer := _without_properties(css)) != css:
        css = slimmer
    return css


def _without_properties(css: str) -> str:
    used = set(re.findall(r"var\((--[\w-]+)", css))
    kept = re.sub(r"(?<=[{;])(--[\w-]+):[^;{}]*(?:;|(?=\}))", lambda m: m[0] if m[1] in used else "", css)
    return re.sub(r"(?<=[{}])[^{}]+\{\}", "", kept)


def main(source: str) -> None:
    """Write the smaller file beside our other vendored pieces."""
    css = re.sub(r"/\*.*?\*/", "", Path(source).read_text(), flags=re.S)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(f"{BANNER}\n{without_unused(smaller(css))}\n")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
