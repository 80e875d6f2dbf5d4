"""Numbers, money and time as people read them. Unknown is an en dash, never 0."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()

Number = int | float | Decimal
DASH = "–"
PATTERNS = {
    "short": "EEE d MMM, HH:mm",
    "day": "EEE d MMM",
    "time": "HH:mm",
    "long": "EEEE d MMMM y, HH:mm",
    "month": "LLLL y",
}


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def locale() -> Locale:
    """The reader's locale, English when Babel does not know it."""
    return _locale(get_language() or "en")


def unknown() -> SafeString:
    """What stands where a number is not known."""
    says = _("unknown")
    return format_html(
        '<span class="unknown" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        says,
        DASH,
        says,
    )


def _decimals(value: Number) -> int:
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def in_words(value: Number | None, form: str = "num", unit: str = "", digits: int | None = None) -> str:
    """A number as plain text; `form` is "num", "pct" (of a fraction) or a currency such as "PHP"."""
    if value is None:
        return DASH
    if len(form) == 3 and form.isupper():
        return _money(value, form)
    if form == "pct":
        shown = _decimal(value * 100, 0 if digits is None else digits)
        return f"{shown}\N{NARROW NO-BREAK SPACE}%"
    shown = _decimal(value, digits)
    return f"{shown}\N{NO-BREAK SPACE}{unit}" if unit else shown


def _decimal(value: Number, digits: int | None) -> str:
    pattern = "#,##0." + ("#" * _decimals(value) if digits is None else "0" * digits)
    text = format_decimal(value, pattern.rstrip("."), locale=locale())
    lone = text.strip("-0.,") == ""  # what rounds to nothing has no sign
    return text.lstrip("-") if lone else text.replace("-", "\N{MINUS SIGN}")


def _money(value: Number, currency: str) -> str:
    whole = value == int(value)
    pattern = "¤#,##0" if whole else "¤#,##0.00"
    text = format_currency(value, currency, pattern, locale=locale(), currency_digits=False)
    return text.replace("-", "\N{MINUS SIGN}")


def _signed(value: Number | None, text: str) -> str:
    return f"+{text}" if value is not None and value > 0 else text


@register.simple_tag
def num(value: Number | None, digits: int | None = None, sign: bool = False, unit: str = "") -> str:
    """`{% num 1234.5 %}`: 1,234.5 in the reader's locale; `digits` fixes the decimals. What is not there is unknown."""
    if value is None or value == "":
        return unknown()
    text = in_words(value, "num", unit, digits)
    return _signed(value, text) if sign else text


@register.simple_tag
def pct(value: Number | None, digits: int = 0, sign: bool = False) -> str:
    """`{% pct 0.184 sign=True %}`: a fraction as +18 %."""
    if value is None:
        return unknown()
    text = in_words(value, "pct", digits=digits)
    return _signed(value, text) if sign else text


@register.simple_tag
def money(amount: Number | None, currency: str) -> str:
    """`{% money 1200 "PHP" %}`: ₱1,200; centavos only when there are some."""
    return unknown() if amount is None else in_words(amount, currency)


@register.simple_tag
def delta(value: Number | None, digits: int = 0) -> SafeString:
    """`{% delta 0.18 %}`: an arrow and +18 %, with the direction in words."""
    if value is None:
        return unknown()
    way, says = (
        ("up", _("more")) if value > 0 else ("down", _("less")) if value < 0 else ("flat", _("no change"))
    )
    arrow = {"up": "↑", "down": "↓", "flat": "="}[way]
    text = _signed(value, in_words(value, "pct", digits=digits))
    return format_html(
        '<span class="delta is-{}"><span aria-hidden="true">{}</span> {} '
        '<span class="visually-hidden">{}</span></span>',
        way,
        arrow,
        text,
        says,
    )


def moment_text(value: datetime | date, style: str = "short") -> str:
    """A moment in the active zone as text; the year appears when it is not this one."""
    pattern = PATTERNS[style]
    if style in ("short", "day") and value.year != timezone.localdate().year:
        pattern = pattern.replace("MMM", "MMM y")
    if not isinstance(value, datetime):
        return format_date(value, pattern.partition(", HH")[0], locale=locale())
    return format_datetime(value, pattern, locale=locale())


def _local(value: datetime | date) -> datetime | date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.simple_tag
def when(value: datetime | date | None, style: str = "short") -> SafeString:
    """`{% when slot.at %}`: Tue 24 Nov, 18:10 in the active zone; `style` is short, day, time, long or month."""
    if value is None:
        return unknown()
    local = _local(value)
    zone = timezone.get_current_timezone_name() if isinstance(value, datetime) else ""
    title = f"{moment_text(local, 'long')} {zone}".strip()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, moment_text(local, style)
    )


@register.simple_tag
def ago(value: datetime | None) -> SafeString:
    """`{% ago reading.at %}`: 3 hours ago, in 2 days."""
    if value is None:
        return unknown()
    text = format_timedelta(value - timezone.now(), add_direction=True, locale=locale())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        moment_text(_local(value), "long"),
        text,
    )


@register.filter
def chance(p: float | None) -> str:
    """`{{ 0.4|chance }}`: 4 of 10 chances; the ends are never called certain."""
    if p is None:
        return _("cannot tell")
    tenths = round(p * 10)
    if tenths == 0:
        return _("less than 1 of 10 chances")
    if tenths == 10:
        return _("more than 9 of 10 chances")
    return ngettext("%(n)d of 10 chances", "%(n)d of 10 chances", tenths) % {"n": tenths}


@register.inclusion_tag("pieces/figure.html")
def figure(
    value: Number | None,
    unit: str = "",
    period: str = "",
    n: int | None = None,
    source: str = "",
    low: Number | None = None,
    high: Number | None = None,
    href: str = "",
    form: str = "num",
    digits: int | None = None,
) -> dict[str, Any]:
    """A number that opens: its bubble tells period, sample, interval and source; `href` leads to the rows."""
    from diskarte.doors.web.templatetags.desk_marks import fresh_id

    between = None if low is None or high is None else span_text(low, high, form, unit, digits)
    facts = [
        (_("Period"), period),
        (_("Sample"), "" if n is None else in_words(n)),
        (_("Likely between"), between),
        (_("Source"), source),
    ]
    shown = in_words(value, form, "", digits)
    known = [(name, says) for name, says in facts if says]
    return {
        "shown": shown,
        "unit": unit,
        "facts": known,
        "href": href,
        "id": fresh_id("fig"),
        "unknown": value is None,
    }


def span_text(low: Number, high: Number, form: str = "num", unit: str = "", digits: int | None = None) -> str:
    """An interval as text: 34,000–43,000 people."""
    return f"{in_words(low, form, '', digits)} … {in_words(high, form, unit, digits)}"
