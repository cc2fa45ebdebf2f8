"""The same recommendation at several meetings: linked from either side, each with its own actions."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Refused
from app.domain.permissions import PUBLIC
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.queries.meetings import recommendation_links as found
from app.queries.public import story_context
from app.services.meetings import recommendation_links
from tests import scenes


def test_each_leads_to_the_other_whichever_named_it_and_keeps_its_own_actions(session: Session) -> None:
    made = scenes.scene(session, published=True)
    other, amina = scenes.elsewhere(made), made.actor("amina")
    scenes.action(made, State.ASSIGNED)
    status = made.recommendation.status, other.status

    recommendation_links.link(session, amina, made.recommendation, other)

    for one, far in ((made.recommendation, other), (other, made.recommendation)):
        assert [line.ref for line in found.of(session, amina.viewer, one.id)] == [far.ref]
        assert [line.ref for line in story_context.of_recommendation(session, one.id).linked] == [far.ref]
    assert (made.recommendation.status, other.status) == status
    verbs = sa.select(col(AuditEvent.subject_id)).where(col(AuditEvent.verb) == "link")
    assert set(session.scalars(verbs)) == {made.recommendation.id, other.id}


def test_the_public_reads_of_public_ones_alone(session: Session) -> None:
    made = scenes.scene(session, published=True)
    hidden, amina = scenes.elsewhere(made, published=False), made.actor("amina")
    recommendation_links.link(session, amina, made.recommendation, hidden)

    assert story_context.of_recommendation(session, made.recommendation.id).linked == []
    assert found.of(session, PUBLIC, made.recommendation.id) == []
    assert found.of(session, made.viewer("omar"), made.recommendation.id) == []
    assert [line.is_public for line in found.of(session, amina.viewer, made.recommendation.id)] == [False]


def test_from_either_side_it_is_removed_once(session: Session) -> None:
    made = scenes.scene(session, published=True)
    other, amina = scenes.elsewhere(made), made.actor("amina")
    recommendation_links.link(session, amina, other, made.recommendation)

    recommendation_links.unlink(session, amina, made.recommendation, other)

    assert found.of(session, amina.viewer, other.id) == []
    with pytest.raises(Refused):
        recommendation_links.unlink(session, amina, other, made.recommendation)


def test_what_makes_no_sense_is_refused_in_place(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scenes.scene(session, published=True)
    other, third, amina = scenes.elsewhere(made), scenes.elsewhere(made), made.actor("amina")
    beside = scenes.recommendation(made)
    recommendation_links.link(session, amina, made.recommendation, other)
    monkeypatch.setattr(recommendation_links, "MOST", 1)

    for target in (None, made.recommendation, beside, other, third):
        with pytest.raises(Refused) as refused:
            recommendation_links.link(session, amina, made.recommendation, target)
        assert refused.value.field == "other"
    with pytest.raises(Refused, match="linked already"):
        recommendation_links.link(session, amina, other, made.recommendation)
    for name in ("karim", "youssef", "nadia", "omar"):
        with pytest.raises(NotAllowed):
            recommendation_links.link(session, made.actor(name), made.recommendation, third)
        with pytest.raises(NotAllowed):
            recommendation_links.unlink(session, made.actor(name), made.recommendation, other)


def test_of_another_programme_only_by_the_secretariat_of_both(session: Session) -> None:
    made = scenes.scene(session, published=True)
    foreign = scenes.elsewhere(made)
    foreign.programme_id = made.other.id
    session.flush()

    with pytest.raises(Refused, match="another programme"):
        recommendation_links.link(session, made.actor("amina"), made.recommendation, foreign)
