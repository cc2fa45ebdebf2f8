"""Answers of pages that are the same for everybody: what caches may do with them, and where former addresses lead."""

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.web.page import page

SHOWS = "tatbiq.shows"  # where a page says in its request what it shows
READ = ["GET", "HEAD"]
CACHE_CONTROL = "public, max-age=0, s-maxage=60, must-revalidate"


def public_page(request: Request, template: str, lang: str, shows: Iterable[str] = (), **context: object) -> Response:
    """A page that may be kept until something changes that it `shows`; the entity tag is put on by public.cache."""
    request.scope[SHOWS] = frozenset(shows)
    response = page(request, template, lang, status=200, **context)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def moved(request: Request, path: str) -> Response:
    """The same page under its one address, query kept."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(quote(path, safe="/") + query, 308, {"Cache-Control": CACHE_CONTROL})
