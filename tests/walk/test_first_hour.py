"""A real secretariat's first hour: from nothing to a first assigned, public action, by pages alone and in few steps."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Response

from tests.fixtures.mail import SmtpServer
from tests.fixtures.servers import LiveServer, StartServer

REPORT = "Les participants ont recommandé d’ouvrir un guichet d’appui aux exportateurs avant la fin de 2027."
MOST = 12  # clicks, choices of a list among them; it was 23 on 20 pages


@dataclass
class Hand:
    """Somebody at the pages: what they press and choose, and the pages that it shows them. Typing is not counted."""

    page: Page
    clicks: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._seen)

    def press(self, selector: str) -> None:
        self.clicks.append(selector)
        with self.page.expect_navigation():
            self.page.locator(f"main {selector}").first.click()

    def choose(self, name: str, **option: str | int) -> None:
        self.clicks.append(name)
        self.page.select_option(f"main select[name={name}]", **option)  # type: ignore[arg-type]

    def type(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.fill(f"main [name='{name.replace('__', '.')}']", text)

    def save(self, last_field: str) -> None:
        """The main button of the form that holds the field."""
        self.press(f"form:has([name='{last_field}']) .acts button[type=submit]")

    def _seen(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.ok:
            self.pages.append(response.url)


def test_a_new_secretariat_gets_from_nothing_to_a_first_assigned_action(
    start_server: StartServer, smtp_server: SmtpServer, browser: Browser
) -> None:
    service = start_server(smtp_url=smtp_server.url)
    page = browser.new_context(base_url=service.url, locale="fr").new_page()
    page.set_default_timeout(10_000)
    page.goto(invited(service))
    hand = Hand(page)
    hand.press("button[type=submit]")
    assert page.url.endswith("/fr/workspace/setup")
    set_up(hand)
    ref = take_in(hand)
    assign(hand)
    told = f"{len(hand.clicks)} clicks on {len(hand.pages)} pages: {hand.clicks}"
    assert len(hand.clicks) <= MOST, told
    assert len(hand.pages) <= MOST, told
    publish(page, ref)
    assert "Salma" not in page.content()


def invited(service: LiveServer) -> str:
    """The two commands that the service prints when nobody is there."""
    service.tatbiq("person", "add", "sara@example.ma", "--name", "Sara", "--locale", "fr", "--role", "administrator")
    return service.tatbiq("person", "link", "sara@example.ma").split()[-1]


def set_up(hand: Hand) -> None:
    """Each save leads to the form of what comes next."""
    hand.press("a[href$='/setup/new-programme']")
    hand.type(titles__fr="Export 2027")
    hand.save("titles.fr")
    assert hand.page.url.endswith("/setup/new-organisation?said=next_organisation")
    hand.type(titles__fr="Centre régional d’investissement", post__fr="Chargée du suivi")
    hand.type(name="Salma Idrissi", email="salma@example.ma")
    hand.save("email")
    assert hand.page.url.endswith("/meetings/new?said=next_meeting")


def take_in(hand: Hand) -> str:
    """A meeting, its report, and the recommendation in it, with the post that will see to it; its reference."""
    hand.type(titles__fr="Rencontre d’Oujda", held_on="2026-11-02")
    hand.choose("region", value="OR")
    hand.save("held_on")
    hand.type(report=REPORT)
    hand.save("report")
    hand.choose("owner_post_id", index=1)
    hand.press("button[formaction$='/acceptance']")
    return hand.page.locator(".proposal-head a.ref").inner_text()


def assign(hand: Hand) -> None:
    """The report named a time limit, so accepting made a draft with a date; it goes out from where it is shown."""
    assert "31 décembre 2027" in hand.page.locator(".proposal.is-open").inner_text()
    hand.press("form[action$='/assignment'] button[type=submit]")
    assert "said=assigned" in hand.pages[-1]


def publish(page: Page, ref: str) -> None:
    page.goto("/fr/workspace/setup/programmes")
    page.locator("main a[href*='/setup/programmes/']").first.click()
    page.locator("form[action$='/publication'] button").first.click()
    page.wait_for_url("**said=published**")
    page.goto("/fr/workspace/meetings")
    page.locator("main a[href*='/workspace/meetings/']:not([href$='/new'])").first.click()
    page.locator("form[action$='/publication'] button").first.click()
    page.wait_for_url("**said=published**")
    page.goto(f"/fr/actions/{ref}.1")
    assert "Confiée" in page.locator("main").inner_text()
