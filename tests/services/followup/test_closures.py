"""How an action ends without being done, comes back, or gets more time: reasons, counts, keys."""

from contextlib import nullcontext

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Refused, Stale
from app.domain.progress import Status
from app.domain.workflow import Evidence, State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.rollups import Dated, DayTally
from app.services.followup import actions, closures, updates
from app.services.kernel import counts
from tests import scenes


@pytest.mark.parametrize(
    ("verb", "state"), [(closures.cancel, State.CANCELLED), (closures.not_applicable, State.NOT_APPLICABLE)]
)
def test_an_ending_is_public_with_its_reason_and_closes_the_keys(session: Session, verb: object, state: State) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    token = scenes.link(made, action)

    update = verb(session, made.actor("amina"), action, reason="Le décret est abrogé.")  # type: ignore[operator]

    assert (action.state, action.end_reason) == (state, "Le décret est abrogé.")
    assert action.ended_at
    assert update.released_at
    assert update.public_summary == "Le décret est abrogé."
    assert made.recommendation.status == Status.ACCEPTED_NO_ACTION
    assert scenes.is_revoked(session, token)


def test_what_takes_its_place_is_another_action(session: Session) -> None:
    made = scenes.scene(session)
    action, successor = scenes.action(made), scenes.draft(made)

    with pytest.raises(Refused) as refused:
        closures.supersede(session, made.actor("amina"), action, reason="Elle-même.", successor=action)
    closures.supersede(session, made.actor("amina"), action, reason="Un seul guichet.", successor=successor)

    assert refused.value.field == "successor"
    assert action.state == State.SUPERSEDED
    assert _last(session, action).data["successor"] == successor.ref


def test_a_reopened_action_is_in_progress_without_its_verification(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.VERIFIED)

    closures.reopen(session, made.actor("amina"), action, reason="Le guichet a fermé.")

    assert (action.state, action.evidence) == (State.IN_PROGRESS, Evidence.DOCUMENTED)
    assert action.verified_at is None
    assert action.ended_at is None
    assert action.submitted_at is None
    assert made.recommendation.status == Status.IN_PROGRESS


def test_more_time_is_counted_and_keeps_the_baseline(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    baseline, version = action.baseline_on, action.deadline_version

    closures.move_deadline(
        session, made.actor("amina"), action, due_on=scenes.in_days(60), reason="Le marché est relancé."
    )

    assert (action.baseline_on, action.due_on) == (baseline, scenes.in_days(60))
    assert (action.extensions, action.deadline_version) == (1, version + 1)
    event = _last(session, action)
    assert (event.verb, event.data["from_on"]) == ("move_deadline", str(baseline))


def test_the_public_count_of_what_is_owed_moves_with_the_deadline(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made)
    scenes.publish(made, action)

    closures.move_deadline(session, made.actor("amina"), action, due_on=scenes.in_days(60), reason="Le marché attend.")
    counts.settle(session)

    dates = session.scalars(sa.select(col(DayTally.on)).where(col(DayTally.counted) == Dated.OWED)).all()
    assert set(dates) == {scenes.in_days(60)}


@pytest.mark.parametrize(("days", "reason", "field"), [(20, "Pourquoi pas.", "due_on"), (60, " ", "reason")])
def test_the_same_date_or_no_reason_is_no_extension(session: Session, days: int, reason: str, field: str) -> None:
    made = scenes.scene(session)

    with pytest.raises(Refused) as refused:
        closures.move_deadline(
            session, made.actor("amina"), scenes.action(made), due_on=scenes.in_days(days), reason=reason
        )

    assert refused.value.field == field


def test_a_first_deadline_is_corrected_until_somebody_has_acknowledged_it(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.ASSIGNED)

    closures.move_deadline(session, made.actor("amina"), action, due_on=scenes.in_days(60))

    assert (action.baseline_on, action.due_on, action.extensions) == (scenes.in_days(60), scenes.in_days(60), 0)
    assert action.deadline_version == 2
    event = _last(session, action)
    assert (event.verb, event.data["from_on"]) == ("correct_deadline", str(scenes.in_days(20)))

    updates.acknowledge(session, made.actor("karim"), action)
    with pytest.raises(Refused):
        closures.move_deadline(session, made.actor("amina"), action, due_on=scenes.in_days(70))
    closures.move_deadline(session, made.actor("amina"), action, due_on=scenes.in_days(70), reason="Le marché.")
    assert (action.baseline_on, action.extensions) == (scenes.in_days(60), 1)


def test_a_first_deadline_that_was_public_is_corrected_no_more_even_once_withdrawn(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made, State.ASSIGNED)
    scenes.publish(made, action)
    actions.withdraw(session, made.actor("amina"), action, reason="Une erreur.")

    closures.move_deadline(session, made.actor("amina"), action, due_on=scenes.in_days(60), reason="Le marché.")

    assert (action.baseline_on, action.extensions) == (scenes.in_days(20), 1)


def test_another_owner_does_not_open_the_baseline_again(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.ACKNOWLEDGED)
    actions.reassign(session, made.actor("amina"), action, owner_post_id=made.posts["salma"], reason="Plus de moyens.")

    closures.move_deadline(session, made.actor("amina"), action, due_on=scenes.in_days(60), reason="Le marché.")

    assert (action.baseline_on, action.extensions) == (scenes.in_days(20), 1)


def test_a_deadline_in_the_past_is_asked_back(session: Session) -> None:
    made = scenes.scene(session)
    draft, action = scenes.draft(made, due_on=scenes.in_days(-1)), scenes.action(made)

    for is_past in (False, True):
        with nullcontext() if is_past else pytest.raises(Refused, match="past"):
            actions.assign(session, made.actor("amina"), draft, is_past=is_past)
        with nullcontext() if is_past else pytest.raises(Refused, match="past"):
            closures.move_deadline(
                session, made.actor("amina"), action, due_on=scenes.in_days(-9), reason="C'était hier.", is_past=is_past
            )

    assert (draft.due_on, action.due_on) == (scenes.in_days(-1), scenes.in_days(-9))


def test_today_is_no_past(session: Session) -> None:
    made = scenes.scene(session)

    assert scenes.action(made, State.ASSIGNED, due_on=scenes.in_days(0)).due_on == scenes.in_days(0)


def test_a_closed_action_gets_no_more_time_and_an_owner_gives_himself_none(session: Session) -> None:
    made = scenes.scene(session)

    with pytest.raises(Refused):
        closures.move_deadline(
            session, made.actor("amina"), scenes.action(made, State.VERIFIED), due_on=scenes.in_days(60), reason="Non."
        )
    with pytest.raises(NotAllowed):
        closures.move_deadline(
            session, made.actor("karim"), scenes.action(made), due_on=scenes.in_days(60), reason="Oui."
        )


def test_a_deadline_moved_by_somebody_else_is_stale(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)

    with pytest.raises(Stale) as stale:
        closures.move_deadline(
            session, made.actor("amina"), action, due_on=scenes.in_days(60), reason="Oui.", version=1
        )

    assert (stale.value.current["version"], stale.value.current["due_on"]) == (action.version, action.due_on)


def _last(session: Session, action: Action) -> AuditEvent:
    query = sa.select(AuditEvent).where(
        col(AuditEvent.subject_kind) == "action", col(AuditEvent.subject_id) == action.id
    )
    found = session.scalars(query.order_by(col(AuditEvent.id).desc())).first()
    assert found
    return found
