"""An organisation: what it leads, what it owes by when, what it has done."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import places, regions
from app.domain.errors import NotFound
from app.domain.messages import Message
from app.domain.sentences import progress as sentences
from app.domain.workflow import State
from app.queries.public import addresses, organisations, tallies
from app.queries.scope import cursors
from app.web import charts
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = routes.router()


@router.api_route("/{lang}/organisations/{slug}", methods=READ)
def organisation(request: Request, lang: Lang, slug: str, session: Reading, after: str = "") -> Response:
    try:
        row = organisations.get(session, slug)
    except NotFound:
        return moved(request, f"/{lang}/organisations/{addresses.current(session, 'organisation', slug)}")
    today = local_today()
    leading = tallies.of_organisation(session, row.id, today)
    if not (leading.states or leading.supports or organisations.has_answered(session, row.id)):
        raise NotFound  # of those that nothing public names nobody outside knows
    bar = charts.of_states(leading.states, lang, leading.late)
    owed = organisations.owed(session, row.id, cursors.day(after))
    return public_page(
        request,
        "public/organisation.html",
        lang,
        [places.of("organisation", row.id)],
        organisation=row,
        leading=leading,
        lead=_lead(leading),
        bar=bar,
        bar_says=charts.states_say(bar),
        silence=leading.silence(today),
        owed=owed[: organisations.PER_PAGE],
        next=cursors.following(owed, organisations.PER_PAGE, lambda last: (last.due_on, last.id)),
        is_first=not after,
        done=[] if after else organisations.done(session, row.id),
        region=regions.find,
    )


def _lead(leading: tallies.Leading) -> list[Message]:
    return sentences.organisation(
        leads=sum(leading.states.values()),
        verified=leading.states.get(State.VERIFIED, 0),
        overdue=leading.overdue,
        supports=leading.supports,
    )
