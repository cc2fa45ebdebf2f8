"""The letter about a bulk edit: what of it still stands for its reader, each action with what changed and its key."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.workflow import State
from app.models.actions import Action
from app.models.notifications import Envelope
from app.queries.mailing.letters import recipients
from app.services.followup import bulk_edits, closures, updates
from app.services.followup.bulk_edits import BulkChange, BulkEdit
from app.services.followup.transitions import Words
from app.services.mailing.letters import KINDS, Case, LetterCache, NoLongerWanted, QueuedMessage
from tests import scenes
from tests.scenes import Scene

KIND = "changed_together"
LATER = dt.date(2027, 12, 31)


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def case(made: Scene, name: str) -> Case:
    """Of the one such letter to that person."""
    mine = col(Envelope.kind) == KIND, col(Envelope.person_id) == made.people[name]
    row = made.session.scalars(sa.select(Envelope).where(*mine)).one()
    assert row.person_id
    envelope = QueuedMessage(row.id, row.person_id, KIND, row.period, "action", row.about_id or 0, row.params)
    whom = recipients(made.session, [row.person_id])[row.person_id]
    return Case(LetterCache(made.session, clock.now()), envelope, whom)


def change(made: Scene, items: list[Action], edit: BulkEdit) -> None:
    bulk_edits.make(made.session, made.actor("amina"), items, edit)
    made.session.flush()


def move(made: Scene, count: int = 3) -> list[Action]:
    items = [scenes.action(made) for _ in range(count)]
    change(made, items, BulkEdit(BulkChange.DEADLINE, due_on=LATER, reason="Le budget arrive plus tard."))
    return items


def test_it_tells_each_change_with_the_reason_and_a_key_for_each(made: Scene) -> None:
    items = move(made)
    karim = case(made, "karim")

    letter = KINDS[KIND].load(karim)

    assert [one.ref for one in letter.items] == [item.ref for item in items]
    assert (letter.total, letter.reason) == (3, "Le budget arrive plus tard.")
    assert all("jusqu’ici" in one.note and one.answers for one in letter.items)
    assert len(karim.keys) == 3


def test_what_has_moved_on_is_left_out_and_nothing_left_is_no_letter(made: Scene) -> None:
    items = move(made)
    closures.cancel(made.session, made.actor("amina"), items[0], reason="Abandonné.")
    closures.move_deadline(made.session, made.actor("amina"), items[1], due_on=scenes.in_days(90), reason="Encore.")
    made.session.flush()
    assert [one.ref for one in KINDS[KIND].load(case(made, "karim")).items] == [items[2].ref]

    closures.cancel(made.session, made.actor("amina"), items[2], reason="Abandonné.")
    made.session.flush()
    with pytest.raises(NoLongerWanted):
        KINDS[KIND].look(case(made, "karim"))


def test_both_sides_of_a_move_hear_what_it_is_to_them(made: Scene) -> None:
    items = [scenes.action(made) for _ in range(2)]
    change(made, items, BulkEdit(BulkChange.OWNER, owner_post_id=made.posts["salma"], reason="Plus de moyens."))

    new, former = (KINDS[KIND].load(case(made, name)) for name in ("salma", "karim"))

    assert {one.note for one in new.items} == {"Remise à votre poste"}
    assert all(one.answers for one in new.items)
    assert {one.note for one in former.items} == {"Déplacée vers un autre poste\u202f: elle n’est plus au vôtre"}
    assert not any(one.answers for one in former.items)

    updates.submit(made.session, made.actor("salma"), items[0], words=Words(note="Fait."))
    made.session.flush()
    assert [one.ref for one in KINDS[KIND].load(case(made, "salma")).items] == [items[1].ref]


def test_a_post_without_a_holder_is_told_to_the_secretariat_once_until_it_has_one(made: Scene) -> None:
    empty = scenes.post(made.session, "empty", made.organisations["centre"])
    items = [scenes.action(made) for _ in range(2)]
    change(made, items, BulkEdit(BulkChange.OWNER, owner_post_id=empty, reason="Nouveau poste."))
    assert len(KINDS[KIND].load(case(made, "amina")).items) == 2

    scenes.holds(made.session, made.people["omar"], empty)
    with pytest.raises(NoLongerWanted):
        KINDS[KIND].look(case(made, "amina"))


def test_ten_are_told_and_the_others_counted(made: Scene) -> None:
    move(made, 12)
    letter = KINDS[KIND].load(case(made, "karim"))

    assert (len(letter.items), letter.total) == (10, 12)
    mail = KINDS[KIND].message(letter)
    assert "12" in mail.subject
    assert State.IN_PROGRESS in {one.state for one in letter.items}
