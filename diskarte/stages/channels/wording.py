"""The choice of platforms in words: why, how sure, what would change it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .rules.choosing import EXPERT

QUESTION = gettext_lazy("Where should we be?")
BESIDE = gettext_lazy("How do we stand beside competitors?")
BASES = {
    "people": gettext_lazy("of all people"),
    "people_12": gettext_lazy("of people of 12 and older"),
    "adults_18": gettext_lazy("of adults"),
    "internet_16": gettext_lazy("of internet users of 16 and older"),
    "internet_18": gettext_lazy("of adult internet users"),
}
MEASURES = {
    "ever": gettext_lazy("use it"),
    "month": gettext_lazy("use it every month"),
    "day": gettext_lazy("use it every day"),
    "account": gettext_lazy("have an account"),
}
QUALITIES = {
    "counted": gettext_lazy("counted"),
    "study": gettext_lazy("from a study"),
    "expert": gettext_lazy("somebody's judgement"),
}
SEXES = {"": "", "female": gettext_lazy("women"), "male": gettext_lazy("men")}
HOURS_FROM = {
    "you": gettext_lazy("as you said"),
    "playbook": gettext_lazy("from the playbook: its posts a week and a quarter more for answers"),
    "guess": gettext_lazy("a guess: nobody said"),
    "lean": gettext_lazy("at two posts a week, as the hours are few"),
}
STANCES = {
    "": gettext_lazy("let the choice decide"),
    "anyway": gettext_lazy("we are there anyway"),
    "never": gettext_lazy("never"),
}
COUNTRIES = {
    "PH": gettext_lazy("Philippines"),
    "RU": gettext_lazy("Russia"),
    "US": gettext_lazy("United States"),
    "001": gettext_lazy("World"),
}


def country(code: str) -> str:
    """The name of a country of the studies, else its code."""
    return str(COUNTRIES.get(code, code))


def ages(low: int | None, high: int | None) -> str:
    """«18–29», «65 and older», empty for everybody."""
    if low is None and high is None:
        return ""
    if high is None:
        return _("%(age)s and older") % {"age": low}
    return f"{low or 0}–{high}"


def part(told: Any) -> str:
    """One thing that makes a platform fit more or less."""
    times = f"× {told.factor:.2f}"
    if told.name == "goal":
        if told.sd >= EXPERT:
            return _("how well it serves your goal: nobody said, taken as the middle (%(times)s)") % {
                "times": times
            }
        return _("how well it serves your goal: %(times)s, as you said") % {"times": times}
    if told.name == "ours":
        return ngettext(
            "our engagement there against our other platforms: %(times)s, one post",
            "our engagement there against our other platforms: %(times)s, %(n)s posts", told.n,
        ) % {"times": times, "n": told.n}  # fmt: skip
    if told.name == "rivals":
        return ngettext(
            "our engagement against competitors there: %(times)s, one post",
            "our engagement against competitors there: %(times)s, %(n)s posts", told.n,
        ) % {"times": times, "n": told.n}  # fmt: skip
    return _("what we make fits there: %(times)s") % {"times": times}


def turn(told: Any, unit: str) -> str:
    """What knowing one input would change."""
    asks = {
        "presence": _("how many of your people are on %(label)s"),
        "fit": _("how many of those on %(label)s you can win"),
        "hours": _("how many hours a week %(label)s takes"),
    }
    asked = asks[told.what] % {"label": told.label}
    gain = _("%(n)s more people") % {"n": short(told.gain)} if unit == "people" else f"+{told.gain:.1f} %"
    return _("If you knew %(asked)s, another set would be best in %(often)s %% of cases: %(gain)s on average.") % {
        "asked": asked, "often": round(told.changes * 100), "gain": gain,
    }  # fmt: skip


def short(value: float) -> str:
    """A forecast to two digits: more would be pretended."""
    return f"{int(float(f'{value:.2g}')):,}" if value >= 1 else f"{value:.1f}"


MISSING = {
    "segments": (
        gettext_lazy("Whom do you want to reach?"),
        gettext_lazy("The choice weighs platforms by your portraits: who, how many, how old. One is enough to begin."),
        "audience.page", gettext_lazy("Draw a portrait"),
    ),
    "hours": (
        gettext_lazy("How many hours a week are there?"),
        gettext_lazy("With endless hours everybody should be everywhere. Say what you really have, even if it is two."),
        "channels.page", gettext_lazy("Say the hours"),
    ),
    "zero": (
        gettext_lazy("With no hours there is no platform to choose"),
        gettext_lazy("You said zero hours a week. One hour already makes a choice possible."),
        "channels.page", gettext_lazy("Change the hours"),
    ),
    "presence": (
        gettext_lazy("Nobody knows who is where yet"),
        gettext_lazy("No study we ship speaks of your country. Add what you know, with where you know it from."),
        "channels.presence", gettext_lazy("Add a number"),
    ),
}  # fmt: skip

SIDES = {
    "strength": gettext_lazy("Strengths"),
    "weakness": gettext_lazy("Weaknesses"),
    "opportunity": gettext_lazy("Opportunities"),
    "threat": gettext_lazy("Threats"),
}
ABOUT = {
    "engagement": gettext_lazy(
        "%(label)s: a usual post of ours gets %(gain)s than the competitors' median (%(own)s against %(theirs)s)"
    ),
    "cadence": gettext_lazy(
        "%(label)s: we post %(gain)s than the median competitor (%(own)s a week against %(theirs)s)"
    ),
    "platform_trend": gettext_lazy("%(label)s: over all pages a usual post got %(gain)s in the later half"),
    "rival_trend": gettext_lazy("%(label)s: a usual post of %(who)s got %(gain)s in the later half"),
}  # fmt: skip
INNER = {
    ("strength", "engagement"): gettext_lazy("what already works for us on %(label)s"),
    ("strength", "cadence"): gettext_lazy("our steady rhythm on %(label)s"),
    ("weakness", "engagement"): gettext_lazy("our posts on %(label)s, which fall short"),
    ("weakness", "cadence"): gettext_lazy("our thin rhythm on %(label)s"),
}
MOVES = {
    "SO": gettext_lazy("Ride it: one more post a week of %(inner)s, while attention there grows (%(outer)s)."),
    "ST": gettext_lazy("Hold it: put %(inner)s on the days %(who)s posts, and watch it for four weeks (%(outer)s)."),
    "WO": gettext_lazy(
        "Repair it while it pays: test two new hooks a week for %(inner)s; attention there moves for us (%(outer)s)."
    ),
    "WT": gettext_lazy(
        "Shift: give half the hours of %(inner)s to another platform for a month, then compare (%(outer)s)."
    ),
}  # fmt: skip
KINDS = {
    "SO": gettext_lazy("Strength meets opportunity"),
    "ST": gettext_lazy("Strength meets threat"),
    "WO": gettext_lazy("Weakness meets opportunity"),
    "WT": gettext_lazy("Weakness meets threat"),
    "O": gettext_lazy("An opening"),
    "T": gettext_lazy("Something to answer"),
}


def gained(gain: float) -> str:
    """«18 % more», «12 % less»."""
    share = f"{abs(gain) * 100:.0f}"
    return _("%(n)s %% more") % {"n": share} if gain > 0 else _("%(n)s %% less") % {"n": share}


def fact(told: Any, label: str) -> str:
    """A fact as a sentence with its figure."""
    told_of = (("own", told.own), ("theirs", told.theirs))
    numbers = {name: "–" if value is None else f"{value:.1f}" for name, value in told_of}
    return str(ABOUT[told.about]) % {"label": label, "gain": gained(told.gain), "who": told.who, **numbers}


def move(told: Any, label: str) -> str:
    """A proposal as a sentence: what to do, and the figure it rests on."""
    inner = str(INNER[told.inner.side, told.inner.about]) % {"label": label}
    return str(MOVES[told.kind]) % {
        "inner": inner, "outer": gained(told.outer.gain), "who": told.outer.who or _("everybody"),
    }  # fmt: skip


def on_paper(found: Any) -> list[str]:
    """The choice in sentences for a document; empty where there is none yet."""
    if found.missing or not found.people:
        return []
    if not found.chosen:
        says = _("No platform fits %(there)s hours a week, not even at two posts a week.")
        return [says % {"there": f"{found.hours_there_are:g}"}]
    low, _mid, high = (short(value) for value in found.people)
    unit = _("people") if found.unit == "people" else _("% of the portraits")
    told = [
        _("Best for %(hours)s of %(there)s hours a week: %(names)s.") % {
            "hours": f"{found.hours:.1f}", "there": f"{found.hours_there_are:g}", "names": ", ".join(found.chosen),
        },
        _("%(low)s to %(high)s %(unit)s are there, each counted once, in 9 of 10 cases.") % {
            "low": low, "high": high, "unit": unit,
        },
    ]  # fmt: skip
    if found.lean:
        told.append(_("Reckoned at two posts a week, as the hours are few for the playbook's pace."))
    told += [
        _("%(label)s belongs to the best set in %(n)s of 10 draws.") % {"label": one.label, "n": round(one.chance * 10)}
        for one in found.platforms if one.chosen and one.chance is not None
    ]  # fmt: skip
    return told + [turn(one, found.unit) for one in found.turns[:1]]


def measured(one: Any) -> str:
    return f"{one.low * 100:+.0f} % … {one.high * 100:+.0f} %, n = {one.n + one.n_theirs}"
