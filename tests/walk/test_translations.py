"""A translation as it travels: its original changes, the public page says so, it is written, the note is gone."""

from playwright.sync_api import Browser, Page

from app.db import Database
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import LiveServer, StartServer

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
OTHER, FRENCH = "مواكبة المقاولات والتعاونيات نحو الشهادات", "Aider aussi les coopératives à se certifier"
NOTE = "L’original en arabe a changé depuis cette traduction"


def test_a_changed_original_is_said_beside_its_translation_until_somebody_translates_it(
    start_server: StartServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server()
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        made = scenes.scene(session, published=True)
        ref, cookies = made.recommendation.ref, scenes.signed_in(made, "amina")
    public = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    public.goto(f"/fr/recommendations/{ref}")
    assert NOTE not in public.locator("main").inner_text()

    desk = window(browser, server, cookies)
    desk.goto(f"/ar/workspace/recommendations/{ref}/edit")
    axe(desk)
    desk.fill("input[name='titles.ar']", OTHER)
    desk.locator("form[action$='/edit'] button[type=submit]").click()
    desk.wait_for_url("**?said=saved")

    public.reload()
    axe(public)
    assert NOTE in public.locator("main .page-head").inner_text()
    assert public.locator(".page-head bdi[lang=ar]").last.inner_text() == OTHER

    desk.goto("/ar/workspace/translations")
    axe(desk)
    desk.goto("/ar/workspace/desk?only=translations")
    axe(desk)
    desk.locator(".line-acts a").click()
    axe(desk)
    assert desk.locator("#into-fr ins").inner_text() == "والتعاونيات"
    desk.fill("#into-fr textarea", FRENCH)
    desk.locator("form.sides .acts button").click()
    desk.wait_for_url("**?said=saved")
    assert desk.locator("#into-fr ins").count() == 0

    public.reload()
    shown = public.locator("main").inner_text()
    assert FRENCH in shown
    assert NOTE not in shown


def window(browser: Browser, server: LiveServer, cookies: dict[str, str]) -> Page:
    signed_in = browser.new_context(base_url=server.url, viewport=DESK)  # type: ignore[arg-type]
    signed_in.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return signed_in.new_page()
