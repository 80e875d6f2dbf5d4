"""A month as a marketer plans it: one click, three wishes, a lock, an offer, a contest, reasons, paper, a phone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from diskarte import demo
from diskarte.core import clock
from diskarte.core.jobs.run import run_tasks
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.models import Brand
from diskarte.core.people.who import who_in
from diskarte.stages.engage.models import Message
from diskarte.stages.plan import actions
from diskarte.stages.plan.contests import actions as contests
from diskarte.stages.plan.models import Contest, Idea, Promotion, Slot, Version
from tests.test_clicked import CHROMIUM, Visitor, browser

__all__ = ["browser"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("clicked"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]
PLAN = "/kape-diwata/plan/"


@pytest.fixture
def marketer(browser, live_server):
    """The owner of the demo brand, signed in, at a desk."""
    demo.build(fresh=True)
    owner = Brand.objects.get(slug="kape-diwata").workspace.memberships.get(role="owner").person
    client = Client()
    client.force_login(owner)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page = context.new_page()
    visitor = Visitor(page, live_server)
    page.on("dialog", lambda dialog: dialog.accept())
    visitor.who = who_in(owner, "kape-diwata")
    yield visitor
    context.close()


def test_next_month_is_planned_argued_with_printed_and_subscribed_to(marketer):
    month = month_to_plan(marketer)
    plan_in_one_click(marketer, month)
    three_wishes(marketer, month)
    lock_one(marketer, month)
    an_offer_and_a_contest(marketer, month)
    tickets_for_comments(marketer)
    ideas_by_hand(marketer)
    reasons(marketer, month)
    on_paper(marketer, month)
    on_the_phone(marketer, month)
    on_a_small_screen(marketer, month)


def month_to_plan(visitor) -> date:
    """The first month without a post."""
    month = clock.now().astimezone(visitor.who.brand.zone).date().replace(day=1)
    while slots(visitor, month):
        month = (month + timedelta(days=32)).replace(day=1)
    return month


def slots(visitor, month) -> list[Slot]:
    last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return actions.slots(visitor.who, month, last)


def at(month) -> str:
    return f"{PLAN}?month={month:%Y-%m}"


def plan_in_one_click(visitor, month):
    visitor.open(at(month))
    visitor.press("^Draft ")
    visitor.sees("A better plan is being looked for")
    first = len(slots(visitor, month))
    assert first > 8
    found(visitor, month)
    assert visitor.page.locator(".ec-event [data-slot]").count() > 0


def found(visitor, month):
    """The worker ends its search while nobody looks: page and worker share one connection of the tests' database."""
    visitor.page.goto("about:blank")
    run_tasks()
    visitor.open(at(month))
    visitor.sees("Proven: no better plan|is more than")


def three_wishes(visitor, month):
    """Each is priced first; nothing changes by asking."""
    before = Version.objects.count()
    for more, kind in ((2, "Reel"), (1, "Picture"), (-1, "Carousel")):
        visitor.open(at(month))
        visitor.follow("What would a wish cost")
        visitor.type("More posts a week", str(more))
        visitor.page.get_by_label("Kind").select_option(label=kind)
        visitor.press("^Compare$")
        visitor.sees("What the wish is expected to add|Nobody can tell|nobody can tell")
        assert Version.objects.count() == before
        visitor.press("^Make it so")
        visitor.sees("Your wish is in force")
        before += 1
        assert Version.objects.count() == before
        found(visitor, month)
    assert {v.origin for v in Version.objects.order_by("-number")[:3]} == {"wish"}


def lock_one(visitor, month):
    visitor.open(at(month))
    chip = visitor.page.locator(".ec-event [data-slot]").locator("visible=true").first
    slot = Slot.objects.get(pk=chip.get_attribute("data-slot"))
    chip.click()
    visitor.page.locator("#side").get_by_text("Why here").wait_for()
    visitor.page.locator("#side").get_by_role("button", name="Lock", exact=True).click()
    visitor.look()
    slot.refresh_from_db()
    assert slot.locked


