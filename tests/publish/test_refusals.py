"""Every sentence the general preflight can say is marked for translation."""

from __future__ import annotations

import pytest

from diskarte.networks._preflight import complaints
from diskarte.stages.publish.refusals import SENTENCES
from diskarte.words import Limits, Media, Post

LIMITS = Limits(text=5, text_bytes=8, images=1, videos=0, image_bytes=3, alt_text=2, parts=1)
PICTURE = Media("a.png", "image/png", b"12345", "long")
BREAKING = {
    "empty": Post("k", ""),
    "too long": Post("k", "123456"),
    "too heavy": Post("k", "ééééé"),
    "thread": Post("k", "a", parts=(" ", "b")),
    "pictures": Post("k", "a", media=(PICTURE, PICTURE)),
    "undescribed": Post("k", "a", media=(Media("a.pdf", "application/pdf", b"1"),)),
    "mixed": Post("k", "a", media=(PICTURE, Media("a.mp4", "video/mp4", b"1", "x"))),
    "bare": Post("k", "a"),
}


@pytest.mark.parametrize("name", BREAKING)
def test_it_is_translated(name):
    limits = LIMITS.with_(needs_media=True) if name == "bare" else LIMITS
    found = list(complaints(BREAKING[name], limits, len))
    assert found
    for complaint in found:
        assert complaint.what in SENTENCES
        assert complaint.do in SENTENCES
        assert str(complaint) == f"{complaint.what} {complaint.do}" % complaint.values
