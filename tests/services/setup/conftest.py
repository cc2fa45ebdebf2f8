"""The cast of Fez with somebody who administers, for all that is set up."""

import pytest
from sqlmodel import Session

from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def scene(session: Session) -> Scene:
    """The cast of Fez, and Sara who administers."""
    made = scenes.scene(session)
    scenes.administrator(session, made)
    return made
