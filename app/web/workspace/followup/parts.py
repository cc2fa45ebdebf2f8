"""What the secretariat does with the posts that support an action: asked, given another date, let go."""

import datetime as dt
from typing import Annotated

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.workflow import Part
from app.services.followup import parts
from app.web.workspace.followup.dossier import Act, ActionFields, acting

router = routes.router("/{lang}/workspace/actions/{ref}/parts")
Body = Annotated[int, Path(ge=1, lt=2**31)]
Text = Annotated[str, Field(max_length=8000)]


class PartFields(ActionFields):
    post_id: int | None = None
    post_words: Annotated[str, Field(max_length=1000)] = ""  # what was looked for before
    titles: dict[str, str] = Field(default_factory=dict)
    due_on: dt.date | None = None


class PartDeadlineFields(ActionFields):
    due_on: dt.date | None = None
    reason: Text = ""


class PartEndFields(ActionFields):
    reason: Text = ""


@router.post("")
def add(act: Annotated[Act, acting(Part.SECRETARIAT)]) -> Response:
    return act.carry_out(
        "part",
        PartFields,
        lambda said: parts.add(*act.whom, post_id=said.post_id, titles=said.titles, due_on=said.due_on),
    )


@router.post("/{body_id}/deadline")
def move(act: Annotated[Act, acting(Part.SECRETARIAT)], body_id: Body) -> Response:
    found = parts.one(act.session, act.action, body_id)
    return act.carry_out(
        f"part-move-{body_id}",
        PartDeadlineFields,
        lambda said: parts.move(*act.whom, found, due_on=said.due_on, reason=said.reason),
    )


@router.post("/{body_id}/removal")
def end(act: Annotated[Act, acting(Part.SECRETARIAT)], body_id: Body) -> Response:
    found = parts.one(act.session, act.action, body_id)
    return act.carry_out(
        f"part-end-{body_id}", PartEndFields, lambda said: parts.end(*act.whom, found, reason=said.reason)
    )
