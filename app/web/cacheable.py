"""Answers of pages that are the same for everybody: what caches may do with them, and where former addresses lead."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.domain.texts import LANGS
from app.web.page import page

SHOWS = "tatbiq.shows"  # where a page says in its request what it shows
_CALENDARS = "calendars"
READ = ["GET", "HEAD"]
CACHE_CONTROL = "public, max-age=0, s-maxage=60, must-revalidate"
# What follows the language in the address of every public page, and the values of the query that it knows.
PAGES: dict[str, frozenset[str]] = {
    "": frozenset(),
    "meetings/": frozenset({"before"}),
    "meetings/*": frozenset({"after"}),
    "programmes/*": frozenset({"before"}),
    "recommendations/*": frozenset({"before"}),
    "actions/*": frozenset({"before"}),
    "organisations/*": frozenset({"after"}),
    "themes/*": frozenset({"after"}),
    "about": frozenset(),
    "privacy": frozenset(),
    "qr.svg": frozenset({"page"}),
    "calendars/programmes/*": frozenset(),
    "calendars/meetings/*": frozenset(),
}


def public_page(request: Request, template: str, lang: str, shows: Iterable[str] = (), **context: object) -> Response:
    """A page that may be kept until something changes that it `shows`; the entity tag is put on by public.cache."""
    request.scope[SHOWS] = frozenset(shows)
    has_code = known_query(request.scope["path"], b"") is not None
    response = page(request, template, lang, status=200, has_code=has_code, **context)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def public_file(request: Request, content: bytes, media_type: str, shows: Iterable[str]) -> Response:
    """The same of what is no page."""
    request.scope[SHOWS] = frozenset(shows)
    return Response(content, headers={"Cache-Control": CACHE_CONTROL}, media_type=media_type)


def moved(request: Request, path: str) -> Response:
    """The same page under its one address, query kept."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(quote(path, safe="/") + query, 308, {"Cache-Control": CACHE_CONTROL})


def known_query(path: str, query: bytes) -> bytes | None:
    """Of a public page's query what the page knows, in one spelling; None where no public page is."""
    lang, _, rest = path.removeprefix("/").partition("/")
    if lang == _CALENDARS:  # the one room whose name stands before the language
        lang, _, rest = rest.partition("/")
        rest = f"{_CALENDARS}/{rest}"
    room, _, name = rest.rpartition("/")
    known = PAGES.get(rest)
    if known is None and name:
        known = PAGES.get(f"{room}/*")
    if known is None or lang not in LANGS or path == f"/{lang}":
        return None
    if not query:
        return query
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode(sorted({name: value for name, value in pairs if name in known and value}.items())).encode()
