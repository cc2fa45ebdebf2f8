"""What an action and its milestones owe one holder on one morning is one block with one key; the rest stands apart."""

import datetime as dt
import re

from sqlmodel import Session, col, select

from app import clock
from app.domain.workflow import State
from app.mail.letters import Item
from app.models.actions import Action
from app.models.notifications import Envelope
from app.queries.mailing.letters import recipients
from app.services.followup import milestones
from app.services.mailing.letters import KINDS, Case, LetterCache, QueuedMessage
from tests import passes, scenes
from tests.builders import instant
from tests.scenes import Scene

BEGUN, NOW = instant("2026-10-01"), instant("2026-11-24T09:00")
FAR = dt.date(2027, 6, 1)
DUE = dt.date(2026, 12, 1)  # in seven days, as is each milestone below


def owed(session: Session, *stones: str, due_on: dt.date = DUE) -> tuple[Scene, Action]:
    made = scenes.scene(session)
    with clock.at(BEGUN):
        action = scenes.action(made, State.IN_PROGRESS, due_on=due_on)
        for title in stones:
            milestones.add(session, made.actor("amina"), action, titles={"fr": title}, due_on=DUE)
    return made, action


def another(made: Scene) -> Action:
    with clock.at(BEGUN):
        return scenes.action(made, State.IN_PROGRESS, due_on=DUE)


def morning(made: Scene, name: str = "karim", at: dt.datetime = NOW) -> tuple[list[Item], list[dict[str, object]]]:
    """The lines of the mail that morning, and the keys that are kept of it."""
    session, person_id = made.session, made.people[name]
    with clock.at(at):
        passes.plan_reminders(session, at)
        session.flush()
        found = select(Envelope).where(col(Envelope.person_id) == person_id, col(Envelope.kind) == "reminder")
        row = session.exec(found.order_by(col(Envelope.id).desc())).first()
        assert row
        envelope = QueuedMessage(row.id, person_id, row.kind, row.period, row.about_kind, row.about_id or 0, row.params)
        case = Case(LetterCache(session, clock.now()), envelope, recipients(session, [person_id])[person_id])
        letter = KINDS["reminder"].load(case).letter
    return list(letter.items), case.keys


def tokens(item: Item) -> set[str]:
    """Of all the answers that a block offers."""
    given = [one.answers for one in (item, *item.stones) if one.answers]
    ways = [way for one in given for way in (one.on_track, one.blocked, one.done, one.reached) if way]
    return {re.split(r"[/?]", way.split("/u/")[1])[0] for way in ways}


def test_an_action_and_its_milestones_are_one_block_with_one_key_and_the_action_above(session: Session) -> None:
    made, action = owed(session, "Maquette", "Essai")

    items, keys = morning(made)

    [block] = items
    assert (block.ref, bool(block.milestone_of)) == (action.ref, False)
    assert [stone.title for stone in block.stones] == ["Essai", "Maquette"]
    assert (len(tokens(block)), len(keys)) == (1, 1)
    assert (keys[0]["action_id"], keys[0]["milestone_id"]) == (action.id, None)


def test_two_actions_share_no_block_and_no_key(session: Session) -> None:
    made, _ = owed(session, "Maquette")
    another(made)

    items, keys = morning(made)

    assert sorted(len(item.stones) for item in items) == [0, 1]
    assert len(keys) == 2
    assert not tokens(items[0]) & tokens(items[1])


def test_a_milestone_alone_keeps_the_key_that_opens_nothing_else(session: Session) -> None:
    made, action = owed(session, due_on=FAR)
    with clock.at(BEGUN):
        stone = milestones.add(
            session, made.actor("amina"), action, titles={"fr": "Maquette"}, due_on=dt.date(2026, 11, 26)
        )

    [item], [key] = morning(made, at=instant("2026-11-19T09:00"))

    assert (item.stones, key["milestone_id"]) == ((), stone.id)


def test_two_milestones_of_an_action_that_owes_nothing_itself_are_a_block_by_date(session: Session) -> None:
    made, action = owed(session, due_on=FAR)
    with clock.at(BEGUN):
        for title, day in (("Essai", 26), ("Maquette", 25)):
            milestones.add(session, made.actor("amina"), action, titles={"fr": title}, due_on=dt.date(2026, 11, day))

    [block], keys = morning(made, at=instant("2026-11-19T09:00"))

    assert [block.title, *(stone.title for stone in block.stones)] == ["Maquette", "Essai"]
    assert len(keys) == 1


def test_a_manager_hears_of_an_action_and_its_milestone_without_a_block_or_a_key(session: Session) -> None:
    made, _ = owed(session, "Maquette")

    items, keys = morning(made, "leila", instant("2026-12-08T09:00"))

    assert [item.stones for item in items] == [()] * len(items)
    assert items
    assert keys == []
