"""What slots can be given: goals by need, segments, hooks, topics, and the days of note of a month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.audience.ranking import hook_scores
from diskarte.stages.audience.rules import hooks as hook_rules
from diskarte.stages.audience.rules.people import Unfit, language
from diskarte.stages.goals.models import Goal

from .models import Pillar
from .noticing import Seen, choice
from .noticing import seen as seen
from .rules import labels, occasions
from .rules.settings import Settings

SPOKEN_OF = 4  # at most every fourth slot speaks about a day of note
NEED = {"month": 2.0, "year": 1.0}  # the nearer goal gets more posts


@dataclass(frozen=True)
class Given:
    """The bank, and names for the reasons."""

    bank: labels.Bank
    goal_names: dict[int | None, str]
    segment_names: dict[int | None, str]
    awake: dict[int | None, tuple[int, ...]]
    hooks: dict[int | None, labels.HookChoice]  # the resting ones too


def read(
    who: Who, settings: Settings, channels: Sequence[Channel], first: date, last: date, now: datetime, slots: int,
    needs: Mapping[int, float] | None = None,
) -> Given:  # fmt: skip
    """Everything a month's slots can be given. Seven queries. `needs` says how much more posts a goal needs."""
    goals = list(who.own(Goal).filter(state="open", deadline__gte=first).order_by("deadline", "pk"))
    segments = list(who.own(Segment).filter(state="active").order_by("pk"))
    hooks = _hooks(who)
    pillars = list(who.own(Pillar))
    bank = labels.Bank(
        goals=tuple(_goal(g, (needs or {}).get(g.pk, 1.0)) for g in goals),
        segments=labels.weighed((_segment(s, channels) for s in segments), settings, "segment"),
        hooks=labels.weighed((h for h in hooks if h.advice != "rest"), settings, "hook"),
        topics=tuple(labels.Choice(t, str(t), under=p.name) for p in pillars for t in p.topics),
        days=_days(who, first, last, slots),
        cooldown=settings["cooldown_days"],
        metrics={g.pk: g.metric for g in goals},
        spoken={
            s.pk: _languages(s.languages or (who.brand.languages if who.brand else [])) for s in segments
        },
    )
    names: dict[int | None, str] = {g.pk: g.sentence for g in goals}
    awake: dict[int | None, tuple[int, ...]] = {s.pk: tuple(int(h) for h in s.awake) for s in segments}
    return Given(bank, names, {s.pk: s.name for s in segments}, awake, {h.id: h for h in hooks})


def _hooks(who: Who) -> list[labels.HookChoice]:
    """Every hook with what the bank says of it; of each portrait one that is tested still is the next to be."""
    rows = list(who.own(Hook).select_related("segment").order_by("pk"))
    scores = hook_scores(who) if rows else {}
    told = {h.pk: scores.get((h.segment.name, str(h)), hook_rules.Score()) for h in rows}
    live = {str(h.pk): h for h in rows if h.state == "active"}
    untried = scores.get(hook_rules.NONE, hook_rules.Score())
    open_ = ((pk, h.segment.name, told[h.pk]) for pk, h in live.items())
    first: dict[int, int] = {}
    for pk in hook_rules.test_next(open_, untried, len(live)):
        first.setdefault(live[pk].segment_id, live[pk].pk)
    return [_hook(h, told[h.pk], first.get(h.segment_id) == h.pk) for h in rows]


def _hook(hook: Hook, score: hook_rules.Score, first: bool) -> labels.HookChoice:
    advice = hook_rules.advice(score, hook.state != "active")
    return labels.HookChoice(
        hook.pk, str(hook), under=hook.segment_id, step=hook.step, goal=hook.goal_id,
        language=next(iter(_languages([hook.language])), ""), advice="next" if first else advice,
        lift=None if score.mid is None else score.mid - 1, uses=score.uses,
    )  # fmt: skip


def _languages(codes: Iterable[str]) -> frozenset[str]:
    """The same codes for the same languages: Tagalog is Filipino."""
    found = set()
    for code in filter(None, codes):
        try:
            found.add(language(code))
        except Unfit:
            found.add(code)
    return frozenset(found)


def _goal(goal: Goal, need: float) -> labels.Choice:
    only = frozenset({str(goal.channel_id)} if goal.channel_id else ())
    weight = NEED.get(goal.period, 1.0) * need
    return labels.Choice(goal.pk, goal.sentence, weight, only, goal.deadline)


def _segment(segment: Segment, channels: Sequence[Channel]) -> labels.Choice:
    at = set(segment.networks)
    only = frozenset(str(c.pk) for c in channels if c.network in at)
    return labels.Choice(segment.pk, segment.name, 1.0, only)


def _days(who: Who, first: date, last: date, slots: int) -> tuple[occasions.Day, ...]:
    """The days slots may speak about: own ones first, then sales and holidays, as many as are not too many."""
    trade = choice(who).trade
    near = seen(who, first, last + timedelta(days=7))
    found = [pair for pair in near if pair[0].name != "Payday" and pair[0].fit(trade) != "low"]
    order = ("commercial", "holiday", "observance", "culture", "faith", "awareness")

    def rank(pair: Seen) -> tuple[int, int, date]:
        day, row = pair
        return (
            0 if row else 1 if day.fit(trade) == "high" else 2,
            0 if row else order.index(day.kind),
            day.day,
        )

    ranked = sorted(found, key=rank)
    chosen = [day for day, _row in ranked[: max(slots // SPOKEN_OF, 1)]]
    return tuple(sorted(chosen, key=lambda day: day.day))
