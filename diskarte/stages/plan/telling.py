"""What a draft did and why not otherwise, in the reader's words: outcomes, conflicts, alternatives, prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diskarte.science.calendar import Claim, Conflict, Way

from . import wording
from .rules.outlook import Difference

RULES = {
    "past": gettext_lazy("This moment has passed."),
    "blackout": gettext_lazy("Your brand keeps silent on this day."),
    "quiet": gettext_lazy("%(hour)02d:00 lies in your quiet hours."),
    "avoid": gettext_lazy("Your settings avoid it."),
    "clock": gettext_lazy("The clocks change: there is no %(hour)02d:00 on this day."),
    "kind": gettext_lazy("The channel takes no %(kind)s."),
    "gap": gettext_lazy("Another post stands only %(hours)s hours away; you want %(least)s."),
    "day": gettext_lazy("The day has %(n)d posts already; your cap is %(most)d."),
    "week": gettext_lazy("The week has %(n)d posts already; your cap is %(most)d."),
    "topic": gettext_lazy("«%(pillar)s» stands on this day already."),
    "hours": gettext_lazy("The week would take %(hours)s hours; your team has %(most)s."),
    "money": gettext_lazy("The month would cost %(money)s; you have %(most)s."),
}
SHUT = {
    "quiet": gettext_lazy("the quiet hours"),
    "avoid": gettext_lazy("the hours and days your settings avoid"),
    "blackout": gettext_lazy("the days on which your brand keeps silent"),
}


def drafted(month: str, done: Any, names: Mapping[str, str]) -> str:
    """What a draft did, in one or two sentences."""
    changed = done.moved + done.changed + done.dropped
    values = {
        "month": month,
        "made": done.made,
        "changed": changed,
        "all": done.kept + changed,
        "kept": done.kept,
    }
    if not done.kept and not changed:
        said = _("%(month)s is drafted: %(made)d posts.") % values
    elif not done.touched:
        said = _("%(month)s is as good as it gets: nothing had to change.") % values
    else:
        said = _("%(month)s: changed %(changed)d of %(all)d, %(made)d new.") % values
        said += " " + gained(done.gain) if done.gain else ""
    if not done.unplaced:
        return said
    return f"{said} {left(done.unplaced, done.conflict, names)}"


def improved(month: str, done: Any, names: Mapping[str, str], first: bool) -> str:
    """What the search behind a draft found, with how far the best possible may be above it."""
    if not first:
        said = drafted(month, done, names)
    else:
        n = done.kept + done.moved + done.changed + done.made
        said = _("%(month)s is drafted: %(n)d posts.") % {"month": month, "n": n}
        said += " " + left(done.unplaced, done.conflict, names) if done.unplaced else ""
    return said + " " + quality(done.gap, done.proven)


def quality(gap: float, proven: bool) -> str:
    """How good a plan is against the best possible one under the same wishes."""
    if proven:
        return _("Proven: no better plan keeps your wishes.")
    return _("No plan that keeps your wishes is more than %(gap).1f %% better.") % {"gap": 100 * gap}


def gained(gain: Difference) -> str:
    """«Expected +3 % (1 … 5 %).»"""
    low, high = wording.percent(gain.low, True), wording.percent(gain.high, True)
    values = {"mid": wording.percent(gain.mid, True), "low": low, "high": high}
    return _("Expected result: %(mid)s (%(low)s … %(high)s).") % values


def left(unplaced: list[dict[str, Any]], why: Conflict | None, names: Mapping[str, str]) -> str:
    """How many found no place, and which wishes exclude each other, or at least what stood in the way."""
    n, first = len(unplaced), unplaced[0]
    said = ngettext("%(n)d post found no place.", "%(n)d posts found no place.", n) % {"n": n}
    if why is None:
        values = {"channel": names.get(first["channel"], ""), "why": wording.left_over(first["reasons"])}
        return said + " " + _("%(channel)s: %(why)s.") % values
    said += " " + _("These do not go together: %(claims)s.") % {"claims": "; ".join(claims(why, names))}
    found = [way(one, names) for one in why.ways]
    return said + (" " + _("Enough would be: %(ways)s.") % {"ways": _(" or ").join(found)} if found else "")


def claims(why: Conflict, names: Mapping[str, str]) -> list[str]:
    """The wishes of a conflict, one phrase each."""
    return [_claim(claim, names) for claim in why.claims]


def _claim(claim: Claim, names: Mapping[str, str]) -> str:
    channel = names.get(claim.about, claim.about)
    values = {"n": claim.amount, "channel": channel, "from": _day(claim.first), "to": _day(claim.last)}
    if claim.code == "shut":
        return str(SHUT[claim.about])
    said = {
        "posts": lambda: ngettext(
            "one post on %(channel)s from %(from)s to %(to)s",
            "%(n)d posts on %(channel)s from %(from)s to %(to)s",
            round(claim.amount),
        ),
        "fixed": lambda: _("what already stands on %(channel)s"),
        "day": lambda: _("at most %(n)d a day on %(channel)s"),
        "week": lambda: _("at most %(n)d a week on %(channel)s"),
        "hours": lambda: _("%(n)g team hours from %(from)s to %(to)s"),
        "money": lambda: _("%(n)g of money in the month"),
        "topic": lambda: _("%(n)d days between two posts of one pillar"),
    }
    if claim.code == "gap":
        return _("%(n)g hours between two posts") % {"n": claim.amount / 60}
    return said[claim.code]() % values


def way(found: Way, names: Mapping[str, str]) -> str:
    """One way out, as a phrase."""
    claim, amount = found.claim, found.amount
    values = {"n": amount, "channel": names.get(claim.about, claim.about), "from": _day(claim.first)}
    if claim.code == "shut":
        return _("giving up %(what)s") % {"what": SHUT[claim.about]}
    if claim.code == "gap":
        return _("%(n)g hours between two posts") % {"n": (amount or 0) / 60}
    said = {
        "posts": lambda: (
            _("no post there")
            if not amount
            else ngettext("one post there", "%(n)d posts there", round(amount))
        ),
        "fixed": lambda: _("moving what already stands on %(channel)s"),
        "day": lambda: _("%(n)d a day on %(channel)s"),
        "week": lambda: _("%(n)d a week on %(channel)s"),
        "hours": lambda: _("%(n)g team hours a week"),
        "money": lambda: _("%(n)g of money in the month"),
        "topic": lambda: _("%(n)d days between two posts of one pillar"),
    }
    return said[claim.code]() % values


def _day(ordinal: int) -> str:
    return date_format(date.fromordinal(ordinal), "j M") if ordinal > 0 else ""


def forbidden(code: str, values: Mapping[str, Any]) -> str:
    """One rule in the way of an alternative."""
    told = dict(values)
    if "kind" in told:
        told["kind"] = wording.kind_name(told["kind"])
    return str(RULES[code]) % told


def lost(lift: float, low: float, high: float, chance: float) -> str:
    """What an alternative would bring against the slot, with its doubt."""
    values = {
        "lift": wording.percent(lift, True), "low": wording.percent(low, True), "high": wording.percent(high, True),
        "chance": wording.percent(max(chance, 1 - chance)),
    }  # fmt: skip
    if max(chance, 1 - chance) < 0.8:
        return _("No reliable difference: %(lift)s (%(low)s … %(high)s). Pick what suits you.") % values
    if lift < 0:
        return _("It would lose: %(lift)s (%(low)s … %(high)s), likely (%(chance)s).") % values
    return _("It would bring %(lift)s (%(low)s … %(high)s), likely (%(chance)s).") % values


def price(gain: Difference | None, hours: float, money: float, left_over: int) -> str:
    """«+6 % expected (2 … 11 %), +5 h a month.»"""
    worked = _("Hours of work in the month: %(hours)s.") % {"hours": _signed(hours)}
    parts = [_unknown() if gain is None else gained(gain), worked]
    parts += [_("Cost: %(money)s.") % {"money": _signed(money)}] if money else []
    if left_over > 0:
        parts.append(ngettext("%(n)d post would find no place.", "%(n)d posts would find no place.", left_over)
                     % {"n": left_over})  # fmt: skip
    return " ".join(parts)


def _unknown() -> str:
    return _("What it brings nobody can tell yet: too few numbers of your own.")


def _signed(value: float) -> str:
    shown = f"{value:+.4g}" if round(value, 6) else "0"
    return shown.replace("-", "−")
