"""A mail that failed, and what becomes of it: seen, sent again or closed; it alone, or all that failed alike."""

from typing import Annotated

from fastapi import Path
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import NotFound
from app.domain.failed_mails import Decision
from app.domain.permissions import Role, Viewer, has_role
from app.queries.mailing import outgoing
from app.queries.mailing.outgoing import LedgerLine
from app.services.mailing import failures
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, FormRequest, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/outgoing/{message_id}/failure")
Id = Annotated[int, Path(ge=1, lt=2**31)]
_SAID = {Decision.SEEN: "seen", Decision.AGAIN: "queued", Decision.CLOSE: "mail_closed"}


def _known(session: Session, viewer: Viewer, message_id: int, *, lock: bool = False) -> None:
    if not has_role(viewer, Role.SECRETARIAT, Role.ADMINISTRATOR):
        raise NotFound
    outgoing.require(session, viewer, message_id)


class FailureFields(Fields):
    decision: Decision
    reason: str = ""
    alike: bool = False


@router.get("")
def show(asked: Asked, message_id: Id) -> Response:
    _known(asked.session, asked.viewer, message_id)
    return _page(asked, outgoing.one(asked.session, asked.viewer, message_id), Form())


@router.post("")
def decide(press: Press, message_id: Id, _may: Annotated[None, signed_in.item(_known, "message_id")]) -> Response:
    def verb(sent: FailureFields) -> str:
        _carry_out(press, message_id, sent)
        return led_to(f"/{press.lang}/workspace/outgoing", said=_SAID[sent.decision])

    def refused(form: Form[FailureFields]) -> Response:
        return _page(press, outgoing.one(press.session, press.viewer, message_id), form)

    return press.attempt(FailureFields, verb, refused)


def _carry_out(press: FormRequest, message_id: int, sent: FailureFields) -> None:
    session, actor = press.by
    if sent.decision is Decision.SEEN:
        failures.acknowledge(session, actor, message_id, alike=sent.alike)
    elif sent.decision is Decision.AGAIN:
        failures.again(session, actor, message_id, alike=sent.alike)
    else:
        failures.close(session, actor, message_id, sent.reason, alike=sent.alike)


def _page(asked: PageRequest, mail: LedgerLine, form: Form[FailureFields]) -> Response:
    alike = outgoing.how_many_alike(asked.session, asked.viewer, mail) if mail.is_open_failure else 0
    return frame(asked, "workspace/mailing/failure.html", status=form.status, mail=mail, alike=alike, form=form)
