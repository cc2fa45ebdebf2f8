"""The receipt of an answer given behind a mailed key: what it was, and the second thoughts that one may have."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Path, Request
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


def _key(token: str, update_id: Id) -> ReceiptKey:
    return ReceiptKey(token, update_id)


Key = Annotated[OpenedKey, later(_key)]


@dataclass(frozen=True)
class ReceiptRequest:
    """Whoever comes back to the receipt of an answer that they gave behind a mailed key."""

    request: Request
    lang: str
    token: str
    update_id: int


def _asked(request: Request, lang: Lang, token: str, update_id: Id) -> ReceiptRequest:
    return ReceiptRequest(request, lang, token, update_id)


Asked = Annotated[ReceiptRequest, Depends(_asked)]


@router.api_route("", methods=["GET", "HEAD"])
def receipt(asked: Asked, session: Reading) -> Response:
    key = update_keys.behind(session, update_keys.opened(session, asked.token), asked.update_id)
    if undoing.was_undone(session, key.action.id, asked.update_id):
        return see_other(_question(asked, key))
    return _receipt(asked, session, key, Form())


@router.post("/undoing")
def undo(asked: Asked, key: Key, session: Writing, typed: Typed) -> Response:
    def verb(_sent: NoFields) -> str:
        undoings.undo(session, mailed.actor(key), key.action, asked.update_id)
        return _question(asked, key)

    again = partial(_receipt, asked, session, key)
    return Form.read(NoFields, typed).carry_out(session, verb, again, hidden=asked.token)


@router.post("/correction")
def correct(asked: Asked, key: Key, session: Writing, typed: Typed) -> Response:
    update = receipts.receipt(session, key, asked.update_id)

    def verb(sent: KeyCorrectionFields) -> str:
        words = {"public_summary": sent.words, "note": sent.words, "lang": asked.lang, "seen": sent.version}
        corrections.correct(session, mailed.actor(key), key.action, update, **words)  # type: ignore[arg-type]
        return led_to(f"/{asked.lang}/u/{asked.token}/receipts/{update.id}", said="corrected")

    again = partial(_receipt, asked, session, key)
    return Form.read(KeyCorrectionFields, typed).carry_out(session, verb, again, hidden=asked.token)


def _question(asked: ReceiptRequest, key: OpenedKey) -> str:
    if key.milestone is None:
        return led_to(f"/{asked.lang}/u/{asked.token}", said="undone")
    return led_to(f"/{asked.lang}/u/{asked.token}/milestone", said="undone", m=str(key.milestone.id))


def _receipt(asked: ReceiptRequest, session: Session, key: OpenedKey, form: Form[Any]) -> Response:
    update, others = receipts.receipt(session, key, asked.update_id), receipts.others(session, key)
    keys = {other.id: receipts.key_to(asked.token, update.id, other.id) for other in others}
    undoable = undoing.last(session, key.viewer, key.action.id)
    return page(
        asked.request,
        "links/receipt.html",
        asked.lang,
        status=form.status,
        token=asked.token,
        key=key,
        form=form,
        update=update,
        name=mailed.receipt_name(session, key, update),
        others=others,
        keys=keys,
        living=receipts.living(session, list(keys.values())),
        said=mailed.receipt_said(session, key, update),
        undoable=undoable if undoable and undoable.update_id == update.id else None,
        may_correct=update.verb in ANSWERS and bool(update.public_summary),
    )
