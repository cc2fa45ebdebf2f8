"""A real secretariat's first hour: from nothing to a first assigned, public action, by pages alone."""

import re

from playwright.sync_api import Browser, Page

from tests.fixtures.mail import SmtpServer
from tests.fixtures.servers import LiveServer, StartServer

REPORT = "Les participants ont recommandé d’ouvrir un guichet d’appui aux exportateurs avant la fin de 2027."


def test_a_new_secretariat_gets_from_nothing_to_a_first_assigned_action(
    start_server: StartServer, smtp_server: SmtpServer, browser: Browser
) -> None:
    service = start_server(smtp_url=smtp_server.url)
    page = browser.new_context(base_url=service.url, locale="fr").new_page()
    page.set_default_timeout(10_000)
    step_in(page, service)
    add(page, "new-programme", {"titles.fr": "Export 2027"})
    page.locator("form[action$='/publication'] button").first.click()
    add(page, "new-organisation", {"titles.fr": "Centre régional d’investissement"})
    add(page, "new-post", {"titles.fr": "Chargée du suivi"}, choice="organisation")
    add(page, "new-person", {"email": "salma@example.ma", "name": "Salma Idrissi"})
    seat(page)
    ref = take_in(page)
    assign(page, f"{ref}.1")
    page.goto("/fr/workspace/meetings")
    page.locator("main a[href*='/workspace/meetings/']:not([href$='/new'])").first.click()
    page.locator("form[action$='/publication'] button").first.click()
    page.wait_for_url("**said=published**")
    page.goto(f"/fr/actions/{ref}.1")
    assert "Confiée" in page.locator("main").inner_text()
    assert "Salma" not in page.content()


def assign(page: Page, ref: str) -> None:
    """The report named a time limit, so accepting made a draft; it gets its post and goes out."""
    page.goto(f"/fr/workspace/actions/{ref}")
    assert page.input_value("form[action$='/assignment'] input[name=due_on]") == "2027-12-31"
    page.select_option("form[action$='/assignment'] select[name=owner_post_id]", index=1)
    page.locator("form[action$='/assignment'] button[type=submit]").click()
    page.wait_for_url("**said=**")


def step_in(page: Page, service: LiveServer) -> None:
    """The two commands that the service prints when nobody is there."""
    service.tatbiq("person", "add", "sara@example.ma", "--name", "Sara", "--locale", "fr", "--role", "administrator")
    page.goto(service.tatbiq("person", "link", "sara@example.ma").split()[-1])
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/workspace/**")


def add(page: Page, room: str, fields: dict[str, str], choice: str = "") -> None:
    page.goto(f"/fr/workspace/setup/{room}")
    for name, text in fields.items():
        page.fill(f"main [name='{name}']", text)
    if choice:
        page.select_option(f"main select[name={choice}]", index=1)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**said=added**")


def seat(page: Page) -> None:
    """Salma takes the post, from its own page."""
    page.goto("/fr/workspace/setup/posts")
    page.locator("main a[href*='/setup/posts/']").first.click()
    page.locator("main a[href$='/holder']").first.click()
    salma = page.locator("main select[name=person_id] option", has_text="salma@example.ma").get_attribute("value")
    page.select_option("main select[name=person_id]", salma)
    page.locator("main form:has([name=person_id]) button[type=submit]").click()
    page.wait_for_url("**said=handed_over**")


def take_in(page: Page) -> str:
    """A meeting, its report, and the recommendation in it; its reference."""
    page.goto("/fr/workspace/meetings/new")
    page.fill("input[name='titles.fr']", "Rencontre d’Oujda")
    page.fill("input[name=held_on]", "2026-11-02")
    page.select_option("select[name=region]", "OR")
    page.locator("form:has(input[name=held_on]) button[type=submit]").click()
    page.wait_for_url(re.compile(r"/meetings/(?!new)[\w-]+\?said=added"))
    page.goto(page.url.split("?")[0] + "/report")
    page.fill("textarea[name=report]", REPORT)
    page.locator("form:has(textarea[name=report]) button[type=submit]").click()
    page.wait_for_url("**/review**")
    page.locator("button[name=go]").click()
    return page.locator("li.proposal a.ref").inner_text()
