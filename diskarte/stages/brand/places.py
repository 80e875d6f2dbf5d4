"""Countries, time zones, currencies and languages to choose from; the usual ones of a country as its defaults."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from babel import Locale
from babel.numbers import get_territory_currencies, list_currencies
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diskarte.words import Problem

FIRST = ("PH", "US", "SG", "AE", "ID", "MY", "RU")  # offered before the alphabet
CURRENCIES = ("PHP", "USD", "EUR", "SGD", "AED", "IDR", "MYR", "RUB")
LANGUAGES = ("en", "fil", "ceb", "ilo", "es", "id", "ms", "zh", "ja", "ko", "ar", "ru")

Pairs = list[tuple[str, str]]


@cache
def zones() -> dict[str, list[str]]:
    """Country code → its time zones, from the zone table of the IANA database."""
    found: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _where, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _names() -> Locale:
    return _locale(get_language() or "en")


def countries() -> Pairs:
    """Code and name in the reader's language: those we meet most, then the alphabet."""
    named = {code: _names().territories.get(code, code) for code in zones()}
    rest = sorted((code for code in named if code not in FIRST), key=lambda code: named[code])
    return [(code, named[code]) for code in (*FIRST, *rest)]


def zone_pairs() -> Pairs:
    """Every time zone, Manila first, as it can be read aloud."""
    every = sorted({zone for row in zones().values() for zone in row} - {"Asia/Manila"})
    return [(zone, zone.replace("_", " ")) for zone in ("Asia/Manila", *every)]


def currencies() -> Pairs:
    """Code and name of the currencies, those we meet most first."""
    rest = sorted(set(list_currencies()) - set(CURRENCIES))
    return [(code, f"{code} · {_names().currencies.get(code, code)}") for code in (*CURRENCIES, *rest)]


def languages() -> Pairs:
    """Code and name of the languages a brand may speak."""
    return [(code, _names().languages.get(code, code)) for code in LANGUAGES]


def country_name(code: str) -> str:
    """The country in the reader's language."""
    return str(_names().territories.get(code, code))


def language_names(codes: list[str]) -> list[str]:
    """Languages in the reader's language."""
    return [str(_names().languages.get(code, code)) for code in codes]


def zone_of(country: str, given: str = "") -> str:
    """The time zone that was chosen, else the country's only one; raises Problem when it has several or none."""
    known = zones().get(country, [])
    if given:
        if given not in {zone for row in zones().values() for zone in row}:
            raise Problem(_("There is no time zone «%(zone)s».") % {"zone": given}, field="time_zone")
        return given
    if len(known) != 1:
        what = _("%(country)s has more than one time zone.") % {"country": country_name(country)}
        raise Problem(what, do=_("Choose the one the brand lives in."), field="time_zone")
    return known[0]


def currency_of(country: str, given: str = "") -> str:
    """The currency that was chosen, else the country's own; raises Problem when it is none."""
    code = given.upper() or next(iter(get_territory_currencies(country)), "")
    if code not in list_currencies():
        raise Problem(_("There is no currency «%(code)s».") % {"code": code}, field="currency")
    return code


def checked_country(code: str) -> str:
    """The code in capitals; raises Problem when no country has it."""
    if code.upper() not in zones():
        raise Problem(_("There is no country «%(code)s».") % {"code": code}, field="country")
    return code.upper()


def checked_languages(codes: list[str]) -> list[str]:
    """Language codes in small letters, each once; raises Problem naming one nobody knows."""
    small = list(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    wrong = [code for code in small if code not in _locale("en").languages]
    if wrong:
        raise Problem(_("There is no language «%(code)s».") % {"code": wrong[0]}, field="languages")
    return small
