"""Make `static/icons.svg`, one sprite of the outline icons our pages use.

npm pack @tabler/icons && tar xzf tabler-icons-*.tgz && python tools/icons.py package/icons/outline
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "diskarte/doors/web/static/icons.svg"

ICONS = """
    ad-2 adjustments alert-circle alert-triangle arrow-back-up arrow-down arrow-down-right arrow-guide
    arrow-left arrow-right arrow-up arrow-up-right article at ban bell bolt bookmark broadcast
    broadcast-off building-community building-store bulb calendar calendar-event calendar-plus
    carousel-horizontal cash certificate chart-bar chart-dots chart-line check checks chevron-down
    chevron-left chevron-right circle-check circle-dashed circle-half-2 circle-plus circle-x click clock
    cloud-off coin columns compass copy crop database device-desktop device-mobile discount dots
    dots-vertical download edit external-link eye eye-off file file-import file-spreadsheet file-text
    filter fingerprint flag flask folder friends gift git-compare globe grip-vertical hash heart
    heart-handshake help-circle history hourglass inbox info-circle key language layout-grid link list lock
    lock-open logout mail map-pin maximize menu-2 message-circle messages microphone minus mood-sad
    mood-smile moon movie news palette paperclip pencil percentage phone photo pin player-pause player-play
    plug plug-connected plug-off plus point printer puzzle qrcode quote refresh repeat robot route rss
    scale scissors search selector send settings share shield-check shopping-cart speakerphone spiral
    stack-2 stack-pop star subtask sun table tag target-arrow template test-pipe text-size thumb-down
    thumb-up trash trending-down trending-up typography upload user user-minus user-plus users users-group
    video wallet wand webhook world x
"""


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
    for name in sorted(set(ICONS.split())):
        source = Path(folder) / f"{name}.svg"
        if source.exists():
            symbols.append(symbol(name, source.read_text()))
        else:
            missing.append(name)
    TARGET.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
    print(f"{len(symbols)} icons, {TARGET.stat().st_size:,} bytes; not found: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    main(sys.argv[1])
