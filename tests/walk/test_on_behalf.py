"""A letter as it travels: recorded by the secretariat, read by the public, refused to its recorder for verification."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import LiveServer, StartServer

LETTER = "Lettre n° 412 du centre"
WORDS = "Le guichet a ouvert ses portes."


@pytest.fixture
def service(start_server: StartServer) -> LiveServer:
    return start_server(demo="1")


def test_a_letter_is_recorded_and_seen_in_public_as_such_and_its_recorder_does_not_verify_it(
    service: LiveServer, browser: Browser, axe: CheckAccess
) -> None:
    roles = ("--role", "secretariat", "--role", "verifier")
    service.tatbiq("person", "add", "both@demo.invalid", "--name", "Hajar Alami", "--locale", "fr", *roles)
    desk = signed_in(browser, service, "both")
    ref = an_action_under_way(desk)
    came_on = dt.date.today() - dt.timedelta(days=3)  # noqa: DTZ011 - the day of the machine, as the server has it

    record(desk, ref, came_on)

    axe(desk)
    desk.goto(f"/fr/workspace/actions/{ref}")
    assert desk.locator(f"form[action$='{ref}/verification']").count() == 0
    answer = desk.request.post(
        f"{service.url}/fr/workspace/actions/{ref}/verification", form={}, headers={"Origin": service.url}
    )
    assert answer.status == 403
    public = browser.new_context(base_url=service.url, viewport={"width": 360, "height": 740}).new_page()
    for lang, said in (("fr", "par lettre du"), ("ar", "برسالة بتاريخ"), ("en", "by letter of")):
        public.goto(f"/{lang}/actions/{ref}")
        entry = public.locator(".story li", has_text=WORDS).last
        assert said in entry.inner_text()
        assert "Hajar" not in public.content()
    axe(public)
    verifier = signed_in(browser, service, "nadia")
    verifier.goto(f"/fr/workspace/actions/{ref}")
    assert verifier.locator(f"form[action$='{ref}/verification']").count() == 1
    assert "par lettre du" in verifier.locator(".story").inner_text()


def signed_in(browser: Browser, service: LiveServer, key: str) -> Page:
    page = browser.new_context(base_url=service.url, viewport={"width": 1280, "height": 900}).new_page()
    page.goto(service.tatbiq("person", "link", f"{key}@demo.invalid").split()[-1])
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/workspace/**")
    return page


def an_action_under_way(page: Page) -> str:
    """The reference of a public action on which a word is awaited."""
    page.goto("/fr/workspace/actions?state=in_progress")
    refs = re.findall(r"/fr/workspace/actions/([A-Z]+-\d+-\d+\.\d+)", page.content())
    for ref in dict.fromkeys(refs):
        page.goto(f"/fr/workspace/actions/{ref}")
        if page.locator(f"a[href$='/fr/actions/{ref}']").count() and page.locator("#behalf").count():
            return str(ref)
    raise AssertionError("no public action is under way")


def record(page: Page, ref: str, came_on: dt.date) -> None:
    box = page.locator("#behalf")
    box.locator("summary").click()
    box.locator("input[name=said][value=submit]").check()
    box.locator("input[name=came_by][value=letter]").check()
    box.locator("input[name=came_on]").fill(came_on.isoformat())
    box.locator("input[name=evidence_title]").fill(LETTER)
    box.locator("textarea[name=note]").fill("Ouvert depuis lundi.")
    box.locator("textarea[name=public_summary]").fill(WORDS)
    box.locator("button[type=submit]").last.click()
    page.wait_for_url(f"**/actions/{ref}?said=recorded")
