"""What stands in the index for each thing: its stems, who may find it, what it can be narrowed to. Only read here."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain import references, searching
from app.domain.searching import SearchKind
from app.domain.workflow import State
from app.models.actions import Action, ActionSupport
from app.models.base import table_of
from app.models.meetings import Meeting
from app.models.people import Organisation, Post
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation, RecommendationTheme
from app.models.updates import Update
from app.queries.public import taken_back
from app.services.kernel.search_rows import ActedRow, AskedRow, RecommendedRow, SpokenRow
from app.services.kernel.search_tokens import IndexDocument, columns, document, narrowed, public, referred, said
from app.statements import Statement

_MEETING, _REC, _THEME = (table_of(model) for model in (Meeting, Recommendation, RecommendationTheme))
_ACT, _SUPPORT, _UPDATE, _BODY, _POST, _ASKED = (
    table_of(model) for model in (Action, ActionSupport, Update, Organisation, Post, QuestionNote)
)


def meetings(session: Session, ids: Sequence[int]) -> Iterator[IndexDocument]:
    for row_id, programme, region, held_on, published_at, at, *named in _MEETINGS.rows(session, {"ids": ids}):
        seen = [*_read_by(programme, region), *public(programme, published_at)]
        beside = narrowed(SearchKind.MEETING, programme, held_on.year)
        yield document(SearchKind.MEETING, at, row_id, (said(*named), ""), [*seen, *beside])


def recommendations(session: Session, ids: Sequence[int]) -> Iterator[IndexDocument]:
    """These, their actions, and the descriptions of those."""
    below: dict[int, list[Any]] = defaultdict(list)
    for action in map(ActedRow._make, _ACTIONS.rows(session, {"ids": ids})):
        below[action.recommendation_id].append(action)
    themes: dict[int, list[str]] = defaultdict(list)
    for row_id, theme_id in _THEMES.rows(session, {"ids": ids}):
        themes[row_id].append(searching.of_theme(theme_id))
    supports = _supports(session, [action.id for actions in below.values() for action in actions])
    taken = taken_back.reasons(session, ids)
    for row in map(RecommendedRow._make, _RECOMMENDATIONS.rows(session, {"ids": ids})):
        actions = below[row.id]
        own = {action.id: _own(action, supports[action.id]) for action in actions}
        yield _recommendation(
            row, {*themes[row.id], *(token for tokens in own.values() for token in tokens)}, taken[row.id]
        )
        # Whoever holds a post with an action here sees the others, too.
        siblings = {token for tokens in own.values() for token in tokens if token.startswith("o_")}
        for action in actions:
            seen_by = own[action.id] | (siblings if action.assigned_at else set())
            yield _action(row, action, {*seen_by, *themes[row.id]})
            seen = [*_noted_by(row.programme_id), *own[action.id]]
            beside = narrowed(SearchKind.NOTE, row.programme_id, _year(row.ref))
            yield document(SearchKind.BRIEF, action.created_at, action.id, ("", action.description), [*seen, *beside])


def words(session: Session, *, updates: Sequence[int] = (), actions: Sequence[int] = ()) -> Iterator[IndexDocument]:
    """What was said and noted: by these updates, or about these actions."""
    rows = [SpokenRow._make(row) for row in _WORDS.rows(session, {"ids": updates, "action_ids": actions})]
    supports = _supports(session, sorted({row.action_id for row in rows}))
    for row in rows:
        own = _own(row, supports[row.action_id])
        is_out = row.released_at is not None
        readers = [*_read_by(row.programme_id, row.region), *public(row.programme_id, *row.published)]
        noted = _noted_by(row.programme_id)
        for kind, text, seen in (
            (SearchKind.SAID, row.summary, [*noted, *(readers if is_out else [])]),
            (SearchKind.NOTE, row.note, noted),
        ):
            beside = narrowed(kind, row.programme_id, row.at.year, row.lead_organisation_id)
            yield document(kind, row.at, row.id, ("", text), [*seen, *own, *beside])


def questions(session: Session, *, notes: Sequence[int] = (), actions: Sequence[int] = ()) -> Iterator[IndexDocument]:
    """What was asked and answered: these, or about these actions."""
    rows = [AskedRow._make(row) for row in _QUESTIONS.rows(session, {"ids": notes, "action_ids": actions})]
    supports = _supports(session, sorted({row.action_id for row in rows}))
    for row in rows:
        seen = [*_noted_by(row.programme_id), *_own(row, supports[row.action_id])]
        beside = narrowed(SearchKind.QUESTION, row.programme_id, row.at.year, row.lead_organisation_id)
        yield document(SearchKind.QUESTION, row.at, row.id, ("", row.text), [*seen, *beside])


def organisations(session: Session, ids: Sequence[int]) -> Iterator[IndexDocument]:
    for row_id, at, titles in _BODIES.rows(session, {"ids": ids}):
        beside = [searching.SHARED, searching.of_kind(SearchKind.ORGANISATION), searching.led_by(row_id)]
        yield document(SearchKind.ORGANISATION, at, row_id, (said(titles), ""), beside)


def posts(session: Session, ids: Sequence[int]) -> Iterator[IndexDocument]:
    for row_id, at, organisation_id, titles in _POSTS.rows(session, {"ids": ids}):
        beside = [searching.SHARED, searching.of_kind(SearchKind.POST), searching.led_by(organisation_id)]
        yield document(SearchKind.POST, at, row_id, (said(titles), ""), beside)


_Owned = ActedRow | SpokenRow | AskedRow


def _recommendation(row: RecommendedRow, own: set[str], taken: Sequence[str]) -> IndexDocument:
    seen = [*_read_by(row.programme_id, row.region), *own]
    seen += public(row.programme_id, row.published_at, row.meeting_published_at)
    beside = [*narrowed(SearchKind.RECOMMENDATION, row.programme_id, _year(row.ref)), searching.of_state(row.status)]
    text = said(row.titles, row.ref), said(row.source_text, row.response_reason, row.public_outcome, *taken)
    return document(SearchKind.RECOMMENDATION, row.created_at, row.id, text, [*seen, *beside, *referred(row.ref)])


def _action(above: RecommendedRow, row: ActedRow, own: set[str]) -> IndexDocument:
    is_shown = row.state != State.DRAFT
    seen = [*_read_by(above.programme_id, above.region), *own]
    published = row.published_at, above.published_at, above.meeting_published_at
    seen += public(above.programme_id, *published) if is_shown else []
    beside = narrowed(SearchKind.ACTION, above.programme_id, _year(row.ref), row.lead_organisation_id)
    beside += [searching.of_state(row.state), *referred(row.ref)]
    return document(
        SearchKind.ACTION, row.created_at, row.id, (said(row.titles, row.ref), row.end_reason), [*seen, *beside]
    )


def _own(row: _Owned, supports: set[str]) -> set[str]:
    """Those whose business it is; a draft is nobody's."""
    if row.assigned_at is None:
        return set()
    lead, post = row.lead_organisation_id, row.owner_post_id
    named = {searching.managers(lead)} if lead else set()
    return supports | named | ({searching.holders(post)} if post else set())


