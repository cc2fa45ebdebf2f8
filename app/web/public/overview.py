"""The first page: how much is implemented, what is overdue, what moved, who is waited for."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app import routes
from app.config import settings
from app.deps import Lang, Reading
from app.domain import regions
from app.domain.places import COUNTS, NEWS
from app.formats import svg
from app.i18n.locales import negotiate
from app.queries.meetings import meetings
from app.queries.public import overview, tallies
from app.web import charts
from app.web.cacheable import CACHE_CONTROL, READ, public_page
from app.web.page import local_today

router = routes.router()
_MEETINGS, _LINES = 10, 5


@router.api_route("/", methods=READ)
def root(request: Request) -> Response:
    lang = negotiate(request.headers.get("accept-language"), settings().default_locale)
    return RedirectResponse(f"/{lang}/", 307, {"Vary": "Accept-Language", "Cache-Control": CACHE_CONTROL})


@router.api_route("/{lang}/", methods=READ)
def first(request: Request, lang: Lang, session: Reading) -> Response:
    today = local_today()
    rows = meetings.newest(session, _MEETINGS + 1)
    progress = tallies.of_meetings(session, [row.id for row in rows[:_MEETINGS]], today)
    whole, growth = tallies.whole(session, today), tallies.growth(session, today)
    return public_page(
        request,
        "public/overview.html",
        lang,
        (COUNTS, NEWS),
        whole=whole,
        whole_bar=charts.of_progress(whole, lang),
        growth=growth,
        line=_line(growth),
        days=growth.days(today),
        reached=svg.reached,
        meetings=charts.of_meetings(rows[:_MEETINGS], progress, lang),
        has_more=len(rows) > _MEETINGS,
        region=regions.find,
        moved=overview.moved_lately(session, today, _LINES),
        waited=overview.waited_for(session, today, _LINES),
    )


def _line(growth: tallies.Growth) -> svg.ChartLine | None:
    return svg.burn_up(
        accepted=growth.published, planned=growth.planned, verified=growth.implemented, today=local_today()
    )
