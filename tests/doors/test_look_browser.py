"""The look in a real Chromium: no breach of the CSP, no axe violation, nothing wider than the screen."""

import shutil

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.urls import include, path

from tests.doors.test_look_pages import nothing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = "--no-sandbox --disable-gpu --no-first-run --disable-component-update --disable-sync"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]


@login_not_required
def moved(request, verb):
    return JsonResponse({"said": f"Moved to {request.POST['at']}", "undo": 7})


urlpatterns = [
    path("look/", include("diskarte.doors.web.gallery")),
    path("do/plan.away", nothing),  # as any page: it wants somebody signed in
    path("do/<str:verb>", moved, name="do"),
    path("people/", nothing, name="people"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
]


@pytest.fixture(scope="module", autouse=True)
def _sync_beside_a_loop():
    """Playwright keeps an event loop in this thread; Django must not mistake that for async code of ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="module")
def chromium(_sync_beside_a_loop):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    return []


@pytest.fixture
def show(chromium, live_server, settings, complaints):
    """Open the gallery; whatever the browser complains about is collected."""
    settings.SHOW_LOOK = True
    contexts = []

    def opened(width=1280, scheme="light", address="/look/"):
        context = chromium.new_context(viewport={"width": width, "height": 860}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(live_server.url + address)
        if address == "/look/":
            page.wait_for_selector(".ec-event", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()


def drawn(page):
    """Bring every chart into view and wait until Vega has drawn it."""
    for figure in page.query_selector_all("[data-chart]"):
        figure.scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart]:not([data-drawn])", state="detached")


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_piece_is_accessible_allowed_and_fits(show, complaints, width, scheme):
    page = show(width, scheme)
    drawn(page)
    assert complaints == []
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelectorAll('.chart-place svg').length") == 2


def test_the_policy_is_strict_and_a_breach_would_be_seen(show, complaints):
    page = show()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    page.wait_for_timeout(50)
    assert any("Content Security Policy" in text for text in complaints)


def test_charts_follow_the_theme_and_the_choice_is_kept(show, complaints):
    page = show()
    drawn(page)
    light = page.inner_html(".chart-place >> nth=0")
    page.click("details.menu-end > summary")
    page.click("[data-theme-to=dark]")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-drawn]')].every(f => f.dataset.drawn === 'dark')"
    )
    assert page.inner_html(".chart-place >> nth=0") != light
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert complaints == []


def test_a_figure_opens_by_key_and_closes_by_escape(show):
    page = show()
    page.focus(".figure-value >> nth=0")
    bubble = page.locator(".figure .bubble >> nth=0")
    assert bubble.is_visible()
    box = bubble.bounding_box()
    assert box["x"] >= 0
    page.keyboard.press("Escape")
    assert not bubble.is_visible()


def test_a_bubble_stays_inside_a_narrow_screen(show):
    page = show(390)
    tip = page.locator(".figure-value >> nth=0")
    tip.scroll_into_view_if_needed()
    tip.focus()
    box = page.locator(".figure .bubble >> nth=0").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_side_panel_keeps_the_page_and_gives_the_focus_back(show):
    page = show()
    page.click("text=Side panel")
    page.wait_for_selector("#side[open]")
    assert page.locator("h1").count() == 2
    assert page.evaluate("document.activeElement.textContent") == "Why here?"
    assert page.input_value("#side input[name=next]") == "/look/"
    page.keyboard.press("Escape")
    assert not page.locator("#side").is_visible()
    assert "Side panel" in page.evaluate("document.activeElement.textContent")


def test_menus_close_by_escape_and_by_a_click_elsewhere(show):
    page = show()
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.click("h1")):
        page.click("details.menu-end > summary")
        assert page.locator("details.menu-end .menu-body").is_visible()
        leave()
        assert not page.locator("details.menu-end .menu-body").is_visible()


def test_a_counter_counts_as_a_person_does(show):
    page = show()
    text = page.locator("textarea[data-count]")
    text.fill("é👩‍👩‍👧‍👦a")
    assert page.inner_text(".counter") == "3 / 120"
    text.fill("a" * 121)
    assert "is-over" in page.get_attribute(".counter", "class")


def test_the_phone_opens_the_whole_route(show):
    page = show(390)
    assert not page.locator(".rail").is_visible()
    page.click("nav.bottom button")
    assert page.locator("#whole-route .route li").count() == 10
    page.keyboard.press("Escape")
    assert not page.locator("#whole-route").is_visible()


def drag(page):
    """Drag one slot some days on; tells what the hint said on the way."""
    page.locator(".desk-calendar").scroll_into_view_if_needed()
    box = page.locator(".ec-event.ec-draggable:visible").nth(9).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 10)
    page.mouse.down()
    with page.expect_response("**/weigh/**"):
        page.mouse.move(box["x"] + 60, box["y"] + 20, steps=4)
    page.wait_for_timeout(50)
    page.mouse.move(box["x"] + 330, box["y"] + 80, steps=6)
    hint = page.locator(".drag-hint").inner_text()
    page.mouse.up()
    return hint


def test_a_slot_is_dragged_with_a_hint_and_may_be_undone(show, complaints):
    page = show()
    page.locator(".desk-calendar").scroll_into_view_if_needed()
    page.evaluate(
        "document.querySelector('.bar-bottom').remove(); document.querySelector('#toasts').replaceChildren()"
    )
    assert drag(page).endswith("%")
    page.wait_for_selector("#toasts .toast-box")
    assert "Moved to 20" in page.inner_text("#toasts")
    assert page.input_value("#toasts input[name=line]") == "7"
    assert complaints == []


def test_a_drop_after_signing_out_claims_nothing(show):
    page = show()
    page.evaluate("document.querySelector('.desk-calendar').dataset.move = '/do/plan.away'")
    page.evaluate(
        "document.querySelector('.bar-bottom').remove(); document.querySelector('#toasts').replaceChildren()"
    )
    with page.expect_navigation():
        drag(page)
    assert "Moved\n" not in page.inner_text("#toasts")


@pytest.mark.parametrize("view", ["Week", "Day", "List", "Channels"])
def test_every_view_of_the_calendar_is_accessible(show, complaints, view):
    page = show()
    page.click(f".ec-toolbar button:text-is('{view}')")
    page.wait_for_timeout(300)
    assert violations(page) == []
    assert complaints == []


def test_a_page_works_without_script(chromium, live_server, settings):
    settings.SHOW_LOOK = True
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/look/")
    page.click("text=Side panel")
    assert page.inner_text("h1") == "Why here?"
    context.close()


def test_a_passkey_is_made_and_used_under_the_policy(
    show, live_server, complaints, django_user_model, settings
):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = settings.MFA_ALLOW_UNVERIFIED_EMAIL = True
    django_user_model.objects.create_user("alice@example.com", "correct horse battery")
    page = show(address="/accounts/login/")
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": key | able})
    here = live_server.url.replace("127.0.0.1", "localhost")  # a passkey wants a name, not a number
    sign_in(page, f"{here}/accounts/login/?next=/look/side/")
    page.goto(f"{here}/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", "correct horse battery")
        page.click("form.verb-form button")
    page.fill("[name=name]", "Laptop")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    page.context.clear_cookies()
    page.goto(f"{here}/accounts/login/?next=/look/side/")
    page.click("#passkey_login")
    page.wait_for_url("**/look/side/")
    page.wait_for_load_state("networkidle")  # or a late answer meets the emptying of tables
    assert complaints == []


def sign_in(page, address):
    page.goto(address)
    page.fill("[name=login]", "alice@example.com")
    page.fill("[name=password]", "correct horse battery")
    page.click("form.verb-form button")
    page.wait_for_url("**/look/side/")
