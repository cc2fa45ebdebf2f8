"""The address of a public page for the camera: printed below it, asked for by nobody who only reads."""

from functools import lru_cache

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.config import settings
from app.deps import Lang
from app.domain.errors import NotFound
from app.formats import qr
from app.web.cacheable import PAGES, READ

router = routes.router()
_LONGEST = 200
_DAY = {"Cache-Control": "public, max-age=86400"}


@router.api_route("/{lang}/qr.svg", methods=READ)
def code(request: Request, lang: Lang, page: str = "") -> Response:
    """Of pages of ours alone; whether there is one of that name is the page's to say."""
    room, _, name = page.partition("/")
    if len(page) > _LONGEST or "/" in name or not (page in PAGES or (name and f"{room}/*" in PAGES)):
        raise NotFound
    return Response(_drawn(f"{settings().base}/{lang}/{page}"), headers=_DAY, media_type="image/svg+xml")


@lru_cache(maxsize=256)
def _drawn(address: str) -> bytes:
    return qr.svg(address)
