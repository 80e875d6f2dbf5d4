"""From a blank page to a printed strategy, clicked by the new owner of a small café, on a desk and on a phone."""

import re

import pytest

from diskarte.core.jobs.run import run_tasks
from diskarte.core.people.keys import owner_link
from diskarte.document.models import Edition
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan.models import Pillar, Slot
from tests.test_clicked import CHROMIUM, Visitor, browser

__all__ = ["browser"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("clicked"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]
ANSWERS = {
    3: {"The business": "A small café in Marikina that knows its farmers"},
    4: {"In a few words": "the neighbourhood café", "Your best sellers": "Spanish latte 150\nBarako 90"},
    5: {"In your own words": "office people nearby"},
    6: {"They": "want a table they are not chased from"},
    7: {"Your promise": "keeps you a table", "The proof": "200 regulars come every week"},
    8: {"Where the money comes from": "Drinks 60 %, food 40 %"},
    9: {"One a line": "Kanto Milk Tea\nThe chain"},
    10: {"Customers a month": "1200", "Followers today": "850"},
    11: {"Pages you have": "Facebook: kapeniliza", "Hours a week": "6", "Money a month": "3000"},
    12: {"Brand colour": "#7a3b1e"},
}


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_a_blank_page_becomes_a_printed_strategy(browser, live_server, width):
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    visitor = Visitor(page, live_server)
    page.set_default_timeout(120_000)  # a month is drafted on the way, maybe beside other tests
    become_owner(visitor)
    answer_the_questions(visitor)
    take_the_proposals(visitor)
    print_it(visitor)
    page.close()


def become_owner(visitor):
    visitor.open(owner_link())
    visitor.type("Your name", "Liza")
    visitor.type("E-mail", "liza@example.com")
    visitor.type("Password", "correct horse battery")
    visitor.press("Make my account")
    visitor.type("Name of the brand", "Kape ni Liza")
    visitor.press("Make the brand")
    visitor.sees("From a blank page to a strategy")
    visitor.open("/kape-ni-liza/")
    visitor.sees("Start here")
    visitor.follow("Begin")


def answer_the_questions(visitor):
    visitor.follow("Begin")
    visitor.page.get_by_label("Café or restaurant").check()
    visitor.press("Next")
    visitor.follow("^Skip")
    for step, fields in ANSWERS.items():
        visitor.sees(f"{step} of 12")
        if step == 5:
            visitor.page.get_by_label("Office regulars").check()
            visitor.page.get_by_label("Weekend families").check()
        if step == 6:
            visitor.follow("Back")
            visitor.follow("Skip")
        for label, text in fields.items():
            visitor.type(f"^{label}", text)
        visitor.press("Next|See the proposals")
    visitor.sees("What do you take into your strategy")
    assert not Segment.objects.exists(), "nothing is written before it is taken"


def take_the_proposals(visitor):
    visitor.press("Take my own 13 answers|Take my own")
    voice = visitor.page.locator(".draft", has_text="Calm expert")
    voice.locator("summary").first.press("Enter")  # a line opens by keyboard, and says where it comes from
    visitor.sees("from experience")
    voice.get_by_role("button", name="Take it", exact=True).click()
    visitor.look()
    for area in ("people", "goals", "pillars", "places"):
        visitor.page.locator(f"#{area}").get_by_role(
            "button", name=re.compile("Take all|Take the one left")
        ).click()
        visitor.look()
    visitor.sees("all decided")
    assert Segment.objects.count() == 2
    assert Hook.objects.count() >= 6
    assert Goal.objects.count() == 3
    assert Pillar.objects.count() == 4
    visitor.press("Draft the first month")
    assert Slot.objects.exists()


def print_it(visitor):
    visitor.open("/kape-ni-liza/document/")
    visitor.sees("Still missing")
    visitor.press("Make the first edition")
    visitor.sees("Edition 1 is being made")
    run_tasks()
    visitor.sees("Who may read it")
    edition = Edition.objects.get()
    made = visitor.page.request.get(f"{visitor.server.url}/kape-ni-liza/document/{edition.pk}/strategy.pdf")
    assert made.body().startswith(b"%PDF")
    visitor.type("For whom", "The bank")
    visitor.press("Open a secret link")
    address = visitor.page.get_by_label("Address of the link").input_value()
    assert "/share/" in address