def an_offer_and_a_contest(visitor, month):
    visitor.open(f"{PLAN}promotions/new/")
    visitor.type("^Name", "Barako week")
    visitor.type("What the customer gets", "Two bags for one")
    visitor.type("First day", f"{month + timedelta(days=11):%Y-%m-%d}")
    visitor.type("Last day", f"{month + timedelta(days=17):%Y-%m-%d}")
    visitor.press("Propose the phases")
    visitor.press("Put it into the plan")
    assert Promotion.objects.get(name="Barako week").state == "on"
    visitor.open(f"{PLAN}contests/new/")
    visitor.type("^Name", "Latte art giveaway")
    visitor.type("^Prize", "Coffee for a month")
    visitor.type("How people enter", "Comment your favourite order")
    visitor.type("Entries from", f"{month + timedelta(days=2):%Y-%m-%d}T09:00")
    visitor.type("^until", f"{month + timedelta(days=9):%Y-%m-%d}T20:00")
    visitor.press("Write the rules")
    visitor.press("^Open it")
    assert Contest.objects.get(name="Latte art giveaway").state == "open"
    visitor.open(at(month))
    for name in ("Barako week", "Latte art giveaway"):
        band = visitor.page.locator(".ec-event", has_text=name)
        band.first.wait_for()
        assert max(part.bounding_box()["width"] for part in band.all()) > 250  # over several days
    visitor.press("^Draft .* again")
    found(visitor, month)
    arcs = {row.arc.split(" ")[0].split(":")[0] for row in slots(visitor, month) if row.arc}
    assert arcs == {"promotion", "contest"}


def tickets_for_comments(visitor):
    """A giveaway that runs already: who commented under yesterday's post gets a ticket from the inbox."""
    now = clock.now()
    post = Delivery.objects.filter(brand=visitor.who.brand, state="sent", action="publish").latest("sent_at")
    row = contests.add_contest(
        visitor.who, "Sip and tell", "A mug", "Comment", now, now + timedelta(days=3), by_form=False
    )
    Contest.objects.filter(pk=row.pk).update(opens=post.sent_at - timedelta(hours=1), state="open")
    for author in ("maria", "@Maria", "jun"):
        Message.objects.create(brand=post.brand, channel=post.channel, under=post, author=author, text="Barako!",
                               at=now - timedelta(minutes=1), remote_id=f"c-{author}")  # fmt: skip
    visitor.open(f"{PLAN}contests/{row.pk}/")
    visitor.page.locator(f"input[name=posts][value='{post.pk}']").check()
    visitor.press("Take the comments")
    visitor.sees(r"\d new tickets, \d had one already")
    assert {entry.identity for entry in row.entries.all()} >= {"maria", "jun"}


def ideas_by_hand(visitor):
    """A card is dragged to the next column, and then onto the plan."""
    visitor.open(f"{PLAN}ideas/")
    visitor.page.get_by_label("An idea").fill("Beans from Benguet, cupped blind")
    visitor.press("Keep it")
    column = visitor.page.locator(".kanban-column")
    card = visitor.page.locator(".kanban-card", has_text="Benguet")
    card.drag_to(column.nth(1).locator("h2"))
    visitor.sees("Moved.")
    idea = Idea.objects.get(title__startswith="Beans from Benguet")
    assert idea.step == "to_write"
    card.drag_to(column.nth(3).locator("h2"))
    visitor.sees("is in the plan")
    idea.refresh_from_db()
    assert (idea.step, idea.slot.title) == ("planned", idea.title)


def reasons(visitor, month):
    """Why here, why not at three in the morning, with the rule by its name."""
    row = next(r for r in slots(visitor, month) if not r.arc and not r.locked)
    visitor.open(f"{PLAN}{row.pk}/")
    assert visitor.page.locator("section", has_text="Why here").locator("ol li").count() >= 2
    visitor.follow("Why not at another time")
    local = row.at.astimezone(visitor.who.brand.zone)
    visitor.type("^When", f"{local:%Y-%m-%d}T03:00")
    visitor.press("^Ask$")
    visitor.sees("quiet hours")


def on_paper(visitor, month):
    for shape in ("month", "list"):
        answer = visitor.page.request.get(f"{visitor.server.url}{PLAN}{shape}.pdf?month={month:%Y-%m}")
        assert answer.status == 200
        assert answer.body().startswith(b"%PDF")


def on_the_phone(visitor, month):
    """The address works for somebody who is not signed in, and has every post of the month."""
    visitor.open(at(month))
    visitor.follow("In your phone's calendar")
    visitor.press("Make a private address")
    address = visitor.page.get_by_label("Private address").first.input_value()
    path = re.sub(r"^https?://[^/]+", "", address)
    phone = visitor.page.context.browser.new_context()
    answer = phone.request.get(visitor.server.url + path)
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "text/calendar")
    text = answer.text().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") >= len(slots(visitor, month))
    assert "Beans from Benguet" in text
    assert phone.request.get(visitor.server.url + path[:-3]).status == 404
    phone.close()


def on_a_small_screen(visitor, month):
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    for path in (at(month), f"{at(month)}&view=week", f"{at(month)}&view=table", f"{PLAN}ideas/", f"{PLAN}what-if/",
                 f"{PLAN}promotions/", f"{PLAN}contests/", f"{PLAN}subscribe/", f"{PLAN}days/"):  # fmt: skip
        visitor.open(path)
