"""The words of one thing side by side: each translation beside its original, and what moved in that since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.domain.messages import Message
from app.domain.sentences import translations as sentences
from app.domain.texts import LANGS
from app.domain.translations import SHARED, TextKind, authority, moved, outdated
from app.models.actions import Action
from app.models.translations import TEXTS


@dataclass(frozen=True, slots=True)
class SideText:
    """Words of a field in one language, those that they follow, and in `runs` what moved there since."""

    field: str
    text: str
    original: str
    original_lang: str
    is_outdated: bool
    runs: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LanguageSide:
    """All that a thing says in one language."""

    lang: str
    texts: list[SideText]

    @property
    def is_outdated(self) -> bool:
        return any(one.is_outdated for one in self.texts)

    @property
    def says(self) -> Message:
        return sentences.state(is_outdated=self.is_outdated, missing=sum(not one.text for one in self.texts))


@dataclass(frozen=True, slots=True)
class SidesPage:
    """`originals`: field and words in the language that leads, `sides`: the others, what is outdated first."""

    kind: TextKind
    original_lang: str
    originals: list[tuple[str, str]]
    sides: list[LanguageSide]


def of(row: Any) -> SidesPage:
    kind, fields = TEXTS[type(row)]
    shown = [field for field in fields if getattr(row, field) or field == "titles"]
    leads = _leads(row, row.titles)
    sides = [LanguageSide(lang, list(_texts(row, shown, lang))) for lang in LANGS if lang != leads]
    originals = [(field, getattr(row, field).get(leads, "")) for field in shown]
    return SidesPage(kind, leads, originals, sorted(sides, key=lambda side: not side.is_outdated))


def _leads(row: Any, titles: Mapping[str, str]) -> str:
    """Where nothing is written yet, the first language asks for it."""
    return authority(titles, row.original_lang) or LANGS[0]


def _texts(row: Any, fields: list[str], lang: str) -> Iterator[SideText]:
    for field in fields:
        titles, made_of = getattr(row, field), row.made_of.get(field, {})
        leads, changed = _leads(row, titles), outdated(titles, made_of, lang)
        said = made_of[lang][1] if changed else ""
        runs = moved(said, titles[changed]) if said else []
        of = changed or leads
        yield SideText(field, titles.get(lang, ""), titles.get(of, "") if of != lang else "", of, bool(changed), runs)


def place(session: Session, row: Any) -> str:
    """Where the thing has its own page in the workspace."""
    kind = TEXTS[type(row)][0]
    if kind in (TextKind.PART, TextKind.MILESTONE):
        return f"actions/{session.get_one(Action, row.action_id).ref}"
    if kind in (TextKind.RECOMMENDATION, TextKind.ACTION):
        return f"{kind}s/{row.ref}"
    if kind is TextKind.INDICATOR:
        return f"indicators/{row.id}"
    return f"{'setup/' if kind in SHARED or kind is TextKind.PROGRAMME else ''}{kind}s/{row.slug}"
