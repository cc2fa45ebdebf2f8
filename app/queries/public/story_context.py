"""What stands beside the acts of a story, in one statement: its themes, who supports its actions, released evidence."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action, ActionSupport
from app.models.base import table_of
from app.models.evidence import EvidenceItem
from app.models.people import Organisation
from app.models.recommendations import RecommendationTheme, Theme
from app.statements import Statement

_ACT, _SUP, _EVI, _ORG, _OF, _THEME = (
    table_of(model) for model in (Action, ActionSupport, EvidenceItem, Organisation, RecommendationTheme, Theme)
)
_MOST = 100  # pieces of evidence


@dataclass(frozen=True, slots=True)
class PublicSupport:
    action_id: int
    slug: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class PublicEvidence:
    """A released piece of evidence."""

    id: int
    ref: str
    title: str
    location: str
    file: str  # its name, where it has one


@dataclass(frozen=True, slots=True)
class Beside:
    """Themes, the main one first; supporters by action; evidence in the order in which it came."""

    themes: list[Titles]
    supports: list[PublicSupport]
    evidence: list[PublicEvidence]


def of_recommendation(session: Session, recommendation_id: int) -> Beside:
    return _read(session, recommendation_id, is_one_action=False)


def of_action(session: Session, action_id: int) -> Beside:
    return _read(session, action_id, is_one_action=True)


def _read(session: Session, value: int, *, is_one_action: bool) -> Beside:
    found = Beside([], [], [])
    for kind, first, _, name, text, titles in _all(is_one_action=is_one_action).rows(session, {"value": value}):
        if kind == "theme":
            found.themes.append(titles)
        elif kind == "support":
            found.supports.append(PublicSupport(first, name, titles))
        else:
            ref, title, file = text.split("\n")
            found.evidence.append(PublicEvidence(first, ref, title, name, file))
    return found


# Statements are made once and given their values: making one costs several times what running it does.
@cache
def _all(*, is_one_action: bool) -> Statement:
    value = sa.bindparam("value", type_=sa.Integer())
    mine = (_ACT.c.id if is_one_action else _ACT.c.recommendation_id) == value
    shown = _ACT.c.is_public, _ACT.c.state != State.DRAFT
    no_titles = sa.cast(sa.null(), _ORG.c.titles.type)
    supports = (
        _row("support", _ACT.c.id, _ORG.c.id, _ORG.c.slug, sa.literal(""), _ORG.c.titles)
        .join_from(_ACT, _SUP, _SUP.c.action_id == _ACT.c.id)
        .join(_ORG, _ORG.c.id == _SUP.c.organisation_id)
        .where(mine, *shown)
    )
    named = _ACT.c.ref + "\n" + _EVI.c.title + "\n" + _EVI.c.file_name  # none holds a line break
    evidence = (
        _row("evidence", _EVI.c.id, sa.literal(0), _EVI.c.location, named, no_titles)
        .join_from(_ACT, _EVI, _EVI.c.action_id == _ACT.c.id)
        .where(mine, *shown, _EVI.c.released_at.is_not(None), _EVI.c.is_internal.is_(False))
        .order_by(_EVI.c.id)
        .limit(_MOST)
    )
    themes = (
        _row("theme", _OF.c.position, _THEME.c.id, sa.literal(""), sa.literal(""), _THEME.c.titles)
        .join_from(_OF, _THEME, _THEME.c.id == _OF.c.theme_id)
        .where(_OF.c.recommendation_id == value)
    )
    parts = [supports, sa.select(evidence.subquery())] + ([] if is_one_action else [themes])
    return Statement(sa.union_all(*parts).order_by("kind", "first", "second"))


def _row(kind: str, first: Any, second: Any, name: Any, text: Any, titles: Any) -> Any:
    """One shape for all three: where it stands among its kind, what it is called, and the words."""
    columns = first.label("first"), second.label("second"), name.label("name"), text.label("text")
    return sa.select(sa.literal_column(f"'{kind}'").label("kind"), *columns, titles.label("titles"))
