"""Every page in a real browser, in three languages, on phone and desk: axe finds nothing, nothing is too wide."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from app.domain.texts import LANGS
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import LiveServer

WIDTHS = ((360, 740), (1280, 900))
# name: (who looks, address or the first link on another page that leads there)
PAGES = {
    "overview": ("", ""),
    "meetings": ("", "meetings/"),
    "meeting": ("", "meetings/ → main a[href*='/meetings/']"),
    "recommendation": ("", " → main a[href*='/actions/'] → main a[href*='/recommendations/']"),
    "action": ("", " → main a[href*='/actions/']"),
    "organisation": ("", " → main a[href*='/organisations/']"),
    "about": ("", "about"),
    "privacy": ("", "privacy"),
    "record": ("", "record"),
    "sign-in": ("", "sign-in"),
    "nothing there": ("", "no-such-page"),
    "search": ("كريم التازي", "workspace/search?q=export"),
    "nothing found": ("كريم التازي", "workspace/search?q=zzzz&year=2024"),
    "my actions": ("كريم التازي", "workspace/mine"),
    "my action": ("كريم التازي", "workspace/mine → main a[href*='/workspace/actions/']"),
    "mailbox": ("كريم التازي", "workspace/mailbox"),
    "one mail": ("كريم التازي", "workspace/mailbox → main a[href*='/mailbox/']"),
    "desk": ("أمينة برادة", "workspace/desk"),
    "actions": ("أمينة برادة", "workspace/actions"),
    "own meetings": ("أمينة برادة", "workspace/meetings"),
    "own meeting": ("أمينة برادة", "workspace/meetings → main a[href*='/workspace/meetings/']:not([href$='/new'])"),
    "own recommendation": (
        "أمينة برادة",
        "workspace/meetings → main a[href*='/workspace/meetings/']:not([href$='/new'])"
        " → main a[href*='/workspace/recommendations/']",
    ),
    "review": (
        "أمينة برادة",
        "workspace/meetings → main a[href*='/workspace/meetings/']:not([href$='/new']) → main a[href$='/review']",
    ),
    "outgoing": ("أمينة برادة", "workspace/outgoing"),
    "one mail that goes out": ("أمينة برادة", "workspace/outgoing → main a[href*='/outgoing/']"),
    "set-up": ("Sara Bennis", "workspace/setup"),
    "posts": ("Sara Bennis", "workspace/setup/posts"),
    "people": ("Sara Bennis", "workspace/setup/people"),
    "new organisation": ("Sara Bennis", "workspace/setup/new-organisation"),
    "days off": ("Sara Bennis", "workspace/setup/days-off"),
    "profile": ("Sara Bennis", "workspace/profile"),
    "week": ("أمينة برادة", "workspace/digest"),
}
# What people type, titles and words: an address without a space may stand in any of it.
_LENGTHEN = """
for (const text of document.querySelectorAll("main h1, main .words, main .row-main a, main .line-what a"))
    text.append(" https://exemple.ma/" + "dossiers".repeat(20))
"""


@pytest.fixture(scope="module")
def seen(browser: Browser, live_server: LiveServer) -> Iterator[dict[str, Page]]:
    """A window for each who looks, signed in by the cast's button."""
    windows: dict[str, Page] = {}
    for who in {who for who, _ in PAGES.values()}:
        page = browser.new_context(base_url=live_server.url).new_page()
        if who:
            page.goto("/fr/sign-in")
            page.locator("#cast button", has_text=re.compile(re.escape(who))).click()
            page.wait_for_url("**/workspace/**")
        windows[who] = page
    yield windows
    for page in windows.values():
        page.context.close()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_everybody_and_fits_its_screen(
    seen: dict[str, Page], axe: CheckAccess, name: str, lang: str
) -> None:
    who, way = PAGES[name]
    page = seen[who]
    broken: list[str] = []
    note = partial(_note, broken)
    page.on("pageerror", note)
    _go(page, lang, way)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})
    page.evaluate(_LENGTHEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[0][0], "with a word as long as an address"
    assert page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    page.remove_listener("pageerror", note)
    assert not broken


def _go(page: Page, lang: str, way: str) -> None:
    address, *links = way.split(" → ")
    page.goto(f"/{lang}/{address.strip()}")
    for link in links:
        href = page.locator(link).first.get_attribute("href")
        assert href
        page.goto(href)


def _note(broken: list[str], error: object) -> None:
    broken.append(str(error))
