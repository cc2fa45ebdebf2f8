"""Three walks as users go them, each in a process that has run nothing before; and the floor that all of them cross."""

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from httpx import Response

from app import clock, db
from app.config import settings
from app.domain.workflow import State
from app.jobs import summaries, table
from app.main import create_app
from tests import scenes
from tests.fixtures.markup import form
from tests.fixtures.pages import TestClient
from tests.house import SAME, House
from tests.walk_files.trace import tracing
from tests.web.workspace.intake.reviewer import REPORT

_MONDAY = dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC)
_DEADLINE = _MONDAY.date() + dt.timedelta(days=22)
_WEEK_BEFORE = _MONDAY + dt.timedelta(days=15)  # when the owner is reminded, in office hours


class Ground(NamedTuple):
    """What stands before anybody walks: a public meeting, a public action with the key of its mail, a secretariat."""

    meeting: str
    ref: str
    key: str
    cookies: dict[str, str]


def prepare() -> Ground:
    database = db.init(settings().database)
    with clock.at(_MONDAY):
        house = House(database, create_app())
        with database.write() as session:
            made = house.made.within(session)
            action = scenes.action(made, State.IN_PROGRESS, due_on=_DEADLINE)
            scenes.publish(made, action)
            ground = Ground(made.meeting.slug, action.ref, scenes.link(made, action), house.cookies["amina"])
    _pass(_MONDAY, "dispatch")  # what led there was told by mail
    database.dispose()
    return ground


def walk(name: str, ground: Ground) -> list[str]:
    """The files that are entered on this way."""
    db.init(settings().database)
    client = TestClient(create_app(), base_url="http://127.0.0.1", headers=SAME, follow_redirects=False)
    with clock.at(_MONDAY), tracing() as entered:
        WALKS[name](client, ground)
    db.current().dispose()
    return entered


def _floor(client: TestClient, ground: Ground) -> None:
    """A public page, a page of the workspace and its form, all of them about nothing of the record."""
    _page(client, "/fr/about")
    client.cookies.update(ground.cookies)
    _press(client, _page(client, "/fr/workspace/profile"), "/profile", digest_weekday="2")


def _note(client: TestClient, ground: Ground) -> None:
    """From the link in a mail to the note in the public story."""
    question = _page(client, f"/fr/u/{ground.key}?s=on_track")
    _page(client, _press(client, question, ground.key, s="on_track", note="Le guide est chez l'imprimeur."))
    assert "Signalée en bonne voie" in _page(client, f"/fr/actions/{ground.ref}")


def _reminder(_client: TestClient, _ground: Ground) -> None:
    """From what is due to what the relay took."""
    done = _pass(_WEEK_BEFORE, "plan_reminders", "dispatch")
    assert (done.planned, done.sent) == (1, 1), done


def _report(client: TestClient, ground: Ground) -> None:
    """From the pasted text, by what it proposes, to a recommendation in public."""
    client.cookies.update(ground.cookies)
    paste = form(_page(client, f"/fr/workspace/meetings/{ground.meeting}/report"), "/report")
    parts = {name: (None, value.encode()) for name, value in (paste.fields | {"report": REPORT}).items()}
    review = _page(client, _led(client.post(paste.action, files=parts)))
    row = re.search(r"/proposals/\d+", review)
    assert row
    given = {"titles.ar": "شباك جهوي للتصدير"}
    accepted = _page(client, _press(client, review, row[0], "/acceptance", **given))
    ref = re.search(r"/workspace/recommendations/([\w-]+)", accepted)
    assert ref
    _page(client, _press(client, _page(client, f"/fr/workspace/recommendations/{ref[1]}"), "/publication"))
    client.cookies.clear()
    assert "guichet" in _page(client, f"/fr/recommendations/{ref[1]}")


WALKS: dict[str, Callable[[TestClient, Ground], None]] = {
    "floor": _floor,
    "note": _note,
    "reminder": _reminder,
    "report": _report,
}


def _page(client: TestClient, address: str) -> str:
    answer = client.get(address.partition("#")[0])
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.text)


def _press(client: TestClient, page: str, ending: str, to: str = "", **typed: str) -> str:
    """Where the form to `ending` leads with what was typed; `to` where a button of it goes further."""
    sent = form(page, ending)
    return _led(client.post(sent.action + to, data=sent.fields | typed))


def _led(answer: Response) -> str:
    assert answer.status_code == 303, (answer.url, answer.status_code)
    return str(answer.headers["location"])


def _pass(at: dt.datetime, *names: str) -> summaries.Summary:
    """A pass at that instant, of these jobs alone."""
    jobs, table.JOBS = table.JOBS, tuple(job for job in table.JOBS if job.name in names)
    try:
        return table.run_pass(at)
    finally:
        table.JOBS = jobs
