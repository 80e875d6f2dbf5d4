"""One row per file of a brand; the bytes lie in the media folder under their own SHA-256."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from diskarte.core.people.models import Brand
from diskarte.core.rows import Row


class File(Row):
    """One picture, video or other file of a brand. The same bytes are one row however often they are given."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=60)  # read from the bytes, whatever the sender claimed
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField(null=True)  # pixels; None: not a picture or video
    height = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)  # of a video or sound
    codec = models.CharField(
        max_length=20, blank=True
    )  # of a video, "h264"; empty: not a video, or not looked at
    alt = models.CharField(max_length=2000, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "sha256"], name="one_file_per_content")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return path_of(self.sha256)

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")

    def read(self) -> bytes:
        """All the bytes; raises FileNotFoundError when the media folder has lost them."""
        return self.path.read_bytes()


def path_of(sha256: str) -> Path:
    """Where the bytes with this digest lie, kept or not."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256
