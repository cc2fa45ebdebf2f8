"""An answer is undone, verified and mailed by two hundred at the same moment: one wins, and all agree on who."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.db import Database
from app.domain.errors import Busy, DomainError, Refused
from app.domain.messages import N_
from app.domain.undoing import GRACE
from app.domain.workflow import State
from app.models.actions import Action
from app.models.notifications import Delivery, Envelope
from app.queries.followup import actions
from app.services.followup import corrections, undoing, updates, verifications
from app.services.followup.transitions import Words
from app.services.mailing.delivery import channel, claims
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene

MANY = 200
MONDAY = dt.datetime(2026, 12, 7, 9, tzinfo=dt.UTC)  # when mails may leave
SAID = Words(note="Fait.", public_summary="Fait.")
Press = Callable[[Scene], object]


def declared(database: Database) -> tuple[Scene, str, int]:
    with database.write() as session:
        made = scenes.scene(session, published=True)
        action = scenes.action(made)
        scenes.publish(made, action)
        answer = updates.submit(session, made.actor("karim"), action, words=SAID)
        return made, action.ref, answer.id


def at_once(database: Database, made: Scene, presses: list[tuple[str, Press]]) -> Counter[str]:
    """All press at the same moment; how often each of the names was done, or refused and how."""
    found: Counter[str] = Counter()
    start, counting = threading.Barrier(len(presses)), threading.Lock()

    def run(name: str, press: Press) -> None:
        start.wait()
        said = _pressed(database, made, press)
        with counting:
            found[f"{name} {said}".strip()] += 1

    threads = [threading.Thread(target=run, args=one) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _pressed(database: Database, made: Scene, press: Press) -> str:
    while True:
        try:
            with database.write() as session:
                own = Scene(session, dict(made.people), dict(made.posts), dict(made.organisations), dict(made.ids))
                press(own)
            return ""
        except Busy:
            continue  # as the page says: press again
        except DomainError as refused:
            return type(refused).__name__


def taken(own: Scene, ref: str, who: str = "karim") -> Action:
    return actions.get(own.session, own.viewer(who), ref, lock=True)


def read(database: Database, ref: str) -> tuple[State, list[str]]:
    with database.read() as session:
        state = session.scalars(sa.select(col(Action.state)).where(col(Action.ref) == ref)).one()
        return state, integrity.differences(session)


def test_of_two_hundred_who_undo_and_verify_at_once_one_wins(database: Database) -> None:
    made, ref, answer = declared(database)

    def undo(own: Scene) -> None:
        undoing.undo(own.session, own.actor("karim"), taken(own, ref), answer)

    def verify(own: Scene) -> None:
        verifications.verify(own.session, own.actor("youssef"), taken(own, ref, "youssef"))

    half = MANY // 2
    found = at_once(database, made, [("undo", undo), ("verify", verify)] * half)

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
        def press(own: Scene) -> None:
            action = taken(own, ref)
            update = actions.update(own.session, action, answer)
            words = f"Fait le {number}."
            corrections.correct(own.session, own.actor("karim"), action, update, public_summary=words, seen=0)

        return press

    found = at_once(database, made, [("correct", correction(number)) for number in range(MANY)])

    assert found == {"correct": 1, "correct Stale": MANY - 1}


def test_of_two_hundred_who_undo_and_send_as_the_five_minutes_end_one_side_wins_whole(database: Database) -> None:
    """Whoever undoes reads the last instant within the five minutes, whoever sends the first after them."""
    with clock.at(MONDAY):
        made, ref, answer = declared(database)
    ends_at = MONDAY + GRACE

    def undo(own: Scene) -> None:
        with clock.at(ends_at - dt.timedelta(milliseconds=1)):
            undoing.undo(own.session, own.actor("karim"), taken(own, ref), answer)

    def send(own: Scene) -> None:
        if not claims.claim(own.session, ends_at, ends_at + claims.LEASE, 10, channel.WELL).claims:
            raise Refused(N_("Nothing is due"))

    half = MANY // 2
    found = at_once(database, made, [("undo", undo), ("send", send)] * half)

    state, wrong = read(database, ref)
    won = "undo" if state is State.IN_PROGRESS else "send"
    assert found[won] == 1
    assert found["undo TooLate"] == half - (won == "undo")
    assert found["send Refused"] == half - (won == "send")
    assert letters(database) == {Delivery.CANCELLED if won == "undo" else Delivery.CLAIMED}
    assert wrong == []


def letters(database: Database) -> set[Delivery]:
    with database.read() as session:
        return set(session.scalars(sa.select(col(Envelope.state)).where(col(Envelope.kind) == "action_submitted")))
