"""Requests for more time on the page of an action: asked, endorsed, decided, withdrawn."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.domain.errors import NotFound
from app.domain.workflow import Verb
from app.queries.followup import extensions as requests
from app.queries.followup.actions import Judged
from app.queries.scope.viewers import SignedIn
from app.services.followup import extensions
from app.web.workspace.followup.dossier import Act, ActionFields, Judging, acting

router = routes.router("/{lang}/workspace/actions/{ref}/extension-requests")
Text = Annotated[str, Field(max_length=8000)]
Id = Annotated[int, Path(ge=1, lt=2**31)]


class AskFields(ActionFields):
    due_on: dt.date | None = None
    reason: Text = ""


class GrantFields(ActionFields):
    due_on: dt.date | None = None
    reason: Text = ""


class RefuseFields(ActionFields):
    reason: Text = ""


def _of_request(*verbs: Verb) -> Callable[[Request], Judging]:
    """Judged before anything is locked: whether this request exists, and one of the verbs is theirs about it."""

    def judged(asked: Request) -> Judging:
        def judge(session: Session, person: SignedIn, action: Judged) -> None:
            number = asked.path_params["request_id"]
            if not (number.isascii() and number.isdigit() and len(number) < 10):
                raise NotFound
            found = requests.get(session, action, int(number))
            verb = requests.granting(found) if Verb.GRANT_TIME in verbs else verbs[0]
            extensions.require_right(session, person.viewer, action, found, verb)

        return judge

    return judged


def _on_request(*verbs: Verb) -> Any:
    """Somebody about to do one of these things about one request."""
    return acting(*verbs, judged=_of_request(*verbs))


@router.post("")
def ask(act: Annotated[Act, acting(Verb.ASK_TIME)]) -> Response:
    return act.carry_out(
        "more_time",
        AskFields,
        lambda said: extensions.ask(*act.whom, due_on=said.due_on, reason=said.reason, version=said.version),
    )


@router.post("/{request_id}/endorsement")
def endorse(act: Annotated[Act, _on_request(Verb.ENDORSE_TIME)], request_id: Id) -> Response:
    request = requests.get(act.session, act.action, request_id)
    return act.carry_out(
        f"endorsement_{request_id}",
        ActionFields,
        lambda said: extensions.endorse(*act.whom, request, version=said.version),
    )


@router.post("/{request_id}/grant")
def grant(act: Annotated[Act, _on_request(Verb.GRANT_TIME, Verb.GRANT_PART)], request_id: Id) -> Response:
    request = requests.get(act.session, act.action, request_id)
    return act.carry_out(
        f"grant_{request_id}",
        GrantFields,
        lambda said: extensions.grant(*act.whom, request, due_on=said.due_on, reason=said.reason, version=said.version),
    )


@router.post("/{request_id}/refusal")
def refuse(act: Annotated[Act, _on_request(Verb.REFUSE_TIME)], request_id: Id) -> Response:
    request = requests.get(act.session, act.action, request_id)
    return act.carry_out(
        f"refuse_time_{request_id}",
        RefuseFields,
        lambda said: extensions.refuse(*act.whom, request, reason=said.reason, version=said.version),
    )


@router.post("/{request_id}/withdrawal")
def withdraw(act: Annotated[Act, _on_request(Verb.WITHDRAW_TIME)], request_id: Id) -> Response:
    request = requests.get(act.session, act.action, request_id)
    return act.carry_out(
        f"withdraw_time_{request_id}",
        ActionFields,
        lambda said: extensions.withdraw(*act.whom, request, version=said.version),
    )
