"""Translations: what is outdated or missing, and the words of one thing side by side."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import InvalidQuery, NotAllowed, NotFound
from app.domain.messages import N_, Message
from app.domain.permissions import Viewer
from app.domain.texts import LANGS
from app.domain.translations import TextKind
from app.models.base import TranslatedTable
from app.models.translations import TEXTS
from app.queries.followup import translation_sides
from app.queries.followup import translations as found
from app.queries.followup.translations import TranslationFilter
from app.services.followup import translations
from app.services.followup.translations import Translated
from app.services.kernel.audit import Actor
from app.web.forms import Fields, Form, options
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/translations")
_STATES = {"": None, "outdated": False, "missing": True}


def _own(session: Session, viewer: Viewer, kind: str, key: str, *, lock: bool = False) -> TranslatedTable:
    row: TranslatedTable = found.get(session, viewer, _kind(kind), key, lock=lock)
    translations.require(session, Actor(viewer), row)
    return row


Own = Annotated[TranslatedTable, signed_in.item(_own, "kind", "key")]
Words = Annotated[dict[str, str], Field(default_factory=dict)]


class TranslationFields(Fields):
    titles: Words
    place: Words
    convenor: Words
    chair: Words
    participants: Words
    outcome: Words
    unit: Words
    right: tuple[str, ...] = ()
    original: str = ""
    version: int | None = None

    def words(self, row: Any) -> dict[str, dict[str, str]]:
        """Whatever was sent over what stands there: a language that was not asked about stays."""
        sent = self.model_dump(exclude={"right", "original", "version"})
        return {name: {**getattr(row, name, {}), **said} for name, said in sent.items() if said}


async def _narrowed(language: str = "", kind: str = "", state: str = "") -> TranslationFilter:
    kept = {name: value for name, value in (("language", language), ("kind", kind), ("state", state)) if value}
    known = {"language": ("", *LANGS), "kind": ("", *TextKind), "state": tuple(_STATES)}
    if wrong := [name for name, value in kept.items() if value not in known[name]]:
        rest = {name: value for name, value in kept.items() if name not in wrong}
        raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), rest)
    return TranslationFilter(language, TextKind(kind) if kind else None, _STATES[state])


@router.get("")
def listed(asked: Asked, narrowed: Annotated[TranslationFilter, Depends(_narrowed)], after: str = "") -> Response:
    found.require(asked.viewer)
    lines = found.listed(asked.session, asked.viewer, narrowed, after)
    following = found.following(lines)
    return frame(
        asked,
        "workspace/followup/translations.html",
        lines=lines[: found.PER_PAGE],
        filters=narrowed,
        kinds=options(TextKind, asked.lang),
        after=after,
        first=f"?{urlencode(narrowed.kept)}",
        next=f"?{urlencode(narrowed.kept | {'after': following})}" if following else "",
    )


@router.get("/{kind}/{key}")
def side_by_side(asked: Asked, kind: str, key: str) -> Response:
    row = found.get(asked.session, asked.viewer, _kind(kind), key)
    return _page(asked, row, Form())


@router.post("/{kind}/{key}")
def translate(press: Press, kind: str, key: str, own: Own) -> Response:
    def verb(sent: TranslationFields) -> str:
        said = Translated(words=sent.words(own), right=sent.right, original=sent.original, version=sent.version)
        translations.translate(*press.by, own, **said)
        return led_to(f"/{press.lang}/workspace/translations/{kind}/{key}", "saved")

    return press.attempt(TranslationFields, verb, lambda form: _page(press, own, form))


def _page(asked: PageRequest, row: Any, form: Form[Any]) -> Response:
    return frame(
        asked,
        "workspace/followup/translation.html",
        status=form.status,
        row=row,
        form=form,
        key=found.key_of(row),
        sides=translation_sides.of(row),
        fields=TEXTS[type(row)][1],
        place=translation_sides.place(asked.session, row),
        may_write=_may_write(asked, row),
    )


def _may_write(asked: PageRequest, row: TranslatedTable) -> bool:
    """What several programmes use, each of them sees; an administrator changes it."""
    try:
        translations.require(asked.session, Actor(asked.viewer), row)
    except NotAllowed:
        return False
    return True


def _kind(kind: str) -> TextKind:
    if kind not in list(TextKind):
        raise NotFound
    return TextKind(kind)
