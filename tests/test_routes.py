"""How a press runs: judged, then written in its turn; in one thread where that is free, else waiting outside any."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from anyio import to_thread
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.config import ROOT
from app.db import Database, Writer
from app.domain.errors import NotFound
from app.routes import Later
from tests import loops

CROWD = 40  # more than there are threads of any kind


class Watched(Later[str]):
    """Notes when it is looked at."""

    def __init__(self, noted: list[str], *, is_there: bool = True) -> None:
        self._noted, self._is_there = noted, is_there

    def look(self, session: Session) -> str:
        assert not isinstance(session, Writer)
        self._noted.append("judged")
        if not self._is_there:
            raise NotFound
        return ""

    def take(self, session: Session) -> str:
        assert isinstance(session, Writer)
        self._noted.append("taken")
        return ""


@pytest.fixture
def press() -> Callable[..., Any]:
    def handler(item: str) -> Response:
        return Response(item)

    return routes.Route("/", handler, methods=["POST"]).endpoint


@pytest.mark.sqlite_only
def test_where_the_turn_is_free_a_press_is_judged_and_written_in_one_trip(
    database: Database, press: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[str] = []
    into = to_thread.run_sync

    async def trip(work: Callable[[], Any], **given: Any) -> Any:
        noted.append("trip")
        return await into(work, **given)

    monkeypatch.setattr(to_thread, "run_sync", trip)
    loops.run(press(item=Watched(noted)))

    assert noted == ["trip", "judged", "taken"]
    assert database.turns.at_once()


@pytest.mark.sqlite_only
def test_whoever_waits_for_a_turn_keeps_no_thread_from_those_who_are_judged(
    database: Database, press: Callable[..., Any]
) -> None:
    noted: list[str] = []

    async def crowd() -> list[str]:
        turn = await database.turns.wait(5)
        waiting = [asyncio.create_task(press(item=Watched(noted))) for _ in range(CROWD)]
        while len(noted) < CROWD:
            await asyncio.sleep(0.01)
        with pytest.raises(NotFound):
            await asyncio.wait_for(press(item=Watched([], is_there=False)), 5)
        before = list(noted)
        database.turns.end(turn)
        await asyncio.gather(*waiting)
        return before

    assert loops.run(crowd()) == ["judged"] * CROWD
    assert noted.count("taken") == CROWD
    assert database.turns.at_once()


@pytest.mark.sqlite_only
def test_what_may_not_be_done_never_has_the_turn(database: Database, press: Callable[..., Any]) -> None:
    noted: list[str] = []

    with pytest.raises(NotFound):
        loops.run(press(item=Watched(noted, is_there=False)))

    assert noted == ["judged"]
    assert database.turns.at_once()


@pytest.mark.sqlite_only
def test_a_press_that_fails_gives_the_turn_back(database: Database) -> None:
    def failing(item: str) -> Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        loops.run(routes.Route("/", failing, methods=["POST"]).endpoint(item=Watched([])))

    assert database.turns.at_once()


def test_what_a_room_asks_of_all_its_routes_is_asked_of_each_however_rooms_are_joined() -> None:
    def asked() -> None: ...

    async def handler() -> Response:
        return Response()

    room, outer = APIRouter(prefix="/room", dependencies=[Depends(asked)]), routes.router()
    room.add_api_route("/door", handler)
    outer.add_api_route("/gate", handler)

    door, gate = routes.joined(routes.joined(room), outer).routes
    assert isinstance(door, APIRoute)
    assert isinstance(gate, APIRoute)
    assert [(door.path, [one.call for one in door.dependant.dependencies])] == [("/room/door", [asked])]
    assert (gate.path, gate.dependant.dependencies) == ("/gate", [])


def test_rooms_are_joined_in_one_way() -> None:
    """The routes of another router that are taken without `joined` leave behind what that router asks."""
    takers = [path for path in (ROOT / "app").rglob("*.py") if ".routes.extend(" in path.read_text()]
    assert {str(path.relative_to(ROOT)) for path in takers} == {"app/routes.py", "app/main.py"}


def test_a_room_with_hooks_is_not_joined() -> None:
    with pytest.raises(LookupError, match="move them"):
        routes.joined(APIRouter(on_startup=[lambda: None]))
