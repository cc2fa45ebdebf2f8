"""The update from a mail: a phone, one thumb, no account. A GET only shows; the key in the path is never logged."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.domain.answers import Answer, by_mail
from app.domain.errors import InvalidQuery
from app.domain.messages import N_, Message
from app.domain.workflow import BlockReason, PartState, Verb
from app.models.actions import Action
from app.models.updates import Update
from app.queries.followup import extensions as requests
from app.queries.followup import update_keys
from app.queries.followup.update_keys import Expired, OpenedKey
from app.routes import Later, later
from app.services.followup import answers, evidence, extensions, updates
from app.services.followup.answers import Obstacle
from app.services.kernel.audit import Actor
from app.web import mailed
from app.web.admission import MailedKey, Renewal, client
from app.web.forms import Fields, Form, NoFields, options
from app.web.page import page, see_other
from app.web.uploads import Arriving, DocumentFields

router = routes.router("/{lang}/u/{token}")
M = TypeVar("M", bound=Fields)
READ = ["GET", "HEAD"]
_FIRST = frozenset({"", "acknowledge", "decline", "more_time", *Answer})  # what the links in a mail bring forward


class KeyUpdateFields(DocumentFields):
    s: Answer | None = None
    note: str = Field("", max_length=4000)
    block_reason: BlockReason | None = None
    who_can_unblock: str = Field("", max_length=300)


class KeyRefusalFields(Fields):
    reason: str = Field("", max_length=4000)


class KeyExtensionFields(Fields):
    due_on: dt.date | None = None
    more_time_reason: str = Field("", max_length=4000)


@dataclass(frozen=True)
class KeyRequest:
    """Whoever follows the key from a mail, and what the key opens."""

    request: Request
    lang: str
    token: str
    key: OpenedKey
    session: Session


@dataclass(frozen=True)
class KeyPress(KeyRequest):
    """The same, with the form that they sent; the action is locked."""

    typed: FormData

    @property
    def whom(self) -> tuple[Session, Actor, Action]:
        """What every service wants first."""
        return self.session, mailed.actor(self.key), self.key.action

    def attempt(self, model: type[M], verb: Callable[[M], str], first: str = "") -> Response:
        """The verb, once, then where it says that it leads; refused, the question again with what was typed."""
        form = Form.read(model, self.typed)
        return form.carry_out(self.session, verb, lambda form: _ask(self, form, first), hidden=self.token)

    def receipt_of(self, update: Update) -> str:
        return mailed.way_to_receipt(self.session, (self.lang, self.token), self.key, update)


class _Pressed(Later[KeyPress]):
    def __init__(self, make: Callable[[OpenedKey, Session], KeyPress], key: Later[OpenedKey]) -> None:
        self._make, self._key = make, key

    def look(self, session: Session) -> KeyPress:
        return self._make(self._key.look(session), session)

    def judge(self, session: Session) -> object:
        return self._key.judge(session)

    def take(self, session: Session) -> KeyPress:
        return self._make(self._key.take(session), session)


def _pressed(request: Request, lang: Lang, token: str, typed: Typed) -> _Pressed:
    def make(key: OpenedKey, session: Session) -> KeyPress:
        return KeyPress(request, lang, token, key, session, typed)

    return _Pressed(make, MailedKey(token))


Press = Annotated[KeyPress, later(_pressed)]


@router.api_route("", methods=READ)
def show(request: Request, lang: Lang, token: str, session: Reading, s: str = "") -> Response:
    if s not in _FIRST:
        raise InvalidQuery(Message(N_("There is no such answer. Choose one on the page.")), {})
    try:
        key = update_keys.of_action(session, token)
    except Expired:
        return page(request, "links/expired.html", lang, status=410, token=token, form=Form())
    return _ask(KeyRequest(request, lang, token, key, session), Form({"s": s}), s)


@router.post("")
def answer(press: Press, arrived: Arriving) -> Response:
    def verb(said: KeyUpdateFields) -> str:
        words = mailed.words(said.note, press.lang)
        obstacle = Obstacle(said.block_reason, said.who_can_unblock)
        document = said.document(arrived)
        return press.receipt_of(answers.give(*press.whom, said.s, words=words, obstacle=obstacle, document=document))

    return press.attempt(KeyUpdateFields, verb)


@router.post("/acknowledgement")
def acknowledge(press: Press) -> Response:
    return press.attempt(NoFields, lambda _: press.receipt_of(answers.acknowledge(*press.whom)))


@router.post("/refusal")
def decline(press: Press) -> Response:
    return press.attempt(
        KeyRefusalFields, lambda sent: press.receipt_of(updates.decline(*press.whom, reason=sent.reason)), "decline"
    )


@router.post("/evidence")
def attach(press: Press, arrived: Arriving) -> Response:
    def verb(sent: DocumentFields) -> str:
        evidence.add(*press.whom, sent.document(arrived))
        return f"/{press.lang}/u/{press.token}?said=recorded"

    return press.attempt(DocumentFields, verb)


@router.post("/extension-requests")
def ask_for_time(press: Press) -> Response:
    def verb(sent: KeyExtensionFields) -> str:
        extensions.ask(*press.whom, due_on=sent.due_on, reason=sent.more_time_reason)
        return f"/{press.lang}/u/{press.token}?said=recorded"

    return press.attempt(KeyExtensionFields, verb, "more_time")


@router.post("/extension-requests/withdrawal")
def withdraw_request(press: Press) -> Response:
    def verb(_sent: NoFields) -> str:
        if request := requests.open_of(press.session, press.key.action.id, press.key.post_id):
            extensions.withdraw(*press.whom, request)
        return f"/{press.lang}/u/{press.token}?said=recorded"

    return press.attempt(NoFields, verb)


@router.post("/renewal")
def renew(request: Request, lang: Lang, token: str, link: Renewal, session: Writing) -> Response:
    """Always the same answer, whoever asks and whatever the key was."""
    answers.renew(session, link, client(request))
    return see_other(f"/{lang}/u/{token}/renewal")


@router.api_route("/renewal", methods=READ)
def renewed(request: Request, lang: Lang) -> Response:
    return page(request, "links/renewed.html", lang)


def _ask(asked: KeyRequest, form: Form[Any], first: str = "") -> Response:
    """The question; `first` is what the mail's link asked for, and only brings it forward."""
    part = update_keys.part(asked.session, asked.key)
    possible = update_keys.possible(asked.session, asked.key)
    choices = by_mail(possible)
    if part and part.part_state is PartState.DONE:
        choices = [choice for choice in choices if choice is Answer.REPORT]
    return page(
        asked.request,
        "links/update.html",
        asked.lang,
        status=form.status,
        token=asked.token,
        key=asked.key,
        form=form,
        first=first,
        reasons=options(BlockReason, asked.lang),
        choices=choices,
        part=part,
        waiting=requests.open_of(asked.session, asked.key.action.id, asked.key.post_id),
        may_ask=Verb.ASK_TIME in possible,
        needs_evidence=update_keys.needs_evidence(asked.session, asked.key.action),
        **mailed.said(asked.session, asked.key),
    )
