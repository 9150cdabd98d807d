"""The pages in a real browser: accessible, keyboard-friendly, without scripts, 400 pixels wide."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.own_themes import add_own_theme
from kb.own_themes import own_theme
from kb.settings import Home
from kb.store import Store, judgements
from kb.store.judgements import Verdict
from tests.library_for_tests import (
    COORDINATOR,
    COUNCIL,
    FULL,
    TRUST,
    app_over,
    key_of,
    write_library,
)
from tests.test_webui_roles import WITH_ROLES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_sync = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]

ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PAGES = (
    "/",
    "/search?q=coordinator+allocated",
    "/similar",
    f"/similar?passage={key_of(FULL, COORDINATOR)}",
    "/search?theme=training&kind=report",
    "/search?q=xylophone",
    "/documents/full-report?theme=care_coordination",
    "/themes",
    "/themes/care_coordination",
    "/themes/own:lone-working",
    "/themes/own/new",
    "/themes/crosswalk",
    "/editor",
    "/clusters",
    "/organisations",
    "/organisations?role=mentioned",
    "/across",
    "/across?by=kind&least=1",
    "/across?by=area",
    "/across?by=year",
    "/across?role=mentioned",
    "/across?role=author",
    "/across/passages?by=kind&row=council&theme=staffing",
    "/across/compare",
    f"/across/compare?organisation={TRUST}&organisation={COUNCIL}",
    f"/organisations/{TRUST}",
    f"/organisations/{COUNCIL}",
    "/documents/the-plan",
    "/search?role=mentioned",
    "/briefing",
    "/briefing?theme=care_coordination&kind=report",
    "/briefing?year=1999",
    "/learning/care_coordination",
    "/case",
    "/library",
    "/nothing-here",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the library."""
    from werkzeug.serving import make_server

    home = Home(Path(tmp_path_factory.mktemp("site")) / "home")
    write_library(home, *WITH_ROLES)
    _edited(home)
    server = make_server("127.0.0.1", 0, app_over(home), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def _edited(home: Home) -> None:
    """Make a theme of a user's own and say something of tags in every way there is."""
    own = own_theme(
        name="Lone working", definition="", cues=["one nurse"], examples=[], who="Robin Invented"
    )
    said = {
        "care_coordination": Verdict.REJECT,
        "training": Verdict.ADD,
        "commissioning": Verdict.ADD,
    }
    with Store.writing(home, purpose="test") as store:
        add_own_theme(store, own)
        for theme, verdict in said.items():
            judgements.judge(store.db, key_of(FULL, COORDINATOR), theme, verdict, who="Robin")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: "Browser", site: str) -> Iterator["Page"]:
    """A page of a fresh visitor whose case list holds two passages."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site)
    opened = context.new_page()
    opened.goto("/editor")
    opened.get_by_label("Your name").fill("Robin Invented")
    opened.get_by_role("button", name="Keep my name").click()
    for _ in range(2):
        opened.goto("/search?q=coordinator+allocated")
        opened.get_by_role("button", name="Add to case list").first.click()
    yield opened
    context.close()


def test_no_page_has_an_accessibility_violation(page: "Page") -> None:
    axe = axe_sync.Axe()
    for path in PAGES:
        page.goto(path)
        for details in page.locator("details").all():
            details.evaluate("element => element.open = true")
        found = axe.run(page).response["violations"]
        told = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
        assert told == [], path


@pytest.mark.parametrize("width", [1280, 400])
def test_no_page_is_wider_than_its_window(page: "Page", width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_no_page_breaks_its_own_policy_or_asks_another_machine(page: "Page", site: str) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES[:-1]:  # the browser's console also complains of a 404
        page.goto(path)
    assert complaints == []
    assert asked and all(url.startswith(site) for url in asked)


def test_the_keyboard_s_focus_is_visible(page: "Page") -> None:
    page.goto("/search?q=coordinator+allocated")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(14):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth), s.boxShadow]; })()"
        )
        assert style[0] == "solid" and style[1] >= 2 and style[2] != "none"


def test_a_search_works_without_scripts(browser: "Browser", site: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("coordinator allocated")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Add to case list").first.click()
    page.get_by_role("link", name="Case list (1)").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "Nobody held the plan"
    context.close()


def test_an_editor_rejects_a_theme_and_takes_it_back_without_scripts(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/documents/rewritten-report")
    page.get_by_text("Edit themes of passage 1").click()
    page.get_by_role("link", name="Say who you are before you judge passage 1").click()
    page.get_by_label("Your name").fill("Robin Invented")
    page.get_by_role("button", name="Keep my name").click()
    page.get_by_text("Edit themes of passage 1").click()
    page.get_by_role("button", name="Reject Discharge in passage 1").click()
    assert page.locator(".numbered:target s").inner_text() == "Discharge"
    page.get_by_role("button", name="Undo the rejection of Discharge").click()
    assert page.locator(".numbered:target s").count() == 0
    page.get_by_text("Edit themes of passage 1").click()
    page.get_by_label("A theme that was missed in passage 1").fill("Staffing")
    page.get_by_role("button", name="Add it to passage 1").click()
    assert "“Staffing” is added to this passage." in page.locator(".flash").inner_text()
    context.close()


def test_a_link_to_a_passage_opens_the_part_it_stands_in(page: "Page") -> None:
    page.goto("/search?q=disused+lighthouse")
    page.locator(".place a").first.click()
    shown = page.locator(".numbered:target")
    assert shown.is_visible()
    assert "lighthouse" in shown.inner_text()
