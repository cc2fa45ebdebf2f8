"""What ties meetings together, in Chromium: a theme merged, an action shared, a link and an outcome, in ar and fr."""

import pytest
from playwright.sync_api import Browser, Page

from app.db import Database
from app.domain.workflow import State
from app.services.meetings import meetings, recommendations
from app.services.setup import themes
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import LiveServer, StartServer

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
OUTCOME = "صدرت اثنتا عشرة مقاولة لأول مرة."


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_themes_links_shared_actions_and_outcomes_are_made_by_pages_and_read_by_the_public(
    start_server: StartServer, browser: Browser, axe: CheckAccess, lang: str
) -> None:
    server = start_server()
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        made = scenes.scene(session, published=True)
        amina, action = made.actor("amina"), scenes.action(made, State.VERIFIED)
        scenes.publish(made, action)
        held = meetings.create(
            session, amina, made.programme, titles={"ar": "لقاء وجدة"}, held_on=scenes.in_days(-90), region="OR"
        )
        other = recommendations.create(
            session, amina, held, titles={"ar": "مواكبة المصدرين"}, source_text=scenes.SENTENCE, source_lang="ar"
        )
        meetings.publish(session, amina, held)
        recommendations.publish(session, amina, other)
        for title in ("Salons", "Marchés"):
            themes.create(session, amina, titles={"fr": title})
        home, served, item = made.recommendation.ref, other.ref, action.ref
        cookies = scenes.signed_in(made, "amina")

    desk, work = window(browser, server, cookies), f"/{lang}/workspace"
    chosen(desk, f"{work}/recommendations/{home}/themes", axe)
    merged(desk, f"{work}/setup/themes/salons", axe)

    desk.goto(f"{work}/recommendations/{home}/links")
    axe(desk)
    desk.fill("input[name=other]", served)
    desk.locator("form[action$='/links'] button").click()
    desk.wait_for_url("**?said=saved")

    desk.goto(f"{work}/actions/{item}")
    desk.locator("#also_serves summary").click()
    desk.fill("#also_serves input[name=other]", served)
    desk.locator("form[action$='/also-serves'] button").click()
    desk.wait_for_url("**?said=recorded")
    axe(desk)

    for ref in (home, served):
        desk.goto(f"{work}/recommendations/{ref}/outcome")
        axe(desk)
        desk.fill("textarea[name='words.ar']", OUTCOME)
        desk.fill("input[name=on]", scenes.in_days(0).isoformat())
        desk.locator("form[action$='/outcome'] button[type=submit]").click()
        desk.wait_for_url("**?said=recorded")

    phone = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(f"/{lang}/themes/salons")
    axe(phone)
    assert phone.url.endswith("/themes/marches")
    phone.locator(f"a[href$='/recommendations/{home}']").click()
    axe(phone)
    assert OUTCOME in phone.locator("main").inner_text()
    phone.locator(f".facts a[href$='/recommendations/{served}']").click()
    axe(phone)
    assert OUTCOME in phone.locator("main").inner_text()
    phone.locator(f"#{item.replace('.', chr(92) + '.')} h3 a").click()
    axe(phone)
    assert served in phone.locator("main").inner_text()


def chosen(desk: Page, page: str, axe: CheckAccess) -> None:
    desk.goto(page)
    axe(desk)
    desk.select_option("select[name=main]", label="Salons")
    desk.locator("form[action$='/themes'] button[type=submit]").click()
    desk.wait_for_url("**?said=saved")


def merged(desk: Page, page: str, axe: CheckAccess) -> None:
    """Asked back once, then done; what was chosen stands while it is asked."""
    desk.goto(page)
    axe(desk)
    desk.select_option("select[name=into]", label="Marchés")
    desk.locator("form[action$='/merger'] button[type=submit]").click()
    desk.locator("input[name=is_meant]").check()
    axe(desk)
    desk.locator("form[action$='/merger'] button[type=submit]").click()
    desk.wait_for_url("**/themes/marches?said=merged")


def window(browser: Browser, server: LiveServer, cookies: dict[str, str]) -> Page:
    signed_in = browser.new_context(base_url=server.url, viewport=DESK)  # type: ignore[arg-type]
    signed_in.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return signed_in.new_page()
