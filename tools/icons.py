"""Make `static/icons.svg`, one sprite of the outline icons our pages use.

npm pack @tabler/icons && tar xzf tabler-icons-*.tgz && python tools/icons.py package/icons/outline
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "diskarte/doors/web/static/icons.svg"

ICONS = """
    archive activity ad-2 adjustments adjustments-horizontal ai alert-circle alert-triangle arrow-back-up
    arrow-bar-up arrow-down arrow-down-right arrow-fork arrow-guide arrow-left arrow-merge arrow-right
    arrow-up arrow-up-right arrows-exchange arrows-shuffle arrows-split article aspect-ratio at award ban
    bell bell-ringing binary-tree bolt book bookmark books box broadcast broadcast-off brush building
    building-community building-store bulb calculator calendar calendar-check calendar-event calendar-off
    calendar-plus calendar-time camera carousel-horizontal cash certificate chart-area
    chart-arrows-vertical chart-bar chart-dots chart-dots-3 chart-histogram chart-line check checkbox
    checks chevron-down chevron-left chevron-right circle-check circle-dashed circle-half-2 circle-minus
    circle-plus circle-x circles click clipboard clipboard-check clipboard-list clock clock-hour-4
    cloud-off coffee coin color-swatch columns compass confetti copy credit-card crop crown currency-peso
    cut database device-desktop device-floppy device-mobile dice-5 discount dots dots-vertical download
    edit eraser external-link eye eye-off file file-download file-export file-import file-spreadsheet
    file-text filter fingerprint flag flask folder friends gift git-branch git-commit git-compare globe
    grip-vertical hash heart heart-handshake heartbeat help-circle hierarchy history home hourglass
    id-badge-2 inbox infinity info-circle key language language-hiragana layers-intersect layout-grid
    letter-case link list list-check list-details list-numbers loader lock lock-check lock-open logout mail
    mail-forward map map-pin math-function maximize medal menu-2 message-circle message-dots message-plus
    message-reply messages microphone minus mood-neutral mood-sad mood-smile moon movie music news notebook
    notes package palette paperclip password paw pencil percentage phone photo photo-edit photo-plus pin
    player-pause player-play plug plug-connected plug-connected-x plug-off plus point printer puzzle qrcode
    quote receipt receipt-2 refresh refresh-dot repeat repeat-once report report-analytics robot rocket
    rotate route rss scale scan school scissors search select selector send settings share shield
    shield-check shirt shopping-cart signature sitemap sort-ascending sort-descending soup sparkles
    speakerphone spiral square-check stack-2 stack-pop star subtask subtitles sun table table-export
    table-import tag tags target target-arrow template test-pipe text-size thumb-down thumb-up tool tools
    trash trending-down trending-up trophy typography upload user user-check user-minus user-plus
    user-search users users-group users-plus vaccine versions video wallet wand webhook world world-www
    writing x zoom-in
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
