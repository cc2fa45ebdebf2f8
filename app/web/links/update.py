"""The update from a mail: a phone, one thumb, no account. A GET only shows; the key in the path is never logged."""

from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.domain.answers import Answer, asked
from app.domain.errors import Senseless
from app.domain.messages import N_, Message
from app.domain.workflow import BlockReason
from app.models.updates import Via
from app.queries.followup import update_keys
from app.queries.followup.update_keys import Expired, Opened
from app.services.followup import answers, evidence, updates
from app.services.followup.answers import Document, Obstacle
from app.services.followup.transitions import Words
from app.services.kernel.audit import Actor
from app.web.admission import Key, Renewal, client
from app.web.forms import Fields, Form, options
from app.web.page import page, see_other

router = routes.router("/{lang}/u/{token}")
READ = ["GET", "HEAD"]
Id = Annotated[int, Path(ge=1, lt=2**31)]
_FIRST = frozenset({"", "acknowledge", "decline", *Answer})  # what the links in a mail bring forward


class Said(Fields):
    s: Answer | None = None
    note: str = Field("", max_length=4000)
    block_reason: BlockReason | None = None
    who_can_unblock: str = Field("", max_length=300)
    evidence_title: str = Field("", max_length=300)
    evidence_location: str = Field("", max_length=1000)


class Receipt(Fields):
    pass


class Refusal(Fields):
    reason: str = Field("", max_length=4000)


class Piece(Fields):
    evidence_title: str = Field("", max_length=300)
    evidence_location: str = Field("", max_length=1000)


@router.api_route("", methods=READ)
def show(request: Request, lang: Lang, token: str, session: Reading, s: str = "") -> Response:
    if s not in _FIRST:
        raise Senseless(Message(N_("There is no such answer. Choose one on the page.")), {})
    try:
        key = update_keys.opened(session, token)
    except Expired:
        return page(request, "links/expired.html", lang, status=410, token=token, form=Form())
    return _ask(request, session, lang, token, key, Form({"s": s}), s)


@router.post("")
def answer(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Said, typed)
    if (said := form.data) is None:
        return _ask(request, session, lang, token, key, form)
    done = form.attempt(
        session, answers.give, session, _actor(key), key.action, said.s, words=_words(said.note, lang),
        obstacle=Obstacle(said.block_reason, said.who_can_unblock),
        document=Document(said.evidence_title, said.evidence_location),
    )  # fmt: skip
    if done is None:
        return _ask(request, session, lang, token, key, form)
    return form.done(session, f"/{lang}/u/{token}/receipts/{done.id}", token)


@router.post("/acknowledgement")
def acknowledge(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Receipt, typed)
    done = form.attempt(session, updates.acknowledge, session, _actor(key), key.action)
    if done is None:
        return _ask(request, session, lang, token, key, form)
    return form.done(session, f"/{lang}/u/{token}/receipts/{done.id}", token)


@router.post("/refusal")
def decline(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Refusal, typed)
    reason = form.data.reason if form.data else ""
    done = form.attempt(session, updates.decline, session, _actor(key), key.action, reason=reason)
    if done is None:
        return _ask(request, session, lang, token, key, form, "decline")
    return form.done(session, f"/{lang}/u/{token}/receipts/{done.id}", token)


@router.post("/evidence")
def attach(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Piece, typed)
    title, location = (form.data.evidence_title, form.data.evidence_location) if form.data else ("", "")
    form.attempt(session, evidence.attach, session, _actor(key), key.action, title=title, location=location)
    if not form.ok:
        return _ask(request, session, lang, token, key, form)
    return form.done(session, f"/{lang}/u/{token}?said=recorded", token)


@router.api_route("/receipts/{update_id}", methods=READ)
def receipt(request: Request, lang: Lang, token: str, update_id: Id, session: Reading) -> Response:
    key = update_keys.opened(session, token)
    return page(
        request, "links/receipt.html", lang, token=token, key=key, form=Form(),
        update=update_keys.receipt(session, key, update_id), others=update_keys.others(session, key),
    )  # fmt: skip


@router.post("/renewal")
def renew(request: Request, lang: Lang, token: str, link: Renewal, session: Writing) -> Response:
    """Always the same answer, whoever asks and whatever the key was."""
    answers.renew(session, link, client(request))
    return see_other(f"/{lang}/u/{token}/renewal")


@router.api_route("/renewal", methods=READ)
def renewed(request: Request, lang: Lang) -> Response:
    return page(request, "links/renewed.html", lang)


def _ask(
    request: Request, session: Reading, lang: str, token: str, key: Opened, form: Form[Any], first: str = ""
) -> Response:
    """The question; `first` is what the mail's link asked for, and only brings it forward."""
    return page(
        request, "links/update.html", lang, status=form.status, token=token, key=key, form=form, first=first,
        reasons=options(BlockReason, lang), choices=asked(update_keys.possible(session, key)),
        needs_evidence=update_keys.needs_evidence(session, key.action),
    )  # fmt: skip


def _actor(key: Opened) -> Actor:
    return Actor(key.viewer, Via.MAIL_LINK)


def _words(note: str, lang: str) -> Words:
    """What is typed behind a mailed key is meant for the public, and waits for its release."""
    return Words(note=note, public_summary=note, lang=lang)
