"""Amina of the secretariat, and the report she reviews."""

import pytest
from sqlmodel import Session

from app.domain.permissions import Grant, Role, Viewer
from app.queries.intake.intake import Review
from app.services.intake import reports
from app.services.kernel.audit import Actor
from tests import builders
from tests.services.reviewing import LETTER


@pytest.fixture
def amina(session: Session) -> Actor:
    """Of the secretariat of the programme that `review` belongs to."""
    programme = builders.programme(session, slug="fonds")
    person = builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
    return Actor(Viewer(person.id, frozenset({Grant(Role.SECRETARIAT, programme.id)}), lang="fr"))


@pytest.fixture
def review(session: Session, amina: Actor) -> Review:
    programme_id = min(grant.programme_id or 0 for grant in amina.viewer.grants)
    meeting = builders.meeting(session, programme_id=programme_id)
    return Review(meeting, reports.add(session, amina, meeting, text=LETTER, lang="fr"))
