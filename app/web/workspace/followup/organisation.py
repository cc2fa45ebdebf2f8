"""The manager's page: what my organisation owes, post by post, and what waits for me, done where it stands."""

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from app import routes
from app.domain import list_heads
from app.domain.errors import NotFound
from app.domain.permissions import managed
from app.domain.workflow import BlockReason
from app.queries.followup import declarations, organisation
from app.queries.followup.organisation import OrganisationFilters
from app.queries.followup.organisation_sections import OrganisationSection
from app.queries.scope import ranges
from app.web.forms import Form, options
from app.web.page import local_today
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/organisation")
Slug = Annotated[str, Query(max_length=80)]


@router.get("")
def show(asked: Asked, only: str = "", post: Slug = "", after: str = "") -> Response:
    """It exists for managers alone."""
    if not managed(asked.viewer):
        raise NotFound
    wanted = OrganisationFilters(only, post, after)
    return frame(
        asked,
        "workspace/followup/organisation.html",
        wanted=wanted,
        section=only or (OrganisationSection.OWED if post else ""),
        page=organisation.of(asked.session, asked.viewer, local_today(), wanted),
        fresh=Form[Any],
        heads=list_heads,
        most=ranges.MOST,
        few=organisation.FEW,
        longest=declarations.LONGEST,
        reasons=options(BlockReason, asked.lang),
    )
