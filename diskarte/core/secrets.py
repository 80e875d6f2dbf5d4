"""Secrets at rest: sealed with the installation's key, opened only where they are used, never shown.

The key is derived (HKDF-SHA-256) from `SECRET_KEY`; former keys in `DISKARTE_OLD_KEYS` still open what they
sealed, and `rotate` seals everything anew with the present one.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models

from diskarte.core import logs
from diskarte.words import Problem

INFO = b"diskarte: sealed secrets, 1"


class Secrets(dict[str, Any]):
    """An opened secret: an ordinary dict that does not print itself.

    `sealed` is the text it came from. When no key opens it any more the dict is empty, `readable` is False, and
    saving the row keeps the sealed text as it is: a key that comes back opens it again.
    """

    sealed: str = ""
    readable: bool = True

    def __repr__(self) -> str:
        return "Secrets(•••)"

    __str__ = __repr__


@lru_cache(maxsize=8)
def _lock(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO).derive(key.encode())


def _ours() -> MultiFernet:
    return _lock((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(value: dict[str, Any] | str) -> str:
    """The value as a text nobody can read or change without the key."""
    logs.keep_quiet(value)
    return _ours().encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()


def open(sealed: str) -> Any:
    """What was sealed, a dict or a str. Raises Problem when none of our keys fits."""
    try:
        value = json.loads(_ours().decrypt(sealed.encode()))
    except InvalidToken:
        raise Problem(
            "A stored secret was sealed with a key that is not here.",
            kept="The sealed text is kept.",
            do="Put the former key into DISKARTE_OLD_KEYS, or connect the account again.",
        ) from None
    logs.keep_quiet(value)
    return value


if TYPE_CHECKING:
    Text = models.TextField[Any, Secrets]
else:
    Text = models.TextField


class SealedField(Text):
    """A dict in our hands, sealed text in the database."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: Any) -> Secrets | None:
        if value is None:
            return None
        if not value:
            return Secrets()
        try:
            secrets = Secrets(open(value))
        except Problem:
            secrets = Secrets()
            secrets.readable = False
        secrets.sealed = value
        return secrets

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Secrets) and not value.readable and not value:
            return value.sealed
        return seal(dict(value))

    def value_to_string(self, obj: models.Model) -> str:
        """For a back-up: sealed, as in the database."""
        return self.get_prep_value(self.value_from_object(obj)) or ""


def rotate() -> int:
    """Seal every stored secret anew with the present key; how many. Safe while others write, and to repeat."""
    return sum(_rotate(model, field) for model in apps.get_models() for field in _sealed_fields(model))


def _sealed_fields(model: type[models.Model]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if isinstance(f, SealedField)]


def _rotate(model: type[models.Model], field: str) -> int:
    rows = model._default_manager
    done = 0
    for pk, old in rows.values_list("pk", field).iterator():
        if old is not None and old.sealed and old.readable:
            new = _ours().rotate(old.sealed.encode()).decode()
            done += rows.filter(pk=pk, **{field: old.sealed}).update(**{field: new})
    return done
