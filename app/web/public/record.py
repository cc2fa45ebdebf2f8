"""The record's heads: what whoever keeps one can prove later."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.queries import heads
from app.web.cacheable import READ, public_page

router = routes.router()
_SHOWN = 60  # days


@router.api_route("/{lang}/record", methods=READ)
def record(request: Request, lang: Lang, session: Reading) -> Response:
    return public_page(request, "record/public.html", lang, heads=heads.published(session, _SHOWN))
