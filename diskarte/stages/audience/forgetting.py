"""Forgetting a person: their rows go from every table and file, and a salted hash stays at the door."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction

from diskarte.core.lake.models import Shelf
from diskarte.core.lake.shelves import Files, folder, new_file, place, shelf_of
from diskarte.core.lake.tables import Tables, opened, quoted
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who

from .columns import OF_PEOPLE, PEOPLE
from .models import Forgotten, Receipt
from .receipts import sealed
from .remnants import cleaned
from .rules.people import ADDRESSES, EMAIL, Unfit, email, phone
from .sketches import clean_sketches


def digests(brand: Brand, name: str, value: str) -> list[str]:
    """The hashes of one address, one for each key of the installation, the present one first."""
    text = f"{brand.pk}:{name}:{value}".encode()
    return [hmac.digest(key, text, "sha256").hex() for key in keys()]


class Door:
    """Knows who asked to be forgotten; asks nothing when nobody did."""

    def __init__(self, brand: Brand, after: int = 0) -> None:
        self.brand = brand
        asked = Forgotten.objects.filter(brand=brand, pk__gt=after)
        self.closed = set(asked.values_list("digest", flat=True))

    def refuses(self, one: Any) -> bool:
        """True when any address of this person was forgotten."""
        if not self.closed:
            return False
        told = ((name, getattr(one, name)) for name in ADDRESSES if getattr(one, name))
        return any(
            digest in self.closed for name, value in told for digest in digests(self.brand, name, value)
        )

    def stands_in(self, row: Iterable[str], country: str) -> bool:
        """True when a cell of a refused row is or holds an address that was forgotten, as far as it can be read."""
        return bool(self.closed) and any(
            digest in self.closed
            for cell in row
            for name, value in _readings(cell, country)
            for digest in digests(self.brand, name, value)
        )

    def sql(self, table: str) -> str:
        """The numbers `n` of rows with a forgotten address; HMAC-SHA-256 in SQL, given by `given`."""
        asked = []
        for key in range(len(keys())):
            inner, outer = f"${2 * key + 2}::BLOB", f"${2 * key + 3}::BLOB"
            for name in ADDRESSES:
                text = f"encode('{self.brand.pk}:{name}:' || {name})"
                digest = f"sha256({outer} || unhex(sha256({inner} || {text})))"
                asked.append(
                    f"SELECT n FROM {table} WHERE {name} <> '' AND {digest} IN (SELECT unnest($1::VARCHAR[]))"
                )
        return " UNION ".join(asked)

    def given(self) -> list[Any]:
        """What `sql` needs: the closed digests, and each key padded inwards and outwards."""
        padded = [key.ljust(64, b"\0") for key in map(_short, keys())]
        return [sorted(self.closed), *(bytes(b ^ pad for b in key) for key in padded for pad in (0x36, 0x5C))]


def _short(key: bytes) -> bytes:
    return hashlib.sha256(key).digest() if len(key) > 64 else key


def keys() -> list[bytes]:
    """The keys of the installation for this use, the present one first."""
    return [b"forgotten:" + key.encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def addresses(given: str, country: str) -> dict[str, str]:
    """What a person may have typed: an e-mail, a phone number, a customer number; every reading that fits."""
    found = {"external_id": given.strip()}
    for name, read in (("email", email), ("phone", lambda text: phone(text, country))):
        try:
            found[name] = read(given.strip())
        except Unfit:
            continue
    return found


def _readings(cell: str, country: str) -> Iterator[tuple[str, str]]:
    yield from addresses(cell, country).items()
    for found in EMAIL.finditer(cell.casefold()):
        yield "email", found[0]
    if digits := "".join(ch for ch in cell if ch.isdigit()):
        yield from addresses(f"0{digits[-10:]}", country).items()


def last_asked(brand: Brand) -> int:
    """The number of the newest hash at the door; 0 while nobody asked."""
    return Forgotten.objects.filter(brand=brand).order_by("-pk").values_list("pk", flat=True).first() or 0


def shut_out(t: Tables, shelf: Shelf, after: int) -> None:
    """Take out again whoever asked to be forgotten since the hash `after`: the file was read before, and put on the
    shelf just now."""
    door = Door(shelf.brand, after)
    if not door.closed:
        return
    t.shelf = shelf
    people = f"(SELECT pid AS n, {', '.join(ADDRESSES)} FROM {t.of('people', PEOPLE)})"
    if gone := t.rows(f"SELECT DISTINCT n FROM ({door.sql(people)})", door.given()):
        place(shelf, _without(t, [pid for (pid,) in gone])[0])


@transaction.atomic
def forget(who: Who, asked: dict[str, str]) -> Receipt:
    """Remove everybody with one of these addresses everywhere, keep hashes of all they had, and seal what was done."""
    assert who.brand is not None
    list(
        Shelf.objects.select_for_update().filter(brand=who.brand)
    )  # an import that ends now comes before or after
    values = set(asked.items())
    removed: Counter[str] = Counter()
    shelf = shelf_of(who.brand)
    with opened(who.brand, shelf) as t:
        if people := found(t, asked):
            for line in people:
                values |= {(name, value) for name, value in zip(ADDRESSES, line[1:], strict=True) if value}
            files, removed = _without(t, [line[0] for line in people])
            place(shelf, files)
    rows = [
        Forgotten(brand=who.brand, digest=digests(who.brand, name, value)[0])
        for name, value in sorted(values)
    ]
    Forgotten.objects.bulk_create(rows, ignore_conflicts=True)
    told = {value for _name, value in values}
    removed.update(cleaned(who, told))
    removed["sketches"] += clean_sketches(who, told)
    return sealed(who.brand, [row.digest for row in rows], {name: n for name, n in removed.items() if n})


def found(t: Tables, asked: dict[str, str]) -> list[tuple[Any, ...]]:
    """(pid, customer number, e-mail, phone) of everybody with one of the addresses."""
    if not t.shelf.rows("people") or not asked:
        return []
    match = " OR ".join(f"{name} = ?" for name in asked)
    return t.rows(
        f"SELECT pid, {', '.join(ADDRESSES)} FROM {t.of('people', PEOPLE)} WHERE {match}", [*asked.values()]
    )


def _without(t: Tables, pids: list[int]) -> tuple[Files, Counter[str]]:
    """The files of every table without these people; only files they stand in are written anew."""
    removed: Counter[str] = Counter()
    files: Files = {}
    gone = f"pid IN ({', '.join(str(int(pid)) for pid in pids)})"
    home = folder(t.shelf.brand_id)
    for table in OF_PEOPLE:
        files[table] = []
        for name, count in t.shelf.files.get(table, []):
            old = f"read_parquet({quoted(str(home / name))})"
            hits = t.row(f"SELECT count(*) FROM {old} WHERE {gone}")[0]
            removed[table] += hits
            if hits:
                name, count = new_file(table), count - hits
                t.write(f"SELECT * FROM {old} WHERE NOT {gone}", str(home / name))
            files[table].append((name, count))
    return files, removed
