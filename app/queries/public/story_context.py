"""What stands beside the acts of a story, in one statement: its themes, released evidence, what ties it to others."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action, AlsoServes
from app.models.base import table_of
from app.models.evidence import EvidenceItem
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation, RecommendationLink, RecommendationTheme, Theme
from app.statements import Statement

_ACT, _ALSO, _EVI, _MEETING, _REC, _LINK, _OF, _THEME = (
    table_of(model)
    for model in (
        *(Action, AlsoServes, EvidenceItem, Meeting, Recommendation),
        *(RecommendationLink, RecommendationTheme, Theme),
    )
)
_MOST = 100  # pieces of evidence


@dataclass(frozen=True, slots=True)
class PublicTheme:
    slug: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class PublicServed:
    """Another recommendation that an action serves."""

    action_id: int
    ref: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class PublicLink:
    """The same recommendation at another meeting."""

    ref: str
    meeting: Titles
    held_on: dt.date


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
    """Themes, the main one first; evidence as it came; where else they serve."""

    themes: list[PublicTheme]
    evidence: list[PublicEvidence]
    served: list[PublicServed]
    linked: list[PublicLink]


def of_recommendation(session: Session, recommendation_id: int) -> Beside:
    return _read(session, recommendation_id, is_one_action=False)


def of_action(session: Session, action_id: int) -> Beside:
    return _read(session, action_id, is_one_action=True)


def _read(session: Session, value: int, *, is_one_action: bool) -> Beside:
    found = Beside([], [], [], [])
    for kind, first, _, name, text, titles in _all(is_one_action=is_one_action).rows(session, {"value": value}):
        if kind == "theme":
            found.themes.append(PublicTheme(name, titles))
        elif kind == "served":
            found.served.append(PublicServed(first, name, titles))
        elif kind == "link":
            found.linked.append(PublicLink(name, titles, dt.date.fromisoformat(text)))
        else:
            ref, title, file = text.split("\n")
            found.evidence.append(PublicEvidence(first, ref, title, name, file))
    found.linked.sort(key=lambda one: one.held_on)
    return found


# Statements are made once and given their values: making one costs several times what running it does.
@cache
def _all(*, is_one_action: bool) -> Statement:
    value = sa.bindparam("value", type_=sa.Integer())
    mine = (_ACT.c.id if is_one_action else _ACT.c.recommendation_id) == value
    shown = _ACT.c.is_public, _ACT.c.state != State.DRAFT
    no_titles = sa.cast(sa.null(), _THEME.c.titles.type)
    named = _ACT.c.ref + "\n" + _EVI.c.title + "\n" + _EVI.c.file_name  # none holds a line break
    evidence = (
        _row("evidence", _EVI.c.id, sa.literal(0), _EVI.c.location, named, no_titles)
        .join_from(_ACT, _EVI, _EVI.c.action_id == _ACT.c.id)
        .where(mine, *shown, _EVI.c.released_at.is_not(None), _EVI.c.is_internal.is_(False))
        .order_by(_EVI.c.id)
        .limit(_MOST)
    )
    themes = (
        _row("theme", _OF.c.position, _THEME.c.id, _THEME.c.slug, sa.literal(""), _THEME.c.titles)
        .join_from(_OF, _THEME, _THEME.c.id == _OF.c.theme_id)
        .where(_OF.c.recommendation_id == value)
    )
    of_one = [] if is_one_action else [themes, *_linked(value)]
    parts = [sa.select(evidence.subquery()), _served(mine, *shown), *of_one]
    return Statement(sa.union_all(*parts).order_by("kind", "first", "second"))


def _served(*which: Any) -> Any:
    return (
        _row("served", _ACT.c.id, _REC.c.id, _REC.c.ref, sa.literal(""), _REC.c.titles)
        .join_from(_ACT, _ALSO, _ALSO.c.action_id == _ACT.c.id)
        .join(_REC, _REC.c.id == _ALSO.c.recommendation_id)
        .where(*which, _REC.c.is_public)
    )


def _linked(value: Any) -> list[Any]:
    """From either end."""
    ends = _LINK.c.first_id, _LINK.c.second_id
    held_on = sa.cast(_MEETING.c.held_on, sa.String())
    return [
        _row("link", _REC.c.id, sa.literal(0), _REC.c.ref, held_on, _MEETING.c.titles)
        .join_from(_LINK, _REC, _REC.c.id == far)
        .join(_MEETING, _MEETING.c.id == _REC.c.meeting_id)
        .where(near == value, _REC.c.is_public)
        for near, far in (ends, ends[::-1])
    ]


def _row(kind: str, first: Any, second: Any, name: Any, text: Any, titles: Any) -> Any:
    """One shape for all: where it stands among its kind, what it is called, and the words."""
    columns = first.label("first"), second.label("second"), name.label("name"), text.label("text")
    return sa.select(sa.literal_column(f"'{kind}'").label("kind"), *columns, titles.label("titles"))
