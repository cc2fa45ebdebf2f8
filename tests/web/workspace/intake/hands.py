"""Hands on an Arabic keyboard at the review page, and what they see."""

from playwright.sync_api import Page


def press(page: Page, code: str, key: str = "ت", *, ctrl: bool = False) -> None:
    """As an Arabic keyboard sends it: the place of the key, and a letter that is no Latin one."""
    page.evaluate(
        """([code, key, held]) => (document.activeElement || document.body).dispatchEvent(
            new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true, ...held}))""",
        [code, key, {"ctrlKey": ctrl}],
    )


def leads_on(page: Page, code: str, *, ctrl: bool = False) -> None:
    with page.expect_navigation():
        press(page, code, ctrl=ctrl)


def opened(page: Page) -> str:
    return page.locator(".proposal.is-open").get_attribute("id") or ""


def states(page: Page) -> list[str]:
    rows = page.locator(".proposal").all()
    return [(row.get_attribute("class") or "").split()[1] for row in rows]
