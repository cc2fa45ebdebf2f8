"""What a holder says of an action in the workspace, and what the secretariat lets out of it."""

import datetime as dt
from typing import Annotated

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.answers import Answer
from app.domain.workflow import BlockReason, Part, Verb
from app.queries.followup import actions
from app.services.followup import answers, evidence, milestones, updates
from app.services.followup.answers import Obstacle
from app.services.followup.transitions import Words
from app.web.uploads import Arriving, DocumentFields
from app.web.workspace.followup.dossier import HOLDERS_VERBS, Act, ActionFields, acting

router = routes.router("/{lang}/workspace/actions/{ref}")
_NEAR = (Part.OWNER, Part.CONTRIBUTOR, Part.SECRETARIAT)
Id = Annotated[int, Path(ge=1, lt=2**31)]
Text = Annotated[str, Field(max_length=8000)]
Line = Annotated[str, Field(max_length=1000)]


class RefusalFields(ActionFields):
    reason: Text = ""


class UpdateFields(DocumentFields, ActionFields):
    s: Answer | None = None
    note: Text = ""
    public_summary: Text = ""
    percent: int | None = Field(None, ge=0, le=100)
    block_reason: BlockReason | None = None
    who_can_unblock: Line = ""


class NoteFields(ActionFields):
    note: Text = ""


class EvidenceFields(DocumentFields, ActionFields):
    pass


class MilestoneFields(ActionFields):
    titles: dict[str, str] = Field(default_factory=dict)
    due_on: dt.date | None = None


@router.post("/acknowledgement")
def acknowledge(act: Annotated[Act, acting(Verb.ACKNOWLEDGE, Verb.ACKNOWLEDGE_PART)]) -> Response:
    return act.carry_out("acknowledgement", ActionFields, lambda _: answers.acknowledge(*act.whom))


@router.post("/refusal")
def decline(act: Annotated[Act, acting(Verb.DECLINE)]) -> Response:
    return act.carry_out("refusal", RefusalFields, lambda said: updates.decline(*act.whom, reason=said.reason))


@router.post("/updates")
def update(act: Annotated[Act, acting(*HOLDERS_VERBS)], arrived: Arriving) -> Response:
    return act.carry_out(
        "update",
        UpdateFields,
        lambda said: answers.give(
            *act.whom,
            said.s,
            words=Words(said.note, said.public_summary, said.percent, act.lang),
            obstacle=Obstacle(said.block_reason, said.who_can_unblock),
            document=said.document(arrived),
        ),
    )


@router.post("/unblocking")
def unblock(act: Annotated[Act, acting(Verb.UNBLOCK)]) -> Response:
    return act.carry_out("unblocking", NoteFields, lambda said: updates.unblock(*act.whom, words=Words(said.note)))


@router.post("/evidence")
def attach(act: Annotated[Act, acting(*_NEAR)], arrived: Arriving) -> Response:
    return act.carry_out("evidence", EvidenceFields, lambda said: evidence.add(*act.whom, said.document(arrived)))


@router.post("/evidence/{evidence_id}/release")
def release_piece(act: Annotated[Act, acting(Part.SECRETARIAT)], evidence_id: Id) -> Response:
    found = actions.piece(act.session, act.action, evidence_id)
    return act.carry_out("pieces", ActionFields, lambda _: evidence.release(*act.whom, found))


@router.post("/evidence/{evidence_id}/withholding")
def withhold_piece(act: Annotated[Act, acting(Part.SECRETARIAT)], evidence_id: Id) -> Response:
    found = actions.piece(act.session, act.action, evidence_id)
    return act.carry_out("pieces", RefusalFields, lambda said: evidence.withhold(*act.whom, found, reason=said.reason))


@router.post("/milestones")
def plan(act: Annotated[Act, acting(*_NEAR)]) -> Response:
    return act.carry_out(
        "milestone", MilestoneFields, lambda said: milestones.add(*act.whom, titles=said.titles, due_on=said.due_on)
    )


@router.post("/milestones/{milestone_id}/reached")
def reach(act: Annotated[Act, acting(*_NEAR)], milestone_id: Id) -> Response:
    found = actions.milestone(act.session, act.action, milestone_id)
    return act.carry_out("milestone", ActionFields, lambda _: milestones.reach(*act.whom, found))


@router.post("/updates/{update_id}/release")
def release(act: Annotated[Act, acting(Part.SECRETARIAT)], update_id: Id) -> Response:
    session, actor, action = act.whom
    found = actions.update(session, action, update_id)
    return act.carry_out("words", ActionFields, lambda _: updates.release(session, actor, found))


@router.post("/updates/{update_id}/withholding")
def withhold(act: Annotated[Act, acting(Part.SECRETARIAT)], update_id: Id) -> Response:
    session, actor, action = act.whom
    found = actions.update(session, action, update_id)
    return act.carry_out(
        "words", RefusalFields, lambda said: updates.withhold(session, actor, found, reason=said.reason)
    )
