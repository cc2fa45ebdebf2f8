"""A response and a closure are taken back with a reason, public where they were; whoever was told hears."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Refused, Stale, TooLate
from app.domain.progress import Closure, Response, Status
from app.domain.workflow import State
from app.models.actions import Action
from app.models.notifications import Envelope
from app.models.searches import SearchDocument
from app.models.takebacks import TakenBack
from app.models.updates import Update
from app.queries.public import taken_back
from app.search.words import stems
from app.services.followup import closures, recommendation_closures
from app.services.followup.recommendation_closures import Fate
from app.services.kernel import searches
from app.services.meetings import recommendations, takebacks
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene


def answered(session: Session, *, published: bool = True) -> Scene:
    made = scenes.scene(session, published=published)
    recommendations.respond(
        session, made.actor("amina"), made.recommendation, Response.NOT_ACCEPTED, reason="Hors compétence."
    )
    return made


def take_back(made: Scene, who: str = "amina", reason: str = "Une erreur de saisie.", **given: int) -> None:
    takebacks.response(made.session, made.actor(who), made.recommendation, reason=reason, **given)


def closed(session: Session) -> tuple[Scene, Action, Action]:
    made = scenes.scene(session, published=True)
    goes_on, stays = scenes.action(made), scenes.action(made)
    fates = dict.fromkeys((goes_on.ref, stays.ref), Fate.CANCELLED)
    recommendation_closures.close(
        session, made.actor("amina"), made.recommendation, Closure.CLOSED_NOT_IMPLEMENTED, reason="Abandon", fates=fates
    )
    return made, goes_on, stays


def reopen(made: Scene, *refs: str, who: str = "amina", reason: str = "Le budget est là.", **given: int) -> None:
    recommendation_closures.take_back(
        made.session, made.actor(who), made.recommendation, reason=reason, reopened=refs, **given
    )


def letters(session: Session, kind: str) -> list[tuple[int, int | None]]:
    rows = sa.select(col(Envelope.person_id), col(Envelope.about_id)).where(col(Envelope.kind) == kind)
    return [tuple(row) for row in session.execute(rows)]


def test_a_response_that_is_taken_back_leaves_its_reason_and_nothing_of_its_own(session: Session) -> None:
    made = answered(session)
    item = made.recommendation

    take_back(made)

    assert (item.response, item.status, item.response_reason) == (Response.PENDING, Status.AWAITING_RESPONSE, "")
    assert (item.responded_at, item.response_by_id, item.merged_into_id, item.referred_to) == (None, None, None, "")
    [line] = taken_back.of(session, item.id)
    assert (line.was, line.reason) == ("not_accepted", "Une erreur de saisie.")
    assert integrity.differences(session) == []


def test_what_was_never_public_is_told_inside_alone(session: Session) -> None:
    made = answered(session, published=False)
    take_back(made)

    assert taken_back.of(session, made.recommendation.id) == []
    assert len(taken_back.of(session, made.recommendation.id, is_inside=True)) == 1


def test_no_response_becomes_none_without_a_reason(session: Session) -> None:
    made = answered(session)
    with pytest.raises(Refused, match="it is public"):
        take_back(made, reason=" ")
    with pytest.raises(Refused, match="taken back with a reason"):
        recommendations.respond(session, made.actor("amina"), made.recommendation, Response.PENDING)
    assert made.recommendation.response is Response.NOT_ACCEPTED


def test_a_response_is_taken_back_once_and_by_who_saw_it(session: Session) -> None:
    made = answered(session)
    with pytest.raises(Stale):
        take_back(made, version=made.recommendation.version - 1)
    take_back(made, version=made.recommendation.version)
    with pytest.raises(TooLate):
        take_back(made)


def test_an_acceptance_stands_while_actions_stand_under_it(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    with pytest.raises(TooLate, match="Actions stand under it"):
        take_back(made)
    closures.cancel(session, made.actor("amina"), action, reason="Abandon")
    take_back(made)
    assert made.recommendation.status is Status.AWAITING_RESPONSE


@pytest.mark.parametrize("who", ["karim", "leila", "youssef", "nadia", "omar"])
def test_the_secretariat_alone_takes_back(session: Session, who: str) -> None:
    made = answered(session)
    with pytest.raises(NotAllowed):
        take_back(made, who)
    with pytest.raises(NotAllowed):
        reopen(made, who=who)


def test_a_closure_is_taken_back_with_the_actions_that_go_on_and_all_who_were_told_hear(session: Session) -> None:
    made, goes_on, stays = closed(session)

    reopen(made, goes_on.ref)

    assert (goes_on.state, stays.state) == (State.IN_PROGRESS, State.CANCELLED)
    assert (made.recommendation.closure, made.recommendation.status) == (None, Status.IN_PROGRESS)
    assert letters(session, "action_reopened") == [(made.people["karim"], goes_on.id)]
    assert letters(session, "closure_taken_back") == [(made.people["karim"], stays.id)]
    [line] = taken_back.of(session, made.recommendation.id)
    assert (line.was, line.reason) == ("closed_not_implemented", "Le budget est là.")
    assert integrity.differences(session) == []


def test_what_had_ended_before_the_closure_did_not_end_with_it(session: Session) -> None:
    made = scenes.scene(session, published=True)
    before = scenes.action(made)
    closures.cancel(session, made.actor("amina"), before, reason="Abandon")
    recommendation_closures.close(
        session, made.actor("amina"), made.recommendation, Closure.CLOSED_NOT_IMPLEMENTED, reason="Abandon"
    )

    reopen(made, before.ref)

    assert before.state is State.CANCELLED
    assert letters(session, "closure_taken_back") == []


def test_a_closure_is_taken_back_once_and_by_who_saw_it(session: Session) -> None:
    made, *_ = closed(session)
    with pytest.raises(Stale):
        reopen(made, version=made.recommendation.version - 1)
    with pytest.raises(Refused, match="it is public"):
        reopen(made, reason="")
    reopen(made, version=made.recommendation.version)
    with pytest.raises(TooLate):
        reopen(made)
    assert session.scalars(sa.select(sa.func.count(col(TakenBack.id)))).one() == 1


def test_why_an_ending_is_taken_back_is_public_as_the_ending_was(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made)
    closures.cancel(session, made.actor("amina"), action, reason="Abandon")

    update = closures.reopen(session, made.actor("amina"), action, reason="Repris par la région.")

    assert (update.public_summary, update.note, action.end_reason) == ("Repris par la région.", "", "")
    assert session.get_one(Update, update.id).released_at is not None


def test_what_another_action_took_the_place_of_is_not_taken_back(session: Session) -> None:
    made = scenes.scene(session)
    action, other = scenes.action(made), scenes.action(made)
    closures.supersede(session, made.actor("amina"), action, reason="Voir l'autre", successor=other)

    with pytest.raises(Refused):
        closures.reopen(session, made.actor("amina"), action, reason="Repris.")


def test_why_it_was_taken_back_is_found(session: Session) -> None:
    made = answered(session)
    take_back(made, reason="Une confusion de tableaux.")
    searches.settle(session)

    [stem] = stems("confusion")
    assert any(stem in tokens.split(" ") for tokens in session.scalars(sa.select(col(SearchDocument.tokens))))
    assert integrity.differences(session) == []
