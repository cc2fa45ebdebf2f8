"""An action that also serves another recommendation counts there too, and nowhere twice."""

import threading

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.domain.errors import NotAllowed, Refused
from app.domain.permissions import Role
from app.domain.progress import Closure, Response, Status
from app.domain.workflow import State
from app.models.actions import Action, AlsoServes
from app.models.audit import AuditEvent
from app.models.recommendations import Recommendation
from app.models.rollups import Scope, Tallied, Tally
from app.queries.followup import actions as found
from app.queries.meetings import recommendations as known
from app.services.followup import actions, also_serves, closures, updates, verifications
from app.services.followup.transitions import Words
from app.services.kernel import counts
from app.services.meetings import meetings, recommendations
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene


def shared(made: Scene, state: State = State.IN_PROGRESS) -> tuple[Action, Recommendation]:
    item, other = scenes.action(made, state), scenes.elsewhere(made)
    scenes.publish(made, item)
    also_serves.serve(made.session, made.actor("amina"), item, other)
    return item, other


def of(session: Session, item: Recommendation) -> Status:
    """What the public reads, as it is stored."""
    session.flush()
    return session.scalars(sa.select(col(Recommendation.public_status)).where(col(Recommendation.id) == item.id)).one()


def tallied(session: Session, scope: Scope, counted: Tallied, *, is_public: bool = True) -> dict[str, int]:
    counts.settle(session)
    mine = col(Tally.scope) == scope, col(Tally.counted) == counted, col(Tally.is_public) == is_public
    query = sa.select(col(Tally.status), sa.func.sum(col(Tally.count))).where(*mine).group_by(col(Tally.status))
    return {status: int(count) for status, count in session.execute(query)}


