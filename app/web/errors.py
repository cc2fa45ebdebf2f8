"""What goes wrong, as a page in the reader's language (or problem+json under /api): never a traceback."""

import http
import logging
import uuid
from collections.abc import Callable
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.domain import errors
from app.domain.errors import N_, Message
from app.domain.titles import LANGS
from app.i18n.locales import negotiate
from app.services import once
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
    413: (N_("That is too large"), N_("Send less than 5 MB.")),
    410: (N_("This is no longer here"), N_("The link was used up, or the action has moved on.")),
    422: (N_("This could not be done"), N_("Check what was sent and try again.")),
    429: (N_("Too many attempts"), N_("Wait a quarter of an hour, then try again.")),
    500: (N_("Something went wrong here"), N_("It is our fault, and it has been noted. Try again in a minute.")),
    503: (
        N_("The service can't answer right now"),
        N_("It is unknown whether it was saved. Wait a minute, then send again: nothing is recorded twice."),
    ),
}


def install(app: FastAPI) -> None:
    """Every error that can reach the outside has its handler here."""
    handlers: dict[type[Exception], Callable[[Request, Exception], Response]] = {
        errors.AlreadyDone: _already_done,
        errors.SignedOut: _signed_out,
        errors.NotFound: lambda request, _: answer(request, 404),
        errors.Gone: lambda request, _: answer(request, 410),
        errors.NotAllowed: lambda request, _: answer(request, 403),
        errors.TooMany: _too_many,
        errors.Refused: _refused,
        errors.Problems: lambda request, _: answer(request, 422),
        errors.Stale: lambda request, _: answer(request, 409, N_("Somebody else changed this in the meantime.")),
        errors.Senseless: _senseless,
        RequestValidationError: _invalid,
        HTTPException: _http,
        DBAPIError: _database,
        PoolTimeout: _database,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def answer(
    request: Request, status: int, detail: str | Message = "", *, kept: str | None = None, incident: str = ""
) -> Response:
    """The page for a status; `kept` is an address that keeps what made sense."""
    title, text = _TEXTS.get(status, (http.HTTPStatus(status).phrase, ""))
    said = detail if isinstance(detail, Message) else Message(detail or text)
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "30"} if status == 503 else {})
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
    )
    response.headers.update(headers)
    return response


def lang_of(request: Request) -> str:
    first = request.url.path.lstrip("/").split("/", 1)[0]
    return first if first in LANGS else negotiate(request.headers.get("accept-language", ""))


def _already_done(request: Request, error: Exception) -> Response:
    location = error.location if isinstance(error, errors.AlreadyDone) else "/"
    return see_other(once.led(location, request.path_params.get("token", "")))


def _signed_out(request: Request, _error: Exception) -> Response:
    if request.method not in {"GET", "HEAD"}:
        return answer(request, 401)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return see_other(f"/{lang_of(request)}/sign-in?next={quote(target)}")


def _refused(request: Request, error: Exception) -> Response:
    return answer(request, 422, error.message if isinstance(error, errors.Refused) else "")


def _too_many(request: Request, error: Exception) -> Response:
    response = answer(request, 429, error.message if isinstance(error, errors.Refused) else "")
    response.headers["Retry-After"] = "900"
    return response


def _senseless(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.Senseless):
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
    return answer(request, error.status_code if isinstance(error, HTTPException) else 500)


def _database(request: Request, error: Exception) -> Response:
    log.error("database", extra={"path": request.url.path, "error": type(error).__name__})
    return answer(request, 503)


def _unexpected(request: Request, error: Exception) -> Response:
    incident = uuid.uuid4().hex[:8]
    log.error("unexpected", exc_info=error, extra={"path": request.url.path, "incident": incident})
    return answer(request, 500, incident=incident)
