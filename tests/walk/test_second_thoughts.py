"""Second thoughts as they travel: done by mistake from the mail, undone; a slip in public words, corrected."""

from playwright.sync_api import Browser

from app.db import Database
from app.domain.workflow import State
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import StartServer
from tests.walk.test_more_time import PHONE, window

SLIP, RIGHT = "سُلمت 241 شهادة بفاس.", "سُلمت 214 شهادة بفاس."


def test_an_answer_is_undone_on_the_phone_and_a_slip_is_corrected_in_public(
    start_server: StartServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server()
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.IN_PROGRESS)
        scenes.publish(made, action)
        token, ref = scenes.link(made, action), action.ref
        cookies = scenes.signed_in(made, "karim")

    phone = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(f"/ar/u/{token}?s=done")
    phone.fill("textarea[name=note]", SLIP)
    phone.locator("form button[type=submit]").first.click()
    phone.wait_for_url("**/receipts/*")
    axe(phone)
    phone.locator("form[action$='/undoing'] button").click()
    phone.wait_for_url("**?said=undone")
    axe(phone)

    public = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    public.goto(f"/ar/actions/{ref}")
    assert "تصريح بالإنجاز" not in public.locator("main").inner_text()

    owner = window(browser, server, cookies)
    owner.goto(f"/ar/workspace/actions/{ref}")
    owner.locator("form[action$='/updates'] input[value=on_track]").check()
    owner.locator("form[action$='/updates'] textarea[name=public_summary]").fill(SLIP)
    owner.locator("form[action$='/updates'] button[type=submit]").click()
    owner.wait_for_url("**?said=recorded")
    axe(owner)
    assert owner.locator("form[action$='/undoing'] button").is_visible()
    public.reload()
    assert SLIP in public.content()

    correction = owner.locator("details[id^=correction]").first
    correction.locator("summary").click()
    correction.locator("textarea[name=public_summary]").fill(RIGHT)
    correction.locator("button[type=submit]").click()
    owner.wait_for_url("**?said=corrected")
    axe(owner)
    public.reload()
    axe(public)
    assert SLIP not in public.content()
    assert RIGHT in public.content()
    assert "صُححت الكلمات في" in public.locator("main").inner_text()
