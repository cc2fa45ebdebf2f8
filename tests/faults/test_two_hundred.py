"""Two hundred at once on one action, through the real service: every note is there, of two hundred edits one wins."""

import re

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.db import Database
from app.models.actions import Action
from app.models.questions import QuestionNote
from tests.faults.conftest import Serve, Service
from tests.faults.crowd import Answered, Asked, ask, statuses

pytestmark = [pytest.mark.slow, pytest.mark.alone]
CROWD, ROUNDS = 200, 40
TOLD_TO_WAIT = frozenset({0, 503})  # the line was full: nothing was done, and the same form may be sent again


def until_answered(service: Service, asked: list[Asked]) -> list[Answered]:
    """All at once; whoever is told to wait sends the same form again, with the others who were."""
    answers: list[Answered] = []
    for _ in range(ROUNDS):
        if not asked:
            return answers
        found = ask(service.url, *asked)
        answers += [answer for answer in found if answer.status not in TOLD_TO_WAIT]
        asked = [one for one, answer in zip(asked, found, strict=True) if answer.status in TOLD_TO_WAIT]
    pytest.fail(f"{len(asked)} were told to wait {ROUNDS} times")


def test_two_hundred_notes_at_once_are_all_there_once_each(serve: Serve, database: Database) -> None:
    service = serve()
    ref = service.ground.of("own")["actions"]
    version = _action(database, ref).version
    notes = [
        service.asked(
            ("owner", "secretariat")[number % 2],
            f"/fr/workspace/actions/{ref}/questions",
            {"text": f"Note {number:03}", "once": f"note-{number:03}-{'x' * 16}"},
        )
        for number in range(CROWD)
    ]

    answers = until_answered(service, notes)

    assert statuses(answers) == {303: CROWD}, service.faults()
    action = _action(database, ref)
    with database.read() as session:
        mine = sa.and_(col(QuestionNote.action_id) == action.id, col(QuestionNote.text).like("Note %"))
        kept = sorted(session.scalars(sa.select(col(QuestionNote.text)).where(mine)))
    assert kept == [f"Note {number:03}" for number in range(CROWD)]
    assert action.version == version


def test_of_two_hundred_edits_with_one_version_one_wins_and_the_others_are_told(
    serve: Serve, database: Database
) -> None:
    service = serve()
    ref = service.ground.of("own")["actions"]
    version = _action(database, ref).version
    edits = [
        service.asked(
            "secretariat",
            f"/fr/workspace/actions/{ref}/edit",
            {"titles.fr": f"Titre {number:03}", "version": str(version), "once": f"edit-{number:03}-{'x' * 16}"},
        )
        for number in range(CROWD)
    ]

    answers = until_answered(service, edits)

    assert statuses(answers) == {303: 1, 409: CROWD - 1}, service.faults()
    action = _action(database, ref)
    assert action.version == version + 1
    # Each page of those who lost has what they typed, and what stands now.
    lost = [set(re.findall(r"Titre \d{3}", answer.body.decode())) for answer in answers if answer.status == 409]
    assert all(len(titles) == 2 and action.titles["fr"] in titles for titles in lost)
    assert len(set().union(*lost)) == CROWD


def _action(database: Database, ref: str) -> Action:
    with database.read() as session:
        return session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()
