"""A page of what a search finds: each with its title, where it stands, and the words around the hit."""

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import texts
from app.domain.permissions import Viewer
from app.domain.progress import Status
from app.domain.searching import SearchKind
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.people import Organisation, Post
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation
from app.models.searches import SearchDocument
from app.models.updates import Update
from app.queries.followup.search_filters import NarrowedSearch, SearchFilters
from app.queries.scope import cursors, search_index, search_rights
from app.queries.scope.search_index import IndexPlace
from app.search import hits
from app.search.hits import Pieces, Wanted
from app.statements import Statement

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class _FoundRow:
    """One document with the things that it is about; None where there is none."""

    id: int
    kind: SearchKind
    meeting: str | None
    meeting_titles: Titles | None
    held_on: dt.date | None
    ref: str | None
    titles: Titles | None
    status: Status | None
    source_text: str | None
    action_ref: str | None
    action_titles: Titles | None
    state: State | None
    description: str | None
    said: str | None
    note: str | None
    at: dt.datetime | None
    asked: str | None
    is_public: bool | None
    organisation: str | None
    organisation_titles: Titles | None
    post: str | None
    post_titles: Titles | None


@dataclass(frozen=True)
class SearchHit:
    """One line of a page: `path` is what follows the workspace's address."""

    row: _FoundRow
    path: str
    titles: Titles
    wanted: Wanted
    excerpt: Pieces

    def title(self, lang: str) -> tuple[Pieces, str]:
        """In the language of the page, or else in the one where the words were found; and which that is."""
        title, spoken = texts.pick(_fitting(self.titles, self.wanted, lang), lang)
        return hits.pieces(title, self.wanted), spoken


@dataclass(frozen=True)
class SearchResults:
    hits: list[SearchHit]
    next: str


def page(
    session: Session, viewer: Viewer, filters: SearchFilters, narrowed: NarrowedSearch, after: str
) -> SearchResults:
    """At most five statements, however much there is: the words, who asks, two or three of the index, the rows."""
    point = cursors.number(after, **filters.chosen)
    sought = search_index.read(session, filters.q)
    may = search_index.any_token(search_rights.tokens(session, viewer))
    start = IndexPlace(*point) if point else None
    found = search_index.page(session, sought, [may, *narrowed.tokens], start, PER_PAGE + 1)
    next_page = cursors.following(found, PER_PAGE, lambda last: (last.stage, last.id))
    shown = [one.id for one in found[:PER_PAGE]]
    rows = {row.id: row for row in _rows(session, viewer, shown)} if shown else {}
    lines = (rows[row_id] for row_id in shown if row_id in rows)
    return SearchResults([_hit(row, sought.wanted) for row in lines], next_page)


def _rows(session: Session, viewer: Viewer, ids: list[int]) -> list[_FoundRow]:
    return [_FoundRow(*row) for row in _seen_by(search_rights.sight_of(viewer)).rows(session, {"ids": ids})]


@lru_cache(maxsize=256)
def _seen_by(viewer: Viewer) -> Statement:
    """Made once for whoever may see the same: making it costs more than running it."""
    shown = col(SearchDocument.id).in_(sa.bindparam("ids", expanding=True))
    return Statement(_joined().where(shown, search_rights.condition(viewer)))


@cache
def _joined() -> Any:
    kind, subject = col(SearchDocument.kind), col(SearchDocument.subject_id)
    update_id, action_id = search_rights.of_document()
    above = sa.case((kind == SearchKind.RECOMMENDATION, subject), else_=col(Action.recommendation_id))
    meeting_id = sa.case((kind == SearchKind.MEETING, subject), else_=col(Recommendation.meeting_id))
    body = sa.case(
        (kind == SearchKind.ORGANISATION, subject),
        (kind == SearchKind.POST, col(Post.organisation_id)),
        else_=col(Action.lead_organisation_id),
    )
    return (
        sa.select(*_COLUMNS)
        .select_from(SearchDocument)
        .outerjoin(Update, col(Update.id) == update_id)
        .outerjoin(QuestionNote, search_rights.of_question())
        .outerjoin(Action, col(Action.id) == action_id)
        .outerjoin(Recommendation, col(Recommendation.id) == above)
        .outerjoin(Meeting, col(Meeting.id) == meeting_id)
        .outerjoin(Post, col(Post.id) == sa.case((kind == SearchKind.POST, subject)))
        .outerjoin(Organisation, col(Organisation.id) == body)
    )


_COLUMNS: tuple[Any, ...] = (
    *(col(getattr(SearchDocument, name)) for name in ("id", "kind")),
    *(col(getattr(Meeting, name)) for name in ("slug", "titles", "held_on")),
    *(col(getattr(Recommendation, name)) for name in ("ref", "titles", "status", "source_text")),
    *(col(getattr(Action, name)) for name in ("ref", "titles", "state", "description")),
    *(col(getattr(Update, name)) for name in ("public_summary", "note")),
    sa.func.coalesce(col(Update.at), col(QuestionNote.at)),
    col(QuestionNote.text),
    col(Update.released_at).is_not(None),
    *(col(getattr(Organisation, name)) for name in ("slug", "titles")),
    *(col(getattr(Post, name)) for name in ("slug", "titles")),
)


def _hit(row: _FoundRow, wanted: Wanted) -> SearchHit:
    path, titles, body = _ABOUT[row.kind](row)
    return SearchHit(row, path, titles, wanted, hits.excerpt(body, wanted) if body else [])


def _fitting(titles: Titles, wanted: Wanted, lang: str) -> Titles:
    if _hits(titles.get(lang, ""), wanted):
        return titles
    best = max(titles, key=lambda code: (_hits(titles[code], wanted), code == lang), default=lang)
    return {best: titles.get(best, "")}


def _hits(text: str, wanted: Wanted) -> int:
    return sum(is_hit for _, is_hit in hits.pieces(text, wanted))


def _about_action(row: _FoundRow, body: str | None) -> tuple[str, Titles, str]:
    return f"actions/{row.action_ref}", row.action_titles or {}, body or ""


_ABOUT: dict[SearchKind, Any] = {
    SearchKind.MEETING: lambda row: (f"meetings/{row.meeting}", row.meeting_titles or {}, ""),
    SearchKind.RECOMMENDATION: lambda row: (f"recommendations/{row.ref}", row.titles or {}, row.source_text or ""),
    SearchKind.ACTION: lambda row: _about_action(row, ""),
    SearchKind.SAID: lambda row: _about_action(row, row.said),
    SearchKind.NOTE: lambda row: _about_action(row, row.note),
    SearchKind.BRIEF: lambda row: _about_action(row, row.description),
    SearchKind.QUESTION: lambda row: _about_action(row, row.asked),
    SearchKind.ORGANISATION: lambda row: (f"setup/organisations/{row.organisation}", row.organisation_titles or {}, ""),
    SearchKind.POST: lambda row: (f"setup/posts/{row.post}", row.post_titles or {}, ""),
}
