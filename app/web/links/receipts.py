"""The receipt of an answer given behind a mailed key: what it was, and the second thoughts that one may have."""

from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.domain.undoing import ANSWERS
from app.queries.followup import receipts, undoing, update_keys
from app.queries.followup.update_keys import OpenedKey
from app.routes import later
from app.services.followup import corrections
from app.services.followup import undoing as undoings
from app.web import mailed
from app.web.admission import ReceiptKey
from app.web.forms import Fields, Form, NoFields
from app.web.page import led_to, page, see_other

router = routes.router("/{lang}/u/{token}/receipts/{update_id}")
Id = Annotated[int, Path(ge=1, lt=2**31)]


class KeyCorrectionFields(Fields):
    words: str = Field("", max_length=4000)
    version: int | None = None


def _key(token: str) -> ReceiptKey:
    return ReceiptKey(token)


Key = Annotated[OpenedKey, later(_key)]


@router.api_route("", methods=["GET", "HEAD"])
def receipt(request: Request, lang: Lang, token: str, update_id: Id, session: Reading) -> Response:
    key = update_keys.opened(session, token)
    if undoing.was_undone(session, key.action.id, update_id):
        return see_other(_question(lang, token, key))
    return _receipt(request, session, (lang, token), key, update_id, Form())


@router.post("/undoing")
def undo(request: Request, lang: Lang, token: str, update_id: Id, key: Key, session: Writing, typed: Typed) -> Response:
    def verb(_sent: NoFields) -> str:
        undoings.undo(session, mailed.actor(key), key.action, update_id)
        return _question(lang, token, key)

    return Form.read(NoFields, typed).carry_out(
        session, verb, lambda form: _receipt(request, session, (lang, token), key, update_id, form), hidden=token
    )


@router.post("/correction")
def correct(
    request: Request, lang: Lang, token: str, update_id: Id, key: Key, session: Writing, typed: Typed
) -> Response:
    update = receipts.receipt(session, key, update_id)

    def verb(sent: KeyCorrectionFields) -> str:
        words = {"public_summary": sent.words, "note": sent.words, "lang": lang, "seen": sent.version}
        corrections.correct(session, mailed.actor(key), key.action, update, **words)  # type: ignore[arg-type]
        return led_to(f"/{lang}/u/{token}/receipts/{update_id}", said="corrected")

    return Form.read(KeyCorrectionFields, typed).carry_out(
        session, verb, lambda form: _receipt(request, session, (lang, token), key, update_id, form), hidden=token
    )


def _question(lang: str, token: str, key: OpenedKey) -> str:
    return led_to(f"/{lang}/u/{token}{'/milestone' if key.milestone else ''}", said="undone")


def _receipt(
    request: Request, session: Session, way: tuple[str, str], key: OpenedKey, update_id: int, form: Form[Any]
) -> Response:
    lang, token = way
    update, others = receipts.receipt(session, key, update_id), receipts.others(session, key)
    keys = {other.id: receipts.key_to(token, update_id, other.id) for other in others}
    undoable = undoing.last(session, key.viewer, key.action.id)
    return page(
        request,
        "links/receipt.html",
        lang,
        status=form.status,
        token=token,
        key=key,
        form=form,
        update=update,
        name=mailed.receipt_name(session, key, update),
        others=others,
        keys=keys,
        living=receipts.living(session, list(keys.values())),
        said=mailed.receipt_said(session, key, update),
        undoable=undoable if undoable and undoable.update_id == update_id else None,
        may_correct=update.verb in ANSWERS and bool(update.public_summary),
    )
