"""In a real browser: many actions changed together; what a manager endorses in place; an observer's one sheet."""

import re

import sqlalchemy as sa
from playwright.sync_api import Browser, Page
from sqlmodel import col

from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from app.models.notifications import Envelope
from app.services.followup import extensions
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import LiveServer, StartServer

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
REASON = "يتأخر تحويل الاعتمادات إلى ما بعد يونيو."


def test_deadlines_are_moved_together_and_nothing_is_done_before_the_preview_is_confirmed(
    start_server: StartServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server()
    database = Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}")
    with database.write() as session:
        made = scenes.scene(session, published=True)
        refs = [scenes.action(made).ref for _ in range(4)]
        cookies = scenes.signed_in(made, "amina")
        session.execute(sa.delete(Envelope))
    later = scenes.in_days(200)

    desk = window(browser, server, cookies, DESK)
    desk.goto("/ar/workspace/actions")
    desk.locator("a[href$='/actions/bulk-edits']").click()
    axe(desk)
    assert not desk.locator("input[name=due_on]").is_visible()
    desk.locator(f"input[name=ref][value='{refs[3]}']").uncheck()
    desk.locator("input[name=change][value=deadline]").check()
    desk.fill("input[name=due_on]", later.isoformat())
    desk.fill("textarea[name=reason]", REASON)
    desk.locator("button[type=submit]").last.click()
    desk.wait_for_url("**/preview")
    axe(desk)
    assert "Karim" in desk.locator("main").inner_text()
    assert later not in due(database)

    desk.locator("form[action$='/bulk-edits'] button[type=submit]").first.click()
    desk.wait_for_url("**?said=changed_together")

    assert [day == later for day in due(database)] == [True, True, True, False]
    with database.read() as session:
        assert list(session.scalars(sa.select(col(Envelope.kind)))) == ["changed_together"]


def test_a_manager_endorses_where_the_request_stands_and_an_observer_prints_one_sheet(
    start_server: StartServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server()
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        made = scenes.scene(session, published=True)
        asked, _ = scenes.action(made), [scenes.action(made, State.BLOCKED) for _ in range(6)]
        due_on = scenes.in_days(90)
        extensions.ask(session, made.actor("karim"), asked, due_on=due_on, reason="المطبعة مغلقة.")
        cookies = {name: scenes.signed_in(made, name) for name in ("leila", "nadia")}

    manager = window(browser, server, cookies["leila"], PHONE)
    manager.goto("/ar/workspace/organisation")
    axe(manager)
    manager.locator("form[action$='/endorsement'] button").click()
    manager.wait_for_url("**/organisation?said=recorded**")
    assert manager.locator("form[action$='/endorsement']").count() == 0

    for size in (PHONE, DESK):
        observer = window(browser, server, cookies["nadia"], size)
        observer.goto("/ar/workspace/overview")
        axe(observer)
        assert observer.evaluate("document.documentElement.scrollWidth") <= size["width"]
    sheets = len(re.findall(rb"/Type /Page\b", observer.pdf(format="A4", prefer_css_page_size=True)))
    assert sheets == 1


def window(browser: Browser, server: LiveServer, cookies: dict[str, str], size: dict[str, int]) -> Page:
    context = browser.new_context(base_url=server.url, viewport=size)  # type: ignore[arg-type]
    context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return context.new_page()


def due(database: Database) -> list[object]:
    with database.read() as session:
        return list(session.scalars(sa.select(col(Action.due_on)).order_by(col(Action.id))))
