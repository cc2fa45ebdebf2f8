"""Everybody's list of actions, and the page of one; what changes them stands beside, one room for each part."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from app import routes
from app.config import settings
from app.domain import list_heads, references, regions
from app.domain.permissions import Role, has_role
from app.domain.workflow import State
from app.queries.followup import action_search, actions, filter_choices
from app.queries.followup.filters import Filters, named
from app.web.forms import options
from app.web.page import local_today
from app.web.workspace.followup.dossier import show
from app.web.workspace.followup.narrowed import Narrowed
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/actions")


@router.get("")
def listed(asked: Asked, narrowed: Narrowed, after: str = "") -> Response:
    filters, today = narrowed.checked(), local_today()
    found, zone = action_search.page(asked.session, asked.viewer, filters, after, today), settings().zone
    return frame(
        asked,
        "workspace/followup/actions.html",
        filters=filters,
        after=after,
        rows=[(row, *row.marks(today, zone)) for row in found.lines],
        region=regions.find,
        head=list_heads.actions(filters.state, is_overdue=bool(filters.overdue)),
        is_cut=found.is_cut,
        scanned=action_search.SCANNED,
        verifies=has_role(asked.viewer, Role.VERIFIER),
        directs=has_role(asked.viewer, Role.SECRETARIAT),
        named=named(asked.session, asked.viewer, filters),
        picked=_picked(filters),
        next=_next(found.next, filters),
        states=options(State, asked.lang),
    )


@router.get("/filters")
def filters(asked: Asked, chosen: Narrowed, words: Annotated[str, Query(max_length=200)] = "") -> Response:
    return frame(
        asked,
        "workspace/followup/filters.html",
        filters=chosen,
        words=words,
        most=filter_choices.MOST,
        bodies=filter_choices.bodies(asked.session, asked.viewer, words),
        meetings=filter_choices.meetings(asked.session, asked.viewer, words),
        named=named(asked.session, asked.viewer, chosen),
        states=options(State, asked.lang),
    )


@router.get("/{ref}")
def action(asked: Asked, ref: str) -> Response:
    if (known := references.canonical(ref)) != ref:
        return RedirectResponse(f"/{asked.lang}/workspace/actions/{known}", 308)
    return show(asked, actions.get(asked.session, asked.viewer, ref))


def _picked(filters: Filters) -> dict[str, str]:
    """For every chosen filter the address without it."""
    return {name: f"?{urlencode(filters.without(name))}" for name in filters.chosen}


def _next(after: str, filters: Filters) -> str:
    return f"?{urlencode(filters.chosen | {'after': after})}" if after else ""
