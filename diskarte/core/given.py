"""The kinds of values a verb may take beyond the plain ones: a moment, a file."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema


def _in_utc(value: datetime) -> datetime:
    """Without an offset a time is the brand's own; inside it is always UTC."""
    if value.tzinfo is None:
        value = value.replace(tzinfo=timezone.get_current_timezone())
    return value.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]


@dataclass(frozen=True)
class Upload:
    """A file somebody gave: `content` for what came over a wire, `path` for what lies on this machine."""

    name: str
    content: bytes | None = field(default=None, repr=False)
    path: Path | None = None

    def open(self) -> BinaryIO:
        if self.path is not None:
            return self.path.open("rb")
        return io.BytesIO(self.content or b"")

    def read(self) -> bytes:
        with self.open() as file:
            return file.read()

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path else len(self.content or b"")


def _file(value: Any) -> Upload:
    """An `Upload`, or {"name", "base64"} from JSON. A path is never taken from outside."""
    if isinstance(value, Upload):
        return value
    if not isinstance(value, dict) or set(value) != {"name", "base64"}:
        raise ValueError(_("give a file as {name, base64}"))
    try:
        return Upload(str(value["name"]), base64.b64decode(value["base64"], validate=True))
    except (binascii.Error, TypeError) as e:
        raise ValueError(_("the file's content is not valid base64")) from e


FileGiven = Annotated[
    Upload,
    PlainValidator(_file),
    PlainSerializer(lambda upload: upload.name),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"name": {"type": "string"}, "base64": {"type": "string", "format": "byte"}},
            "required": ["name", "base64"],
        }
    ),
]
