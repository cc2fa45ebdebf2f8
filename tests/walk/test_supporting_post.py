"""A joint action as it travels: a supporting post late beside a lead on time, and never hidden behind it."""

import datetime as dt
import re

import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from app import clock
from app.db import Database
from app.domain.sentences import parts as sentences
from app.domain.sentences.parts import PartSituation
from app.domain.workflow import PartState, State
from app.i18n.catalogues import gettext
from app.models.people import Person
from app.services.followup import parts
from app.wording import say_text
from tests import scenes
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.mail import Received, SmtpServer
from tests.fixtures.servers import LiveServer, StartServer, run_tatbiq

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LATE, PART, SAID, DONE = 10, "لوائح المعارض", "اللوائح جاهزة إلا واحدة.", "طُبع الدليل ووُزع."
LEFT = gettext("ar", "Parts that are not declared done:")


def test_a_late_part_is_reminded_answered_and_named_though_its_lead_is_on_time_and_declares_it_done(
    start_server: StartServer, smtp_server: SmtpServer, browser: Browser, axe: CheckAccess
) -> None:
    server = start_server(smtp_url=smtp_server.url)
    ref, cookies = _joint(server)
    late = say_text(
        sentences.of_one(PartSituation(PartState.UNDER_WAY, scenes.in_days(-LATE)), scenes.in_days(0)), "ar"
    )

    _mails(server, smtp_server, *_morning(-11))  # what is told of the planning
    reminders = {to: text for to, text in _mails(server, smtp_server, *_morning(-1)) if PART in text or ref in text}
    assert "karim@tatbiq.invalid" not in reminders, "its lead has two months left"
    assert PART in reminders["salma@tatbiq.invalid"]

    public = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    public.goto(f"/ar/actions/{ref}")
    axe(public)
    assert late in public.locator("main").inner_text()

    desk = window(browser, server, cookies["amina"])
    desk.goto("/ar/workspace/desk")
    axe(desk)
    assert ref in desk.locator("main").inner_text()
    assert late in desk.locator("main").inner_text()

    phone = browser.new_context(base_url=server.url, viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(_link(reminders["salma@tatbiq.invalid"]))
    axe(phone)
    assert PART in phone.locator("main").inner_text()
    phone.locator("input[name=s][value=on_track]").check()
    phone.fill("textarea[name=note]", SAID)
    phone.locator("form:has(input[name=s]) button[type=submit]").click()
    phone.wait_for_url("**/receipts/*")

    desk.goto(f"/ar/workspace/actions/{ref}")
    assert SAID in desk.locator("main").inner_text()

    lead = window(browser, server, cookies["karim"])
    lead.goto(f"/ar/workspace/actions/{ref}")
    assert LEFT in lead.locator("main").inner_text()
    lead.locator("input[name=s][value=done]").check()
    lead.fill("form[action$='/updates'] textarea[name=note]", DONE)
    lead.locator("form[action$='/updates'] button[type=submit]").click()
    lead.wait_for_url("**?said=recorded")

    asked = dict(_mails(server, smtp_server, *_when_nothing_is_undone_any_more()))
    assert LEFT in asked["youssef@tatbiq.invalid"]
    verifier = window(browser, server, cookies["youssef"])
    verifier.goto(f"/ar/workspace/actions/{ref}")
    axe(verifier)
    assert LEFT in verifier.locator("main").inner_text()
    verifier.locator("form[action$='/verification'] button[type=submit]").click()
    verifier.wait_for_url("**?said=*")

    public.goto(f"/ar/actions/{ref}")
    axe(public)
    assert gettext("ar", "Its part was not declared done") in public.locator("main").inner_text()


def _joint(server: LiveServer) -> tuple[str, dict[str, dict[str, str]]]:
    """Asked for twelve days ago: Karim's post has two months left, Salma's part was to be done ten days ago."""
    now = clock.now()
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        with clock.at(now - dt.timedelta(12)):
            made = scenes.scene(session, published=True)
            for person in session.scalars(sa.select(Person)):
                person.locale = "ar"
            session.get_one(Person, made.people["youssef"]).timezone = _where_it_is_noon(now)
            action = scenes.action(made, State.IN_PROGRESS, due_on=scenes.in_days(60))
            post_id, due_on = made.posts["salma"], (now - dt.timedelta(LATE)).date()
            parts.add(session, made.actor("amina"), action, post_id=post_id, titles={"ar": PART}, due_on=due_on)
            scenes.publish(made, action)
        return action.ref, {name: scenes.signed_in(made, name) for name in ("amina", "karim", "youssef")}


def _mails(server: LiveServer, smtp: SmtpServer, *at: str) -> list[tuple[str, str]]:
    """To whom and what: all that leaves then but for the weekly digests."""
    known = len(smtp.received)
    run_tatbiq(server.environment | {"TATBIQ_DEMO": "1"}, "tick", *at)
    fresh = [one for one in smtp.received[known:] if not str(one.message["Subject"]).startswith("أسبوع")]
    return [(one.recipients[0], _text(one)) for one in fresh]


def _morning(days: int) -> tuple[str, str]:
    return "--at", dt.datetime.combine(scenes.in_days(days), dt.time(9), dt.UTC).isoformat()


def _when_nothing_is_undone_any_more() -> tuple[str, str]:
    """What an answer sends waits for as long as it may be undone."""
    return "--at", (clock.now() + dt.timedelta(minutes=6)).isoformat()


def _where_it_is_noon(now: dt.datetime) -> str:
    """Mails leave by day, and this runs at any hour."""
    return f"Etc/GMT{now.hour - 12:+d}"


def _text(one: Received) -> str:
    body = one.message.get_body(("plain",))
    return str(body.get_content()).replace("\u2068", "").replace("\u2069", "") if body else ""


def _link(reminder: str) -> str:
    found = re.search(r"/ar/u/\S+\?s=on_track", reminder)
    assert found
    return found[0]


def window(browser: Browser, server: LiveServer, cookies: dict[str, str]) -> Page:
    signed_in = browser.new_context(base_url=server.url, viewport=DESK)  # type: ignore[arg-type]
    signed_in.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return signed_in.new_page()
