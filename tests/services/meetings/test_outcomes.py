"""What came of a recommendation is named once it is implemented, and is gone as soon as it no longer is."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Problems, Refused, Stale
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.searches import SearchDocument
from app.queries.public import story
from app.services.followup import actions, closures, updates, verifications
from app.services.followup.transitions import Words
from app.services.kernel import searches
from app.services.meetings import outcomes
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene

WORDS = {"fr": "Douze entreprises exportent vers le Sénégal.", "ar": "اثنتا عشرة مقاولة تصدر إلى السنغال."}


@pytest.fixture
def made(session: Session) -> Scene:
    """One public action, verified."""
    made = scenes.scene(session, published=True)
    scenes.publish(made, scenes.action(made, State.VERIFIED))
    return made


def name(made: Scene, who: str = "amina", **given: object) -> None:
    words = {"words": WORDS, "on": scenes.in_days(0)} | given
    outcomes.name(made.session, made.actor(who), made.recommendation, **words)  # type: ignore[arg-type]


def public(made: Scene) -> tuple[dict[str, str], dt.date | None]:
    made.session.flush()
    head = story.recommendation(made.session, made.recommendation.ref)
    return head.outcome, head.outcome_on


def test_it_is_public_with_its_day(made: Scene) -> None:
    assert public(made) == ({}, None)

    name(made, words={**WORDS, "en": " \n ", "xx": "?"})

    assert public(made) == (WORDS, scenes.in_days(0))


def test_only_what_is_implemented_has_an_outcome(session: Session) -> None:
    made = scenes.scene(session, published=True)
    scenes.action(made, State.VERIFIED)
    scenes.action(made, State.IN_PROGRESS)

    with pytest.raises(Refused, match="not implemented"):
        name(made)


def test_reopened_it_is_taken_back_and_comes_again_only_by_being_named(made: Scene, session: Session) -> None:
    name(made)
    item = session.scalars(sa.select(Action)).one()

    closures.reopen(session, made.actor("amina"), item, reason="Contestée.")
    assert made.recommendation.outcome_at is None
    assert public(made) == ({}, None)
    updates.submit(session, made.actor("karim"), item, words=Words(note="Refait."))
    verifications.verify(session, made.actor("youssef"), item)
    assert public(made) == ({}, None)
    assert made.recommendation.outcome == WORDS
    name(made)

    assert public(made) == (WORDS, scenes.in_days(0))
    told = sa.select(col(AuditEvent.verb)).where(col(AuditEvent.subject_kind) == "recommendation")
    assert "outcome_lapsed" in set(session.scalars(told))


def test_a_new_action_takes_it_back_too(made: Scene, session: Session) -> None:
    name(made)

    scenes.action(made, State.ASSIGNED)

    assert made.recommendation.outcome_at is None


def test_withdrawing_its_action_hides_it_from_the_public_alone(made: Scene, session: Session) -> None:
    name(made)
    item = session.scalars(sa.select(Action)).one()

    actions.withdraw(session, made.actor("amina"), item, reason="Erreur.")

    assert public(made) == ({}, None)
    assert made.recommendation.outcome_at is not None


def test_it_is_taken_back_with_a_reason(made: Scene, session: Session) -> None:
    amina = made.actor("amina")
    with pytest.raises(Refused):
        outcomes.take_back(session, amina, made.recommendation, reason="Faux.")
    name(made)
    with pytest.raises(Refused) as refused:
        outcomes.take_back(session, amina, made.recommendation, reason=" ")

    outcomes.take_back(session, amina, made.recommendation, reason="Chiffres à revoir.")

    assert refused.value.field == "reason"
    assert public(made) == ({}, None)


def test_words_and_day_are_asked_for_together(made: Scene) -> None:
    with pytest.raises(Problems) as empty:
        name(made, words={"fr": " "}, on=None)
    assert [problem.field for problem in empty.value.problems] == ["words.ar", "on"]
    for day in (scenes.in_days(1), made.meeting.held_on - dt.timedelta(days=1)):
        with pytest.raises(Problems) as wrong:
            name(made, on=day)
        assert [problem.field for problem in wrong.value.problems] == ["on"]
    with pytest.raises(Stale):
        name(made, version=made.recommendation.version - 1)


@pytest.mark.parametrize("who", ["karim", "leila", "youssef", "nadia", "omar"])
def test_only_its_secretariat_names_it(made: Scene, who: str) -> None:
    with pytest.raises(NotAllowed):
        name(made, who)


def test_its_words_are_found_as_long_as_they_are_public(made: Scene, session: Session) -> None:
    def is_found() -> bool:
        searches.settle(session)
        tokens = session.scalars(sa.select(col(SearchDocument.tokens)))
        return any("senegal" in text.split() for text in tokens)

    assert not is_found()
    name(made)
    assert is_found()
    closures.reopen(session, made.actor("amina"), session.scalars(sa.select(Action)).one(), reason="Contestée.")

    assert not is_found()
    assert integrity.differences(session) == []