def test_it_counts_in_the_status_of_both_and_in_the_totals_once(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item, other = shared(made)

    assert (made.recommendation.public_status, other.public_status) == (Status.IN_PROGRESS, Status.IN_PROGRESS)
    assert other.response is Response.ACCEPTED
    assert other.owed_on == item.due_on
    assert tallied(session, Scope.PROGRAMME, Tallied.ACTIONS) == {"in_progress": 1}
    assert tallied(session, Scope.ORGANISATION, Tallied.ACTIONS) == {"in_progress": 1}
    assert tallied(session, Scope.PROGRAMME, Tallied.RECOMMENDATIONS) == {"in_progress": 2}
    assert integrity.differences(session) == []


def test_every_move_of_it_moves_both(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item, other = shared(made)

    updates.submit(session, made.actor("karim"), item, words=Words(note="Le guide est imprimé."))
    verifications.verify(session, made.actor("youssef"), item)
    assert (made.recommendation.public_status, other.public_status) == (Status.IMPLEMENTED, Status.IMPLEMENTED)
    assert other.implemented_on is not None
    assert tallied(session, Scope.MEETING, Tallied.RECOMMENDATIONS) == {"implemented": 2}
    closures.reopen(session, made.actor("amina"), item, reason="Contestée.")
    assert of(session, other) is Status.IN_PROGRESS
    closures.cancel(session, made.actor("amina"), item, reason="Abandonnée.")
    assert other.public_status is Status.ACCEPTED_NO_ACTION
    assert integrity.differences(session) == []


def test_what_is_withdrawn_at_home_counts_nowhere_in_public(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item, other = shared(made)

    actions.withdraw(session, made.actor("amina"), item, reason="Erreur.")
    assert (other.status, other.public_status) == (Status.IN_PROGRESS, Status.ACCEPTED_NO_ACTION)
    actions.publish(session, made.actor("amina"), item)
    recommendations.withdraw(session, made.actor("amina"), made.recommendation, reason="Erreur.")
    assert of(session, other) is Status.ACCEPTED_NO_ACTION
    recommendations.publish(session, made.actor("amina"), made.recommendation)
    assert of(session, other) is Status.IN_PROGRESS
    meetings.withdraw(session, made.actor("amina"), made.meeting, reason="Erreur.")
    assert of(session, other) is Status.ACCEPTED_NO_ACTION
    meetings.publish(session, made.actor("amina"), made.meeting)
    assert of(session, other) is Status.IN_PROGRESS
    assert integrity.differences(session) == []


def test_it_ceases_with_a_reason_and_each_history_tells(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item, other = shared(made)
    amina = made.actor("amina")

    with pytest.raises(Refused) as refused:
        also_serves.cease(session, amina, item, other, reason=" ")
    also_serves.cease(session, amina, item, other, reason="Autre objet.")

    assert refused.value.field == "reason"
    assert not item.serves_others
    assert other.public_status is Status.ACCEPTED_NO_ACTION
    told = set(session.scalars(sa.select(col(AuditEvent.verb)).where(col(AuditEvent.subject_id) == other.id)))
    assert {"also_serve_here", "cease_to_serve_here"} <= told
    with pytest.raises(Refused):
        also_serves.cease(session, amina, item, other, reason="Encore.")
    assert integrity.differences(session) == []


def test_whoever_is_not_secretariat_of_both_shares_nothing(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item, other = scenes.action(made), scenes.elsewhere(made)
    foreign = Scene(session, dict(made.people), dict(made.posts), dict(made.organisations))
    foreign.programme = made.other
    foreign.meeting = meetings.create(
        session, made.actor("omar"), made.other, titles={"fr": "Rabat"}, held_on=scenes.in_days(-9), region="RSK"
    )
    foreign.people["amina"] = made.people["omar"]
    elsewhere = scenes.recommendation(foreign)

    for name in ("karim", "leila", "youssef", "nadia", "omar"):
        with pytest.raises(NotAllowed):
            also_serves.serve(session, made.actor(name), item, other)
    with pytest.raises(Refused) as refused:
        also_serves.serve(session, made.actor("amina"), item, elsewhere)
    scenes.grant(session, made.people["amina"], Role.SECRETARIAT, made.other)
    also_serves.serve(session, made.actor("amina"), item, elsewhere)

    assert refused.value.field == "other"
    assert elsewhere.status is Status.IN_PROGRESS


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED, State.SUPERSEDED, State.NOT_APPLICABLE])
def test_a_draft_or_what_was_ended_serves_nothing(session: Session, state: State) -> None:
    made = scenes.scene(session, published=True)
    item, other = scenes.action(made, state), scenes.elsewhere(made)

    with pytest.raises(Refused, match="Only an action that was assigned"):
        also_serves.serve(session, made.actor("amina"), item, other)


def test_not_twice_not_at_home_not_below_what_was_decided_against(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item, other = shared(made)
    amina = made.actor("amina")
    refused, closed = scenes.elsewhere(made), scenes.elsewhere(made)
    recommendations.respond(session, amina, refused, Response.NOT_ACCEPTED, reason="Trop cher.")
    recommendations.close(session, amina, closed, Closure.NO_LONGER_APPLICABLE, reason="Loi abrogée.")

    for target in (None, made.recommendation, other, refused, closed):
        with pytest.raises(Refused):
            also_serves.serve(session, amina, item, target)

    assert session.scalars(sa.select(sa.func.count()).select_from(AlsoServes)).one() == 1


def test_pages_stay_bounded(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scenes.scene(session, published=True)
    monkeypatch.setattr(also_serves, "MOST", 1)
    item, _ = shared(made)

    with pytest.raises(Refused, match="At most 1"):
        also_serves.serve(session, made.actor("amina"), item, scenes.elsewhere(made))


def test_what_is_derived_wrongly_is_found_and_mended(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item, other = shared(made)
    counts.settle(session)
    session.execute(sa.update(Action).where(col(Action.id) == item.id).values(serves_others=False))
    session.execute(
        sa.update(Recommendation).where(col(Recommendation.id) == other.id).values(status=Status.NOT_STARTED)
    )
    session.expire_all()

    faults = integrity.differences(session)
    integrity.rebuild(session)

    assert any(fault.startswith(f"actions: 1 differ, first {item.ref}") for fault in faults)
    assert any(other.ref in fault for fault in faults)
    assert integrity.differences(session) == []
    assert (item.serves_others, other.status) == (True, Status.IN_PROGRESS)


def test_the_action_and_the_served_move_at_once_and_neither_waits_for_ever(database: Database) -> None:
    """One reports on the shared action, one withdraws its home, one the recommendation that it serves."""
    with database.write() as session:
        made = scenes.scene(session, published=True)
        item, other = shared(made)
        mine, other_ref, home_ref = item.ref, other.ref, made.recommendation.ref
    failed: list[BaseException] = []

    def attempt(work: str) -> None:
        try:
            for _ in range(3):
                with database.write() as session:
                    again = made_in(session)
                    if work == "report":
                        action = found.get(session, again.viewer("karim"), mine, lock=True)
                        updates.on_track(session, again.actor("karim"), action)
                        continue
                    ref = home_ref if work == "home" else other_ref
                    amina = again.actor("amina")
                    recommendations.withdraw(
                        session, amina, known.get(session, amina.viewer, ref, lock=True), reason="Erreur."
                    )
                    recommendations.publish(session, amina, known.get(session, amina.viewer, ref, lock=True))
        except BaseException as error:
            failed.append(error)

    def made_in(session: Session) -> Scene:
        return Scene(session, dict(made.people), dict(made.posts), dict(made.organisations), dict(made.ids))

    threads = [threading.Thread(target=attempt, args=(work,)) for work in ("report", "home", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    with database.write() as session:
        assert integrity.differences(session) == []
