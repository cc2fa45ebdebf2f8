"""What machines ask: is the process alive, can it serve, can it remind. No session, no language, nothing kept."""

from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app import clock, db
from app.domain.errors import Busy
from app.queries.mailing import health
from app.queries.mailing.health import Health

router = APIRouter(include_in_schema=False)
_HEADERS = {"Cache-Control": "no-store"}
_READ = ["GET", "HEAD"]
_WRITE_SECONDS = 4.0


@router.api_route("/healthz", methods=_READ)
async def alive() -> Response:
    return PlainTextResponse("ok\n", headers=_HEADERS)


@router.api_route("/readyz", methods=_READ)
async def ready() -> Response:
    """The database answers, has the shape that this version was written for, and a write can begin."""
    return await _aside(_ready)


@router.api_route("/healthz/followup", methods=_READ)
async def followup() -> Response:
    return await _aside(_followup)


async def _aside(ask: Callable[[], Response]) -> Response:
    """In a thread of its own: health is told however many pages wait for theirs."""
    return await to_thread.run_sync(ask, limiter=CapacityLimiter(1))


def _ready() -> Response:
    database = db.current()
    try:
        with database.read() as session:
            found = db.revision(session)
        if found != db.expected_revision():
            return _unready(f"the database is at revision {found}, this version needs {db.expected_revision()}")
        database.begin_a_write(_WRITE_SECONDS)
    except Busy:
        return _unready(f"no write could begin within {_WRITE_SECONDS:.0f} seconds")
    except SQLAlchemyError as error:
        return _unready(f"the database does not answer: {getattr(error, 'orig', None) or type(error).__name__}")
    return PlainTextResponse("ok\n", headers=_HEADERS)


def _followup() -> Response:
    with db.current().read() as session:
        found = health.followup(session, clock.now())
    return JSONResponse(_said(found), status_code=503 if found.is_red else 200, headers=_HEADERS)


def _unready(reason: str) -> Response:
    return PlainTextResponse(f"{reason}\n", status_code=503, headers=_HEADERS)


def _said(found: Health) -> dict[str, object]:
    return {
        "status": "red" if found.is_red else "green",
        "reasons": [str(reason) for reason in found.reasons],
        "notices": [str(notice) for notice in found.notices],
        "last_pass": found.last_pass_at.isoformat() if found.last_pass_at else None,
        "backlog": found.backlog,
        "dead": found.dead,
        "parked": found.parked,
        "paused": found.is_paused,
        "held": found.is_held,
        "relay": found.has_relay,
    }
