"""What each verb does, who may, and what a stranger learns (nothing)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.jobs.models import Run
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import can_undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.brand.models import Canvas
from diskarte.stages.engage import actions, inbox, jobs
from diskarte.stages.engage.models import Deal, Message, Partner, Reply
from diskarte.stages.plan.models import Occasion
from diskarte.words import Problem, TryLater
from diskarte.words import Reply as Heard
from tests.engage.builders import PAYDAY, a_channel, a_deal, a_message, a_partner, a_sent_post
from tests.make import NOW, a_brand, a_member, alice, bob, charlie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def test_partners_are_listed_by_their_audience():
    a_partner("Small", audience=100, price=Decimal(500))
    a_partner("Nobody knows", audience=None, price=None)
    a_partner("Large", audience=50_000, price=Decimal(1500))
    told = [(card.partner.name, card.thousand) for card in actions.partners(bob())]
    assert told == [("Large", Decimal("30.00")), ("Small", Decimal("5000.00")), ("Nobody knows", None)]


def test_a_partner_is_changed_in_part_or_whole():
    partner = a_partner(price=Decimal(3000), contact="@ana")
    actions.edit_partner(bob(), partner.pk, contact="")
    partner.refresh_from_db()
    assert (partner.contact, partner.price, partner.topics) == ("", Decimal(3000), ["food"])
    actions.edit_partner(bob(), partner.pk, name="Ana", topics=["food, mornings, food"], whole=True)
    partner.refresh_from_db()
    assert (partner.name, partner.price, partner.audience, partner.topics) == (
        "Ana",
        None,
        None,
        ["food", "mornings"],
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Ana Reyes"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Bea", "audience": -1}, "audience"),
        ({"name": "Bea", "link": "ftp://x"}, "link"),
    ],
)
def test_a_partner_that_does_not_fit(given, field):
    a_partner()
    with pytest.raises(Problem) as told:
        actions.add_partner(alice(), **given)
    assert told.value.field == field
    assert Partner.objects.count() == 1


def test_a_partner_with_deals_is_not_deleted():
    deal = a_deal()
    with pytest.raises(Problem, match="deals with Ana"):
        actions.delete_partner(bob(), deal.partner_id)
    actions.delete_deal(bob(), deal.pk)
    actions.delete_partner(bob(), deal.partner_id)
    assert not Partner.objects.exists()


def test_a_deal_begins_as_an_idea_with_a_code():
    deal = a_deal(link="https://kape.ph/payday")
    card = actions.deal(bob(), deal.pk)
    assert (deal.state, deal.promo_code, deal.currency) == ("idea", f"ANA{deal.pk}", "PHP")
    assert (card.net, card.says, card.next) == (Decimal(1250), "ours", "contacted")
    assert "utm_source=ana-reyes" in card.address


def test_a_deal_moves_when_it_is_ready_and_its_day_enters_the_plan():
    deal = a_deal(give="")
    actions.move_deal(bob(), deal.pk, "contacted")
    with pytest.raises(Problem, match="Both sides"):
        actions.move_deal(bob(), deal.pk, "agreed")
    actions.edit_deal(bob(), deal.pk, give="beans")
    actions.move_deal(bob(), deal.pk, "agreed")
    with pytest.raises(Problem, match="day it goes live"):
        actions.move_deal(bob(), deal.pk, "live")
    assert not Occasion.objects.exists()
    actions.edit_deal(bob(), deal.pk, due=PAYDAY)
    actions.move_deal(bob(), deal.pk, "live")
    assert [(o.day, o.name) for o in Occasion.objects.all()] == [(PAYDAY, "Payday giveaway × Ana Reyes")]
    actions.edit_deal(bob(), deal.pk, due=PAYDAY + timedelta(days=1))
    assert [o.day for o in Occasion.objects.all()] == [PAYDAY + timedelta(days=1)]
    actions.move_deal(bob(), deal.pk, "contacted")
    assert not Occasion.objects.exists()


def test_a_check_is_proof():
    deal = a_deal(due=PAYDAY)
    actions.move_deal(bob(), deal.pk, "live")
    with pytest.raises(Problem, match="seen their post"):
        actions.move_deal(bob(), deal.pk, "checked")
    actions.check_deal(bob(), deal.pk, there=False, note="Not yet")
    with pytest.raises(Problem, match="needs the link"):
        actions.check_deal(bob(), deal.pk, there=True)
    actions.check_deal(bob(), deal.pk, there=True, url="https://instagram.com/p/1", note="On top")
    deal.refresh_from_db()
    assert (deal.state, deal.proof) == ("checked", "https://instagram.com/p/1")
    assert [(c.there, c.note, c.by) for c in actions.deal(bob(), deal.pk).checks] == [
        (True, "On top", bob().person), (False, "Not yet", bob().person)]  # fmt: skip
    actions.move_deal(bob(), deal.pk, "done")


def test_the_pipeline_sums_what_is_agreed_and_valued():
    first = a_deal("One")
    for title, facts in (("Two", {}), ("Three", {"get_value": None}), ("Idea", {})):
        a_deal(title, partner=first.partner, **facts)
    Deal.objects.exclude(title="Idea").update(state="agreed")
    told = actions.pipeline(bob())
    assert [(c.state, len(c.deals)) for c in told.columns][:3] == [
        ("idea", 1),
        ("contacted", 0),
        ("agreed", 3),
    ]
    assert (told.net, told.counted, told.unvalued) == (Decimal(2500), 2, 1)


def test_the_letter_says_what_is_known():
    Canvas.objects.create(brand=a_brand(), sells="coffee from Benguet.")
    deal = a_deal(due=PAYDAY, link="https://kape.ph")
    told = actions.letter(alice(), deal.partner_id, deal.pk)
    for part in (
        "Hi Ana Reyes!",
        "I am Alice from Kape Diwata.",
        "beans",
        "2026-12-15",
        deal.promo_code,
        "about food",
    ):
        assert part in told
    assert "{" not in told
    assert "We make" not in told  # nobody said yet for whom
    assert "beans" not in actions.letter(alice(), deal.partner_id)


def test_an_answer_goes_through_the_outbox_once():
    message = a_message(url="https://practice.internal/m")
    ours = actions.reply(bob(), message.pk, " Sa Maginhawa po! ")
    delivery = Delivery.objects.get(action="reply")
    assert (ours.delivery, ours.text) == (delivery, "Sa Maginhawa po!")
    assert (delivery.content["answers"], delivery.content["text"]) == (message.remote_id, "Sa Maginhawa po!")
    assert (delivery.due_at, delivery.origin) == (NOW, f"engage.reply:{ours.pk}")
    message.refresh_from_db()
    assert message.state == "done"
    assert not can_undo(Audit.objects.get(verb="engage.reply"))


def test_an_answer_that_would_be_refused():
    message = a_message(channel=a_channel("Sky", "bluesky"))
    for text, says in (("", "empty"), ("x" * 301, "too long")):
        with pytest.raises(Problem, match=says):
            actions.reply(bob(), message.pk, text)
    assert not Reply.objects.exists()


def test_where_approval_is_required_an_author_does_not_answer_alone():
    message = a_message()
    brand = a_brand()
    brand.workspace.approval = "required"
    brand.workspace.save()
    with pytest.raises(Forbidden):
        actions.reply(bob(), message.pk, "Hello")
    actions.reply(alice(), message.pk, "Hello")


def test_messages_are_assigned_labelled_and_closed():
    message = a_message()
    actions.assign(alice(), message.pk, bob().person.pk)
    actions.label(alice(), message.pk, " question ")
    (card,) = actions.messages(bob(), mine=True)
    assert (card.message.label, card.under, card.can) == ("question", "Open at 6", True)
    assert not actions.messages(alice(), mine=True)
    with pytest.raises(Stranger):
        actions.assign(alice(), message.pk, charlie().person.pk)
    actions.assign(alice(), message.pk, None)
    assert not actions.messages(bob(), mine=True)
    actions.close(bob(), message.pk)
    assert [c.id for c in actions.messages(bob(), "done")] == [message.pk]
    actions.close(bob(), message.pk, done=False)
    assert [c.id for c in actions.messages(bob())] == [message.pk]
    with pytest.raises(Problem, match="no state"):
        actions.messages(bob(), "odd")


def test_how_long_people_wait():
    assert actions.inbox_counts(bob()).wait is None
    for hours in (1, 2, 6):
        message = a_message(at=NOW - timedelta(hours=hours), remote_id=f"r{hours}")
        actions.reply(bob(), message.pk, "Hello")
    with clock.at(NOW + timedelta(hours=9)):
        actions.reply(bob(), message.pk, "Again")  # only the first answer counts
    assert actions.inbox_counts(bob()).wait == timedelta(hours=2)
    assert (actions.inbox_counts(bob()).open, actions.inbox_counts(bob()).done) == (0, 3)


class Told:
    """What a network tells about replies, without a network."""

    def __init__(self, **by_post):
        self.by_post = by_post

    def __call__(self, network, api, remote_id):
        found = self.by_post.get(remote_id, [])
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def told(monkeypatch):
    """Replace only the wire: what `read_replies` of the practice network answers."""
    from diskarte import networks

    def tell(**by_post):
        answers = Told(**by_post)
        practice = type(networks.get("practice"))
        monkeypatch.setattr(
            practice, "read_replies", lambda self, api, remote_id: answers(self, api, remote_id)
        )
        Channel.objects.update(secrets={"token": "harbour"})

    return tell


def heard(number: int, author: str = "Mika") -> Heard:
    return Heard(f"r{number}", author, f"Message {number}", NOW - timedelta(minutes=number), "https://x/1")


def test_messages_are_read_once_and_never_our_own(told):
    post = a_sent_post()
    told(**{post.remote_id: [heard(1), heard(2, "@harbour")]})
    assert jobs.read_replies(NOW) == 1
    assert jobs.read_replies(NOW) == 0
    assert [(m.author, m.text, m.under) for m in Message.objects.all()] == [("Mika", "Message 1", post)]


def test_our_answers_are_not_messages(told):
    message = a_message()
    actions.reply(bob(), message.pk, "Hello")
    Delivery.objects.filter(action="reply").update(remote_id="r9", state="sent", sent_at=NOW)
    told(**{message.under.remote_id: [heard(9, "somebody else's spelling")]})
    assert jobs.read_replies(NOW) == 0


def test_a_failing_channel_stops_only_itself(told):
    bad, good = a_sent_post(a_channel("Bad")), a_sent_post(a_channel("Good"))
    told(**{bad.remote_id: TryLater("busy"), good.remote_id: [heard(3)]})
    assert jobs.read_replies(NOW) == 1


def test_old_posts_and_resting_channels_are_left_alone(told):
    a_sent_post(a_channel("Old"), sent_at=NOW - timedelta(days=15))
    resting = a_sent_post(a_channel("Resting"))
    told(**{resting.remote_id: [heard(4)]})
    Channel.objects.filter(name="Resting").update(state="paused")
    assert jobs.read_replies(NOW) == 0


def test_asking_for_a_look_wakes_the_worker():
    a_sent_post()
    Run.objects.create(name=inbox.JOB, next_at=NOW + timedelta(hours=1))
    assert actions.read_inbox(bob()) == 1
    assert Run.objects.get(name=inbox.JOB).next_at == NOW


def test_standing(django_assert_max_num_queries):
    assert actions.standing(alice()).state == "empty"
    deal = a_deal(due=NOW.date())
    assert actions.standing(alice()).state == "half"
    actions.move_deal(alice(), deal.pk, "live")
    message = a_message()
    a_message(remote_id="other")
    actions.reply(alice(), message.pk, "Hello")
    Delivery.objects.filter(action="reply").update(state="refused")
    who = alice()
    with django_assert_max_num_queries(3):
        standing = actions.standing(who)
    assert standing.state == "full"
    assert [need.what % need.values for need in standing.needs] == [
        "Is Ana Reyes's post «Payday giveaway» there as agreed?",
        "Messages that wait for an answer: 1",
        "Answers that did not go out: 1",
    ]


CALLS = {
    "deal": {"deal": {}, "edit_deal": {}, "delete_deal": {}, "move_deal": {"state": "contacted"},
             "check_deal": {"there": False}},
    "partner": {"partner": {}, "edit_partner": {}, "delete_partner": {}, "letter": {},
                "propose_deal": {"title": "Mine"}},
    "message": {"reply": {"text": "Hi"}, "assign": {}, "label": {"label": "x"}, "close": {}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("thing", "verb"), [(thing, verb) for thing, verbs in CALLS.items() for verb in verbs]
)
def test_a_stranger_learns_nothing_and_an_approver_changes_nothing(thing, verb):
    deal, message = a_deal(), a_message()
    pk = {"deal": deal.pk, "partner": deal.partner_id, "message": message.pk}[thing]
    action, given = ALL[f"engage.{verb}"], CALLS[thing][verb]
    with pytest.raises(Stranger):
        action.call(charlie(), **{thing: pk}, **given)
    if action.writes:
        with pytest.raises(Forbidden):
            action.call(a_member("Dana", "approver"), **{thing: pk}, **given)
