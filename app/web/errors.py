"""What goes wrong, as a page in the reader's language (or problem+json under /api): never a traceback."""

import http
import logging
import uuid
from collections.abc import Callable
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match

from app.domain import errors
from app.domain.messages import N_, Message
from app.domain.texts import LANGS
from app.files import room
from app.i18n.locales import negotiate
from app.services.kernel import idempotency
from app.visits import Overdue
from app.web.page import page, see_other

log = logging.getLogger("tatbiq")
_TEXTS = {
    400: (N_("This address makes no sense"), N_("Part of the address can't be understood.")),
    401: (
        N_("You are signed out"),
        N_("Nothing was saved. Sign in in another window, come back with the browser's back button, and send again."),
    ),
    403: (N_("This is not yours to do"), N_("Your roles don't allow it. Ask the secretariat of the programme.")),
    404: (N_("There is nothing at this address"), N_("Check the address, or start from the first page.")),
    405: (N_("This can't be opened like that"), N_("Go back and use the buttons of the page.")),
    408: (N_("The form did not arrive whole"), N_("Nothing was saved. Check the connection, then send it again.")),
    413: (N_("That is too large"), N_("Send less than 5 MB.")),
    410: (
        N_("This is no longer here"),
        N_("The link was used up, the action has moved on, or the post is in other hands. Thank you for what you did."),
    ),
    422: (N_("This could not be done"), N_("Check what was sent and try again.")),
    429: (N_("Too many attempts"), N_("Wait a quarter of an hour, then try again.")),
    500: (N_("Something went wrong here"), N_("It is our fault, and it has been noted. Try again in a minute.")),
    507: (N_("There is no room left"), room.FULL),
    503: (
        N_("The service can't answer right now"),
        N_("It is unknown whether it was saved. Wait a minute, then send again: nothing is recorded twice."),
    ),
}
_UNREAD = N_("Nothing is lost. Wait a minute, then open the page again.")
_BUSY = N_("Many people are saving at this moment. Nothing was saved yet: send it again, what you typed is kept below.")
_CROWDED = N_("Many people are reading at this moment. Wait a moment, then open the page again.")
_BUSY_SECONDS, _FAULT_SECONDS, _PATIENCE_SECONDS = 2, 30, 900
_MOST_KEPT = 512 * 1024  # characters of a form that an error page holds; beyond it there is the browser's back button
_READS = frozenset({"GET", "HEAD"})


def install(app: FastAPI) -> None:
    """Every error that can reach the outside has its handler here."""
    handlers: dict[type[Exception], Callable[[Request, Exception], Response]] = {
        errors.AlreadyDone: _already_done,
        errors.Busy: _busy,
        Overdue: _overdue,
        errors.SignedOut: _signed_out,
        errors.NotFound: lambda request, _: answer(request, 404),
        errors.Gone: lambda request, _: answer(request, 410),
        errors.NotAllowed: lambda request, _: answer(request, 403),
        errors.TooMany: _too_many,
        errors.Refused: _refused,
        errors.Problems: lambda request, _: answer(request, 422),
        errors.Stale: lambda request, _: answer(request, 409, N_("Somebody else changed this in the meantime.")),
        errors.InvalidQuery: _senseless,
        RequestValidationError: _invalid,
        HTTPException: _http,
        IntegrityError: _dangling,
        DBAPIError: _database,
        PoolTimeout: _database,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def answer(
    request: Request,
    status: int,
    detail: str | Message = "",
    *,
    kept: str | None = None,
    incident: str = "",
    seconds: int = _FAULT_SECONDS,
) -> Response:
    """The page for a status; `kept` is an address that keeps what made sense, `seconds` until it may go better."""
    title, said = _words(request, status, detail)
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(seconds)} if status in {429, 503} else {})
    if request.url.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": str(said)}
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    response = page(
        request,
        "errors/error.html",
        lang_of(request),
        status=status,
        title=Message(title),
        detail=said,
        kept=kept,
        incident=incident,
        again=_again(request, status),
    )
    response.headers.update(headers)
    return response


def _words(request: Request, status: int, detail: str | Message) -> tuple[str, Message]:
    title, text = _TEXTS.get(status, (http.HTTPStatus(status).phrase, ""))
    if status == 503 and request.method in _READS:
        text = _UNREAD
    return title, detail if isinstance(detail, Message) else Message(detail or text)


