"""What a workspace route is given in one piece: made within its trip, with the session that the trip has then."""

from typing import Any

import pytest
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.db import Database, Writer
from app.domain.errors import SignedOut
from app.signed_in import SessionHolder
from app.web.workspace.frame import Requested
from tests import loops


class Somebody(SessionHolder):
    def __init__(self) -> None:
        super().__init__(None)

    def look(self, session: Session) -> Any:
        return "somebody"


def _press(requested: Requested[Any]) -> Any:
    def handler(press: Any) -> Response:
        return Response()

    return loops.run(routes.Route("/", handler, methods=["POST"]).endpoint(press=requested))


@pytest.mark.sqlite_only
def test_a_press_is_judged_by_reading_and_given_the_session_of_its_turn(database: Database) -> None:
    made: list[bool] = []
    _press(Requested(lambda _, session: made.append(isinstance(session, Writer)), Somebody()))

    assert made == [False, True]


@pytest.mark.sqlite_only
def test_nothing_is_made_for_whoever_is_not_signed_in(database: Database) -> None:
    made: list[object] = []
    with pytest.raises(SignedOut):
        _press(Requested(lambda _, session: made.append(session), SessionHolder(None)))

    assert not made
    assert database.turns.at_once()
