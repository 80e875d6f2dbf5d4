"""Which hook a slot gets: by language, step, goal and what the bank says of it; and the reason that says so."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from diskarte.core.numbers.models import Publication
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan import actions, wording
from diskarte.stages.plan.models import Slot
from diskarte.stages.plan.rules import hooks, labels, reasons
from diskarte.words import Kind, Metric
from tests.make import NOW, a_brand, alice

from .builders import a_channel, a_history, a_slot
from .test_rules import FIRST

JANUARY = date(2027, 1, 1)
BUY = hooks.Wanted("buy", 7, frozenset({"fil"}))


def one(id, **facts):
    return labels.HookChoice(id, f"hook {id}", under=1, **facts)


def given(slots, *bank_hooks, **facts):
    bank = labels.Bank(segments=(labels.Choice(1, "a"),), hooks=bank_hooks, **facts)
    return [slot.hook for slot in labels.shared_out(slots, bank)]


def slot(day, **facts):
    return labels.Labelled("1", date(2026, 12, day), "Fun", **facts)


def test_every_metric_of_a_goal_is_a_step_and_a_phase_says_it_first():
    assert set(hooks.STEP_OF_METRIC) == {metric.value for metric in Metric}
    assert hooks.step_of("", "reach") == "notice"
    assert hooks.step_of("last_call", "reach") == "buy"
    assert hooks.step_of("", "") == ""


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"step": "buy"}, {"step": "notice"}), ({"step": "buy"}, {}), ({}, {"step": "notice"}),
        ({"goal": 7}, {}), ({}, {"goal": 8}), ({"advice": "keep"}, {"advice": "next"}),
        ({"advice": "next"}, {"advice": "test"}), ({"language": "fil"}, {"language": "en"}),
    ],
)  # fmt: skip
def test_what_fits_better_weighs_more(better, worse):
    assert hooks.fit(BUY, one(1, **better)) > hooks.fit(BUY, one(2, **worse))


def test_a_language_the_people_do_not_speak_and_a_hook_that_fails_are_never_given():
    assert given([slot(1), slot(2)], one(1, language="ru"), spoken={1: frozenset({"fil"})}) == [None, None]
    assert given([slot(1)], one(1, language="ru")) == [1]  # nobody said what they speak
    assert given([slot(1), slot(2)], one(1, advice="retire"), one(2)) == [2, 2]
    assert given([slot(1)], one(1, advice="retire")) == [None]


def test_a_slot_gets_the_hook_of_its_goals_step():
    goals = (labels.Choice(7, "Reach", 1.0), labels.Choice(8, "Sales", 1.0))
    bank = labels.Bank(
        goals=goals, segments=(labels.Choice(1, "a"),), hooks=(one(1, step="notice"), one(2, step="buy")),
        metrics={7: "reach", 8: "sales"},
    )  # fmt: skip
    told = labels.shared_out([slot(day) for day in range(1, 11)], bank)
    assert {(s.goal, s.hook) for s in told} == {(7, 1), (8, 2)}
    (last,) = labels.shared_out([slot(1, goal=7, phase="last_call")], bank)
    assert last.hook == 2


def test_what_works_comes_most_and_what_is_to_be_tested_comes_too():
    told = Counter(given([slot(1) for _ in range(90)], one(1, advice="keep"), one(2, advice="next"), one(3)))
    assert told == {1: 40, 2: 30, 3: 20}


def test_a_hook_rests_within_the_cool_down_where_another_fits():
    first = slot(1, hook=1, segment=1, keep=True)
    assert given([first, slot(3)], one(1, advice="keep"), one(2), cooldown=5) == [1, 2]
    assert given([slot(1), slot(3)], one(1), cooldown=5) == [1, 1]  # better than none


def test_the_reason_says_what_fits_and_nothing_else():
    why = hooks.why(BUY, one(1, step="buy", goal=8, language="en", advice="keep", lift=0.18, uses=12))
    assert why == {"hook": "hook 1", "advice": "keep", "uses": 12, "gain": 0.18, "step": "buy", "aim": False,
                   "language": ""}  # fmt: skip
    said = wording.reason({"code": "hook", "values": why})
    assert said == (
        "Its hook «hook 1»: it works, +18 % against your usual post in 12 posts; made for the step «Buy»."
    )


@pytest.mark.parametrize("advice", hooks.SAID)
def test_every_advice_has_its_words(advice):
    why = hooks.why(BUY, one(1, advice=advice, goal=7, language="fil", lift=-0.2, uses=9))
    said = wording.hook_reason(why)
    assert "%(" not in said
    assert "written for this goal; in Filipino" in said


def test_the_hooks_reason_is_kept_however_many_there_are():
    wishes = [
        {"factor": "kind", "level": "image", "weight": 1.5},
        {"factor": "pillar", "level": "Fun", "weight": 2},
    ]
    settings = {**FIRST, "prefer": wishes}
    facts = reasons.Facts("image", "Fun", 740000, 18 * 60, trial=True, occasion="12.12", goal="Reach", share=0.1,
                          target=0.3, by_hand=True, hook=hooks.why(BUY, one(1)))  # fmt: skip
    told = [row["code"] for row in reasons.case_of(None, facts, settings).reasons]
    assert len(told) == reasons.KEPT + 1
    assert told[-1] == "hook"


# With rows


@pytest.fixture
def people():
    """A portrait that speaks Filipino with four hooks, one channel, and a goal of reach."""
    brand = a_brand()
    channel = a_channel()
    goal = Goal.objects.create(brand=brand, sentence="Reach 40,000", metric="reach", target=40000,
                               starts=date(2026, 12, 1), deadline=date(2027, 2, 20))  # fmt: skip
    segment = Segment.objects.create(brand=brand, name="Students", languages=["fil"])

    def hook(text, **facts):
        return Hook.objects.create(brand=brand, segment=segment, trigger="curiosity", text=text, **facts)

    hook("Alam mo ba", step="notice", language="tl")
    hook("Знаете ли вы", step="notice", language="ru")
    hook("Bili na", step="buy")
    hook("Old joke", step="notice", state="resting")
    return channel, goal, segment


@pytest.mark.django_db
def test_a_month_takes_hooks_that_fit_and_says_why(people):
    actions.draft_plan(alice(), JANUARY)
    rows = list(Slot.objects.select_related("hook"))
    used = Counter(row.hook.text for row in rows)
    assert set(used) <= {"Alam mo ba", "Bili na"}
    assert used["Alam mo ba"] > 3 * used["Bili na"]
    row = next(row for row in rows if row.hook.text == "Alam mo ba")
    said = actions.explain(alice(), row.pk).why[-1]
    assert said.startswith("Its hook «Alam mo ba»: it is the next to be tested, 0 posts so far")
    assert "«Notice us»" in said
    assert "in Filipino" in said


@pytest.mark.django_db
def test_what_the_ledger_says_of_a_hook_reaches_the_plan(people):
    channel, _goal, segment = people
    a_history(channel, 80)
    good = Hook.objects.create(
        brand=channel.brand, segment=segment, trigger="proof", text="Good", step="notice"
    )
    bad = Hook.objects.create(
        brand=channel.brand, segment=segment, trigger="proof", text="Bad", step="notice"
    )
    for hook, engaged in ((good, 200), (bad, 4)):
        for n in range(25):
            Publication.objects.create(
                brand=channel.brand, channel=channel, network=channel.network, remote_id=f"{hook}-{n}", kind="image",
                at=NOW - timedelta(days=n + 8), segment="Students", hook=hook.text, engagements=engaged + n % 5,
                source="simulated", simulated=True,
            )  # fmt: skip
    actions.draft_plan(alice(), JANUARY)
    used = Counter(row.hook.text for row in Slot.objects.select_related("hook"))
    assert "Bad" not in used
    assert used["Good"] == max(used.values())
    row = Slot.objects.filter(hook=good).first()
    assert "it works, +" in " ".join(actions.explain(alice(), row.pk).why)


@pytest.mark.django_db
def test_a_hook_somebody_chose_by_hand_is_judged_too(people):
    channel, _goal, segment = people
    row = a_slot(channel, hour=18)
    bad = Hook.objects.get(text="Old joke")
    actions.edit_slot(alice(), row.pk, row.at, Kind.IMAGE, segment=segment.pk, hook=bad.pk)
    assert "it rests in your hook bank" in " ".join(actions.explain(alice(), row.pk).why)
