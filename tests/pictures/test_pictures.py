"""What the guide shows exists: each pictured page opens for the one who is said to see it, as wide as it is taken."""

import pytest
from playwright.sync_api import Browser

from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import LiveServer
from tests.pictures.scenes import PICTURES, window


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictured_page_opens_in_the_demonstration(live_server: LiveServer, browser: Browser, name: str) -> None:
    with window(browser, live_server, PICTURES[name], "ar") as page:
        PICTURES[name].opens(page, "ar")
        wide = page.evaluate("document.documentElement.scrollWidth")

    assert wide <= PICTURES[name].size["width"]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_guide_is_open_to_everybody_on_phone_and_desk(
    live_server: LiveServer, browser: Browser, axe: CheckAccess, width: int
) -> None:
    with window(browser, live_server, PICTURES["mine"], "ar") as page:
        page.set_viewport_size({"width": width, "height": 740})
        page.goto("/ar/workspace/guide")
        assert page.url.endswith("/ar/workspace/guide/owner")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
