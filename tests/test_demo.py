"""The demo: built once, then followed from a goal to the change it caused; a fresh build leaves others alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import transaction

from diskarte import demo
from diskarte.core import clock
from diskarte.core.files.models import File
from diskarte.core.files.sniff import measured as shape_of
from diskarte.core.files.sniff import mime_of
from diskarte.core.numbers.models import COUNTS, Publication, Reading
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Audit, Brand, Person, Workspace
from diskarte.core.people.who import who_in
from diskarte.core.practice.models import PracticePost
from diskarte.core.practice.people import counts_of, followers_of
from diskarte.demo import circle, clips, facts, history, people, pictures, rivals, texts
from diskarte.demo.then import then
from diskarte.document import actions as document
from diskarte.document import paper
from diskarte.stages import STAGES
from diskarte.stages.audience import actions as audience
from diskarte.stages.channels import actions as channels
from diskarte.stages.correct import actions as correct
from diskarte.stages.engage.models import Deal
from diskarte.stages.goals import actions as goals
from diskarte.stages.measure import actions as measure
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Slot, Version
from diskarte.stages.publish import actions as publish
from diskarte.stages.publish.models import Attachment, Post
from diskarte.words import Problem
from tests import make

pytestmark = pytest.mark.xdist_group("demo")
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The demo, built over an older one beside Charlie's tea house; taken back when the module is through."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            an_older_demo()
            charlies()
            yield demo.build(fresh=True)
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


def a_post(account: str, key: str) -> PracticePost:
    return PracticePost.objects.create(account=account, key=key, text=key, weekday=0, hour=9, at=LONG_AGO)


def an_older_demo() -> None:
    cast = people.invited(LONG_AGO)
    old = Channel.objects.create(brand=cast.brand, network="practice", identity="kape-diwata")
    there = a_post("kape-diwata", "of the older demo")
    Publication.objects.create(
        brand=cast.brand, channel=old, network="practice", remote_id=str(there.pk), at=LONG_AGO
    )


def charlies() -> None:
    make.charlie()
    a_post("kape-diwata", "of somebody who uses the same account")
    a_post("charlies-tea", "of Charlie")


@pytest.fixture
def owner(told):
    return who_in(Person.objects.get(email=people.OWNER), people.BRAND)


@pytest.fixture
def sent(owner):
    """A post of the last four weeks that went out on a practice account, served a goal, and is old enough."""
    now = clock.now()
    rows = Post.objects.filter(
        brand=owner.brand, variants__delivery__state="sent", variants__channel__network="practice",
        due_at__range=(now - timedelta(weeks=4), now - timedelta(days=8)), goal__isnull=False,
        attachments__isnull=False,
    )  # fmt: skip
    found = rows.order_by("due_at").first()
    assert found is not None
    return found


def test_it_says_what_to_look_at_first(told):
    assert "/kape-diwata/" in told
    assert "simulated" in told


def test_twelve_months_of_believable_history(owner):
    rows = list(Publication.objects.filter(brand=owner.brand).order_by("at"))
    assert rows[-1].at - rows[0].at > timedelta(days=350)
    assert all(row.simulated and row.source == "simulated" for row in rows)
    by_account = Counter(str(row.channel) for row in rows)
    assert len(by_account) == 2
    assert all(15 <= n / 12 <= 20 for n in by_account.values())
    assert len({row.text for row in rows}) > len(rows) * 0.7
    assert not [row.text for row in rows if "{" in row.text or "lorem" in row.text.lower()]


def test_the_first_months_were_mostly_pictures(owner):
    for account in (history.CAFE, history.BEANS):
        first = Publication.objects.filter(channel__identity=account).order_by("at")[: history.WARM_UP]
        assert sum(row.kind == "image" for row in first) >= 0.75 * len(first)


def test_no_number_is_made_up(owner):
    """Every number is what the readers of the practice network did until the moment it was read."""
    built = owner.brand.created_at + timedelta(days=365)
    for row in Publication.objects.filter(brand=owner.brand):
        assert row.numbers_at == built
        there = PracticePost.objects.get(pk=row.remote_id)
        assert (there.text, there.kind, there.at) == (row.text, row.kind, row.at)
        expected = counts_of(there, row.numbers_at)
        assert {m.value: getattr(row, m.value) for m in COUNTS if m.value in expected} == expected


def test_followers_are_those_of_the_network(owner):
    for channel in Channel.objects.filter(brand=owner.brand, network="practice"):
        series = list(Reading.objects.filter(channel=channel, publication=None).order_by("at"))
        assert len(series) >= 52
        assert [r.value for r in series] == sorted(r.value for r in series)
        assert series[-1].value == followers_of(channel.identity, series[-1].at)
        assert channel.followers == followers_of(channel.identity, channel.checked_at)


def test_one_post_can_be_followed_from_its_goal_to_its_result(owner, sent):
    slot, delivery = sent.slot, sent.variants.get().delivery
    assert sent.goal in goals.goals(owner, "all")
    assert plan.explain(owner, slot.pk).why
    assert (slot.state, slot.goal_id) == ("written", sent.goal_id)
    assert delivery.attempts.get().outcome == "sent"
    assert PracticePost.objects.get(pk=delivery.remote_id).key == delivery.key
    row = measure.publications_of(owner, sent.address)[0]
    assert (row.goal, row.slot, row.channel_id) == (sent.goal_id, slot.pk, slot.channel_id)
    assert row.pillar == sent.pillar.name
    assert row.readings.filter(metric="likes").count() >= 5


def test_its_story_is_told_in_the_order_of_time(owner, sent):
    told = publish.story(owner, sent.pk).branch.moments
    moments = [moment.at for moment in told]
    assert moments == sorted(moments)
    titles = [moment.title for moment in told]
    assert (
        titles.index("Written") < titles.index("Scheduled") < titles.index("Sent") < titles.index("After 1 h")
    )


def test_a_finding_changed_the_plan_and_the_posts_followed(owner):
    (accepted,) = correct.proposals(owner, "accepted")
    assert accepted.decided_by == owner.person
    assert timedelta(days=35) < clock.now() - accepted.decided_at < timedelta(days=80)
    assert accepted.finding.found_at == accepted.made_at == accepted.decided_at
    version = accepted.version
    assert version.origin == f"correct.proposal:{accepted.pk}"
    assert version.diff
    assert version.evidence["finding"] == accepted.finding_id
    assert accepted.moved
    after = Slot.objects.filter(brand=owner.brand, version=version, state="written")
    assert after.count() > 20


def test_the_verdict_can_be_told_and_the_next_proposal_waits(owner):
    (accepted,) = correct.proposals(owner, "accepted")
    verdict = correct.verdict(owner, accepted.pk)
    assert verdict.missing == 0
    assert verdict.low < verdict.lift < verdict.high
    assert correct.proposals(owner)
    assert correct.findings(owner)


def test_goals_are_linked_and_the_last_month_is_closed(owner):
    open_ = goals.goals(owner)
    year = next(goal for goal in open_ if goal.period == "year")
    assert any(goal.part_of_id == year.pk for goal in open_)
    assert {pace.state for pace in goals.pace(owner)} <= {"ahead", "on pace", "behind"}
    assert {goal.state for goal in goals.goals(owner, "past")} <= {"reached", "missed"}


def test_what_lies_ahead(owner):
    counts = publish.counts(owner)
    assert (counts["scheduled"], counts["waiting"], counts["draft"], counts["needs_you"]) == (6, 1, 1, 1)
    coming = Delivery.objects.filter(brand=owner.brand, state="queued", action="publish").order_by("due_at")
    assert coming.first().due_at - owner.brand.created_at - timedelta(days=365) < timedelta(minutes=3)
    today = clock.now().astimezone(owner.brand.zone).date()
    last = (
        Slot.objects.filter(brand=owner.brand).order_by("-at").first().at.astimezone(owner.brand.zone).date()
    )
    assert (last.year, last.month) == circle.aims.month_of(today, 1).timetuple()[:2]
    assert set(Deal.objects.filter(brand=owner.brand).values_list("state", flat=True)) == {
        "idea", "contacted", "agreed", "live", "checked", "done",
    }  # fmt: skip


def test_every_portrait_says_how_many_and_how_it_is_known(owner):
    for card in audience.segments(owner):
        assert not card.unanswered
        assert all(
            "made up" in line or "simulated" in line
            for line in [*card.segment.evidence, card.segment.size_from]
        )
    brewers = next(card.segment for card in audience.segments(owner) if card.segment.name == "Home brewers")
    assert brewers.size == audience.count_group(owner, facts.BEAN_BUYERS, only_agreed=False).found


def test_followers_are_shared_with_every_rival_and_one_community(owner):
    told = channels.beside.overlap_with(owner)
    assert (told.name, told.members) == (rivals.US, rivals.OUR_FOLLOWERS)
    assert next(one.name for one in told.shared if one.is_rival) == "Bughaw Coffee Bar"
    for name, count, both in rivals.FOLLOW:
        one = next(one for one in told.shared if one.name == name)
        assert one.members == count
        assert one.both == pytest.approx(both, rel=0.4)  # a sketch, salted anew in each installation


def test_the_strategy_document_is_there_with_its_pages_and_nothing_is_missing_in_it(owner):
    (edition,) = document.editions(owner)
    assert (edition.number, edition.language, edition.made_by) == (1, "en", owner.person)
    assert document.making(owner, edition.pk).state == "ready"
    assert document.gaps(owner).open == []
    row = document.edition(owner, edition.pk)
    assert len(row.pages) == len(paper.SHOWN)
    assert row.pdf[:5] == b"%PDF-"
    assert row.docx[:2] == b"PK"


def test_pictures_are_described(owner):
    files = list(File.objects.filter(brand=owner.brand, pk__in=Attachment.objects.values("file")))
    assert len(files) >= 6
    assert all(file.alt for file in files)
    assert any(file.is_video for file in files)


def test_nobody_of_the_demo_has_a_password(told):
    found = Person.objects.filter(email__in=[email for email, _name in people.PEOPLE.values()])
    assert found.count() == 3
    assert not any(person.has_usable_password() for person in found)


def test_a_second_build_changes_nothing(owner):
    def everything():
        return Slot.objects.count(), Post.objects.count(), Publication.objects.count(), Audit.objects.count()

    before = everything()
    assert "there already" in demo.build()
    assert everything() == before


def test_a_fresh_build_leaves_others_alone(told):
    assert Workspace.objects.filter(slug=people.WORKSPACE).count() == 1
    assert Brand.objects.filter(slug="charlies-tea").exists()
    kept = set(PracticePost.objects.filter(at=LONG_AGO).values_list("key", flat=True))
    assert kept == {"of somebody who uses the same account", "of Charlie"}


PAGES = ["", *(f"{stage}/" for stage in STAGES), "plan/settings/", "plan/history/", "publish/outbox/",
         "measure/posts/", "correct/history/", "engage/inbox/", "audience/hooks/", "brand/concept/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands(client, owner, path):
    client.force_login(owner.person)
    assert client.get(f"/{people.BRAND}/{path}").status_code == 200


def test_the_pages_of_the_circle_stand(client, owner, sent):
    client.force_login(owner.person)
    (accepted,), waiting = correct.proposals(owner, "accepted"), correct.proposals(owner)[0]
    (row,) = measure.publications_of(owner, sent.address)
    for path in (
        f"goals/{sent.goal_id}/", f"plan/{sent.slot_id}/", f"publish/{sent.pk}/story",
        f"measure/posts/{row.pk}/", f"correct/proposals/{waiting.pk}/", f"correct/proposals/{accepted.pk}/",
    ):  # fmt: skip
        assert client.get(f"/{people.BRAND}/{path}").status_code == 200, path


# Without the built demo


@pytest.mark.django_db
def test_somebodys_own_brand_of_that_name_is_not_touched():
    make.a_brand("kape-diwata")
    with pytest.raises(Problem, match="brand of your own"):
        people.there()
    with pytest.raises(SystemExit, match="Nothing was changed"):
        demo.build(fresh=True)
    assert Brand.objects.get(slug="kape-diwata").simulated is False


@pytest.mark.django_db
def test_then_dates_what_the_verbs_write_down():
    who, moment = make.alice(), datetime(2026, 3, 1, 9, tzinfo=UTC)
    with then(who.brand, moment):
        assert clock.now() == moment
        plan.set_pillars(who, {"Tea": 1.0})
    assert {row.made_at for row in Version.objects.filter(brand=who.brand)} == {moment}
    assert Audit.objects.filter(brand=who.brand).latest("pk").at == moment


@pytest.mark.django_db
def test_the_first_change_was_made_about_eight_weeks_ago():
    brand = make.a_brand()
    for day in range(366):
        now = datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day)
        assert timedelta(days=38) < now - circle.decided_at(brand, now) < timedelta(days=76)


def test_the_bank_has_enough_to_say_for_every_slot():
    assert len({p.text for p in texts.patterns()}) >= 80
    for on in ("cafe", "beans"):
        for pillar in history.PILLARS:
            for kind in ("image", "reel", "carousel", "link", "text"):
                fit = [
                    p for p in texts.patterns() if p.pillar == pillar and p.on in ("", on) and kind in p.kinds
                ]
                assert len(fit) >= 3, (pillar, kind, on)


def test_no_text_comes_back_before_its_neighbours():
    bank = texts.Bank(Random(1))
    fit = [p for p in texts.patterns() if p.pillar == "Fun" and "image" in p.kinds and p.on in ("", "beans")]
    said = [bank.say("Fun", "image", "beans").title for _ in fit]
    assert sorted(said) == sorted(p.title for p in fit)


def test_the_same_luck_says_the_same():
    one, other = texts.Bank(Random(7)), texts.Bank(Random(7))
    assert [one.say("Useful", "reel", "cafe") for _ in range(5)] == [
        other.say("Useful", "reel", "cafe") for _ in range(5)
    ]


def test_a_word_that_comes_twice_is_the_same_both_times():
    first, second = texts.Bank(Random(3)).filled("{bean}|{bean}").split("|")
    assert first == second


def test_cards_and_clips_are_what_networks_take():
    card = pictures.drawn(pictures.CARDS[0])
    assert mime_of(card) == "image/jpeg"
    assert (shape_of("image/jpeg", card).width, len(card) < 100_000) == (pictures.WIDE, True)
    film = clips.filmed(pictures.CARDS[0])
    assert mime_of(film) == "video/mp4"
    assert shape_of("video/mp4", film).seconds == pytest.approx(clips.FRAMES / clips.RATE, abs=0.2)
