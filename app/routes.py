"""How a route runs: all that it asks of the database happens in one trip into one thread, begun and ended there.

A route that only reads makes one trip. One that writes is judged first, by reading: who asks, and whether it is
theirs to do. Only then it asks for its turn. Where that is free, lock, handler and commit follow in the same trip; else
it waits outside any thread, and they make a second one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any, Generic, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.responses import Response

from app import db, visits
from app.db import Writer
from app.domain.errors import Busy
from app.visits import Overdue

T = TypeVar("T")
_MOST_WAITING = 400
_READS = frozenset({"GET", "HEAD"})


class _Lane:
    """Threads for one kind of work, so that slow pages never keep a press from its place."""

    def __init__(self, name: str, threads: int) -> None:
        self._threads = threads
        self._limiter: RunVar[CapacityLimiter] = RunVar(name)

    def limiter(self) -> CapacityLimiter:
        """That of this event loop; raises Busy where too many wait already."""
        limiter = self._limiter.get(None)
        if limiter is None:
            limiter = CapacityLimiter(self._threads)
            self._limiter.set(limiter)
        if limiter.statistics().tasks_waiting > _MOST_WAITING:
            raise Busy
        return limiter


_PAGES, _JUDGES, _PRESSES = _Lane("pages", 16), _Lane("judges", 16), _Lane("presses", 16)


class Later(ABC, Generic[T]):
    """What a route names and the database knows: looked up within the route's own trip, not before."""

    @abstractmethod
    def look(self, session: Session) -> T:
        """By reading. Raises what is to be answered where it may not be seen or done."""

    def judge(self, session: Session) -> object:
        """Before a route that writes may ask for its turn: by reading, and for nothing but the refusal."""
        return self.look(session)

    def take(self, session: Session) -> T:
        """Within the turn: as it stands now, locked."""
        return self.look(session)


class Route(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        if not iscoroutinefunction(endpoint):
            endpoint = _writing(endpoint) if set(given.get("methods") or ()) - _READS else _reading(endpoint)
        super().__init__(path, endpoint, **given)


def router(prefix: str = "") -> APIRouter:
    """A room's routes."""
    return APIRouter(prefix=prefix, route_class=Route)


def joined(*rooms: APIRouter) -> APIRouter:
    """The routes of several rooms in one row, in this order.

    `include_router` would match every level anew at each request. What a room's router asks of its routes is in each of
    them already; this one asks nothing, so that nothing said here could be lost, and refuses what only a router knows.
    """
    whole = APIRouter(include_in_schema=False)
    for room in rooms:
        if room.on_startup or room.on_shutdown:
            raise LookupError("a room's router has hooks, which only app.main runs: move them there")
        whole.routes.extend(room.routes)
    return whole


def later(make: Callable[..., Later[Any]]) -> Any:
    """As a dependency: making it asks nothing."""

    @wraps(make)
    async def made(*args: Any, **given: Any) -> Later[Any]:
        return make(*args, **given)

    return Depends(made)


def _reading(endpoint: Callable[..., Response]) -> Callable[..., Any]:
    @wraps(endpoint)
    async def route(**given: Any) -> Response:
        return await _in_thread(_PAGES, partial(_read, endpoint, given))

    return route


def _writing(endpoint: Callable[..., Response]) -> Callable[..., Any]:
    @wraps(endpoint)
    async def route(**given: Any) -> Response:
        writer = next((value for value in given.values() if isinstance(value, Writer)), None)
        writer = writer or db.current().writing()
        write = partial(_write, endpoint, given, writer)
        at_once = await _in_thread(_JUDGES, partial(_judge_and_write, given, writer, write))
        if at_once is not None:
            return at_once
        writer.begin_turn(await db.current().turns.wait(db.WRITER_SECONDS))
        return await _in_thread(_PRESSES, write, lost=writer.end_turn)

    return route


async def _in_thread(lane: _Lane, work: Callable[[], T], lost: Callable[[], None] = lambda: None) -> T:
    """In a thread of that lane; `lost` is called where the work never got there."""
    begun = False

    def run() -> T:
        nonlocal begun
        begun = True
        return _in_time(work)

    try:
        return await to_thread.run_sync(run, limiter=lane.limiter())
    finally:
        if not begun:
            lost()


def _read(endpoint: Callable[..., Response], given: dict[str, Any]) -> Response:
    session = next((value for value in given.values() if isinstance(value, Session)), None) or db.current().reading()
    try:
        _require_time()
        return endpoint(**_known(given, lambda later: later.look(session)))
    finally:
        _close(session)


def _judge_and_write(given: dict[str, Any], writer: Writer, write: Callable[[], Response]) -> Response | None:
    """None where others have the turn: a change of threads costs as much as ten statements, so none is made in vain."""
    _judge(given)
    turn = db.current().turns.at_once()
    if turn is None:
        return None
    writer.begin_turn(turn)
    return write()


def _judge(given: dict[str, Any]) -> None:
    session = db.current().reading()
    try:
        _require_time()
        _known(given, lambda later: later.judge(session))
    finally:
        _close(session)


def _write(endpoint: Callable[..., Response], given: dict[str, Any], writer: Writer) -> Response:
    try:
        _require_time()
        response = endpoint(**_known(given, lambda later: later.take(writer)))
        writer.commit()
        return response
    finally:
        _close(writer)
        writer.end_turn()


def _known(given: dict[str, Any], how: Callable[[Later[Any]], object]) -> dict[str, Any]:
    return {name: how(value) if isinstance(value, Later) else value for name, value in given.items()}


def _in_time(work: Callable[[], T]) -> T:
    """Whatever a stopped thread stumbles over comes of its being stopped."""
    visit = visits.current.get()
    try:
        return work()
    except Exception as error:
        if visit is None or not visit.is_over:
            raise
        raise Overdue from error


def _require_time() -> None:
    if visit := visits.current.get():
        visit.require_time()


def _close(session: Session) -> None:
    """In the thread that used it. A connection that was interrupted is never used again.

    An interrupted ROLLBACK would give its transaction, open, to whoever has the connection next.
    """
    visit = visits.current.get()
    if visit is not None and visit.let_go():
        session.invalidate()
    else:
        session.close()
