"""What machines ask: is the process alive, can it serve, can it remind. No session, no language, nothing kept."""

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app import clock, db
from app.queries import pulse
from app.queries.pulse import Pulse

router = APIRouter(include_in_schema=False)
_HEADERS = {"Cache-Control": "no-store"}
_READ = ["GET", "HEAD"]


@router.api_route("/healthz", methods=_READ)
def alive() -> Response:
    return PlainTextResponse("ok\n", headers=_HEADERS)


@router.api_route("/readyz", methods=_READ)
def ready() -> Response:
    """The database answers and has the shape that this version was written for."""
    try:
        with db.current().read() as session:
            found = db.revision(session)
    except SQLAlchemyError:
        return _unready("the database does not answer")
    expected = db.expected_revision()
    if found != expected:
        return _unready(f"the database is at revision {found}, this version needs {expected}")
    return PlainTextResponse("ok\n", headers=_HEADERS)


@router.api_route("/healthz/followup", methods=_READ)
def followup() -> Response:
    with db.current().read() as session:
        found = pulse.followup(session, clock.now())
    return JSONResponse(_said(found), status_code=503 if found.is_red else 200, headers=_HEADERS)


def _unready(reason: str) -> Response:
    return PlainTextResponse(f"{reason}\n", status_code=503, headers=_HEADERS)


def _said(found: Pulse) -> dict[str, object]:
    return {
        "status": "red" if found.is_red else "green",
        "reasons": [str(reason) for reason in found.reasons],
        "last_pass": found.last_pass_at.isoformat() if found.last_pass_at else None,
        "backlog": found.backlog,
        "dead": found.dead,
        "parked": found.parked,
        "paused": found.is_paused,
        "held": found.is_held,
        "relay": found.has_relay,
    }
