"""What each picture of the guide shows: who looks, at which page of the demonstration, and how far down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from app.demo.cast import CAST
from tests.fixtures.servers import LiveServer

Open = Callable[[Page, str], None]
DESK, PHONE = {"width": 960, "height": 640}, {"width": 400, "height": 660}


def at(address: str) -> Open:
    """The page of the workspace at that address."""
    return lambda page, lang: _go(page, f"/{lang}/workspace/{address}")


def first(listed: str, links: str, beyond: str = "") -> Open:
    """The first page that a list leads to, or one beyond it."""

    def go(page: Page, lang: str) -> None:
        at(listed)(page, lang)
        _go(page, _leads(page, links) + beyond)

    return go


def by_mail(page: Page, lang: str) -> None:
    """What the newest mail with a link of its own opens."""
    at("mailbox")(page, lang)
    for letter in [link.get_attribute("href") or "" for link in page.locator("main a[href*='/mailbox/']").all()]:
        _go(page, letter)
        links = page.locator("main a[href*='/u/']")
        if links.count():
            _go(page, "/" + (links.first.get_attribute("href") or "").split("?")[0].split("/", 3)[-1])
            _go(page, page.url.replace(f"/{page.url.split('/')[3]}/", f"/{lang}/", 1))
            return
    raise LookupError("the mailbox of the demonstration holds no mail with a link")


@dataclass(frozen=True)
class PictureTaken:
    who: str
    opens: Open
    size: dict[str, int]


PICTURES: dict[str, PictureTaken] = {
    "mine": PictureTaken("karim", at("mine"), DESK),
    "answer": PictureTaken("karim", by_mail, PHONE),
    "substitutes": PictureTaken("karim", at("profile/substitutes"), DESK),
    "desk": PictureTaken("amina", at("desk"), DESK),
    "review": PictureTaken("amina", first("meetings", "a[href*='/review']"), DESK),
    "requests": PictureTaken("amina", at("desk?only=requests"), DESK),
    "outgoing": PictureTaken("amina", at("outgoing"), DESK),
    "verify": PictureTaken("nadia", at("desk"), DESK),
    "organisation": PictureTaken("leila", at("organisation"), DESK),
    "overview": PictureTaken("youssef", at("overview"), DESK),
    "search": PictureTaken("youssef", at("search?q=export"), DESK),
    "setup": PictureTaken("sara", at("setup"), DESK),
    "post": PictureTaken("sara", first("setup/posts", "a[href*='/setup/posts/']", "/holder"), DESK),
}


@contextmanager
def window(browser: Browser, server: LiveServer, picture: PictureTaken, lang: str) -> Iterator[Page]:
    """Somebody of the cast, signed in by the demonstration's own door."""
    context = browser.new_context(base_url=server.url, viewport=picture.size)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/{lang}/sign-in")
    page.locator("#cast button").nth(_place(picture.who)).click()
    page.wait_for_load_state()
    yield page
    context.close()


def _place(who: str) -> int:
    return [member.key for member in CAST].index(who)


def _leads(page: Page, links: str) -> str:
    return page.locator(f"main {links}").first.get_attribute("href") or ""


def _go(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, f"{address} answered {answer.status}"
