"""The lists that people work at all day: thirty items fit two screens of a desk, and their page is light."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock
from app.config import STATIC
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action
from app.models.notifications import Delivery, Envelope
from app.web.workspace import frame
from tests import scenes
from tests.house import House

pytestmark = pytest.mark.sqlite_only
SCREEN = {"width": 1280, "height": 900}
SHEETS = [STATIC / name for name in ("app.css", "workspace.css")]


@pytest.fixture
def house(database: Database, application: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(frame, "_banners", lambda _viewer: ())  # nothing is amiss in the house
    return House(database, application)


def _desk(house: House) -> str:
    for number in range(6):
        for state in (State.DRAFT, State.SUBMITTED, State.BLOCKED, State.ASSIGNED, State.IN_PROGRESS):
            house.action(state, due_on=scenes.in_days(9 + number))
    with house.database.write() as session:
        long_ago = clock.now() - dt.timedelta(days=40)
        old = sa.update(Action).where(col(Action.state).in_((State.ASSIGNED, State.IN_PROGRESS)))
        session.execute(old.values(assigned_at=long_ago, last_word_at=None))
        scenes.grant(session, house.made.people["amina"], Role.VERIFIER, house.made.programme)
    return "amina /workspace/desk"


def _to_verify(house: House) -> str:
    for number in range(30):
        house.action(State.SUBMITTED, due_on=scenes.in_days(number - 20))
    return "youssef /workspace/desk?only=to_verify"


def _mine(house: House) -> str:
    for number in range(6):
        for state, days in ((State.IN_PROGRESS, -9), (State.IN_PROGRESS, 3), (State.ASSIGNED, 9), (State.BLOCKED, 40)):
            house.action(state, due_on=scenes.in_days(days + number % 3))
        house.action(State.SUBMITTED)
    return "karim /workspace/mine"


def _outgoing(house: House) -> str:
    for number in range(15):
        house.action(State.ASSIGNED, due_on=scenes.in_days(number))
    for number in range(6):
        house.action(due_on=scenes.in_days(number))
    with house.database.write() as session:
        sent = sa.update(Envelope).where(col(Envelope.state) == Delivery.QUEUED)
        session.execute(sent.values(state=Delivery.SENT, sent_at=clock.now(), subject="Rappel : un sujet"))
    return "amina /workspace/outgoing"


@pytest.mark.parametrize("lang", ["ar", "fr"])
@pytest.mark.parametrize("fill", [_desk, _to_verify, _mine, _outgoing], ids=lambda fill: fill.__name__[1:])
def test_thirty_items_fit_two_screens_and_weigh_little(
    house: House, browser: Browser, fill: Callable[[House], str], lang: str
) -> None:
    name, path = fill(house).split()
    answer = house.browser(name).get(f"/{lang}{path}")
    assert answer.status_code == 200
    assert len(re.findall('class="line[ "]|line-brief', answer.text)) >= (20 if fill is _to_verify else 28)
    assert len(answer.content) <= 60_000

    page = browser.new_page(viewport=SCREEN)  # type: ignore[arg-type]
    page.set_content(_styled(answer.text))
    height = page.evaluate("document.documentElement.scrollHeight")
    page.close()

    assert height <= 2 * SCREEN["height"]


def _styled(html: str) -> str:
    """The page as it stands, its sheets within: no server is behind it."""
    styles = "".join(f"<style>{sheet.read_text(encoding='utf-8')}</style>" for sheet in SHEETS)
    bare = re.sub(r'<link rel="(stylesheet|icon)"[^>]*>|<script[^>]*></script>', "", html)
    return bare.replace("</head>", f"{styles}</head>")
