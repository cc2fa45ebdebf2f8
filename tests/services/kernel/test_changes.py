"""Whoever owes an action hears when what they owe changes: back, moved or over; and not of what changed again since."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.progress import Closure
from app.domain.workflow import State
from app.mail.policy import Mail
from app.models.actions import Action
from app.models.notifications import Envelope
from app.models.people import Holding
from app.queries.mailing.letters import recipients
from app.services.followup import closures, recommendation_closures
from app.services.followup.recommendation_closures import Fate
from app.services.mailing.letters import KINDS, Case, LetterCache, NoLongerWanted, QueuedMessage
from tests import scenes
from tests.scenes import Scene

CHANGES = ("action_reopened", "deadline_moved", "action_ended")
Change = Callable[[Scene, Action], object]


def move(made: Scene, action: Action) -> object:
    return closures.move_deadline(made.session, made.actor("amina"), action, due_on=scenes.in_days(50), reason="Visa.")


def cancel(made: Scene, action: Action) -> object:
    return closures.cancel(made.session, made.actor("amina"), action, reason="Le projet est abandonné.")


def not_applicable(made: Scene, action: Action) -> object:
    return closures.not_applicable(made.session, made.actor("amina"), action, reason="La loi a changé.")


def supersede(made: Scene, action: Action) -> object:
    other = scenes.draft(made)
    return closures.supersede(made.session, made.actor("amina"), action, reason="Un seul guichet.", successor=other)


def reopen(made: Scene, action: Action) -> object:
    return closures.reopen(made.session, made.actor("amina"), action, reason="Le guichet a fermé.")


def close(made: Scene, action: Action) -> None:
    fates = {action.ref: Fate.CANCELLED}
    why = Closure.NO_LONGER_APPLICABLE
    recommendation_closures.close(
        made.session, made.actor("amina"), made.recommendation, why, reason="Caduc.", fates=fates
    )


def envelopes(made: Scene, kinds: tuple[str, ...] = CHANGES) -> list[Envelope]:
    query = sa.select(Envelope).where(col(Envelope.kind).in_(kinds)).order_by(col(Envelope.id))
    return list(made.session.scalars(query))


def case(made: Scene, message: Envelope) -> Case:
    about = message.about_id or 0
    envelope = QueuedMessage(
        message.id, message.person_id or 0, message.kind, message.period, message.about_kind, about, message.params
    )
    whom = recipients(made.session, [message.person_id or 0])[message.person_id or 0]
    return Case(LetterCache(made.session, clock.now()), envelope, whom)


def written(made: Scene, message: Envelope) -> Mail:
    kind = KINDS[message.kind]
    kind.look(case(made, message))
    mail: Mail = kind.message(kind.load(case(made, message)))
    return mail


@pytest.mark.parametrize(
    ("change", "state", "kind", "subject", "words"),
    [
        (move, State.IN_PROGRESS, "deadline_moved", "Échéance au", "Visa."),
        (move, State.BLOCKED, "deadline_moved", "Échéance au", "Visa."),
        (cancel, State.IN_PROGRESS, "action_ended", "Annulée", "Le projet est abandonné."),
        (not_applicable, State.SUBMITTED, "action_ended", "Sans objet", "La loi a changé."),
        (supersede, State.ASSIGNED, "action_ended", "Remplacée", "Un seul guichet."),
        (close, State.IN_PROGRESS, "action_ended", "Annulée", "Caduc."),
        (reopen, State.VERIFIED, "action_reopened", "À reprendre", "Le guichet a fermé."),
        (reopen, State.CANCELLED, "action_reopened", "À reprendre", "Le guichet a fermé."),
    ],
)
def test_the_holders_of_owning_and_supporting_posts_hear_what_changed_and_why(
    session: Session, change: Change, state: State, kind: str, subject: str, words: str
) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, state)
    scenes.support(made, action)
    session.execute(sa.delete(Envelope))

    change(made, action)

    told = envelopes(made)
    assert {message.kind for message in told} == {kind}
    assert [message.person_id for message in told] == sorted([made.people["karim"], made.people["salma"]])
    for message in told:
        mail = written(made, message)
        assert mail.subject.startswith(subject)
        assert mail.subject.endswith(action.ref)
        assert words in mail.text


def test_a_first_deadline_that_is_corrected_is_told_as_a_correction(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.ASSIGNED)

    move(made, action)

    [message] = envelopes(made)
    assert "corrigée" in written(made, message).text


def test_who_did_it_themselves_is_not_written_to(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    session.execute(sa.update(Holding).where(col(Holding.person_id) == made.people["karim"]).values(
        person_id=made.people["amina"]))  # fmt: skip

    cancel(made, action)

    assert envelopes(made) == []


def test_who_gave_it_back_does_not_hear_that_it_ended(session: Session) -> None:
    made = scenes.scene(session)

    cancel(made, scenes.action(made, State.DECLINED))

    assert envelopes(made) == []


def test_what_comes_back_to_a_post_without_holder_is_told_to_the_secretariat(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.VERIFIED)
    session.execute(sa.update(Holding).where(col(Holding.person_id) == made.people["karim"]).values(
        until_on=dt.date(2026, 1, 2)))  # fmt: skip

    reopen(made, action)

    assert [message.person_id for message in envelopes(made, ("action_unheld",))] == [made.people["amina"]]


@pytest.mark.parametrize(
    ("first", "then"), [(move, cancel), (reopen, cancel), (cancel, reopen), (move, lambda made, action: closures.
        move_deadline(made.session, made.actor("amina"), action, due_on=scenes.in_days(70), reason="Encore."))],
)  # fmt: skip
def test_a_change_that_was_changed_again_is_told_no_more(session: Session, first: Change, then: Change) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.VERIFIED if first is reopen else State.IN_PROGRESS)
    first(made, action)
    [message] = envelopes(made)

    then(made, action)

    with pytest.raises(NoLongerWanted):
        written(made, message)


@pytest.mark.parametrize("change", [move, cancel])
def test_who_has_left_the_post_hears_no_more(session: Session, change: Change) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    change(made, action)
    [message] = envelopes(made)

    session.execute(sa.update(Holding).where(col(Holding.person_id) == made.people["karim"]).values(
        until_on=dt.date(2026, 1, 2)))  # fmt: skip

    with pytest.raises(NoLongerWanted):
        written(made, message)
