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
from app.models.indicators import Indicator, IndicatorValue
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation
from app.models.searches import SearchDocument
from app.models.updates import Update
from app.queries.followup.search_filters import NarrowedSearch, SearchFilters
from app.queries.scope import cursors, search_index, search_rights, visible
from app.queries.scope.search_index import IndexPlace
from app.search import hits
from app.search.hits import Pieces, Wanted
from app.statements import Statement

PER_PAGE = 20
_LINE_END: Any = sa.literal_column("'\n'")


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
    indicator_id: int | None
    indicator_titles: Titles | None
    unit: Titles | None
    sources: str | None
    programme: str | None
    is_kept: bool | None  # an indicator whose page in the workspace the viewer reads


@dataclass(frozen=True)
class SearchHit:
    """One line of a page: `path` is what follows the language in its address."""

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
    kept = visible.kept_indicators(viewer).label("is_kept")
    return Statement(_joined().add_columns(kept).where(shown, search_rights.condition(viewer)))


@cache
def _joined() -> Any:
    kind: Any = col(SearchDocument.kind)
    subject = col(SearchDocument.subject_id)
    update_id, action_id = search_rights.of_document()
    above = sa.case(
        (kind == SearchKind.RECOMMENDATION, subject),
        (kind == SearchKind.INDICATOR, col(Indicator.recommendation_id)),
        else_=col(Action.recommendation_id),
    )
    meeting_id = sa.case((kind == SearchKind.MEETING, subject), else_=col(Recommendation.meeting_id))
    body = sa.case(
        (kind == SearchKind.ORGANISATION, subject),
        (kind.in_([SearchKind.POST, SearchKind.INDICATOR]), col(Post.organisation_id)),
        else_=col(Action.lead_organisation_id),
    )
    return (
        sa.select(*_COLUMNS)
        .select_from(SearchDocument)
        .outerjoin(Update, col(Update.id) == update_id)
        .outerjoin(QuestionNote, search_rights.of_question())
        .outerjoin(Action, col(Action.id) == action_id)
        .outerjoin(Indicator, col(Indicator.id) == sa.case((kind == SearchKind.INDICATOR, subject)))
        .outerjoin(Programme, col(Programme.id) == col(Indicator.programme_id))
        .outerjoin(Recommendation, col(Recommendation.id) == above)
        .outerjoin(Meeting, col(Meeting.id) == meeting_id)
        .outerjoin(Post, col(Post.id) == sa.case((kind == SearchKind.POST, subject), else_=col(Indicator.post_id)))
        .outerjoin(Organisation, col(Organisation.id) == body)
    )


def _sources() -> Any:
    """Each of those that count once, a line each."""
    given = sa.select(col(IndicatorValue.source)).where(
        col(IndicatorValue.indicator_id) == col(Indicator.id), col(IndicatorValue.is_current)
    )
    each = given.distinct().correlate(Indicator).subquery()
    return sa.select(sa.func.aggregate_strings(each.c.source, _LINE_END)).scalar_subquery()


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
    *(col(getattr(Indicator, name)) for name in ("id", "titles", "unit")),
    _sources(),
    col(Programme.slug),
)


def _hit(row: _FoundRow, wanted: Wanted) -> SearchHit:
    path, titles, body = _ABOUT[row.kind](row)
    if row.kind is SearchKind.INDICATOR:  # its units and sources are no running text
        body = " · ".join(line for line in body.split("\n") if _hits(line, wanted))
    return SearchHit(row, path, titles, wanted, hits.excerpt(body, wanted) if body else [])


def _fitting(titles: Titles, wanted: Wanted, lang: str) -> Titles:
    if _hits(titles.get(lang, ""), wanted):
        return titles
    best = max(titles, key=lambda code: (_hits(titles[code], wanted), code == lang), default=lang)
    return {best: titles.get(best, "")}


def _hits(text: str, wanted: Wanted) -> int:
    return sum(is_hit for _, is_hit in hits.pieces(text, wanted))


def _about_indicator(row: _FoundRow) -> tuple[str, Titles, str]:
    """The line of one that the viewer does not keep or follow stands on a public page."""
    public = f"recommendations/{row.ref}" if row.ref else f"programmes/{row.programme}"
    path = f"workspace/indicators/{row.indicator_id}" if row.is_kept else f"{public}#indicator-{row.indicator_id}"
    return path, row.indicator_titles or {}, "\n".join([*(row.unit or {}).values(), row.sources or ""]).strip()


def _about_action(row: _FoundRow, body: str | None) -> tuple[str, Titles, str]:
    return f"workspace/actions/{row.action_ref}", row.action_titles or {}, body or ""


_ABOUT: dict[SearchKind, Any] = {
    SearchKind.MEETING: lambda row: (f"workspace/meetings/{row.meeting}", row.meeting_titles or {}, ""),
    SearchKind.RECOMMENDATION: lambda row: (
        f"workspace/recommendations/{row.ref}",
        row.titles or {},
        row.source_text or "",
    ),
    SearchKind.ACTION: lambda row: _about_action(row, ""),
    SearchKind.SAID: lambda row: _about_action(row, row.said),
    SearchKind.NOTE: lambda row: _about_action(row, row.note),
    SearchKind.BRIEF: lambda row: _about_action(row, row.description),
    SearchKind.QUESTION: lambda row: _about_action(row, row.asked),
    SearchKind.ORGANISATION: lambda row: (
        f"workspace/setup/organisations/{row.organisation}",
        row.organisation_titles or {},
        "",
    ),
    SearchKind.INDICATOR: _about_indicator,
    SearchKind.POST: lambda row: (f"workspace/setup/posts/{row.post}", row.post_titles or {}, ""),
}
