"""Everybody's list of actions, and the page of one; what changes them stands beside, one room for each part."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app import routes
from app.config import settings
from app.deps import Lang, Reading
from app.domain import list_heads
from app.domain.permissions import Role, has_role
from app.domain.workflow import State
from app.queries.followup import action_search, actions, filter_choices
from app.queries.followup.filters import OPEN_ONES, Filters, named
from app.signed_in import CurrentPerson
from app.web.forms import options
from app.web.page import local_today
from app.web.workspace.followup.dossier import show
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/actions")


Text = Annotated[str, Query(max_length=100)]


@router.get("")
def listed(
    request: Request,
    lang: Lang,
    person: CurrentPerson,
    session: Reading,
    state: str = "",
    organisation: str = "",
    meeting: str = "",
    overdue: str = "",
    text: Text = "",
    after: str = "",
) -> Response:
    filters, today = Filters(state or OPEN_ONES, organisation, meeting, overdue, text.strip()).checked(), local_today()
    found, zone = action_search.page(session, person.viewer, filters, after, today), settings().zone
    return frame(
        request, person, "workspace/followup/actions.html", lang, filters=filters, after=after,
        rows=[(row, *row.marks(today, zone)) for row in found.lines],
        head=list_heads.actions(filters.state, is_overdue=bool(filters.overdue)),
        named=named(session, person.viewer, filters), is_cut=found.is_cut, scanned=action_search.SCANNED,
        picked=_picked(filters), next=_next(found.next, filters), states=options(State, lang),
        verifies=has_role(person.viewer, Role.VERIFIER), directs=has_role(person.viewer, Role.SECRETARIAT),
    )  # fmt: skip


@router.get("/filters")
def filters(
    request: Request,
    lang: Lang,
    person: CurrentPerson,
    session: Reading,
    state: str = "",
    organisation: str = "",
    meeting: str = "",
    overdue: str = "",
    text: Text = "",
    words: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    chosen = Filters(state or OPEN_ONES, organisation, meeting, overdue, text.strip())
    return frame(
        request, person, "workspace/followup/filters.html", lang, filters=chosen, words=words, most=filter_choices.MOST,
        bodies=filter_choices.bodies(session, person.viewer, words),
        meetings=filter_choices.meetings(session, person.viewer, words),
        named=named(session, person.viewer, chosen), states=options(State, lang),
    )  # fmt: skip


@router.get("/{ref}")
def action(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Reading) -> Response:
    if (known := actions.canonical(ref)) != ref:
        return RedirectResponse(f"/{lang}/workspace/actions/{known}", 308)
    return show(request, session, person, lang, actions.get(session, person.viewer, ref))


def _picked(filters: Filters) -> dict[str, str]:
    """For every chosen filter the address without it."""
    return {name: f"?{urlencode(filters.without(name))}" for name in filters.chosen}


def _next(after: str, filters: Filters) -> str:
    return f"?{urlencode(filters.chosen | {'after': after})}" if after else ""
