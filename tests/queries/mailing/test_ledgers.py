"""Which texts of the ledger somebody may read: those that tell of one's own programmes and of nothing else."""

import pytest
from sqlmodel import Session

from app import clock
from app.domain.permissions import Grant, Role, Viewer
from app.models.actions import Action
from app.models.notifications import Reminder, ReminderState
from app.queries.mailing import ledgers
from app.queries.mailing.ledgers import LedgerScope
from app.services.kernel import outbox
from tests import builders, scenes
from tests.scenes import Scene


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


@pytest.fixture
def own(made: Scene) -> Action:
    return scenes.action(made)


@pytest.fixture
def foreign(made: Scene) -> Action:
    """Of the programme whose secretariat Omar is."""
    session = made.session
    return builders.action(session, builders.recommendation(session, builders.meeting(session, made.other)))


def morning(made: Scene, *told: Action) -> int:
    """One reminder mail to Karim that tells of these actions."""
    message = outbox.enqueue(made.session, "reminder", made.people["karim"], "2026-11-23")
    for action in told:
        made.session.add(
            Reminder(
                person_id=made.people["karim"], subject_kind="action", subject_id=action.id, step="before_7",
                audience="holder", deadline_version=1, due_on=scenes.in_days(0), state=ReminderState.PLANNED,
                message_id=message, at=clock.now(),
            )
        )  # fmt: skip
    made.session.flush()
    return message


def reads(made: Scene, viewer: Viewer, message: int) -> bool:
    return ledgers.reads(made.session, ledgers.scope(viewer) or LedgerScope(frozenset()), viewer, message)


def test_a_mail_of_one_s_own_programme_is_read(made: Scene, own: Action) -> None:
    message = morning(made, own)

    assert reads(made, made.viewer("amina"), message)
    assert not reads(made, made.viewer("omar"), message)


def test_a_mail_that_also_tells_of_another_programme_is_read_by_neither(
    made: Scene, own: Action, foreign: Action
) -> None:
    message = morning(made, own, foreign)

    assert not reads(made, made.viewer("amina"), message)
    assert not reads(made, made.viewer("omar"), message)
    assert reads(made, Viewer(made.people["nadia"], frozenset({Grant(Role.SECRETARIAT)})), message)


def test_one_s_own_mail_is_always_one_s_own(made: Scene, own: Action, foreign: Action) -> None:
    assert reads(made, made.viewer("karim"), morning(made, own, foreign))


def test_administrators_see_the_envelopes_and_not_what_is_in_them(made: Scene, own: Action) -> None:
    sara = Viewer(made.people["nadia"], frozenset({Grant(Role.ADMINISTRATOR)}))

    assert ledgers.scope(sara) == LedgerScope(None)
    assert not reads(made, sara, morning(made, own))


@pytest.mark.parametrize("name", ["karim", "leila", "youssef", "nadia"])
def test_nobody_else_has_a_ledger(made: Scene, name: str) -> None:
    assert ledgers.scope(made.viewer(name)) is None
