"""The record's heads: what whoever keeps one can prove later."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.queries.public import record_heads
from app.web.cacheable import READ, public_page

router = routes.router()
_SHOWN = 60  # days


@router.api_route("/{lang}/record", methods=READ)
def record(request: Request, lang: Lang, session: Reading) -> Response:
    return public_page(request, "public/record.html", lang, heads=record_heads.published(session, _SHOWN))