def _again(request: Request, status: int) -> list[tuple[str, str]]:
    """What was typed into a form that could not be answered, to be sent again; files can't be kept."""
    typed = getattr(request.state, "typed", None) if status == 503 else None
    fields = [(name, value) for name, value in typed.multi_items() if isinstance(value, str)] if typed else []
    return fields if sum(len(value) for _, value in fields) <= _MOST_KEPT else []


def fault(request: Request, status: int, cause: str, error: BaseException | None = None) -> str:
    """Note why an answer is a fault of ours or an overload; the number under which the page and the log know it."""
    incident = uuid.uuid4().hex[:8]
    extra = {
        "status": status,
        "route": getattr(request.scope.get("route"), "path", ""),
        "incident": incident,
        "cause": cause,
    }
    log.log(logging.ERROR if status == 500 else logging.WARNING, "fault", exc_info=error, extra=extra)
    return incident


def lang_of(request: Request) -> str:
    first = request.url.path.lstrip("/").split("/", 1)[0]
    return first if first in LANGS else negotiate(request.headers.get("accept-language", ""))


def _already_done(request: Request, error: Exception) -> Response:
    location = error.location if isinstance(error, errors.AlreadyDone) else "/"
    keys = (request.path_params.get(name, "") for name in ("token", "milestone_token", "question_token"))
    return see_other(idempotency.led(location, "".join(keys)))


def _signed_out(request: Request, _error: Exception) -> Response:
    if request.method not in {"GET", "HEAD"}:
        return answer(request, 401)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return see_other(f"/{lang_of(request)}/sign-in?next={quote(target)}")


def _refused(request: Request, error: Exception) -> Response:
    return answer(request, 422, error.message if isinstance(error, errors.Refused) else "")


def _too_many(request: Request, error: Exception) -> Response:
    fault(request, 429, "too many attempts")
    return answer(request, 429, error.message if isinstance(error, errors.Refused) else "", seconds=_PATIENCE_SECONDS)


def _busy(request: Request, _error: Exception) -> Response:
    incident = fault(request, 503, "the line is full")
    text = _CROWDED if request.method in _READS else _BUSY
    return answer(request, 503, text, incident=incident, seconds=_BUSY_SECONDS)


def _senseless(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.InvalidQuery):
        return answer(request, 400)
    kept = f"{request.url.path}?{urlencode(error.kept)}" if error.kept else request.url.path
    return answer(request, 400, error.message, kept=kept)


def _invalid(request: Request, error: Exception) -> Response:
    """A path or query value of the wrong form; bad query values are dropped, the others stay."""
    places = [item["loc"] for item in error.errors()] if isinstance(error, RequestValidationError) else []
    if any(place and place[0] == "path" for place in places):
        return answer(request, 404)
    bad = {str(place[1]) for place in places if len(place) > 1 and place[0] == "query"}
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in bad]
    return answer(request, 400, kept=f"{request.url.path}?{urlencode(kept)}")


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404 and _is_a_room(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{quote(request.url.path)}/{query}", 308)
    return answer(request, status)


def _is_a_room(request: Request) -> bool:
    """Whether only the stroke at the end was forgotten; nowhere but under a language."""
    path = request.url.path
    if path.endswith("/") or path.split("/", 2)[1] not in LANGS or request.method not in _READS:
        return False
    scope = dict(request.scope, path=f"{path}/")
    return any(route.matches(scope)[0] == Match.FULL for route in request.app.router.routes)


def _dangling(request: Request, error: Exception) -> Response:
    """Something that the form names went away, or was never there."""
    fault(request, 422, f"{type(error).__name__}: {getattr(error, 'orig', error)}")
    return answer(request, 422, N_("The form names something that is not there any more. Open the page again."))


def _overdue(request: Request, error: Exception) -> Response:
    met = error.__cause__
    cause = f"overdue, {type(met).__name__}: {getattr(met, 'orig', None) or met}" if met else "overdue"
    return answer(request, 503, incident=fault(request, 503, cause))


def _database(request: Request, error: Exception) -> Response:
    cause = f"{type(error).__name__}: {getattr(error, 'orig', None) or error}"
    return answer(request, 503, incident=fault(request, 503, cause))


def _unexpected(request: Request, error: Exception) -> Response:
    return answer(request, 500, incident=fault(request, 500, f"{type(error).__name__}: {error}", error))
