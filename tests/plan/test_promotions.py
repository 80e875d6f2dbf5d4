"""A promotion from its phases to what it brought: Alice owns, Bob edits, Charlie is kept out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.numbers.models import Publication
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.brand.models import Product
from diskarte.stages.plan import campaigns, feed, paper
from diskarte.stages.plan.contests import actions as contests
from diskarte.stages.plan.models import Promotion, Slot
from diskarte.stages.plan.narrowing import Filters
from diskarte.stages.plan.promotions import actions, looking, rules
from diskarte.stages.plan.rules.arcs import PHASES, Phase
from diskarte.words import Problem
from tests.make import NOW, a_brand, a_member, alice, bob, charlie
from tests.plan.builders import a_channel, a_slot

STARTS, ENDS = date(2026, 12, 10), date(2026, 12, 19)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def a_promotion(who=None, **more):
    facts = {"name": "Payday beans", "offer": "Two bags for one", "starts": STARTS, "ends": ENDS}
    return actions.add_promotion(who or bob(), **facts | more)


# Phases


@given(st.integers(1, 300), st.integers(-10, 40))
def test_phases_of_any_length_are_in_order_and_never_in_the_past(length, ahead):
    starts = NOW.date() + timedelta(days=ahead)
    ends = starts + timedelta(days=length - 1)
    told = rules.phases(starts, ends, NOW.date())
    assert all(phase.first >= NOW.date() and phase.posts >= 1 for phase in told)
    assert [p.kind for p in told] == sorted({p.kind for p in told}, key=PHASES.index)
    assert not told or rules.wrong_phases(told, starts, ends) == ""
    assert told == list(rules.of_rows(rules.as_rows(told)))


def test_the_usual_phases_of_ten_days():
    told = [(p.kind, p.first.day, p.last.day, p.posts) for p in rules.phases(STARTS, ENDS)]
    assert told == [
        ("tease", 5, 9, 2), ("launch", 10, 11, 2), ("peak", 12, 17, 2), ("last_call", 18, 19, 2), ("thanks", 20, 21, 1),
    ]  # fmt: skip


def test_one_day_has_no_peak():
    assert [p.kind for p in rules.phases(STARTS, STARTS)] == ["tease", "launch", "last_call", "thanks"]


@pytest.mark.parametrize(
    ("phases", "says"),
    [
        ([], "at least one"),
        ([Phase("peak", STARTS, STARTS), Phase("tease", ENDS, ENDS)], "order"),
        ([Phase("peak", STARTS, STARTS), Phase("peak", ENDS, ENDS)], "once"),
        ([Phase("tease", STARTS, ENDS), Phase("launch", STARTS, ENDS)], "overlap"),
        ([Phase("tease", STARTS - timedelta(days=70), STARTS)], "sixty days"),
        ([Phase("peak", STARTS, ENDS, 61)], "sixty posts"),
    ],
)
def test_phases_that_make_no_promotion(phases, says):
    assert says in rules.wrong_phases(phases, STARTS, ENDS)


def test_where_today_stands():
    told = rules.phases(STARTS, ENDS)
    at = {day: rules.now_in(told, date(2026, 12, day)) for day in (1, 6, 10, 15, 19, 21, 25)}
    assert at == {
        1: "before",
        6: "tease",
        10: "launch",
        15: "peak",
        19: "last_call",
        21: "thanks",
        25: "over",
    }
    assert rules.now_in([told[0], told[2]], date(2026, 12, 10)) == "between"


# Money, links, lift


def test_what_a_lower_price_asks_for():
    """A bag of 400 with 40 % margin earns 160; at 320 it earns 80: twice as many must be sold."""
    told = rules.price(Decimal(400), Decimal(40), Decimal(320))
    assert (told.before, told.now, told.times) == (Decimal(160), Decimal(80), 2.0)
    assert rules.price(Decimal(400), Decimal(40), Decimal(240)).times is None
    assert rules.price(Decimal(400), None, Decimal(240)) is None


def test_links_tell_their_visits():
    told = rules.address("https://kape.ph/b?x=1&utm_source=old", "Año Sale!", "Practice", "BEANS")
    assert (
        told
        == "https://kape.ph/b?x=1&utm_source=practice&utm_medium=social&utm_campaign=ano-sale&utm_content=beans"
    )
    assert rules.address("", "Sale", "x") == ""


def test_the_lift_of_twice_the_engagement():
    told = rules.lift([19.0, 39, 79], [9.0, 19, 39])  # log1p differs by log 2 throughout
    assert told.ratio == pytest.approx(2)
    assert told.low < 2 < told.high
    assert (told.ours, told.others) == (3, 3)
    assert rules.lift([1, 2], [1, 2, 3]) is None
    assert rules.lift([4, 4, 4], [4, 4, 4]).ratio == 1


def test_the_lift_covers_the_truth_in_eight_of_ten_cases():
    import random

    rng = random.Random(7)
    hits = 0
    for _n in range(400):
        ours, others = ([rng.lognormvariate(m, 0.5) for _i in range(k)] for m, k in ((5.4, 8), (5, 30)))
        told = rules.lift(ours, others)
        hits += told.low <= 2.718281828**0.4 <= told.high
    assert 0.75 <= hits / 400 <= 0.86


# Rows


pytest_db = pytest.mark.django_db


@pytest_db
def test_from_the_offer_to_what_it_brought():
    channel = a_channel()
    product = Product.objects.create(brand=a_brand(), name="Beans", price=400, margin=40, currency="PHP")
    row = a_promotion(product=product.pk, price=Decimal(320), budget=Decimal(1000), channels=[channel.pk])
    assert campaigns.arcs(bob(), STARTS, ENDS) == ()
    actions.start_promotion(bob(), row.pk)
    arc = campaigns.arcs(bob(), STARTS, ENDS)[0]
    assert (arc.key, arc.name, arc.phases[0].channels) == (row.key, "Payday beans", (channel.pk,))
    assert campaigns.arcs(bob(), date(2027, 2, 1), date(2027, 2, 28)) == ()
    carried(channel, row)
    with clock.at(NOW + timedelta(days=30)):
        told = actions.promotion_result(bob(), row.pk)
        assert (told.posts, told.counted, told.engagements, told.clicks) == (4, 4, 4 * 79, 80)
        assert told.per_click == Decimal("12.50")
        assert told.lift.ratio == pytest.approx(2)
        ended = actions.end_promotion(
            bob(), row.pk, orders=30, revenue=Decimal(9600), lesson="Reels sold most"
        )
        assert looking.profit(ended) == Decimal(1400)  # 30 × 80 − 1000
        assert [len(found) for found in looking.expected(bob(), clock.now())] == [1, 1]
    assert campaigns.arcs(bob(), STARTS, ENDS) == ()


def carried(channel, row):
    """Four posts of the promotion with 79 engagements, eight others with 39."""
    for n in range(12):
        ours = n < 4
        slot = a_slot(channel, 10 + n, arc=f"{row.key} peak" if ours else "")
        Publication.objects.create(
            brand=channel.brand, channel=channel, network="practice", remote_id=f"p{n}", at=slot.at, slot=slot.pk,
            engagements=79 if ours else 39, clicks=20 if ours else None,
        )  # fmt: skip


@pytest_db
def test_without_numbers_nothing_is_claimed():
    row = a_promotion()
    told = actions.promotion_result(bob(), row.pk)
    assert (told.posts, told.engagements, told.clicks, told.lift, told.profit) == (0, None, None, None, None)
    assert looking.expected(bob(), NOW) == ([], [])


@pytest_db
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"), ({"offer": ""}, "offer"), ({"ends": STARTS - timedelta(days=1)}, "ends"),
        ({"ends": STARTS + timedelta(days=400)}, "ends"), ({"price": Decimal(-1)}, "price"),
        ({"budget": Decimal(-1)}, "budget"), ({"link": "kape.ph"}, "link"),
    ],
)  # fmt: skip
def test_what_makes_no_promotion_is_said_at_its_field(more, field):
    with pytest.raises(Problem) as problem:
        a_promotion(**more)
    assert problem.value.field == field
    assert not Promotion.objects.exists()


@pytest_db
def test_the_same_name_on_the_same_day_is_refused():
    a_promotion()
    with pytest.raises(Problem, match="already"):
        a_promotion()


@pytest_db
def test_phases_are_edited_and_proposed_anew():
    row = a_promotion()
    days = [date(2026, 12, 8), STARTS]
    actions.set_phases(bob(), row.pk, ["tease", "launch"], days, days, [0, 3])
    row.refresh_from_db()
    assert [(p["kind"], p["posts"]) for p in row.phases] == [("launch", 3)]
    with pytest.raises(Problem, match="end before it begins"):
        actions.set_phases(bob(), row.pk, ["launch"], [ENDS], [STARTS], [1])
    with pytest.raises(Problem, match="both days"):
        actions.set_phases(bob(), row.pk, ["launch"], [ENDS], [], [1])
    with pytest.raises(Problem, match="nothing or more"):
        actions.set_phases(bob(), row.pk, ["launch"], [STARTS], [ENDS], [-1])
    assert len(actions.propose_phases(bob(), row.pk).phases) == 5
    moved = actions.edit_promotion(bob(), row.pk, "Beans", "Two for one", ENDS, ENDS)
    assert [p["kind"] for p in moved.phases] == ["tease", "launch", "last_call", "thanks"]


@pytest_db
def test_called_off_its_open_slots_leave_and_can_come_back():
    channel, row = a_channel(), a_promotion()
    actions.start_promotion(bob(), row.pk)
    a_slot(channel, 12, arc=f"{row.key} peak")
    a_slot(channel, 13, arc=f"{row.key} peak", state="written")
    a_slot(channel, 14, arc=f"{row.key}9 peak")  # promotion 19 is not promotion 1
    actions.cancel_promotion(bob(), row.pk)
    assert sorted(Slot.objects.values_list("state", flat=True)) == ["open", "written"]
    undo(Audit.objects.latest("pk"))
    assert Slot.objects.count() == 3
    assert Promotion.objects.get().state == "on"


@pytest_db
def test_over_is_over():
    row = a_promotion()
    with pytest.raises(Problem, match="never in the plan"):
        actions.end_promotion(bob(), row.pk)
    with clock.at(NOW + timedelta(days=60)), pytest.raises(Problem, match="days are over"):
        actions.start_promotion(bob(), row.pk)
    actions.start_promotion(bob(), row.pk)
    with pytest.raises(Problem, match="in the plan"):
        actions.delete_promotion(bob(), row.pk)
    with pytest.raises(Problem, match="nothing or more"):
        actions.end_promotion(bob(), row.pk, orders=-1)
    actions.end_promotion(bob(), row.pk)
    with pytest.raises(Problem, match="over"):
        actions.set_phases(bob(), row.pk, ["launch"], [STARTS], [ENDS], [1])


@pytest_db
def test_an_open_contest_is_a_campaign_too():
    row = contests.add_contest(
        bob(), "Quiz", "Beans", "Answer", NOW + timedelta(days=5), NOW + timedelta(days=12)
    )
    assert campaigns.arcs(bob(), STARTS, ENDS) == ()
    contests.open_contest(bob(), row.pk)
    arc = campaigns.arcs(bob(), STARTS, ENDS)[0]
    assert (arc.key, arc.first, arc.last) == (f"contest:{row.pk}", date(2026, 12, 2), date(2026, 12, 15))


REST = {
    "edit_promotion": {"name": "x", "offer": "x", "starts": STARTS, "ends": ENDS},
    "set_phases": {"kind": ["peak"], "first": [STARTS], "last": [ENDS], "posts": [1]},
}  # fmt: skip


@pytest_db
@pytest.mark.parametrize(
    "verb",
    ["promotion", "promotion_result", "edit_promotion", "set_phases", "propose_phases", "start_promotion",
     "end_promotion", "cancel_promotion", "delete_promotion"],
)  # fmt: skip
def test_a_stranger_reaches_no_promotion(verb):
    row = a_promotion()
    with pytest.raises(Stranger):
        ALL[f"plan.{verb}"].run(charlie(), {"promotion": row.pk} | REST.get(verb, {}))
    assert Promotion.objects.get().state == "draft"
    assert actions.promotions(charlie()) == []


@pytest_db
def test_a_stranger_borrows_no_product_and_no_channel_of_ours():
    product = Product.objects.create(brand=a_brand(), name="Beans", currency="PHP")
    channel = a_channel()
    for more in ({"product": product.pk}, {"channels": [channel.pk]}):
        with pytest.raises(Stranger):
            a_promotion(charlie(), **more)


@pytest_db
def test_a_guest_looks_and_writes_nothing():
    row = a_promotion(alice())
    guest = a_member("Gina", "guest")
    assert actions.promotion(guest, row.pk) == row
    with pytest.raises(Forbidden):
        actions.start_promotion(guest, row.pk)


# Bands


def bands(first, last):
    return [(b.name, b.first, b.last) for b in campaigns.bands(alice(), first, last)]


@pytest_db
def test_campaigns_are_bands_over_their_days_in_the_brands_time():
    a_promotion()
    off = a_promotion(name="Called off")
    actions.cancel_promotion(bob(), off.pk)
    midnight = NOW.replace(hour=16) + timedelta(days=14)  # in Manila: the 16th begins
    contests.add_contest(bob(), "Giveaway", "Beans", "Comment", NOW + timedelta(hours=1), midnight)
    assert bands(date(2026, 12, 1), date(2026, 12, 31)) == [
        ("Giveaway", date(2026, 12, 1), date(2026, 12, 15)),
        ("Payday beans", STARTS, ENDS),
    ]
    assert bands(date(2026, 12, 16), date(2026, 12, 19)) == [("Payday beans", STARTS, ENDS)]
    assert bands(ENDS + timedelta(days=1), date(2026, 12, 31)) == []


@pytest_db
def test_the_calendar_draws_a_band_to_the_day_after_its_last(web, django_assert_max_num_queries):
    row = a_promotion()
    url = "/kape-diwata/plan/events?start=2026-11-30&end=2027-01-10"
    web.get("/kape-diwata/plan/")
    with django_assert_max_num_queries(15):
        told = [event for event in web.get(url).json() if event["kind"] == "promotion"]
    assert told == [
        {"id": f"promotion-{row.pk}", "start": "2026-12-10", "end": "2026-12-20", "kind": "promotion", "page": True,
         "title": "Payday beans (not in the plan yet)", "url": f"/kape-diwata/plan/promotions/{row.pk}/"}
    ]  # fmt: skip
    actions.start_promotion(bob(), row.pk)
    assert "Payday beans" in [event["title"] for event in web.get(url).json()]


@pytest_db
def test_paper_and_phone_show_campaigns_in_the_plan_over_their_days():
    row = a_promotion()
    sheet = paper.told(alice(), STARTS.replace(day=1), "month", Filters())
    assert not [day for day in sheet["days"] if day["bands"]]  # a draft is nobody's business yet
    assert "Payday beans" not in feed.calendar(alice(), STARTS, ENDS)
    actions.start_promotion(bob(), row.pk)
    sheet = paper.told(alice(), STARTS.replace(day=1), "month", Filters())
    assert [day["day"] for day in sheet["days"] if day["bands"] == ["Payday beans"]] == list(range(10, 20))
    assert [day["day"] for day in sheet["days"] if day["begins"]] == [10]
    for shape in ("month", "list"):
        assert paper.printed(alice(), STARTS.replace(day=1), shape, Filters()).startswith(b"%PDF")
    event = next(e for e in Calendar.from_ical(feed.calendar(alice(), STARTS, ENDS)).walk("VEVENT"))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (STARTS, ENDS + timedelta(days=1))
    assert str(event["summary"]) == "Payday beans"
    assert "Payday beans" not in feed.calendar(alice(), STARTS, ENDS, a_channel())


@pytest_db
def test_nobody_sees_the_bands_of_others():
    a_promotion()
    assert campaigns.bands(charlie(), date(2026, 12, 1), date(2026, 12, 31)) == []
