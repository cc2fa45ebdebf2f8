"""Amina at the review in a real browser, with the application of the test behind it."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page
from starlette.types import ASGIApp

from app.config import settings
from app.db import Database
from tests.fixtures.mail import free_port
from tests.house import House
from tests.web.workspace.intake.reviewer import Reviewer

REPORT = """تقرير حول لقاء الصادرات

نوه المشاركون بجودة النقاش 😀 وبحضور المهنيين.
أوصى المشاركون بتسريع وتيرة نمو الصادرات، والتعريف بالمنتوجات الوطنية في الخارج، وتحسين الإطار القانوني الداعم للتصدير.
"""


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


@pytest.fixture
def served(application: ASGIApp) -> Iterator[str]:
    """The application of this test on a port of its own."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def page(browser: Browser, house: House, served: str) -> Iterator[Page]:
    """Amina on the review of an Arabic report; script errors fail the test."""
    reviewer = Reviewer(house, lang="ar")
    assert reviewer.paste(REPORT, lang="ar").status_code == 303
    context = browser.new_context(base_url=served, viewport={"width": 1280, "height": 900})
    key = next(iter(house.cookies["amina"].values()))
    context.add_cookies([{"name": settings().cookie_name, "value": key, "url": served}])
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if is_broken(line) else None)
    page.goto(f"{reviewer.home}/review")
    yield page
    context.close()
    assert broken == []


def is_broken(line: ConsoleMessage) -> bool:
    """An answer that refuses is none."""
    return line.type == "error" and "the server responded with a status of 4" not in line.text
