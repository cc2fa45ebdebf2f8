"""The cast of Fez with somebody who administers, for all that is set up."""

import pytest
from sqlmodel import Session

from app.domain.permissions import Role
from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def scene(session: Session) -> Scene:
    """The cast of Fez, and Sara who administers."""
    made = scenes.scene(session)
    made.people["sara"] = scenes.person(session, "sara", locale="fr")
    scenes.grant(session, made.people["sara"], Role.ADMINISTRATOR)
    return made
