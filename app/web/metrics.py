"""`/metrics`: the service in numbers, for whoever holds the token, or asks from this machine where none is set.

Taken from the database at each scrape, so that several processes and machines agree; it waits neither for a lock nor
for the relay, and where the database does not answer in time it says that instead.
"""

import hmac
import os

from anyio import CapacityLimiter, move_on_after, to_thread
from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from app import clock, db
from app.config import VERSION, is_loopback, settings
from app.domain.errors import DomainError
from app.formats import exposition
from app.formats.exposition import Metric, one
from app.queries.mailing import measures
from app.web import answered

router = APIRouter(include_in_schema=False)
_SECONDS = 4.0
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


@router.api_route("/metrics", methods=["GET", "HEAD"])
async def scrape(request: Request) -> Response:
    if not _may_read(request):
        return PlainTextResponse("Not Found\n", status_code=404, headers={"Cache-Control": "no-store"})
    taken: list[Metric] = []
    with move_on_after(_SECONDS):
        taken = await to_thread.run_sync(_of_database, limiter=CapacityLimiter(1), abandon_on_cancel=True)
    text = exposition.exposed([*_of_process(is_up=bool(taken)), *taken, *answered.given.measures()])
    return Response(text, media_type=exposition.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _may_read(request: Request) -> bool:
    """Behind a proxy everybody seems to come from this machine: what was passed on needs the token."""
    token, given = settings().metrics_token, request.headers.get("authorization", "")
    if token:
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    is_passed_on = any(name in request.headers for name in _FORWARDED)
    return bool(request.client) and is_loopback(request.client.host if request.client else "-") and not is_passed_on


def _of_database() -> list[Metric]:
    """Nothing where it does not answer."""
    try:
        with db.current().read() as session:
            return measures.taken(session, clock.now())
    except (SQLAlchemyError, DomainError):
        return []


def _of_process(*, is_up: bool) -> list[Metric]:
    database = db.current()
    pools = {"reading": database.reader.pool, "writing": database.writer.pool}
    used = [((str(os.getpid()), name), float(getattr(pool, "checkedout", int)())) for name, pool in pools.items()]
    return [
        Metric("tatbiq_build_info", "The version that runs", [((VERSION,), 1.0)], ("version",)),
        one("tatbiq_up", "1 where the database answered in time", is_up),
        Metric("tatbiq_connections_used", "Connections to the database in use", used, ("process", "pool")),
        *measures.of_machine(),
    ]