def _supports(session: Session, action_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for action_id, organisation_id, post_id in _SUPPORTS.rows(session, {"ids": action_ids}) if action_ids else ():
        found[action_id].add(searching.managers(organisation_id))
        found[action_id] |= {searching.holders(post_id)} if post_id else set()
    return found


def _read_by(programme_id: int, region: str) -> list[str]:
    return [searching.readers(programme_id), searching.readers(0), searching.observers(region)]


def _noted_by(programme_id: int) -> list[str]:
    return [searching.note_readers(programme_id), searching.note_readers(0)]


def _year(ref: str) -> int:
    reference = references.parse(ref)
    return reference.year if reference else 0


_IDS: Any = sa.bindparam("ids", expanding=True)
_MEETINGS = Statement(
    sa.select(
        *columns(_MEETING, "id", "programme_id", "region", "held_on", "published_at", "created_at"),
        *columns(_MEETING, "titles", "place", "convenor"),
    ).where(_MEETING.c.id.in_(_IDS))
)
_RECOMMENDATIONS = Statement(
    sa.select(
        *columns(_REC, *RecommendedRow._fields[:-2]), _MEETING.c.published_at.label("of_meeting"), _MEETING.c.region
    )
    .join(_MEETING, _MEETING.c.id == _REC.c.meeting_id)
    .where(_REC.c.id.in_(_IDS))
)
_THEMES = Statement(
    sa.select(_THEME.c.recommendation_id, _THEME.c.theme_id).where(_THEME.c.recommendation_id.in_(_IDS))
)
_ACTIONS = Statement(sa.select(*columns(_ACT, *ActedRow._fields)).where(_ACT.c.recommendation_id.in_(_IDS)))
_SUPPORTS = Statement(
    sa.select(*columns(_SUPPORT, "action_id", "organisation_id", "post_id")).where(_SUPPORT.c.action_id.in_(_IDS))
)
_WORDS = Statement(
    sa.select(
        *columns(_UPDATE, "id", "action_id", "programme_id", "at", "public_summary", "note", "released_at"),
        *columns(_ACT, "owner_post_id", "lead_organisation_id", "assigned_at", "published_at"),
        _REC.c.published_at.label("above_published_at"),
        _MEETING.c.published_at.label("meeting_published_at"),
        _MEETING.c.region,
    )
    .join(_ACT, _ACT.c.id == _UPDATE.c.action_id)
    .join(_REC, _REC.c.id == _ACT.c.recommendation_id)
    .join(_MEETING, _MEETING.c.id == _ACT.c.meeting_id)
    .where(sa.or_(_UPDATE.c.id.in_(_IDS), _UPDATE.c.action_id.in_(sa.bindparam("action_ids", expanding=True))))
)
_QUESTIONS = Statement(
    sa.select(
        *columns(_ASKED, "id", "action_id", "programme_id", "at", "text"),
        *columns(_ACT, "owner_post_id", "lead_organisation_id", "assigned_at"),
    )
    .join(_ACT, _ACT.c.id == _ASKED.c.action_id)
    .where(sa.or_(_ASKED.c.id.in_(_IDS), _ASKED.c.action_id.in_(sa.bindparam("action_ids", expanding=True))))
)
_BODIES = Statement(sa.select(*columns(_BODY, "id", "created_at", "titles")).where(_BODY.c.id.in_(_IDS)))
_POSTS = Statement(
    sa.select(*columns(_POST, "id", "created_at", "organisation_id", "titles")).where(_POST.c.id.in_(_IDS))
)
