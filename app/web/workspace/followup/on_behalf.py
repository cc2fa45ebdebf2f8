"""What a post said by letter, phone, mail or in a meeting, typed in by the secretariat."""

import datetime as dt
from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.on_behalf import CameBy
from app.domain.workflow import BlockReason, Part, Verb
from app.services.followup import on_behalf
from app.services.followup.answers import Obstacle
from app.services.followup.evidence import Document
from app.services.followup.on_behalf import Arrival, Said
from app.services.followup.transitions import Words
from app.web.uploads import Arriving, DocumentFields
from app.web.workspace.followup.dossier import Act, ActionFields, acting

router = routes.router("/{lang}/workspace/actions/{ref}")
Text = Annotated[str, Field(max_length=8000)]
Line = Annotated[str, Field(max_length=1000)]


class OnBehalfFields(DocumentFields, ActionFields):
    post_id: int | None = Field(None, ge=1, lt=2**31)
    came_by: CameBy | None = None
    came_on: dt.date | None = None
    said: Verb | None = None
    note: Text = ""
    public_summary: Text = ""
    percent: int | None = Field(None, ge=0, le=100)
    block_reason: BlockReason | None = None
    who_can_unblock: Line = ""


@router.post("/on-behalf")
def record(act: Annotated[Act, acting(Part.SECRETARIAT)], arrived: Arriving) -> Response:
    return act.carry_out(
        "behalf",
        OnBehalfFields,
        lambda sent: on_behalf.record(
            *act.whom, Arrival(sent.post_id, sent.came_by, sent.came_on), _said(sent, sent.document(arrived), act.lang)
        ),
    )


def _said(sent: OnBehalfFields, document: Document, lang: str) -> Said:
    return Said(
        sent.said,
        Words(sent.note, sent.public_summary, sent.percent, lang),
        Obstacle(sent.block_reason, sent.who_can_unblock),
        document,
    )
