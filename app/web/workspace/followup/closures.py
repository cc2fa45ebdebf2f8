"""What the secretariat decides of an action: whose it is, by when, whether it is public, and how it ends."""

import datetime as dt
from contextlib import suppress
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.errors import NotFound
from app.domain.workflow import Part, State, Verb
from app.models.actions import Action
from app.models.updates import Update
from app.queries.followup import actions as action_queries
from app.services.followup import actions, closures
from app.web.workspace.followup.dossier import Act, ActionFields, acting

router = routes.router("/{lang}/workspace/actions/{ref}")
Text = Annotated[str, Field(max_length=8000)]


class Ending(StrEnum):
    CANCELLED = "cancelled"
    NOT_APPLICABLE = "not_applicable"
    SUPERSEDED = "superseded"


class AssignmentFields(ActionFields):
    owner_post_id: int | None = None
    post_words: Annotated[str, Field(max_length=1000)] = ""  # what was looked for before
    due_on: dt.date | None = None
    is_past: bool = False
    reason: Text = ""


class DeadlineFields(ActionFields):
    due_on: dt.date
    is_past: bool = False
    reason: Text = ""


class EndingFields(ActionFields):
    ending: Ending
    reason: Text = ""
    successor: Annotated[str, Field(max_length=40)] = ""


class ActionReasonFields(ActionFields):
    reason: Text = ""


class ActionEditFields(ActionFields):
    titles: dict[str, str] = Field(default_factory=dict)
    description: Text = ""
    is_priority: bool = False
    owner_post_id: int | None = None
    due_on: dt.date | None = None


@router.post("/assignment")
def assign(act: Annotated[Act, acting(Verb.ASSIGN, Verb.REASSIGN)]) -> Response:
    return act.carry_out("assignment", AssignmentFields, lambda said: _give(act, said), said="assigned")


@router.post("/deadline")
def move_deadline(act: Annotated[Act, acting(Verb.MOVE_DEADLINE)]) -> Response:
    return act.carry_out(
        "deadline",
        DeadlineFields,
        lambda said: closures.move_deadline(
            *act.whom, due_on=said.due_on, reason=said.reason, is_past=said.is_past, version=said.version
        ),
    )


@router.post("/ending")
def end(act: Annotated[Act, acting(Verb.CANCEL, Verb.SUPERSEDE, Verb.NOT_APPLICABLE)]) -> Response:
    return act.carry_out("ending", EndingFields, lambda said: _end(act, said))


@router.post("/reopening")
def reopen(act: Annotated[Act, acting(Verb.REOPEN)]) -> Response:
    return act.carry_out(
        "reopening",
        ActionReasonFields,
        lambda said: closures.reopen(*act.whom, reason=said.reason, version=said.version),
    )


@router.post("/publication")
def publish(act: Annotated[Act, acting(Part.SECRETARIAT)]) -> Response:
    return act.carry_out("publication", ActionFields, lambda _: actions.publish(*act.whom), said="published")


@router.post("/withdrawal")
def withdraw(act: Annotated[Act, acting(Part.SECRETARIAT)]) -> Response:
    return act.carry_out(
        "withdrawal", ActionReasonFields, lambda said: actions.withdraw(*act.whom, reason=said.reason), said="withdrawn"
    )


@router.post("/edit")
def edit(act: Annotated[Act, acting(Verb.EDIT)]) -> Response:
    return act.carry_out(
        "edit",
        ActionEditFields,
        lambda said: actions.edit(*act.whom, **said.model_dump(exclude={"back"})),
        said="saved",
    )


def _give(act: Act, said: AssignmentFields) -> Update:
    """A draft or declined action is assigned; one that has a post already is moved to another."""
    if act.action.assigned_at is None or act.action.state == State.DECLINED:
        return actions.assign(
            *act.whom, owner_post_id=said.owner_post_id, due_on=said.due_on, reason=said.reason, is_past=said.is_past,
            version=said.version,
        )  # fmt: skip
    return actions.reassign(*act.whom, owner_post_id=said.owner_post_id, reason=said.reason, version=said.version)


def _end(act: Act, said: EndingFields) -> Update:
    if said.ending == Ending.CANCELLED:
        return closures.cancel(*act.whom, reason=said.reason, version=said.version)
    if said.ending == Ending.NOT_APPLICABLE:
        return closures.not_applicable(*act.whom, reason=said.reason, version=said.version)
    return closures.supersede(*act.whom, reason=said.reason, successor=_named(act, said), version=said.version)


def _named(act: Act, said: EndingFields) -> Action | None:
    """The action that takes its place; the service says what is missing."""
    with suppress(NotFound):
        return action_queries.get(act.session, act.person.viewer, said.successor.strip())
    return None
