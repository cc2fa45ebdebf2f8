"""A theme: what meetings recommended about it, whichever they were."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import places
from app.domain.errors import NotFound
from app.queries.meetings import recommendations
from app.queries.public import addresses, themes
from app.queries.scope import cursors
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = routes.router()


@router.api_route("/{lang}/themes/{slug}", methods=READ)
def theme(request: Request, lang: Lang, slug: str, session: Reading, after: str = "") -> Response:
    try:
        row = themes.get(session, slug)
    except NotFound:
        return moved(request, f"/{lang}/themes/{addresses.current(session, 'theme', slug)}")
    point = cursors.number(after)
    found = themes.recommendations(session, row.id, point[1] if point else None)
    shown, today = found[: themes.PER_PAGE], local_today()
    return public_page(
        request,
        "public/theme.html",
        lang,
        [places.of("theme", row.id), *(places.of("recommendation", one.id) for one in shown)],
        theme=row,
        listed=recommendations.listed(session, shown, today),
        next=cursors.following(found, themes.PER_PAGE, lambda last: (0, last.id)),
        is_first=not after,
    )
