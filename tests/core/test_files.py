"""Files: believed only after a look, kept once, written whole or not at all."""

import errno
import io
import os
import zipfile

import av
import pytest
import pyvips

from diskarte.core.files import keep as keeping
from diskarte.core.files import sniff
from diskarte.core.files.keep import MEDIA, forget, keep, room
from diskarte.core.files.models import File
from diskarte.core.given import Upload
from diskarte.words import Problem
from tests import make

SVG = b'<?xml version="1.0"?>\n<!-- hi -->\n<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def picture(width=8, height=6, kind=".png"):
    return pyvips.Image.black(width, height, bands=3).write_to_buffer(kind)


def film(frames=5):
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(frames):
            container.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(stream.encode())
    return out.getvalue()


@pytest.fixture
def brand(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return make.a_brand()


def test_a_picture_is_measured_and_kept_under_its_digest(brand):
    file = keep(brand, "latte.png", picture(), alt="A latte")
    assert (file.mime, file.width, file.height, file.seconds) == ("image/png", 8, 6, None)
    assert (file.name, file.alt, file.size) == ("latte.png", "A latte", len(picture()))
    assert file.path.name == file.sha256
    assert file.path.parent.name == file.sha256[:2]
    assert file.read() == picture()


def test_five_gigabytes_are_weighed_and_never_read(brand, tmp_path):
    huge = tmp_path / "film.mp4"
    with huge.open("wb") as file:
        file.truncate(5 * 1024**3)  # a hole: it takes no room on the disk
    with pytest.raises(Problem, match=r"5120\.0 MB; the most is 500 MB") as caught:
        keep(brand, "film.mp4", Upload("film.mp4", path=huge))
    assert caught.value.do


def test_a_video_is_measured(brand):
    file = keep(brand, "a.mp4", film())
    assert (file.mime, file.width, file.height) == ("video/mp4", 64, 48)
    assert file.seconds == pytest.approx(1.0, abs=0.3)
    assert file.codec == "mpeg4"


@pytest.mark.parametrize(
    ("kind", "mime"),
    [(".jpg", "image/jpeg"), (".png", "image/png"), (".webp", "image/webp"), (".gif", "image/gif")],
)
def test_the_kind_is_read_from_the_bytes(brand, kind, mime):
    assert keep(brand, "liar.exe", picture(kind=kind)).mime == mime


def test_the_same_bytes_are_one_file_of_a_brand(brand):
    first, second = keep(brand, "a.png", picture()), keep(brand, "b.png", picture())
    assert first.pk == second.pk
    assert File.objects.count() == 1


def test_two_brands_share_the_bytes_but_not_the_row(brand):
    other = make.a_brand("other")
    first, second = keep(brand, "a.png", picture()), keep(other, "a.png", picture())
    assert first.pk != second.pk
    assert first.path == second.path
    forget(first)
    assert second.path.exists()


def test_forgetting_the_last_one_removes_the_bytes(brand, django_capture_on_commit_callbacks):
    file = keep(brand, "a.png", picture())
    path = file.path
    with django_capture_on_commit_callbacks(execute=True):
        forget(file)
    assert not path.exists()


def test_bytes_that_went_missing_are_put_back(brand):
    file = keep(brand, "a.png", picture())
    file.path.unlink()
    assert keep(brand, "a.png", picture()).pk == file.pk
    assert file.read() == picture()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (SVG, "SVG"),
        (b"\xef\xbb\xbf" + SVG, "SVG"),
        (b"MZ\x90\x00" + bytes(100), "cannot be used"),
        (b"<html><script>alert(1)</script>", "cannot be used"),
        (b"%PDF-1.7 hello", "cannot be used"),
        (picture()[:60], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"nonsense" * 20, "damaged"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(200), "damaged"),
    ],
)
def test_what_is_not_a_picture_or_video_is_refused_in_words(brand, data, says):
    with pytest.raises(Problem, match=says) as told:
        keep(brand, "x.png", data)
    assert told.value.do
    assert File.objects.count() == 0
    assert not list(keeping.Path(keeping.settings.MEDIA_ROOT).rglob("*"))


def test_a_half_picture_is_refused(brand):
    data = pyvips.Image.gaussnoise(400, 300).cast("uchar").write_to_buffer(".jpg")
    with pytest.raises(Problem, match="damaged"):
        keep(brand, "half.jpg", data[: len(data) // 2])


def test_other_kinds_are_taken_where_they_are_wanted(brand):
    assert keep(brand, "a.pdf", b"%PDF-1.7 hello", accept=("application/pdf",)).mime == "application/pdf"
    assert keep(brand, "a.csv", "naïve,1\n".encode(), accept=("text/plain",)).mime == "text/plain"


def test_a_workbook_is_told_from_any_zip():
    def zipped(name):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "x")
        return out.getvalue()

    assert sniff.mime_of(zipped("xl/workbook.xml")).endswith("spreadsheetml.sheet")
    assert sniff.mime_of(zipped("a.txt")) == "application/zip"
    assert sniff.mime_of(b"PK\x03\x04broken") == ""


def test_too_large_is_said_with_both_numbers(brand, monkeypatch):
    monkeypatch.setitem(keeping.LARGEST, "image", 100)
    with pytest.raises(Problem, match="the most is"):
        keep(brand, "a.png", picture(300, 300, ".png") + bytes(200))


def test_a_bomb_is_not_unpacked(brand, monkeypatch):
    monkeypatch.setattr(sniff, "PIXELS", 10)
    with pytest.raises(Problem, match="million pixels"):
        keep(brand, "bomb.png", picture())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.png", "a.png"),
        ("", "file"),
        ("..", "file"),
        ("a\x00b\n.png", "ab.png"),
    ],
)
def test_a_name_leads_nowhere(given, kept):
    assert keeping.clean_name(given) == kept


@pytest.mark.parametrize(
    ("code", "says"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "cannot be written")]
)
def test_a_disk_that_fails_leaves_nothing_half_written(brand, monkeypatch, code, says):
    def fail(_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Problem, match=says) as told:
        keep(brand, "a.png", picture())
    assert "Nothing was stored" in told.value.kept
    assert File.objects.count() == 0
    assert not [p for p in keeping.Path(keeping.settings.MEDIA_ROOT).rglob("*") if p.is_file()]


def test_the_last_of_the_disk_is_left_to_the_database(brand, monkeypatch):
    monkeypatch.setattr(keeping, "RESERVE", 1 << 60)
    with pytest.raises(Problem, match="disk is full"):
        keep(brand, "a.png", picture())


def test_room_counts_what_is_kept(brand):
    keep(brand, "a.png", picture())
    assert room().used == len(picture())
    assert room().free > 0
    assert "image/svg+xml" not in MEDIA
