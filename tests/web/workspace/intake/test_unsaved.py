"""What is typed in the review and not saved: another row, a reload, a refusal, a conflict or a lost session keep it."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.house import House
from tests.web.workspace.intake.hands import leads_on, opened, press, states
from tests.web.workspace.intake.reviewer import Reviewer

pytestmark = pytest.mark.sqlite_only
TYPED = "تسريع وتيرة الصادرات قبل نهاية السنة"
NOTE = "form#row [data-kept]"


def title(page: Page) -> str:
    return page.locator("#row input[name='titles.ar']").input_value()


def test_moving_on_by_key_saves_what_was_typed(page: Page) -> None:
    first = opened(page)
    page.fill("#row input[name='titles.ar']", TYPED)
    page.keyboard.press("Escape")
    leads_on(page, "KeyJ")
    assert opened(page) != first
    leads_on(page, "KeyK")
    assert opened(page) == first
    assert title(page) == TYPED
    assert page.locator(NOTE).is_hidden()


def test_a_row_that_was_only_read_is_left_without_saving(page: Page) -> None:
    leads_on(page, "KeyJ")
    assert "said" not in page.url
    assert not page.locator("[data-key='KeyU']").count()


def test_a_reload_brings_back_what_was_typed_with_a_note_and_a_way_to_discard_it(page: Page) -> None:
    before = title(page)
    page.fill("#row input[name='titles.ar']", TYPED)
    page.fill("#row input[name=done_when]", "يصدر المرسوم")
    page.fill("#f-find", "بجودة النقاش")
    page.reload()
    assert (title(page), page.input_value("#row input[name=done_when]")) == (TYPED, "يصدر المرسوم")
    assert page.input_value("#f-find") == "بجودة النقاش"
    assert page.locator(NOTE).is_visible()
    page.locator(f"{NOTE} button").click()
    assert title(page) == before
    page.reload()
    assert title(page) == before
    assert page.locator(NOTE).is_hidden()


def test_what_is_saved_is_kept_no_longer(page: Page) -> None:
    page.fill("#row input[name='titles.ar']", TYPED)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    page.reload()
    assert title(page) == TYPED
    assert page.locator(NOTE).is_hidden()


def test_a_refused_row_is_left_by_key_and_found_again_as_it_was_typed(page: Page) -> None:
    first = opened(page)
    page.fill("#row input[name='titles.ar']", "")
    page.fill("#row input[name=done_when]", "يصدر المرسوم")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".problems").count()
    assert page.input_value("#row input[name=done_when]") == "يصدر المرسوم"
    page.evaluate("document.activeElement.blur()")
    leads_on(page, "KeyJ")
    assert opened(page) != first
    assert page.locator(f"#{first} [data-kept]").is_visible()
    leads_on(page, "KeyK")
    assert (title(page), page.input_value("#row input[name=done_when]")) == ("", "يصدر المرسوم")
    assert page.locator(NOTE).is_visible()


def test_somebody_elses_change_meanwhile_is_a_conflict_and_neither_is_lost(page: Page, house: House) -> None:
    number = int(opened(page).removeprefix("p"))
    page.fill("#row input[name='titles.ar']", TYPED)
    other = Reviewer(house, lang="ar")
    other.look(number)
    other.follow(other.press(f"/proposals/{number}", titles__ar="عنوان من زميلة"))
    page.reload()
    assert title(page) == TYPED
    with page.expect_navigation():
        page.locator("#row button[type=submit]:not([formaction])").click()
    differing = page.locator("tr.differs").first.inner_text()
    assert TYPED in differing
    assert "عنوان من زميلة" in differing
    assert title(page) == TYPED
    page.evaluate("document.activeElement.blur()")
    leads_on(page, "KeyJ")
    leads_on(page, "KeyK")
    assert title(page) == TYPED
    other.look(number)
    assert "عنوان من زميلة" in other.page


def test_a_session_that_ended_loses_nothing(page: Page) -> None:
    here, context = page.url, page.context
    page.fill("#row input[name='titles.ar']", TYPED)
    lost = signed_out(context)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert not page.locator("#row").count()
    context.add_cookies(lost)
    page.goto(here)
    assert title(page) == TYPED
    assert page.locator(NOTE).is_visible()


def signed_out(context: BrowserContext) -> list[Any]:
    """The session's cookie, taken away."""
    lost: list[Any] = [
        {"name": one["name"], "value": one["value"], "domain": one["domain"], "path": one["path"]}
        for one in context.cookies()
    ]
    context.clear_cookies()
    return lost


def test_going_back_finds_what_was_typed(page: Page) -> None:
    page.fill("#row input[name='titles.ar']", TYPED)
    page.goto("/ar/workspace/meetings")
    page.go_back()
    assert title(page) == TYPED


def test_a_reason_half_typed_is_kept_and_so_is_a_title_whose_row_was_dropped(page: Page) -> None:
    first = opened(page)
    page.fill("#row input[name='titles.ar']", TYPED)
    page.keyboard.press("Escape")
    press(page, "KeyX")
    page.keyboard.type("سبق")
    page.reload()
    reason = page.locator(f"#{first} input[name=reason]")
    assert reason.is_visible()
    assert reason.input_value() == "سبق"
    reason.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "is-dropped" in states(page)
    left = page.locator("#left-over")
    assert TYPED in left.inner_text()
    assert "سبق" not in left.inner_text()
    left.locator("button").click()
    page.reload()
    assert left.is_hidden()


def test_escape_leaves_a_field_with_its_text_and_letters_act_again(page: Page) -> None:
    page.fill("#row input[name='titles.ar']", TYPED)
    page.fill("#row input[name=done_when]", "يصدر المرسوم")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == opened(page)
    assert (title(page), page.input_value("#row input[name=done_when]")) == (TYPED, "يصدر المرسوم")
    press(page, "KeyE")
    assert page.evaluate("document.activeElement.name") == "titles.ar"


@pytest.mark.parametrize("selector", ["input[name=done_when]", "select[name=owner_post_id]", "input[name=due_on]"])
def test_letters_are_letters_inside_every_field(page: Page, selector: str) -> None:
    here = page.url
    page.locator(f"#row {selector}").focus()
    for code in ("KeyJ", "KeyX", "KeyG", "KeyU", "KeyS", "Delete"):
        press(page, code)
    assert page.url == here
    assert states(page) == ["is-proposed"] * len(states(page))


@pytest.mark.parametrize("held", ["ctrlKey", "metaKey", "altKey", "shiftKey", "isComposing"])
def test_letters_with_a_modifier_or_in_an_input_method_are_no_shortcuts(page: Page, held: str) -> None:
    here = page.url
    for code in ("KeyJ", "KeyX", "KeyG", "KeyU", "KeyZ", "KeyS"):
        page.evaluate(
            """([code, held]) => document.body.dispatchEvent(new KeyboardEvent(
                "keydown", {code, key: "ت", bubbles: true, cancelable: true, [held]: true}))""",
            [code, held],
        )
    assert page.url == here
    assert not page.locator("details[data-key][open]").count()


def test_accept_and_go_on_from_the_reason_for_dropping_accepts_nothing(page: Page) -> None:
    press(page, "KeyX")
    press(page, "Enter", ctrl=True)
    page.wait_for_timeout(300)
    assert "is-accepted" not in states(page)
