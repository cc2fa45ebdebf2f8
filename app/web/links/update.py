"""The update from a mail: a phone, one thumb, no account. A GET only shows; the key in the path is never logged."""

from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.domain.errors import Senseless
from app.domain.messages import N_, Message
from app.domain.workflow import BlockReason, Verb
from app.queries.followup import receipts, update_keys
from app.queries.followup.update_keys import Expired, Opened
from app.services.followup import answers, evidence, updates
from app.services.followup.answers import Answer, Document, Obstacle
from app.web import mailed
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
        key = update_keys.of_action(session, token)
    except Expired:
        return page(request, "links/expired.html", lang, status=410, token=token, form=Form())
    return _ask(request, session, lang, token, key, Form({"s": s}), s)


@router.post("")
def answer(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Said, typed)
    if (said := form.data) is None:
        return _ask(request, session, lang, token, key, form)
    done = form.attempt(
        session, answers.give, session, mailed.actor(key), key.action, said.s, words=mailed.words(said.note, lang),
        obstacle=Obstacle(said.block_reason, said.who_can_unblock),
        document=Document(said.evidence_title, said.evidence_location),
    )  # fmt: skip
    if done is None:
        return _ask(request, session, lang, token, key, form)
    return mailed.to_receipt(form, session, (lang, token), key, done)


@router.post("/acknowledgement")
def acknowledge(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Receipt, typed)
    done = form.attempt(session, updates.acknowledge, session, mailed.actor(key), key.action)
    if done is None:
        return _ask(request, session, lang, token, key, form)
    return mailed.to_receipt(form, session, (lang, token), key, done)


@router.post("/refusal")
def decline(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Refusal, typed)
    reason = form.data.reason if form.data else ""
    done = form.attempt(session, updates.decline, session, mailed.actor(key), key.action, reason=reason)
    if done is None:
        return _ask(request, session, lang, token, key, form, "decline")
    return mailed.to_receipt(form, session, (lang, token), key, done)


@router.post("/evidence")
def attach(request: Request, lang: Lang, token: str, key: Key, session: Writing, typed: Typed) -> Response:
    form = Form.read(Piece, typed)
    title, location = (form.data.evidence_title, form.data.evidence_location) if form.data else ("", "")
    form.attempt(session, evidence.attach, session, mailed.actor(key), key.action, title=title, location=location)
    if not form.ok:
        return _ask(request, session, lang, token, key, form)
    return form.done(session, f"/{lang}/u/{token}?said=recorded", token)


@router.api_route("/receipts/{update_id}", methods=READ)
def receipt(request: Request, lang: Lang, token: str, update_id: Id, session: Reading) -> Response:
    key = update_keys.opened(session, token)
    update, others = receipts.receipt(session, key, update_id), receipts.others(session, key)
    keys = {other.id: receipts.key_to(token, update_id, other.id) for other in others}
    return page(
        request, "links/receipt.html", lang, token=token, key=key, form=Form(), update=update, others=others, keys=keys,
        living=receipts.living(session, list(keys.values())), said=mailed.receipt_said(session, key, update),
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
        reasons=options(BlockReason, lang), choices=_choices(update_keys.possible(session, key)),
        needs_evidence=update_keys.needs_evidence(session, key.action), **mailed.said(session, key),
    )  # fmt: skip


def _choices(possible: frozenset[Verb]) -> list[Answer]:
    answered_by = {Answer.ON_TRACK: {Verb.ON_TRACK}, Answer.BLOCKED: {Verb.BLOCK}, Answer.DONE: {Verb.SUBMIT}}
    choices = [choice for choice, verbs in answered_by.items() if verbs & possible]
    if Answer.BLOCKED not in choices and Verb.REPORT in possible:
        choices.insert(1, Answer.REPORT)  # a supporting post, or one that is blocked still
    return choices
