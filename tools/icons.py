"""Make `static/icons.svg`, one sprite of the outline icons our pages use.

npm pack @tabler/icons && tar xzf tabler-icons-*.tgz && python tools/icons.py package/icons/outline
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "diskarte/doors/web/static/icons.svg"

ICONS = """
    compass target-arrow users broadcast calendar calendar-plus messages send chart-line refresh robot
    menu-2 dots dots-vertical x plus minus check checks search filter adjustments settings edit pencil trash copy
    download upload printer share link external-link eye eye-off lock lock-open pin history arrow-back-up
    arrow-left arrow-right arrow-up arrow-down arrow-up-right arrow-down-right chevron-down chevron-right chevron-left
    sun moon device-desktop language user users-group user-plus building-store logout key shield-check bell
    info-circle alert-triangle alert-circle circle-check circle-x circle-dashed help-circle clock hourglass player-play
    player-pause ban mood-smile mood-sad thumb-up thumb-down heart message-circle repeat bookmark click
    text-size photo layout-grid carousel-horizontal movie video circle-plus chart-bar broadcast-off article
    file file-text file-spreadsheet file-import folder table list columns world globe mail phone tag hash
    bulb flask scale gift speakerphone star flag map-pin cash wallet coin shopping-cart calendar-event
    test-pipe percentage trending-up trending-down route git-compare wand crop scissors palette typography
    template stack-2 inbox at quote bolt plug plug-connected plug-off database cloud-off rss webhook qrcode
    device-mobile friends heart-handshake building-community news certificate fingerprint puzzle stack-pop
    discount ad-2 chart-dots spiral grip-vertical maximize selector paperclip microphone subtask circle-half-2
""".split()


def symbol(name: str, svg: str) -> str:
    """Return one icon's file as a symbol of the sprite, without its invisible frame."""
    body = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    body = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
    body = re.sub(r'<path stroke="none"[^>]*/>', "", body)
    body = re.sub(r"\s+", " ", body).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'


def main(folder: str) -> None:
    """Write the sprite and name the icons which the package does not have."""
    missing, symbols = [], []
    for name in sorted(set(ICONS)):
        source = Path(folder) / f"{name}.svg"
        if source.exists():
            symbols.append(symbol(name, source.read_text()))
        else:
            missing.append(name)
    TARGET.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
    print(f"{len(symbols)} icons, {TARGET.stat().st_size:,} bytes; not found: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    main(sys.argv[1])
