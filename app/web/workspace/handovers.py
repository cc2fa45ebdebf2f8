"""Handover notes: what was open when a post changed hands, for its holder and the secretariat."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from app import routes
from app.domain import list_heads
from app.queries.followup import handovers
from app.queries.followup.declarations import LONGEST
from app.queries.scope import ranges
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/handovers")
Id = Annotated[int, Path(ge=1, lt=2**31)]
Place = Annotated[int, Query(ge=0, lt=2**31)]


@router.get("")
def listed(asked: Asked, before: Place = 0) -> Response:
    rows = handovers.listed(asked.session, asked.viewer, before)
    shown = rows[: handovers.PER_PAGE]
    more = shown[-1].id if len(rows) > len(shown) else 0
    return frame(asked, "workspace/handovers.html", rows=shown, more=more, is_start=not before)


@router.get("/{note_id}")
def show(asked: Asked, note_id: Id, after: Place = 0) -> Response:
    note = handovers.get(asked.session, asked.viewer, note_id, after)
    return frame(
        asked,
        "workspace/handover.html",
        note=note,
        longest=LONGEST,
        is_start=not after,
        heads=list_heads,
        most=ranges.MOST,
    )
