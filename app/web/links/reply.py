"""Replies that came by mail, behind the key of one: read again, and confirmed or thrown away. A GET only shows."""

from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.queries.followup import replies as waiting
from app.queries.followup import update_keys
from app.queries.followup.update_keys import Expired, OpenedKey
from app.routes import later
from app.services.mailing import replies
from app.web import mailed
from app.web.admission import MailedKey
from app.web.forms import Fields, Form
from app.web.page import page

router = routes.router("/{lang}/u/{token}/reply")
Way = tuple[str, str]


class ReplyFields(Fields):
    reply_id: int = Field(ge=1, lt=2**31)
    choice: Literal["confirm", "discard"]


@router.api_route("", methods=["GET", "HEAD"])
def show(request: Request, lang: Lang, token: str, session: Reading) -> Response:
    try:
        key = update_keys.of_action(session, token)
    except Expired:
        return page(request, "links/expired.html", lang, status=410, token=token, form=Form())
    return _ask(request, session, (lang, token), key, Form())


def _key(token: str) -> MailedKey:
    return MailedKey(token)


@router.post("")
def settle(
    request: Request,
    lang: Lang,
    token: str,
    key: Annotated[OpenedKey, later(_key)],
    session: Writing,
    typed: Typed,
) -> Response:
    def verb(said: ReplyFields) -> str:
        if said.choice == "discard":
            replies.discard(session, mailed.actor(key), key.action, said.reply_id)
            return f"/{lang}/u/{token}/reply?said=discarded"
        done = replies.confirm(session, mailed.actor(key), key.action, said.reply_id)
        return mailed.way_to_receipt(session, (lang, token), key, done)

    form = Form.read(ReplyFields, typed)
    return form.carry_out(session, verb, lambda form: _ask(request, session, (lang, token), key, form), hidden=token)


def _ask(request: Request, session: Session, way: Way, key: OpenedKey, form: Form[Any]) -> Response:
    lang, token = way
    found = waiting.waiting(session, key)
    return page(request, "links/reply.html", lang, status=form.status, token=token, key=key, form=form, waiting=found)
