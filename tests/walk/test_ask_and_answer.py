"""A question as it travels: asked in the workspace, mailed by a real relay, answered from the mail on a phone, seen."""

import re

import sqlalchemy as sa
from playwright.sync_api import Browser
from sqlmodel import Session, col

from app.db import Database
from app.domain.workflow import State
from app.models.access import AuthSession
from app.models.actions import Action
from app.models.people import Person
from app.queries.scope import seats
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.mail import SmtpServer
from tests.fixtures.servers import StartServer
from tests.scenes import Scene
from tests.walk.test_first_light import mails_to, office_hours, text_of, tomorrow
from tests.walk.test_more_time import PHONE, window

ASKED, SAID = "متى تُطبع النسخ الأولى من الدليل؟", "تُطبع في 15 دجنبر، وتوزع في الأسبوع الموالي."
KARIM = "karim@demo.invalid"


def test_a_question_is_asked_mailed_answered_from_the_mail_and_seen(
    start_server: StartServer, smtp_server: SmtpServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server(demo="1", smtp_url=smtp_server.url)
    database = Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}")
    with database.write() as session:
        made, cookies = _sign_in(session)
        ref = _action(made)
    page = f"/ar/workspace/actions/{ref}"

    desk = window(browser, server, cookies["amina"])
    desk.goto(page)
    desk.locator("#question summary").click()
    desk.locator("#question textarea").fill(ASKED)
    desk.locator("#question button[type=submit]").click()
    desk.wait_for_url("**?said=recorded")
    axe(desk)
    desk.goto("/ar/workspace/desk?only=questions")
    axe(desk)
    assert ASKED in desk.locator("main").inner_text()

    server.tatbiq("tick", "--at", office_hours(tomorrow()).isoformat())
    [letter] = [text_of(mail) for mail in mails_to(KARIM, smtp_server) if ASKED in text_of(mail)]
    key = re.search(r"/ar/u/[\w-]+/question", letter)
    assert key

    phone = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(key[0])
    axe(phone)
    assert ASKED in phone.locator("main").inner_text()
    box = phone.locator("button[type=submit]").bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE["height"], "the button is on the first screen"
    phone.fill("textarea[name=text]", SAID)
    phone.locator("button[type=submit]").click()
    phone.wait_for_url("**?said=recorded")
    axe(phone)

    with database.write() as session:
        _sign_in(session)  # a pass of tomorrow has ended the sessions of today
    desk.goto("/ar/workspace/desk?only=questions")
    assert "/desk" in desk.url
    assert ASKED not in desk.locator("main").inner_text()
    desk.goto(page)
    desk.locator("#questions > summary").click()
    axe(desk)
    assert SAID in desk.locator("main").inner_text()
    mine = window(browser, server, cookies["karim"])
    mine.goto("/ar/workspace/mine")
    axe(mine)
    assert ASKED not in mine.locator("main").inner_text()
    public = browser.new_context(base_url=server.url).new_page()
    public.goto(f"/ar/actions/{ref}")
    assert SAID not in public.content()


def _sign_in(session: Session) -> tuple[Scene, dict[str, dict[str, str]]]:
    """Both who talk, each with the cookie of a session."""
    session.execute(sa.delete(AuthSession))
    people = dict(session.execute(sa.select(col(Person.email), col(Person.id))).all())
    made = Scene(session, {name: people[f"{name}@demo.invalid"] for name in ("amina", "karim")})
    return made, {name: scenes.signed_in(made, name) for name in made.people}


def _action(made: Scene) -> str:
    """A public one that Karim's post works on."""
    public = sa.select(Action).where(col(Action.state) == State.IN_PROGRESS, col(Action.is_public))
    found = made.session.scalars(public)
    return next(one.ref for one in found if made.people["karim"] in seats.seated(made.session, one.owner_post_id))
