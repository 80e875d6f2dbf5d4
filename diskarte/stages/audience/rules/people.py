"""Is this row a person we can keep, and is it somebody we know already?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from .vocabulary import BLANK, NO, UNKNOWN, YES

EMAIL = re.compile(r"[^@\s<>(),;:\"\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
ADDRESSES = ("external_id", "email", "phone")
KEPT = (*ADDRESSES, "name", "joined_at", "language", "place")


class Unfit(ValueError):
    """A row we cannot keep: `code` says why (see `sentences.REASONS`), `value` what stood there."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code, value)
        self.code, self.value = code, value[:80]


@dataclass(slots=True)
class Person:
    """One row that can be kept; empty text and None are «not told»."""

    external_id: str = ""
    email: str = ""
    phone: str = ""
    name: str = ""
    joined_at: date | None = None
    language: str = ""
    place: str = ""
    consent: str = "unknown"
    facts: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def person(
    row: Mapping[str, str], country: str, day: Callable[[str], date | None], consent: str = "unknown"
) -> Person:
    """The person in a row of field → text. `country` is where a phone without its own is; `consent` is what the
    list as a whole says. Raises Unfit."""
    told = {name: "" if text.strip().casefold() in BLANK else text.strip() for name, text in row.items()}
    country = _country(told.get("country", "")) or country
    name = told.get("name") or f"{told.get('first_name', '')} {told.get('last_name', '')}".strip()
    found = Person(
        external_id=told.get("external_id", "")[:120],
        email=email(told["email"]) if told.get("email") else "",
        phone=phone(told["phone"], country) if told.get("phone") else "",
        name=name[:200],
        joined_at=_day(told.get("joined_at", ""), day),
        language=language(told["language"]) if told.get("language") else "",
        place=told.get("place", "")[:120],
        consent=agreed(told.get("consent", "")) or consent,
    )
    if not (found.external_id or found.email or found.phone):
        raise Unfit("nobody")
    return found


@lru_cache(maxsize=400)
def _country(text: str) -> str:
    """ISO 3166 code of a country named by its code or in English or Filipino; empty when we do not know it."""
    from babel import Locale

    if len(text) == 2:
        return text.upper()
    names = ((code, name) for tongue in ("en", "fil") for code, name in Locale(tongue).territories.items())
    return next((code for code, name in names if name.casefold() == text.casefold() and code.isalpha()), "")


def _day(text: str, day: Callable[[str], date | None]) -> date | None:
    if not text:
        return None
    found = day(text)
    if found is None or not 1900 <= found.year <= 2100:
        raise Unfit("date", text)
    return found


def email(text: str) -> str:
    """The address in small letters; «Ana <ana@example.com>» and «mailto:» are understood."""
    _name, address = (
        parseaddr(text.removeprefix("mailto:")) if "<" in text else ("", text.removeprefix("mailto:"))
    )
    address = address.strip(" .,;").casefold()
    local = address.partition("@")[0]
    fits = (
        EMAIL.fullmatch(address)
        and ".." not in address
        and not local.startswith(".")
        and not local.endswith(".")
    )
    if not fits or len(address) > 254:
        raise Unfit("email", text)
    return address


def phone(text: str, country: str) -> str:
    """The number in E.164, read as people of `country` write it; the first one where several stand."""
    import phonenumbers

    first = re.split(r"[/;,|]|\s+or\s+", text)[0].strip(" '")
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", first):
        raise Unfit("phone_cut", text)
    quick = _mobile(first, country)
    if quick:
        return quick
    try:
        number = phonenumbers.parse(first, country)
    except phonenumbers.NumberParseException:
        raise Unfit("phone", text) from None
    if not phonenumbers.is_valid_number(number):
        raise Unfit("phone", text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _mobile(text: str, country: str) -> str:
    """The common case twenty times faster: a mobile number of this country; empty when it is something else."""
    code, pattern = _mobiles(country)
    found = pattern.fullmatch(re.sub(r"[\s().-]", "", text)) if pattern else None
    return f"+{code}{found[1]}" if found else ""


@lru_cache(maxsize=8)
def _mobiles(country: str) -> tuple[int, re.Pattern[str] | None]:
    import phonenumbers

    facts = phonenumbers.PhoneMetadata.metadata_for_region(country)
    if (
        facts is None or facts.mobile is None or facts.country_code in (None, 1)
    ):  # +1 is shared by many countries
        return 0, None
    start = rf"(?:\+{facts.country_code}|00{facts.country_code}|{re.escape(facts.national_prefix or '')})"
    return facts.country_code or 0, re.compile(rf"{start}({facts.mobile.national_number_pattern})")


def language(text: str) -> str:
    """The ISO code of a language named in English, Filipino or by a code; Tagalog counts as Filipino."""
    known = _languages()
    found = known.get(text.casefold()) or known.get(re.split(r"[-_]", text.casefold())[0])
    if not found:
        raise Unfit("language", text)
    return found


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for locale in ("fil", "en"):
        for code, name in Locale(locale).languages.items():
            if "_" not in code:
                names |= {name.casefold(): code, code: code}
    return names | {"tagalog": "fil", "tl": "fil", "taglish": "fil", "bisaya": "ceb"}


def agreed(text: str) -> str:
    """yes, no, or empty when the cell says nothing. Raises Unfit for a word we do not understand."""
    word = "".join(ch for ch in text.casefold() if ch.isalnum())
    if word in UNKNOWN:
        return ""
    if word in YES or word in NO:
        return "yes" if word in YES else "no"
    raise Unfit("consent", text)


def changes(known: Any, new: Person) -> dict[str, Any]:
    """What a row tells anew about somebody known. Silence erases nothing; a «no» is never turned into a «yes»."""
    told = {n: v for n in KEPT if (v := getattr(new, n)) and v != getattr(known, n)}
    if new.consent != "unknown" and new.consent != known.consent and known.consent != "no":
        told["consent"] = new.consent
    facts = {**known.facts, **new.facts}
    return told | ({"facts": facts} if facts != known.facts else {})


class Known:
    """People by customer number, e-mail and phone, to find the one a row means."""

    def __init__(self, people: Iterable[Any] = ()) -> None:
        self.maps: dict[str, dict[str, Any]] = {name: {} for name in ADDRESSES}
        for one in people:
            self.add(one)

    def add(self, one: Any) -> None:
        """Remember somebody; whoever came first keeps the address."""
        for name, people in self.maps.items():
            if value := getattr(one, name):
                people.setdefault(value, one)

    def find(self, new: Person) -> Any | None:
        """Whom a row means: by number; else by e-mail or phone, unless a stronger sign says it is somebody else."""
        by_number = self.maps["external_id"].get(new.external_id)
        if by_number is not None:
            return by_number
        by_email = self.maps["email"].get(new.email)
        if by_email is not None and not _differ(by_email, new, "external_id"):
            return by_email
        by_phone = self.maps["phone"].get(new.phone)
        if by_phone is not None and not _differ(by_phone, new, "external_id", "email"):
            return by_phone
        return None


def _differ(known: Any, new: Person, *names: str) -> bool:
    return any(getattr(known, n) and getattr(new, n) and getattr(known, n) != getattr(new, n) for n in names)
