"""More time as it travels: asked from the mail on a phone, endorsed, decided, and public beside the first deadline."""

from playwright.sync_api import Browser, Page

from app.db import Database
from app.domain.workflow import State
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import LiveServer, StartServer

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
ASKED, DECIDED = "المطبعة مغلقة إلى نهاية الشهر.", "أُعيد إطلاق طلب العروض."


def test_more_time_is_asked_from_the_mail_endorsed_and_granted_while_the_baseline_stays(
    start_server: StartServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server()
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.IN_PROGRESS)
        scenes.publish(made, action)
        token, ref, first = scenes.link(made, action), action.ref, action.due_on
        cookies = {name: scenes.signed_in(made, name) for name in ("leila", "amina")}
    later, page = scenes.in_days(60), f"/ar/workspace/actions/{ref}"

    phone = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(f"/ar/u/{token}?s=more_time")
    axe(phone)
    phone.fill("input[name=due_on]", later.isoformat())
    phone.fill("textarea[name=more_time_reason]", ASKED)
    phone.locator("form[action$='/extension-requests'] button").click()
    phone.wait_for_url("**?said=recorded")

    manager = window(browser, server, cookies["leila"])
    manager.goto(page)
    manager.locator("form[action$='/endorsement'] button").click()
    manager.wait_for_url("**?said=recorded")

    desk = window(browser, server, cookies["amina"])
    desk.goto("/ar/workspace/desk?only=requests")
    axe(desk)
    assert ASKED in desk.locator("main").inner_text()
    desk.goto(page)
    axe(desk)
    desk.locator("details:has(form[action$='/grant']) summary").click()
    desk.locator("form[action$='/grant'] textarea[name=reason]").fill(DECIDED)
    desk.locator("form[action$='/grant'] button[type=submit]").click()
    desk.wait_for_url("**?said=recorded")

    public = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    public.goto(f"/ar/actions/{ref}")
    axe(public)
    days = {time.get_attribute("datetime") for time in public.locator("main time").all()}
    assert {first.isoformat() if first else "", later.isoformat()} <= days
    assert DECIDED in public.locator("main").inner_text()
    assert ASKED not in public.content()


def window(browser: Browser, server: LiveServer, cookies: dict[str, str]) -> Page:
    signed_in = browser.new_context(base_url=server.url, viewport=DESK)  # type: ignore[arg-type]
    signed_in.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return signed_in.new_page()
