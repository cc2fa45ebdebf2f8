"""Translating: words beside their original, whether they are still right, and which language is the original."""

from collections.abc import Collection, Mapping
from typing import Any, TypedDict, Unpack

from sqlmodel import Session

from app.domain import permissions, shared, texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import LANGS, Titles
from app.domain.translations import SHARED, MadeOf, TextKind, first_written, outdated, still_right
from app.models.base import TranslatedTable
from app.models.recommendations import Recommendation
from app.models.translations import TEXTS
from app.queries.followup import translations
from app.services.kernel import audit
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.meetings import recommendations


class Translated(TypedDict, total=False):
    """What the form says: words by field, the languages that are still right, and which one is the original."""

    words: Mapping[str, Titles]
    right: Collection[str]
    original: str
    version: int | None


def translate(session: Session, actor: Actor, row: Any, **sent: Unpack[Translated]) -> None:
    """Everything in one act."""
    require(session, actor, row)
    expect(row, sent.get("version"), (*TEXTS[type(row)][1], "original_lang"))
    words = {field: _clean(row, field, said) for field, said in sent.get("words", {}).items()}
    changed = {field: said for field, said in words.items() if said != getattr(row, field)}
    original = _original(row, sent.get("original", ""), words)
    right = _outdated(row) & set(sent.get("right", ()))
    _write(session, row, changed, original)
    row.made_of = _without(row.made_of, right)
    session.flush()
    data = {"original": original, "still_right": sorted(right), "words": changed}
    _record(session, actor, row, data)


def require(session: Session, actor: Actor, row: TranslatedTable) -> None:
    """The secretariat of its programme; what is shared, whoever may change it; a programme also an administrator."""
    kind = TEXTS[type(row)][0]
    if kind in SHARED:
        shared.require_change(actor.viewer, translations.claim(session, row))
    elif kind is TextKind.PROGRAMME:
        permissions.require_programme(actor.viewer, translations.programme_of(session, row))
    else:
        permissions.require_secretariat(actor.viewer, translations.programme_of(session, row))


def _write(session: Session, row: Any, changed: Mapping[str, Titles], original: str) -> None:
    """Every flush finds out what is outdated by this; how official a title is is said of translations alone."""
    row.original_lang = original
    if isinstance(row, Recommendation):
        row.title_flags = recommendations.flags(row, changed.get("titles", row.titles))
    for field, said in changed.items():
        setattr(row, field, said)
    row.version += 1
    session.flush()


def _clean(row: Any, field: str, said: Titles) -> Titles:
    """As each is typed elsewhere: what came of it in paragraphs, everything else in one line, a title never empty."""
    if field not in TEXTS[type(row)][1]:
        raise Refused(N_("The form holds a field that does not belong there. Open the page again and repeat."))
    clean = texts.paragraphs(said) if field == "outcome" else texts.clean(said)
    if not clean and getattr(row, field):
        raise Refused(N_("Write it in at least one language"), f"{field}.{row.original_lang or LANGS[0]}")
    return clean


def _original(row: Any, wanted: str, words: Mapping[str, Titles]) -> str:
    titles = words.get("titles", row.titles)
    if not row.original_lang:
        return first_written(titles, wanted)
    if not wanted or wanted == row.original_lang:
        return str(row.original_lang)
    if not titles.get(wanted):
        raise Refused(N_("There are no words in this language yet: write them first"), "original")
    return wanted


def _outdated(row: Any) -> set[str]:
    fields = TEXTS[type(row)][1]
    return {
        lang for lang in LANGS for field in fields if outdated(getattr(row, field), row.made_of.get(field, {}), lang)
    }


def _without(made_of: Mapping[str, MadeOf], right: Collection[str]) -> dict[str, MadeOf]:
    for lang in right:
        made_of = {field: still_right(entries, lang) for field, entries in made_of.items()}
    return {field: entries for field, entries in made_of.items() if entries}


def _record(session: Session, actor: Actor, row: Any, data: Mapping[str, object]) -> None:
    """Of a part or a milestone with its action."""
    kind = TEXTS[type(row)][0]
    programme_id = None if kind in SHARED else translations.programme_of(session, row)
    if kind in (TextKind.PART, TextKind.MILESTONE):
        beside = row.organisation_id if kind is TextKind.PART else row.id
        audit.record(session, actor, "translate", "action", row.action_id, programme_id, of=kind, id=beside, **data)
    else:
        audit.record(session, actor, "translate", kind, row.id, programme_id, **data)
