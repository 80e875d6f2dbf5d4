"""The guided start: nothing is written before a person takes it, everything says where it comes from."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from diskarte.core import clock
from diskarte.core.numbers.models import Reading
from diskarte.core.outbox.models import Channel
from diskarte.core.people.audit import last_write
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.brand.models import Canvas, Competitor, Product
from diskarte.stages.channels.models import Budget
from diskarte.stages.goals import actions as goals
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Pillar
from diskarte.start import actions, numbers, proposing, site
from diskarte.start.models import Beginning, Decision
from diskarte.words import Problem
from tests.make import NOW, alice, bob, charlie
from tests.start.builders import answered, of

pytestmark = pytest.mark.django_db
STRATEGY = (Canvas, Product, Competitor, Segment, Hook, Goal, Pillar, Channel, Budget)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(NOW):
        yield


def undone():
    undo(Audit.objects.get(pk=last_write.get()))


def test_answers_write_nothing_into_the_strategy():
    answered(alice())
    assert not any(model.objects.exists() for model in STRATEGY)


def test_an_answer_is_kept_and_the_way_goes_on():
    who = alice()
    assert actions.way(who) == actions.Way(False, 1, 12, 0, 20, 0)
    actions.answer(who, 1, trade="cafe")
    actions.answer(who, 3, idea=" A café. ")
    way = actions.way(who)
    assert (way.begun, way.step, way.answered) == (True, 4, 2)
    assert 14 <= way.minutes <= 16
    actions.answer(who, 1, trade="shop")
    assert actions.way(who).step == 4, "going back loses nothing"
    _question, (idea, _mission) = actions.question(who, 3)
    assert idea.value == "A café."
    assert "household" in idea.example, "the example is of the new trade"


def test_nonsense_is_refused_and_the_answers_stay():
    who = alice()
    actions.answer(who, 1, trade="cafe")
    for given in ({"trade": "bakery"}, {"customers_a_month": "many"}, {"hours": "-3"}):
        with pytest.raises(Problem):
            actions.answer(who, 10, **given)
    with pytest.raises(Problem):
        actions.answer(who, 13, idea="late")
    with pytest.raises(Stranger):
        actions.question(who, 0)
    assert Beginning.objects.get().answers == {"trade": "cafe"}


def test_every_proposal_says_where_it_comes_from_and_has_its_own_key():
    who = alice()
    answered(who)
    found = actions.proposals(who)
    assert len({one.key for one in found}) == len(found) > 25
    assert all(one.source and one.title and one.state == "open" for one in found)
    kinds = {one.kind for one in found}
    assert kinds == {
        "concept",
        "product",
        "rival",
        "voice",
        "portrait",
        "hook",
        "goal",
        "pillar",
        "platform",
        "time",
    }


@pytest.mark.parametrize(
    "trade", ["cafe", "b2b", "creator", "lgu", "ngo", "realestate", "school", "software"]
)
def test_every_trade_can_be_taken_whole(trade):
    who = alice()
    actions.answer(who, 1, trade=trade)
    for kind in ("voice", "portrait", "goal", "pillar", "platform"):
        counted = actions.take_all(who, kind)
        assert not counted.refused, counted.refused
        assert counted.taken >= (1 if kind == "voice" else 2)
    assert Hook.objects.count() == 3 * Segment.objects.count() or trade == "cafe"
    assert sum(p.share for p in Pillar.objects.all()) == pytest.approx(1, abs=0.001)
    assert all(p.topics for p in Pillar.objects.all())
    assert Channel.objects.filter(network="by_hand").count() >= 2


def test_goals_begin_from_the_brands_own_numbers_or_are_called_a_guess():
    who = alice()
    answered(who)
    guests, followers = of(who, "goal")
    assert guests.title.startswith("60 orders")
    assert "1,200 customers a month" in guests.source
    assert followers.title == "980 followers by 28 February 2027"
    actions.answer(who, 10, customers_a_month="", followers_now="")
    guess = of(who, "goal")[0]
    assert guess.title.startswith("60 orders")
    assert "a starting guess" in guess.source
    actions.take(who, followers.key, target="1000", deadline="2027-06-30")
    goal = Goal.objects.get()
    assert (goal.sentence, goal.target, goal.deadline) == (
        "1,000 followers by 30 June 2027",
        1000,
        date(2027, 6, 30),
    )
    actions.answer(who, 10, followers_now="850")
    assert of(who, "goal")[1].state == "taken"


def test_a_taken_goal_can_be_undone_and_is_open_again():
    who = alice()
    answered(who)
    one = of(who, "goal")[0]
    actions.take(who, one.key)
    assert Goal.objects.get().target == 60
    undone()
    assert not Goal.objects.exists()
    assert of(who, "goal")[0].state == "open"


def test_the_pillars_taken_share_the_whole():
    who = alice()
    answered(who)
    first, second, *_rest = of(who, "pillar")
    actions.take(who, first.key)
    assert [(p.name, p.share) for p in plan.pillars(who)] == [("Useful", 1.0)]
    actions.take(who, second.key, name="Our people", share="15")
    assert {p.name: p.share for p in plan.pillars(who)} == {"Useful": 0.7, "Our people": 0.3}
    assert plan.pillars(who)[1].topics


def test_pillars_that_are_there_make_room():
    who = alice()
    plan.set_pillars(who, {"Ours": 1.0})
    actions.answer(who, 1, trade="cafe")
    actions.take(who, of(who, "pillar")[2].key)
    assert {p.name: p.share for p in plan.pillars(who)} == {"Ours": 0.8, "Fun": 0.2}


def test_a_portrait_brings_the_hooks_that_were_chosen():
    who = alice()
    answered(who)
    portrait = of(who, "portrait")[0]
    mine = [h.key for h in of(who, "hook") if h.under == portrait.key]
    actions.take(who, portrait.key, name="The 8:30 crowd", hooks=mine[:2])
    segment = Segment.objects.get()
    assert segment.name == "The 8:30 crowd"
    assert segment.pains
    assert segment.hooks.count() == 2
    actions.take(who, mine[2], text="Later, but better")
    assert "Later, but better" in {h.text for h in segment.hooks.all()}
    with pytest.raises(Problem, match="taken already"):
        actions.take(who, portrait.key)


def test_a_hook_waits_for_its_portrait():
    who = alice()
    answered(who)
    with pytest.raises(Problem, match="portrait"):
        actions.take(who, of(who, "hook")[0].key)
    assert not Hook.objects.exists()


def test_hooks_with_numbers_say_so():
    who = alice()
    answered(who)
    flags = {h.title: h.own_numbers for h in of(who, "hook")}
    assert flags["Skip the 8:30 line: message us your order at 8:00"]
    assert not flags["What a cup a day really costs before payday"]


def test_all_own_answers_are_taken_at_once_and_come_back_at_once():
    who = alice()
    answered(who)
    counted = actions.take_all(who, "mine")
    assert not counted.refused
    canvas = Canvas.objects.get()
    assert (canvas.sells, canvas.price_level, canvas.colour) == (
        "the neighbourhood café",
        "middle",
        "#7a3b1e",
    )
    assert {p.name: p.price for p in Product.objects.all()} == {
        "Spanish latte": Decimal(150), "Brewed barako": Decimal(90), "Board of the day": None,
    }  # fmt: skip
    assert set(Competitor.objects.values_list("name", flat=True)) == {"Kanto Milk Tea", "The chain"}
    assert Budget.objects.get().hours_a_week == 6
    assert not Segment.objects.exists(), "a playbook's draft is nobody's own answer"


def test_an_area_is_taken_whole_and_a_brand_has_one_voice():
    who = alice()
    answered(who)
    actions.answer(who, 12, voice="")
    counted = actions.take_all(who, "brand")
    assert not counted.refused
    assert [one.state for one in of(who, "voice")] == ["taken", "left"]
    every = actions.proposals(who)
    assert {one.state for one in every if one.kind in proposing.AREAS["brand"]} == {"taken", "left"}
    assert all(one.state == "open" for one in every if one.kind not in proposing.AREAS["brand"])
    assert Canvas.objects.get().tone.startswith("Warm")
    undone()
    assert {one.state for one in of(who, "voice")} == {"open"}


def test_every_kind_stands_in_one_area():
    placed = [kind for kinds in proposing.AREAS.values() for kind in kinds]
    assert sorted([*placed, "hook"]) == sorted(proposing.KINDS)


def test_platforms_are_taken_by_hand_with_their_rhythm():
    who = alice()
    answered(who)
    actions.answer(who, 11, hours="")
    found = {one.title: one for one in of(who, "platform")}
    assert list(found) == ["Facebook", "Instagram", "TikTok"]
    assert found["Facebook"].source == "your answer"
    actions.take_all(who, "platform")
    rows = {str(c): c for c in Channel.objects.all()}
    assert set(rows) == {"Facebook", "Instagram", "TikTok"}
    assert rows["Facebook"].handle == "Facebook: kapeniliza"
    told = plan.current_settings(who)["channels"][str(rows["Facebook"].pk)]
    assert told["a_week"] == 4
    assert set(told["kinds"]) == {"image", "reel"}
    assert actions.can_plan(who)
    rows["Facebook"].delete()
    assert {one.title: one.state for one in of(who, "platform")}["Facebook"] == "open"


def test_places_taken_at_once_come_back_at_once():
    who = alice()
    answered(who)
    before = plan.current_settings(who)
    assert not actions.take_all(who, "places").refused
    assert Channel.objects.count() == 2
    undone()
    assert not Channel.objects.exists()
    assert not Budget.objects.exists()
    assert plan.current_settings(who) == before
    assert {one.state for one in of(who, "platform")} == {"open"}


def test_the_hours_reach_the_plan_and_its_untouched_pillars_give_way():
    who = alice()
    answered(who)
    actions.take_all(who, "platform")
    actions.take_all(who, "time")
    assert plan.current_settings(who)["hours_a_week"] == 6
    actions.take_all(who, "pillar")
    assert [p.name for p in plan.pillars(who)] == ["Useful", "People", "Fun", "Offers"]


def test_leaving_and_considering_again():
    who = alice()
    answered(who)
    one = of(who, "voice")[0]
    assert one.title == "Calm expert", "only the voice that was chosen"
    actions.leave(who, one.key)
    assert of(who, "voice")[0].state == "left"
    assert not Canvas.objects.exists()
    actions.consider(who, one.key)
    assert of(who, "voice")[0].state == "open"
    actions.take(who, one.key, text="Quiet.")
    assert Canvas.objects.get().tone == "Quiet."
    with pytest.raises(Problem):
        actions.leave(who, one.key)


def test_what_a_refused_kind_says_and_what_was_taken_stays():
    who = alice()
    answered(who)
    actions.take(who, of(who, "rival")[0].key)
    Decision.objects.all().delete()
    counted = actions.take_all(who, "rival")
    assert (counted.taken, len(counted.refused)) == (1, 1)
    assert "Kanto Milk Tea" in counted.said


@pytest.mark.parametrize(
    ("kind", "edits"),
    [
        ("goal", {"target": "0"}), ("goal", {"target": "lots"}), ("goal", {"deadline": "soon"}),
        ("goal", {"deadline": "2020-01-01"}), ("pillar", {"name": " "}), ("pillar", {"share": "-5"}),
        ("product", {"price": "cheap"}), ("product", {"name": ""}), ("rival", {"name": ""}), ("concept", None),
    ],
)  # fmt: skip
def test_edits_that_make_no_sense_change_nothing(kind, edits):
    who = alice()
    answered(who)
    key = "answer.colour" if edits is None else of(who, kind)[0].key
    with pytest.raises(Problem):
        actions.take(who, key, **(edits or {"text": "brown"}))
    assert not Decision.objects.exists()
    assert not any(model.objects.exists() for model in (Goal, Pillar, Product, Competitor))


def test_the_website_fills_questions_and_proposes_each_line():
    who = alice()
    actions.answer(who, 1, trade="cafe")
    row = Beginning.objects.get()
    url = "https://kape.example/"
    row.found = [
        site.Found("idea", "Coffee from Benguet.", site.GRAPH, url).plain(),
        site.Found("phone", "+63 2 8123 4567", site.JSON_LD, url).plain(),
        site.Found("product", "Latte", site.JSON_LD, url, "150", "PHP").plain(),
        site.Found("page", "Facebook: https://facebook.com/kape", site.LINK, url).plain(),
        site.Found("name", "Kape Diwata", site.HEAD, url).plain(),
    ]
    row.save()
    _question, (idea, _mission) = actions.question(who, 3)
    assert (idea.value, idea.origin) == ("Coffee from Benguet.", "Open Graph tags of the page")
    facts = {one.title: one for one in of(who, "fact")}
    assert set(facts) == {"Telephone", "What the website says about the business"}, "our own name is no news"
    assert facts["Telephone"].url == url
    actions.take(who, facts["Telephone"].key)
    assert Beginning.objects.get().facts == {"phone": "+63 2 8123 4567"}
    actions.take_all(who, "product")
    assert Product.objects.get().url == url
    assert of(who, "platform")[0].fields["handle"] == "https://facebook.com/kape"


def test_proposals_speak_the_readers_language():
    who = alice()
    actions.answer(who, 1, trade="cafe")
    with translation.override("fil"):
        assert of(who, "portrait")[0].title == "Suki sa opisina"
        actions.take(who, of(who, "portrait")[0].key)
    assert Segment.objects.get().name == "Suki sa opisina"
    assert of(who, "portrait")[0].state == "taken", "the same draft, whatever language it was read in"


def test_rights_and_strangers():
    answered(alice())
    assert actions.proposals(bob())
    for verb in (lambda w: actions.answer(w, 1, trade="cafe"), lambda w: actions.take_all(w, "goal")):
        with pytest.raises(Forbidden):
            verb(bob())
    other = charlie()
    assert actions.proposals(other) == []
    with pytest.raises(Stranger):
        actions.take(other, of(alice(), "goal")[0].key)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Spanish latte 150", ("Spanish latte", Decimal(150))), ("Barako: ₱1,290.50", ("Barako", Decimal("1290.50"))),
        ("Board of the day", ("Board of the day", None)), ("150", ("150", None)),
        ("Set of 3 – 99", ("Set of 3", Decimal(99))),
    ],
)  # fmt: skip
def test_prices_are_read_from_the_end_of_a_line(line, told):
    assert numbers.priced(line) == told


def test_first_numbers_are_round():
    assert [numbers.nicely(x) for x in (0.2, 7.4, 12.6, 977.5, 12345)] == [1, 7, 13, 980, 12000]
    assert [numbers.whole(x) for x in ("1,200", "", None, "12.9", "x")] == [1200, None, None, 12, None]


@pytest.mark.parametrize(
    ("hours", "given"),
    [(None, [4, 3, 2]), (19.5, [4, 3, 2]), (6, [2, 1, 0]), (1, [1, 0, 0]), (0, [1, 0, 0]), (12, [2, 2, 1])],
)
def test_the_rhythm_keeps_to_the_hours(hours, given):
    wanted = [(4, 2.0), (3, 11 / 6), (2, 3.0)]
    assert numbers.rhythm(wanted, hours) == given
    assert numbers.rhythm([], hours) == []


def test_a_cafe_with_six_hours_gets_a_month_that_fits_them():
    who = alice()
    answered(who)
    found = {one.title: one.fields["a_week"] for one in of(who, "platform")}
    assert found == {"Facebook": 2, "Instagram": 1}, "TikTok waits"
    (time,) = of(who, "time")
    assert time.lines == ["They hold about 3 posts a week.", "With more hours, also: TikTok."]
    for area in proposing.AREAS:
        actions.take_all(who, area)
    month = (clock.now().date().replace(day=1) + timedelta(days=40)).replace(day=1)
    drafted = plan.draft_plan(who, month).outcome
    assert drafted.made >= 10
    assert len(drafted.unplaced) <= 2


def test_followers_that_were_told_are_the_first_number_of_their_goal():
    who = alice()
    answered(who)
    actions.take_all(who, "goal")
    found = {one.goal.metric: one for one in goals.pace(who)}
    assert found["followers"].now == 850
    assert "guided start" in found["followers"].days.source
    actions.take_all(who, "goal")
    assert Reading.objects.filter(metric="followers").count() == 1
