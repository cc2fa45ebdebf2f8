"""The review in a real browser: keys by their place, under an Arabic layout too, and adding what is selected."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.web.workspace.intake.hands import leads_on, opened, press, states

pytestmark = pytest.mark.sqlite_only


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
    with page.expect_navigation():
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
