"""Two short vertical videos for the demo's reels: a card that comes slowly nearer, encoded here."""

from __future__ import annotations

import io
from typing import Any

from diskarte.core.files.keep import keep
from diskarte.core.files.models import File
from diskarte.core.people.models import Brand

from .pictures import CARDS, Card, drawn
from .pictures import WIDE as CARD_WIDE

FRAMES, RATE = 48, 16  # three seconds
WIDE, HIGH = 360, 640  # pixels; 9:16
NEARER = 0.06  # of the picture is cut away by the last frame


def filmed(card: Card) -> bytes:
    """The card as an MP4 of WIDE × HIGH pixels."""
    import av
    import numpy as np
    import pyvips

    picture = pyvips.Image.new_from_buffer(drawn(card, CARD_WIDE * HIGH // WIDE), "")
    pixels: Any = np.ndarray(
        buffer=picture.write_to_memory(), dtype=np.uint8, shape=(picture.height, picture.width, picture.bands)
    )
    box = io.BytesIO()
    with av.open(box, "w", format="mp4") as film:
        stream: Any = film.add_stream("libx264", rate=RATE, options={"crf": "30", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for n in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(_seen(pixels, n / FRAMES)), format="rgb24"
            )
            film.mux(stream.encode(frame.reformat(WIDE, HIGH, format="yuv420p")))
        film.mux(stream.encode())
    return box.getvalue()


def _seen(pixels: Any, share: float) -> Any:
    """The middle of the picture at 9:16, the smaller the later."""
    high = int(pixels.shape[0] * (1 - NEARER * share))
    wide = high * WIDE // HIGH
    top, left = (pixels.shape[0] - high) // 2, (pixels.shape[1] - wide) // 2
    return pixels[top : top + high, left : left + wide]


def shown(brand: Brand) -> list[File]:
    """The clips as files of the brand, with their descriptions."""
    return [
        keep(brand, card.name.replace(".jpg", ".mp4"), filmed(card), alt=f"{card.alt}, coming slowly nearer")
        for card in (CARDS[0], CARDS[3])
    ]
