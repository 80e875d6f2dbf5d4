"""Forgetting a person: their rows go, the files of rejected rows are cleaned, and a salted hash stays at the door."""

from __future__ import annotations

import csv
import gzip
import hmac
import io
from typing import Any

from django.conf import settings
from django.db.models import Q

from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who

from .models import Contact, Forgotten, Intake
from .rules.people import ADDRESSES, Unfit, email, phone


def digests(brand: Brand, name: str, value: str) -> list[str]:
    """The hashes of one address, one for each key of the installation, the present one first."""
    text = f"{brand.pk}:{name}:{value}".encode()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.digest(b"forgotten:" + key.encode(), text, "sha256").hex() for key in keys]


class Door:
    """Knows who asked to be forgotten; asks nothing when nobody did."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        self.closed = set(Forgotten.objects.filter(brand=brand).values_list("digest", flat=True))

    def refuses(self, one: Any) -> bool:
        """True when any address of this person was forgotten."""
        if not self.closed:
            return False
        told = ((name, getattr(one, name)) for name in ADDRESSES if getattr(one, name))
        return any(digest in self.closed for name, value in told for digest in digests(self.brand, name, value))


def addresses(given: str, country: str) -> dict[str, str]:
    """What a person may have typed: an e-mail, a phone number, a customer number; every reading that fits."""
    found = {"external_id": given.strip()}
    for name, read in (("email", email), ("phone", lambda text: phone(text, country))):
        try:
            found[name] = read(given.strip())
        except Unfit:
            continue
    return found


def forget(who: Who, asked: dict[str, str]) -> int:
    """Remove everybody with one of these addresses, and keep hashes of all they had; how many rows went."""
    assert who.brand is not None
    match = Q()
    for name, value in asked.items():
        match |= Q(**{name: value})
    people = list(who.own(Contact).filter(match))
    values = {(name, value) for name, value in asked.items()}
    values |= {(name, getattr(one, name)) for one in people for name in ADDRESSES if getattr(one, name)}
    rows = [Forgotten(brand=who.brand, digest=digests(who.brand, name, value)[0]) for name, value in values]
    Forgotten.objects.bulk_create(rows, ignore_conflicts=True)
    who.own(Contact).filter(pk__in=[one.pk for one in people]).delete()
    _clean_rejected(who, {value for _name, value in values})
    return len(people)


def _clean_rejected(who: Who, values: set[str]) -> None:
    """Whoever is forgotten must not stay in a file of rejected rows either."""
    wanted = {_bare(value) for value in values}
    for intake in who.own(Intake).exclude(rejected=b""):
        rows = list(csv.reader(io.StringIO(gzip.decompress(bytes(intake.rejected)).decode(), newline="")))
        kept = [row for row in rows if not any(_bare(cell) in wanted for cell in row)]
        if len(kept) < len(rows):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(kept)
            intake.rejected = gzip.compress(text.getvalue().encode())
            intake.save(update_fields=["rejected"])


def _bare(cell: str) -> str:
    """A cell as it is compared: small letters; of a phone number its last nine digits, however it was written."""
    digits = "".join(ch for ch in cell if ch.isdigit())
    is_phone = len(digits) >= 9 and not any(ch.isalpha() for ch in cell)
    return digits[-9:] if is_phone else cell.strip().casefold()
