"""Lists with every section full, every act in their rows: none weighs over sixty kilobytes, in any language."""

import re
from collections.abc import Callable

import pytest
from starlette.types import ASGIApp

from app.db import Database
from app.domain.desk import DeskSection
from app.queries.followup import desk, mine, questions, worklist
from app.queries.followup.owed_actions import MineSection
from app.queries.mailing import outgoing
from app.queries.meetings import secretariat_meetings
from tests.house import House
from tests.web.workspace import full_lists

pytestmark = pytest.mark.sqlite_only
MOST = 60_000  # bytes, uncompressed
ROW = re.compile('class="line[ "]|class="line-brief')


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def shown(house: House, name: str, path: str) -> int:
    """How many rows the page shows, which is light in each language."""
    found = set()
    for lang in ("ar", "fr", "en"):
        answer = house.browser(name).get(f"/{lang}/workspace/{path}")
        assert answer.status_code == 200
        assert len(answer.content) <= MOST, (path, lang)
        found.add(len(ROW.findall(answer.text)))
    [rows] = found
    return rows


def test_the_desk_is_light_with_every_section_full_and_so_is_each_of_them_alone(house: House) -> None:
    full_lists.desk(house)

    sections = len(DeskSection)
    assert shown(house, "amina", "desk") == desk.ROWS // sections * sections, "as many of each, within two screens"
    for section in DeskSection:
        assert shown(house, "amina", f"desk?only={section}") == desk.MANY


@pytest.mark.parametrize(
    ("fill", "name", "path", "rows"),
    [
        (full_lists.mine, "karim", "mine", len(MineSection) * (mine.FEW - 1) + questions.LINES),
        (full_lists.actions, "amina", "actions", worklist.PER_PAGE),
        (full_lists.meeting, "amina", "meetings/rencontre-de-fes", secretariat_meetings.ROWS),
    ],
    ids=["mine", "actions", "meeting"],
)
def test_a_full_list_is_light(house: House, fill: Callable[[House], None], name: str, path: str, rows: int) -> None:
    fill(house)

    assert shown(house, name, path) == rows


def test_what_goes_out_is_light_with_failures_a_week_of_reminders_and_a_ledger(house: House) -> None:
    full_lists.outgoing(house)

    assert shown(house, "amina", "outgoing") > outgoing.FEW + outgoing.PAGE
