"""How we count, and what we keep of whom: pages of words alone."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang
from app.domain.progress import GROUPS, OUT_OF_RATE
from app.domain.schedule import DUE_SOON_DAYS, STALE_DAYS
from app.domain.workflow import State
from app.web.cacheable import READ, public_page

router = routes.router()


@router.api_route("/{lang}/about", methods=READ)
def about(request: Request, lang: Lang) -> Response:
    return public_page(
        request,
        "public/about.html",
        lang,
        groups=GROUPS,
        out_of_rate=sorted(OUT_OF_RATE),
        declared=State.SUBMITTED,
        stale_days=STALE_DAYS,
        due_soon_days=DUE_SOON_DAYS,
    )


@router.api_route("/{lang}/privacy", methods=READ)
def privacy(request: Request, lang: Lang) -> Response:
    return public_page(request, "public/privacy.html", lang)
