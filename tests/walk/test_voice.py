"""A dispute as it travels: verified, asked by mail, disputed on a phone, answered by the secretariat, public."""

import datetime as dt
import re

from playwright.sync_api import Browser, Page

from app import clock
from app.db import Database
from app.domain.workflow import State
from app.services.kernel import proposer_news
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.mail import SmtpServer
from tests.fixtures.servers import LiveServer, StartServer, run_tatbiq
from tests.scenes import Scene

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
SAID, UPHELD, TURNED_DOWN = "الشباك مغلق منذ شهر مارس.", "يجب أن يعاد فتح الشباك.", "أعيد فتح الشباك يوم الاثنين."
_ASK = re.compile(r"/ar/voice/[\w-]{20,}")


def test_who_proposed_it_disputes_from_the_mail_and_is_upheld_or_answered_in_public(
    start_server: StartServer, smtp_server: SmtpServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server(smtp_url=smtp_server.url)
    with database(server).write() as session:
        made = scenes.scene(session, published=True)
        refs = declared(made)
        verifier = scenes.signed_in(made, "youssef")
    for ref in refs:
        verify(window(browser, server, verifier), ref)
    mails_leave(server, hours=1)
    asked = _ASK.findall(text_to("zarqa0@coop.invalid", smtp_server))
    assert len(asked) == len(refs)

    for path in asked:
        dispute(browser.new_context(base_url=server.url, viewport=PHONE).new_page(), path, axe)  # type: ignore[arg-type]
    with database(server).write() as session:
        desk = window(browser, server, scenes.signed_in(made.within(session), "amina"))
    desk.goto("/ar/workspace/desk?only=disputed")
    axe(desk)
    assert all(ref in desk.locator("main").inner_text() for ref in refs)
    settle(desk, refs[0], "upheld", UPHELD, axe)
    settle(desk, refs[1], "not_upheld", TURNED_DOWN, axe)
    mails_leave(server, hours=2)

    assert UPHELD in text_to("karim@tatbiq.invalid", smtp_server)
    public = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    public.goto(f"/ar/actions/{refs[0]}")
    assert SAID in public.locator("main").inner_text()
    assert "تم التحقق" not in public.locator(".lead").inner_text()
    public.goto(f"/ar/actions/{refs[1]}")
    axe(public)
    assert weight(public, SAID) == weight(public, TURNED_DOWN)
    assert "Zarqa" not in public.content()


def declared(made: Scene) -> list[str]:
    """Two actions of one recommendation, declared done, of which whoever proposed it is to hear."""
    scenes.proposer(made.session, made.recommendation.id, locale="ar")
    items = [scenes.action(made, State.SUBMITTED) for _ in range(2)]
    for item in items:
        scenes.publish(made, item)
    return [item.ref for item in items]


def verify(page: Page, ref: str) -> None:
    page.goto(f"/ar/workspace/actions/{ref}")
    page.locator("form[action$='/verification'] button[type=submit]").click()
    page.wait_for_url("**?said=**")


def mails_leave(server: LiveServer, hours: int) -> None:
    """A pass on the next working morning, whatever the hour is now."""
    with database(server).read() as session:
        at = proposer_news.next_morning(session, clock.now()) + dt.timedelta(hours=hours)
    run_tatbiq(server.environment | {"TATBIQ_DEMO": "1"}, "tick", "--at", at.isoformat())


def text_to(address: str, smtp_server: SmtpServer) -> str:
    bodies = [one.message.get_body(("plain",)) for one in smtp_server.received if address in one.recipients]
    return "\n".join(body.get_content() for body in bodies if body)


def dispute(phone: Page, path: str, axe: CheckAccess) -> None:
    phone.goto(path)
    axe(phone)
    phone.locator("label:has(input[value=no])").click()
    phone.fill("textarea[name=text]", SAID)
    phone.locator("form button[type=submit]").click()
    phone.wait_for_url("**/receipt")
    axe(phone)
    assert SAID in phone.locator("main").inner_text()


def settle(desk: Page, ref: str, answer: str, reason: str, axe: CheckAccess) -> None:
    """Release the words, then answer: both stand where the row of the desk leads."""
    desk.goto(f"/ar/workspace/actions/{ref}")
    axe(desk)
    desk.locator("form[action$='/release'] button").first.click()
    desk.wait_for_url("**?said=**")
    desk.goto(f"/ar/workspace/actions/{ref}#dispute")
    desk.locator(f"form[action$='/dispute'] input[value={answer}]").check()
    desk.locator("form[action$='/dispute'] textarea").fill(reason)
    desk.locator("form[action$='/dispute'] button[type=submit]").click()
    desk.wait_for_url("**?said=**")


def weight(page: Page, words: str) -> list[str]:
    """How what was said looks: who reads it gives it the weight that it has on the page."""
    look = "e => ['fontSize', 'fontWeight', 'color', 'display'].map(name => getComputedStyle(e)[name])"
    found: list[str] = page.locator("main .words", has_text=words).first.evaluate(look)
    return found


def database(server: LiveServer) -> Database:
    return Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}")


def window(browser: Browser, server: LiveServer, cookies: dict[str, str]) -> Page:
    signed_in = browser.new_context(base_url=server.url, viewport=DESK)  # type: ignore[arg-type]
    signed_in.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return signed_in.new_page()
