"""Whoever proposed it says whether it is so in practice, by the key in a mail: once, without an account."""

from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.domain.errors import AlreadyDone, Gone
from app.queries.followup import voices
from app.queries.followup.voices import Answered, VoiceKey
from app.routes import Later, later
from app.services.followup import voices as services
from app.web.forms import Fields, Form
from app.web.page import page

router = routes.router("/{lang}/voice/{voice_token}")
READ = ["GET", "HEAD"]


class VoiceFields(Fields):
    is_so: Literal["", "yes", "no"] = ""
    text: str = Field("", max_length=4000)


class _Voice(Later[VoiceKey]):
    """The question that the key asks; whoever answered it is led to their answer, and the others to why it is over."""

    def __init__(self, token: str, lang: str) -> None:
        self._token, self._lang = token, lang

    def look(self, session: Session) -> VoiceKey:
        return self._opened(session, lock=False)

    def take(self, session: Session) -> VoiceKey:
        return self._opened(session, lock=True)

    def _opened(self, session: Session, *, lock: bool) -> VoiceKey:
        try:
            return voices.opened(session, self._token, lock=lock)
        except Answered as answered:
            raise AlreadyDone(f"/{self._lang}/voice/{self._token}/receipt") from answered
        except Gone as gone:
            raise AlreadyDone(f"/{self._lang}/voice/{self._token}") from gone


def _voice(lang: Lang, voice_token: str) -> _Voice:
    return _Voice(voice_token, lang)


@router.api_route("", methods=READ)
def show(request: Request, lang: Lang, voice_token: str, session: Reading) -> Response:
    try:
        key = voices.opened(session, voice_token)
    except Answered:
        return page(request, "links/voice_answered.html", lang, status=410, token=voice_token)
    except Gone:
        return page(request, "links/voice_over.html", lang, status=410)
    return _ask(request, session, (lang, voice_token), key, Form())


@router.post("")
def answer(
    request: Request,
    lang: Lang,
    voice_token: str,
    key: Annotated[VoiceKey, later(_voice)],
    session: Writing,
    typed: Typed,
) -> Response:
    way = lang, voice_token

    def verb(said: VoiceFields) -> str:
        is_so = None if not said.is_so else said.is_so == "yes"
        services.answer(session, key, is_so=is_so, text=said.text, lang=lang)
        return f"/{lang}/voice/{voice_token}/receipt"

    form = Form.read(VoiceFields, typed)
    return form.carry_out(session, verb, lambda form: _ask(request, session, way, key, form), hidden=voice_token)


@router.api_route("/receipt", methods=READ)
def receipt(request: Request, lang: Lang, voice_token: str, session: Reading) -> Response:
    update, action = voices.receipt(session, voice_token)
    return page(request, "links/voice_receipt.html", lang, update=update, action=action)


def _ask(request: Request, session: Session, way: tuple[str, str], key: VoiceKey, form: Form[Any]) -> Response:
    lang, token = way
    told = voices.told(session, key.action.id)
    return page(request, "links/voice.html", lang, status=form.status, token=token, key=key, form=form, told=told)
