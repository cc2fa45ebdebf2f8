"""An answer is undone and verified by two hundred at the same moment: one of them wins, and all agree on who."""

import threading
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import col

from app.db import Database
from app.domain.errors import Busy, DomainError
from app.domain.workflow import State
from app.models.actions import Action
from app.queries.followup import actions
from app.services.followup import corrections, undoing, updates, verifications
from app.services.followup.transitions import Words
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene

MANY = 200
SAID = Words(note="Fait.", public_summary="Fait.")
Press = Callable[[Scene, Action], object]


def declared(database: Database) -> tuple[Scene, str, int]:
    with database.write() as session:
        made = scenes.scene(session, published=True)
        action = scenes.action(made)
        scenes.publish(made, action)
        answer = updates.submit(session, made.actor("karim"), action, words=SAID)
        return made, action.ref, answer.id


def at_once(database: Database, made: Scene, ref: str, presses: list[tuple[str, str, Press]]) -> Counter[str]:
    """All press at the same moment; how often each of the names was done, or refused and how."""
    found: Counter[str] = Counter()
    start, counting = threading.Barrier(len(presses)), threading.Lock()

    def run(name: str, who: str, press: Press) -> None:
        start.wait()
        said = _pressed(database, made, ref, who, press)
        with counting:
            found[f"{name} {said}".strip()] += 1

    threads = [threading.Thread(target=run, args=one) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _pressed(database: Database, made: Scene, ref: str, who: str, press: Press) -> str:
    while True:
        try:
            with database.write() as session:
                own = Scene(session, dict(made.people), dict(made.posts), dict(made.organisations), dict(made.ids))
                press(own, actions.get(session, own.viewer(who), ref, lock=True))
            return ""
        except Busy:
            continue  # as the page says: press again
        except DomainError as refused:
            return type(refused).__name__


def read(database: Database, ref: str) -> tuple[State, list[str]]:
    with database.read() as session:
        state = session.scalars(sa.select(col(Action.state)).where(col(Action.ref) == ref)).one()
        return state, integrity.differences(session)


def test_of_two_hundred_who_undo_and_verify_at_once_one_wins(database: Database) -> None:
    made, ref, answer = declared(database)

    def undo(own: Scene, action: Action) -> None:
        undoing.undo(own.session, own.actor("karim"), action, answer)

    def verify(own: Scene, action: Action) -> None:
        verifications.verify(own.session, own.actor("youssef"), action)

    half = MANY // 2
    found = at_once(database, made, ref, [("undo", "karim", undo), ("verify", "youssef", verify)] * half)

    state, wrong = read(database, ref)
    won = "undo" if state is State.IN_PROGRESS else "verify"
    assert state in {State.IN_PROGRESS, State.VERIFIED}
    assert found == {
        won: 1, f"{won} {'TooLate' if won == 'undo' else 'Refused'}": half - 1,
        **({"verify Refused": half} if won == "undo" else {"undo TooLate": half}),
    }  # fmt: skip
    assert wrong == []


def test_of_two_hundred_corrections_of_the_same_words_one_wins(database: Database) -> None:
    made, ref, answer = declared(database)

    def correction(number: int) -> Press:
        def press(own: Scene, action: Action) -> None:
            update = actions.update(own.session, action, answer)
            words = f"Fait le {number}."
            corrections.correct(own.session, own.actor("karim"), action, update, public_summary=words, seen=0)

        return press

    found = at_once(database, made, ref, [("correct", "karim", correction(number)) for number in range(MANY)])

    assert found == {"correct": 1, "correct Stale": MANY - 1}
