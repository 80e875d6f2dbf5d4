"""The same circle, clicked through in a real browser by somebody who knows nothing, on a desk and on a phone."""

import os
import re
import shutil
from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import Worker
from diskarte.core.people.keys import owner_link
from diskarte.core.practice.models import PracticePost
from tests.conftest import shared

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("clicked"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """Somebody with a browser. Every page they meet is whole: no error, nothing to scroll sideways."""

    def __init__(self, page, server):
        self.page, self.server, self.complaints = page, server, []
        page.set_default_timeout(30_000)
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))

    def open(self, path):
        answer = self.page.goto(self.server.url + path)
        assert answer.status == 200, path
        self.look()

    def look(self):
        self.page.wait_for_load_state("networkidle")
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"
        assert not self.complaints, (self.page.url, self.complaints)

    def press(self, name):
        self.page.get_by_role("button", name=re.compile(name)).first.click()
        self.look()

    def follow(self, name):
        self.page.locator("main").get_by_role("link", name=re.compile(name)).first.click()
        self.look()

    def type(self, label, text):
        self.page.locator("main").get_by_label(re.compile(label)).first.fill(text)

    def sees(self, text):
        words = self.page.locator("body").get_by_text(re.compile(text))
        words.locator("visible=true").first.wait_for()


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def visitor(request, browser, live_server):
    page = browser.new_page(viewport={"width": request.param, "height": 844}, reduced_motion="reduce")
    yield Visitor(page, live_server)
    page.close()


def test_the_circle_is_clicked_through(visitor):
    become_owner(visitor)
    import_history(visitor)
    set_goal(visitor)
    connect(visitor)
    post = plan_and_write(visitor)
    time_passes(post)
    read_and_learn(visitor)
    accept(visitor)


def become_owner(visitor):
    visitor.open(owner_link())
    visitor.type("Your name", "Ana")
    visitor.type("E-mail", "ana@example.com")
    visitor.type("Password", "correct horse battery")
    visitor.press("Make my account")
    visitor.sees("Which brand is this strategy for")
    visitor.type("Name of the brand", "Open Packages")
    visitor.press("Make the brand")
    assert "/open-packages/" in visitor.page.url


def import_history(visitor):
    folder = shared("data", "x_exports_ropensci", "raw")
    files = sorted(folder.glob("tweet_activity_*.csv"))[-24:]
    visitor.open("/open-packages/")
    visitor.follow("Import numbers")
    visitor.open("/open-packages/measure/imports/")
    visitor.page.get_by_label("CSV, XLSX or a ZIP of them").set_input_files([str(f) for f in files])
    visitor.press("Look through")
    visitor.sees("Looked through, not imported yet")
    assert not Publication.objects.exists()
    visitor.press("Import these files")
    visitor.sees("imported")
    assert Publication.objects.count() > 400


def set_goal(visitor):
    visitor.open("/open-packages/goals/")
    visitor.follow("Set the first goal")
    visitor.type("What must change", "Be seen 100,000 times this quarter")
    visitor.page.get_by_label(re.compile("Measured by")).select_option("views")
    visitor.type("Target", "100000")
    visitor.type("Last day", (clock.now() + timedelta(days=80)).date().isoformat())
    visitor.type("Where are you today", "90000")
    visitor.press("Save")
    visitor.sees("Be seen 100,000 times")


def connect(visitor):
    visitor.open("/open-packages/channels/")
    visitor.press("Practice")
    visitor.sees("One channel speaks for you|Practice")


def plan_and_write(visitor):
    visitor.open("/open-packages/plan/")
    visitor.press("^Draft ")
    visitor.sees("Why|post")
    visitor.open("/open-packages/plan/?view=table")
    visitor.page.locator("main table a").first.click()
    visitor.look()
    visitor.sees("Why here")
    visitor.page.get_by_role("link", name=re.compile("Write the post")).first.click()
    visitor.look()
    visitor.type("^Text", "A package was reviewed today.")
    visitor.press("Send now")
    Worker(1).once(clock.now())
    delivery = Delivery.objects.get()
    assert delivery.state == "sent", delivery.why
    visitor.open(f"/open-packages/publish/{delivery.origin.rpartition(':')[2]}/story")
    visitor.sees("Sent")
    return delivery


def time_passes(delivery):
    """Eight days go by: what was sent then was sent before."""
    earlier = clock.now() - timedelta(days=8)
    PracticePost.objects.update(at=earlier)
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=earlier)


def read_and_learn(visitor):
    visitor.open("/open-packages/measure/imports/")
    visitor.open("/open-packages/correct/")
    from diskarte.stages.measure import jobs

    jobs.keep_sent(clock.now())
    jobs.read_numbers(clock.now())
    mine = Publication.objects.get(origin__startswith="publish.post:")
    assert mine.engaged is not None
    visitor.open(f"/open-packages/measure/posts/{mine.pk}/")
    visitor.sees("A package was reviewed today")
    visitor.open("/open-packages/correct/")
    visitor.press("What does my history teach")
    visitor.sees("What works")


def accept(visitor):
    visitor.press("^Accept")
    visitor.sees("What we changed")
    visitor.open("/open-packages/correct/history/")
    visitor.sees("Version 2")
    visitor.open("/open-packages/")
    visitor.sees("Open Packages")
