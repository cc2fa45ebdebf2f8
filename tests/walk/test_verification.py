"""Declared done as it travels: its owner can't verify it, it is returned with a reason, declared again, verified."""

import datetime as dt

from playwright.sync_api import Browser, Page

from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.people import Person
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.mail import SmtpServer
from tests.fixtures.servers import LiveServer, StartServer, run_tatbiq

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
DONE, MISSING, RETURNED = "الدليل مطبوع وموزع.", "تنقص لائحة التوزيع.", "إرجاع"


def test_an_owner_does_not_verify_and_what_is_returned_with_a_reason_is_declared_again_and_verified(
    start_server: StartServer, smtp_server: SmtpServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server(smtp_url=smtp_server.url)
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        made = scenes.scene(session, published=True)
        scenes.grant(session, made.people["karim"], Role.VERIFIER, made.programme)
        session.get_one(Person, made.people["karim"]).timezone = where_it_is_noon()
        action = scenes.action(made, State.IN_PROGRESS)
        scenes.publish(made, action)
        token, ref = scenes.link(made, action), action.ref
        cookies = {name: scenes.signed_in(made, name) for name in ("karim", "youssef")}
    room = f"/ar/workspace/actions/{ref}"

    declare(browser, server, f"/ar/u/{token}?s=done")
    owner = window(browser, server, cookies["karim"])
    owner.goto(room)
    axe(owner)
    assert owner.locator("form[action$='/verification']").count() == 0
    forced = owner.request.post(f"{room}/verification", headers={"Sec-Fetch-Site": "same-origin"})
    assert forced.status == 403

    desk = window(browser, server, cookies["youssef"])
    desk.goto(room)
    desk.locator("details:has(form[action$='/return']) summary").click()
    desk.locator("form[action$='/return'] textarea[name=reason]").fill(MISSING)
    desk.locator("form[action$='/return'] button[type=submit]").click()
    desk.wait_for_url("**?said=**")
    run_tatbiq(server.environment, "tick")
    bodies = [one.message.get_body(("plain",)) for one in smtp_server.received if "karim@" in one.recipients[0]]
    assert any(MISSING in body.get_content() for body in bodies if body)

    declare(browser, server, f"/ar/u/{token}?s=done")
    desk.goto(room)
    axe(desk)
    desk.locator("form[action$='/verification'] button[type=submit]").click()
    desk.wait_for_url("**?said=**")

    public = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    public.goto(f"/ar/actions/{ref}")
    axe(public)
    assert RETURNED in public.locator("main").inner_text()
    assert MISSING not in public.content(), "the reason is for its holder"
    assert "تم التحقق" in public.locator(".lead").inner_text()


def where_it_is_noon() -> str:
    """A mail leaves between the morning and the evening of who reads it."""
    return f"Etc/GMT{dt.datetime.now(dt.UTC).hour - 12:+d}"  # signed the other way round: +2 is two hours behind UTC


def declare(browser: Browser, server: LiveServer, path: str) -> None:
    phone = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(path)
    phone.fill("textarea[name=note]", DONE)
    phone.locator("form:has(textarea[name=note]) button[type=submit]").first.click()
    phone.wait_for_url("**/receipts/**")


def window(browser: Browser, server: LiveServer, cookies: dict[str, str]) -> Page:
    signed_in = browser.new_context(base_url=server.url, viewport=DESK)  # type: ignore[arg-type]
    signed_in.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return signed_in.new_page()
