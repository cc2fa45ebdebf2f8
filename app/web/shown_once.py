"""A key that is told on the page after the press that made it, once, and kept nowhere by us until then."""

from starlette.requests import Request
from starlette.responses import Response

from app.config import settings

_SECONDS = 120


def put(response: Response, key: str) -> None:
    """The browser carries it over the redirect, to this host alone, and shows it to no script."""
    response.set_cookie(
        _name(), key, max_age=_SECONDS, path="/", secure=settings().is_https, httponly=True, samesite="strict"
    )


def take(request: Request) -> str:
    """Empty where none was put, or somebody else's browser asks."""
    return request.cookies.get(_name(), "")


def drop(response: Response) -> None:
    response.delete_cookie(_name(), path="/", secure=settings().is_https, httponly=True, samesite="strict")


def _name() -> str:
    return f"{settings().cookie_name}-once"
