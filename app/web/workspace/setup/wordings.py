"""The wording of mails: each mail with its sentences, one sentence in an administrator's words, how it looks."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import NotFound
from app.i18n.voices import SpokenVoice
from app.mail import proofs, sayings
from app.mail.policy import Mail
from app.models.wordings import Wording
from app.queries.mailing import wordings
from app.queries.mailing.wordings import Worded
from app.services.setup import wordings as services
from app.web.forms import Fields, Form, NoFields, is_looking
from app.web.page import led_to
from app.web.workspace.frame import Asked, FormRequest, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/wordings")
Own = Annotated[Worded, signed_in.item(wordings.get, "of", "mail", "sentence")]
Whole = Annotated[list[Worded], signed_in.item(wordings.of_mail, "of", "mail")]
Unused = Annotated[Wording, signed_in.item(wordings.unused, "wording_id")]
Example = Annotated[int, Query(ge=0, lt=1000)]
# A mail as it is sent has its styles in it: this answer may use them, and nothing else, whatever is written there.
_AS_MAIL = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; sandbox"
    ),
    "Cache-Control": "no-store",
}


class WordingFields(Fields):
    forms: dict[str, str] = Field(default_factory=dict)
    version: int | None = None
    find: str = ""


class VersionFields(Fields):
    version: int | None = None


@router.get("")
def listed(asked: Asked) -> Response:
    counts = wordings.counts(asked.session, asked.viewer)
    voice = wordings.spoken(asked.session).get(asked.lang)
    rows = [(name, proofs.proof(proofs.examples(name)[0], asked.lang, voice).subject) for name in sayings.names()]
    return frame(asked, "workspace/setup/wordings.html", rows=[(sayings.COMMON, ""), *rows], counts=counts, form=Form())


@router.post("/unused/{wording_id}/removal")
def remove(press: Press, wording_id: pages.Id, unused: Unused, _may: pages.Administering) -> Response:
    def verb(_sent: NoFields) -> str:
        services.remove(*press.by, unused)
        return led_to(f"/{press.lang}/workspace/setup/wordings", said="reworded")

    return press.attempt(NoFields, verb, lambda _form: listed(press))


@router.get("/{of}/{mail}")
def show(asked: Asked, of: str, mail: str, example: Example = 0) -> Response:
    return _mail_page(asked, of, mail, Form(), example)


@router.get("/{of}/{mail}/preview")
def preview(asked: Asked, of: str, mail: str, example: Example = 0) -> Response:
    wordings.of_mail(asked.session, asked.viewer, of, mail)
    return Response(_example(asked, of, mail, example).html, media_type="text/html", headers=_AS_MAIL)


@router.post("/{of}/{mail}/withdrawal")
def take_back_all(press: Press, of: str, mail: str, whole: Whole, _may: pages.Administering) -> Response:
    def verb(_sent: NoFields) -> str:
        services.take_back_all(*press.by, whole)
        return _led(press, of, mail)

    return press.attempt(NoFields, verb, lambda form: _mail_page(press, of, mail, form))


@router.get("/{of}/{mail}/{sentence}")
def one_sentence(asked: Asked, of: str, mail: str, sentence: str) -> Response:
    return _page(asked, mail, wordings.get(asked.session, asked.viewer, of, mail, sentence), Form())


@router.post("/{of}/{mail}/{sentence}")
def reword(press: Press, of: str, mail: str, sentence: str, worded: Own, _may: pages.Administering) -> Response:
    def verb(sent: WordingFields) -> str:
        services.reword(*press.by, worded, sent.forms, sent.version)
        return _led(press, of, mail)

    form = Form.read(WordingFields, press.typed)
    if is_looking(press.typed):
        return _looked(press, mail, worded, form)
    return form.carry_out(press.session, verb, lambda form: _page(press, mail, worded, form))


@router.post("/{of}/{mail}/{sentence}/withdrawal")
def take_back(press: Press, of: str, mail: str, sentence: str, worded: Own, _may: pages.Administering) -> Response:
    def verb(sent: VersionFields) -> str:
        services.take_back(*press.by, worded, sent.version)
        return _led(press, of, mail)

    return press.attempt(VersionFields, verb, lambda form: _page(press, mail, worded, form))


def _looked(press: FormRequest, name: str, worded: Worded, form: Form[WordingFields]) -> Response:
    """The mail as it would be written with what was typed, which is tried and not kept."""

    def tried(sent: WordingFields) -> Mapping[str, SpokenVoice]:
        services.reword(*press.by, worded, sent.forms, sent.version)
        return wordings.spoken(press.session)

    found = form.look_ahead(press.session, tried)
    return _page(press, name, worded, form, found)


def _page(
    asked: PageRequest, name: str, worded: Worded, form: Form[Any], tried: Mapping[str, SpokenVoice] | None = None
) -> Response:
    letter = proofs.saying(worded.sentence, name)
    voices = wordings.spoken(asked.session) if tried is None else tried
    return frame(
        asked,
        "workspace/setup/wording.html",
        status=form.status,
        name=name,
        worded=worded,
        form=form,
        others=[other for other in sayings.saying(worded.sentence.text) if other != name],
        mail=proofs.proof(letter, worded.lang, voices.get(worded.lang)),
        is_tried=tried is not None,
    )


def _mail_page(asked: PageRequest, of: str, name: str, form: Form[Any], example: int = 0) -> Response:
    rows = wordings.of_mail(asked.session, asked.viewer, of, name)
    return frame(
        asked,
        "workspace/setup/wording_mail.html",
        status=form.status,
        name=name,
        of=of,
        rows=rows,
        form=form,
        mail=_example(asked, of, name, example),
        example=example,
        most=len(proofs.examples(name)),
        is_common=name == sayings.COMMON,
    )


def _example(asked: PageRequest, of: str, name: str, example: int) -> Mail:
    """As it would be written now."""
    letters = proofs.examples(name)
    if example >= len(letters):
        raise NotFound
    return proofs.proof(letters[example], of, wordings.spoken(asked.session).get(of))


def _led(press: PageRequest, of: str, mail: str) -> str:
    return led_to(f"/{press.lang}/workspace/setup/wordings/{of}/{mail}", said="reworded")
