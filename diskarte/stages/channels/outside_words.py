"""Opportunities and threats in words: the sentence, what it rests on, what to do, and what would show the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .wording import INNER, fact, gained, measured

PRINTED = 5  # lines of each sort in a document

ABOUT = {
    "unused": gettext_lazy("%(label)s: about %(value)s of your people are there, and you have no channel"),
    "claimed": gettext_lazy(
        "%(label)s: about %(value)s of your people are there and %(who)s is; you have no channel"
    ),
    "topic": gettext_lazy(
        "%(label)s: competitors' posts with «%(who)s» get %(gain)s than their other posts; %(ours)s of yours have it"
    ),
    "kind": gettext_lazy(
        "%(label)s: competitors' %(kind)s get %(gain)s than their other posts; %(ours)s of yours are"
    ),
    "voice": gettext_lazy("%(label)s: %(who)s gets %(value)s of all attention, you get %(ours)s"),
    "growth": gettext_lazy("%(label)s: followers of %(who)s %(moved)s in %(n)s days, yours %(ours_moved)s"),
    "grew": gettext_lazy(
        "%(label)s: followers of %(who)s %(moved)s in %(n)s days; nobody counted yours then"
    ),
    "followers": gettext_lazy("%(value)s of those who follow %(who)s do not follow you"),
}
KINDS = {
    "text": gettext_lazy("texts"), "image": gettext_lazy("pictures"), "carousel": gettext_lazy("carousels"),
    "reel": gettext_lazy("reels"), "video": gettext_lazy("videos"), "story": gettext_lazy("stories"),
    "poll": gettext_lazy("polls"), "live": gettext_lazy("live videos"), "article": gettext_lazy("articles"),
    "link": gettext_lazy("links"),
}  # fmt: skip
DO = {
    "unused": gettext_lazy("Try %(label)s with two posts a week for a month, then compare."),
    "claimed": gettext_lazy(
        "Decide on %(label)s: two posts a week for a month, or leave it to %(who)s and say so in the plan."
    ),
    "topic": gettext_lazy("Make two posts about «%(who)s» in the next four weeks, in your own way."),
    "kind": gettext_lazy("Turn one post a week into %(kind)s for a month, then compare."),
    "voice": gettext_lazy(
        "Do not race %(who)s for attention: choose one thing they never post about, and own it."
    ),
    "growth": gettext_lazy(
        "Look at %(who)s for four weeks: which posts break out, and what is your answer to them?"
    ),
    "followers": gettext_lazy(
        "Be where the followers of %(who)s are: a partner or a group they share, once a week."
    ),
}
RESTS = {
    "strength": gettext_lazy("It can rest on %(inner)s."),
    "weakness": gettext_lazy("Take the hours from %(inner)s."),
}
WANTED = {
    "opportunity": gettext_lazy(
        "Nothing measured opens yet. What would show it: a portrait with its age (who is on platforms you leave out), "
        "four weeks of competitors' posts (topics and kinds that win), or a list of their followers."
    ),
    "threat": gettext_lazy(
        "Nothing measured threatens yet. What would show it: competitors' followers counted twice, eight weeks apart, "
        "or four weeks of their posts beside yours (who takes the attention)."
    ),
}


def said(one: Any, label: Callable[[str], str]) -> str:
    """A line from outside as a sentence with its numbers."""
    about = "grew" if one.about == "growth" and one.ours is None else one.about
    return str(ABOUT[about]) % _facts(one, label)


def rests_on(one: Any) -> str:
    """Where the number is from, in a line: study and year, posts, members, or days between two counts."""
    told = {
        "topic": _("%(n)s of their posts, 90 days"), "kind": _("%(n)s of their posts, 90 days"),
        "voice": _("%(n)s of their posts, 90 days"), "followers": _("a list of %(n)s members"),
        "growth": _("counted twice, last: %(source)s"),
    }.get(one.about, "%(source)s")  # fmt: skip
    n = "" if one.n is None else f"{one.n:,}"
    return told % {"n": n, "source": one.source or _("by hand")}


def move(told: Any, label: Callable[[str], str]) -> str:
    """What follows from a line from outside, and what of ours it can rest on."""
    facts = _facts(told.outer, label)
    parts = [str(DO[told.outer.about]) % facts]
    if told.inner is not None:
        inner = str(INNER[told.inner.side, told.inner.about]) % {"label": label(told.inner.platform)}
        parts.append(str(RESTS[told.inner.side]) % {"inner": inner})
    return " ".join(parts)


def _facts(one: Any, label: Callable[[str], str]) -> dict[str, str]:
    return {
        "label": label(one.platform) if one.platform else "", "value": _part(one.value), "who": one.who,
        "gain": gained(one.value), "kind": str(KINDS.get(one.who, one.who)), "n": str(one.n or ""),
        "ours": "" if one.ours is None else _part(one.ours), "moved": _moved(one.value),
        "ours_moved": "" if one.ours is None else _moved(one.ours),
    }  # fmt: skip


def _part(value: float) -> str:
    return f"{value * 100:.0f} %"


def _moved(value: float) -> str:
    return f"{value * 100:+.0f} %"


def on_paper(found: Any, label: Callable[[str], str]) -> list[tuple[str, str]]:
    """(fact beside competitors or from outside, its interval or source) for a document: the surest five of each."""
    inner = [(fact(one, label(one.platform)), measured(one)) for one in found.facts[:PRINTED]]
    return inner + [(said(one, label), rests_on(one)) for one in found.outer[:PRINTED]]
