"""The review in a real browser: keys by their place, under an Arabic layout too, and adding what is selected."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.types import ASGIApp

from app.config import settings
from app.db import Database
from tests.fixtures.mail import free_port
from tests.house import House
from tests.web.workspace.intake.reviewer import Reviewer

pytestmark = pytest.mark.sqlite_only
REPORT = """تقرير حول لقاء الصادرات

نوه المشاركون بجودة النقاش 😀 وبحضور المهنيين.
أوصى المشاركون بتسريع وتيرة نمو الصادرات، والتعريف بالمنتوجات الوطنية في الخارج، وتحسين الإطار القانوني الداعم للتصدير.
"""


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


@pytest.fixture
def served(application: ASGIApp) -> Iterator[str]:
    """The application of this test on a port of its own."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def page(browser: Browser, house: House, served: str) -> Iterator[Page]:
    """Amina on the review of an Arabic report; script errors fail the test."""
    reviewer = Reviewer(house, lang="ar")
    assert reviewer.paste(REPORT, lang="ar").status_code == 303
    context = browser.new_context(base_url=served, viewport={"width": 1280, "height": 900})
    key = next(iter(house.cookies["amina"].values()))
    context.add_cookies([{"name": settings().cookie_name, "value": key, "url": served}])
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if line.type == "error" else None)
    page.goto(f"{reviewer.home}/review")
    yield page
    context.close()
    assert broken == []


def press(page: Page, code: str, key: str = "ت", *, ctrl: bool = False) -> None:
    """As an Arabic keyboard sends it: the place of the key, and a letter that is no Latin one."""
    page.evaluate(
        """([code, key, held]) => (document.activeElement || document.body).dispatchEvent(
            new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true, ...held}))""",
        [code, key, {"ctrlKey": ctrl}],
    )


def leads_on(page: Page, code: str, *, ctrl: bool = False) -> None:
    with page.expect_navigation():
        press(page, code, ctrl=ctrl)


def opened(page: Page) -> str:
    return page.locator(".proposal.is-open").get_attribute("id") or ""


def states(page: Page) -> list[str]:
    rows = page.locator(".proposal").all()
    return [(row.get_attribute("class") or "").split()[1] for row in rows]


def test_the_keys_move_accept_drop_merge_and_undo(page: Page) -> None:
    first = opened(page)
    leads_on(page, "KeyJ")
    assert opened(page) != first
    assert page.evaluate("document.activeElement.id") == opened(page)
    leads_on(page, "KeyK")
    assert opened(page) == first

    leads_on(page, "Enter", ctrl=True)
    assert states(page)[0] == "is-accepted"
    assert opened(page) != first

    press(page, "KeyX")
    page.keyboard.type("سبق ذكره")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "is-dropped" in states(page)
    leads_on(page, "KeyU")
    assert "is-dropped" not in states(page)

    count = len(states(page))
    leads_on(page, "KeyG")
    assert len(states(page)) == count - 1


def test_keys_reach_the_fields_and_never_fire_inside_them(page: Page) -> None:
    here = page.url
    press(page, "KeyE")
    assert page.evaluate("document.activeElement.name") == "titles.ar"
    press(page, "KeyJ")
    press(page, "KeyX")
    assert page.url == here
    page.evaluate("document.activeElement.blur()")
    for code, name in (("KeyO", "owner_post_id"), ("KeyD", "due_on")):
        press(page, code)
        assert page.evaluate("document.activeElement.name") == name
        page.evaluate("document.activeElement.blur()")


def test_single_keys_can_be_switched_off_and_stay_off(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    press(page, "Slash", "?")
    page.locator("#single-keys").uncheck()
    page.reload()
    first = opened(page)
    press(page, "KeyJ")
    assert opened(page) == first
    assert not page.locator("#single-keys").is_checked()


def test_enter_in_a_title_saves_it_and_accepts_nothing(page: Page) -> None:
    row = opened(page)
    field = page.locator(f"#{row} input[name='titles.ar']")
    field.fill("عنوان مصحح")
    with page.expect_navigation():
        field.press("Enter")
    assert states(page)[0] == "is-proposed"
    assert page.locator(f"#{row} input[name='titles.ar']").input_value() == "عنوان مصحح"


def test_what_is_selected_is_added_as_whole_words_even_behind_an_emoji(page: Page) -> None:
    select(page, "ضور المهني")
    page.locator("#chosen").wait_for(state="visible")
    leads_on(page, "KeyN")
    assert "وبحضور المهنيين" in page.locator(".proposal.is-open .quote").inner_text()


def test_a_selection_across_marks_is_one_place(page: Page) -> None:
    select(page, "أوصى", "الوطنية")
    page.locator("#chosen button").click()
    quote = page.locator(".proposal.is-open .quote").inner_text()
    assert quote.strip("«» ").startswith("أوصى المشاركون بتسريع")
    assert quote.strip("«» ").endswith("الوطنية")


def test_cuts_are_chosen_by_up_and_down(page: Page) -> None:
    select(page, "بتسريع", "للتصدير")
    page.locator("#chosen button").click()
    leads_on(page, "KeyS")
    assert page.evaluate("document.activeElement.name") == "cut"
    first = page.evaluate("document.activeElement.value")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") != first
    page.keyboard.press("ArrowUp")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".proposal").count() == 5


def test_nothing_is_wrong_for_those_who_listen(page: Page, axe: Callable[[Page], None]) -> None:
    press(page, "Slash", "?")
    axe(page)


def select(page: Page, begin: str, end: str = "") -> None:
    """From where `begin` starts in the text to where `end` stops, as a mouse would."""
    page.evaluate(
        """([begin, end]) => {
            const walker = document.createTreeWalker(document.getElementById("report-text"), NodeFilter.SHOW_TEXT);
            const range = document.createRange();
            let begun = false;
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const start = begun ? -1 : node.data.indexOf(begin);
                if (start >= 0) { range.setStart(node, start); begun = true; }
                const last = node.data.indexOf(end || begin);
                if (begun && last >= 0) { range.setEnd(node, last + (end || begin).length); break; }
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        [begin, end],
    )
