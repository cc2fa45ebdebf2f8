"""Which public pages show a row: read from the rows that a flush or a statement changed, so no verb can forget it."""

from collections.abc import Callable, Iterator, Set
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import LoaderCallableStatus
from sqlmodel import Session, SQLModel

from app.domain.places import ALL, NEWS, of
from app.domain.workflow import State
from app.models.actions import Action, ActionSupport, AlsoServes
from app.models.base import table_of
from app.models.evidence import EvidenceItem
from app.models.indicators import Indicator, IndicatorValue
from app.models.intake import Report
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation, RecommendationLink, RecommendationTheme, Theme
from app.models.takebacks import TakenBack
from app.models.updates import Update

Old = dict[str, Any]  # the values that a changed row had
_ACTION = table_of(Action)


def by_row(session: Session, row: SQLModel, old: Old | None) -> Iterator[str]:
    """What shows it; `old` is None for a new or deleted row, else what it had in the columns that changed."""
    hidden, places = _ROWS.get(type(row), (frozenset(), _nowhere))
    if old is not None and old.keys() <= hidden:
        return
    if any(isinstance(value, LoaderCallableStatus) for value in (old or {}).values()):
        yield ALL  # it was changed without being read: what it was before is not known
    yield from places(session, row, old)


def by_statement(statement: sa.UpdateBase, table: sa.Table) -> sa.Select[Any] | None:
    """What finds the places of the rows that a statement changes; None where the whole site must be made anew."""
    places = _STATEMENTS.get(table)
    where = getattr(statement, "_where_criteria", None)
    return None if places is None or not where else places.where(*where)


def by_insert(session: Session, table: sa.Table, row: Old) -> Iterator[str] | None:
    """What shows a row that a statement inserts; None where only the flush of an object would know."""
    return _at_action(session, row["action_id"]) if table in _WRITTEN_ALONE else None


def is_followed(table: sa.Table) -> bool:
    return table in _TABLES


def _nowhere(_session: Session, _row: Any, _old: Old | None) -> Iterator[str]:
    yield from ()


def _action(session: Session, row: Action, old: Old | None) -> Iterator[str]:
    was = old or {}
    if not (_is_shown(row, {}) or _is_shown(row, was)):
        return
    yield NEWS
    yield of("recommendation", row.recommendation_id)
    yield of("meeting", row.meeting_id)
    if row.serves_others:
        yield from _beside(session, table_of(AlsoServes).c.action_id == row.id)
    leads = {row.lead_organisation_id, was.get("lead_organisation_id")}
    yield from (of("organisation", lead) for lead in leads if lead)
    if old is None or "is_public" in was:
        support = table_of(ActionSupport)
        supporters = sa.select(support.c.organisation_id).where(support.c.action_id == row.id)
        yield from (of("organisation", organisation_id) for organisation_id in session.scalars(supporters))


def _beside(session: Session, *which: Any) -> Iterator[str]:
    """The pages of other recommendations that these rows say an action serves, and of their meetings."""
    also, other = table_of(AlsoServes), table_of(Recommendation)
    query = sa.select(other.c.id, other.c.meeting_id).join(also, also.c.recommendation_id == other.c.id).where(*which)
    for recommendation_id, meeting_id in session.execute(query):
        yield from (of("recommendation", recommendation_id), of("meeting", meeting_id))


def _is_shown(row: Action, old: Old) -> bool:
    return bool(old.get("is_public", row.is_public)) and old.get("state", row.state) != State.DRAFT


def _recommendation(session: Session, row: Recommendation, old: Old | None) -> Iterator[str]:
    was = old or {}
    if not (row.is_public or was.get("is_public")):
        return
    yield of("recommendation", row.id)
    yield of("meeting", row.meeting_id)
    if old is None or was.keys() & {"is_public", "response_by_id"}:
        yield ALL  # others that are merged into it name it, a body that answered has a page
    if "titles" in was:  # the actions that serve it are shown with it
        also = table_of(AlsoServes)
        homes = sa.select(_ACTION.c.recommendation_id).join(also, also.c.action_id == _ACTION.c.id)
        yield from (
            of("recommendation", home) for home in session.scalars(homes.where(also.c.recommendation_id == row.id))
        )


def _below_action(session: Session, row: Update | EvidenceItem, _old: Old | None) -> Iterator[str]:
    return _at_action(session, row.action_id)


def _at_action(session: Session, action_id: int) -> Iterator[str]:
    action = session.get(Action, action_id)
    if action and _is_shown(action, {}):
        yield NEWS
        yield of("recommendation", action.recommendation_id)


def _support(session: Session, row: ActionSupport, _old: Old | None) -> Iterator[str]:
    action = session.get(Action, row.action_id)
    if action and _is_shown(action, {}):
        yield of("recommendation", action.recommendation_id)
        yield of("organisation", row.organisation_id)


def _theme_of(_session: Session, row: RecommendationTheme, _old: Old | None) -> Iterator[str]:
    yield of("recommendation", row.recommendation_id)
    yield of("theme", row.theme_id)


def _of_recommendation(_session: Session, row: TakenBack, _old: Old | None) -> Iterator[str]:
    yield of("recommendation", row.recommendation_id)


def _also_serves(session: Session, row: AlsoServes, _old: Old | None) -> Iterator[str]:
    action, other = session.get(Action, row.action_id), session.get(Recommendation, row.recommendation_id)
    if action and other and _is_shown(action, {}):
        yield from (of("recommendation", action.recommendation_id), of("recommendation", other.id))
        yield of("meeting", other.meeting_id)


def _link(_session: Session, row: RecommendationLink, _old: Old | None) -> Iterator[str]:
    yield from (of("recommendation", row.first_id), of("recommendation", row.second_id))


def _report(_session: Session, row: Report, _old: Old | None) -> Iterator[str]:
    yield of("meeting", row.meeting_id)


def _meeting(_session: Session, row: Meeting, old: Old | None) -> Iterator[str]:
    if row.is_public or (old or {}).get("is_public"):
        yield ALL


def _programme(_session: Session, row: Programme, old: Old | None) -> Iterator[str]:
    if row.published_at or (old or {}).get("published_at"):
        yield ALL


def _indicator(_session: Session, row: Indicator, old: Old | None) -> Iterator[str]:
    if row.published_at or (old or {}).get("published_at"):
        yield of("programme", row.programme_id)
        if row.recommendation_id:
            yield of("recommendation", row.recommendation_id)


def _value(session: Session, row: IndicatorValue, _old: Old | None) -> Iterator[str]:
    if indicator := session.get(Indicator, row.indicator_id):
        yield from _indicator(session, indicator, None)


def _named(_session: Session, _row: SQLModel, old: Old | None) -> Iterator[str]:
    if old is not None:  # nothing shows it yet when it is new
        yield ALL


Places = Callable[[Session, Any, Old | None], Iterator[str]]
# The columns that no public page shows, and who shows the others. A column that is not named here is public.
_ROWS: dict[type[SQLModel], tuple[Set[str], Places]] = {
    Action: (
        {
            *("description", "version", "deadline_version", "submitted_by_id", "who_can_unblock", "acknowledged_at"),
            "parts_due_on",
            "serves_others",
        },
        _action,
    ),
    Recommendation: ({"version", "status", "last_action_number"}, _recommendation),
    Update: ({"note", "person_id", "released_by_id", "withheld_reason", "release_on", "corrections"}, _below_action),
    EvidenceItem: ({"person_id", "update_id", "created_at"}, _below_action),
    TakenBack: ({"person_id", "was_public"}, _of_recommendation),
    ActionSupport: ({"deadline_set_at", "acknowledged_at", "done_at"}, _support),
    RecommendationTheme: (set(), _theme_of),
    RecommendationLink: (set(), _link),
    AlsoServes: (set(), _also_serves),
    Report: ({"version", "filename", "created_at"}, _report),
    Meeting: ({"version", "prefix", "created_at", "published_at"}, _meeting),
    Programme: ({"version", "release_policy", "release_days", "created_at"}, _programme),
    Indicator: ({"version", "created_at", "word_every", "word_since"}, _indicator),
    IndicatorValue: ({"reason", "person_id"}, _value),
    Organisation: ({"version", "created_at"}, _named),
    Post: ({"version", "created_at", "mailbox", "is_manager"}, _named),
    Theme: ({"version", "owner_programme_id"}, _named),
}
_TABLES = {table_of(model) for model in _ROWS}
_WRITTEN_ALONE = {table_of(Update), table_of(EvidenceItem)}
_NOTHING = sa.null().label("organisation_id")


def _below(model: type[SQLModel], organisation: Any) -> sa.Select[Any]:
    table = table_of(model)
    query = sa.select(_ACTION.c.recommendation_id, organisation).join(table, table.c.action_id == _ACTION.c.id)
    return query.where(_ACTION.c.is_public)


_STATEMENTS: dict[sa.Table, sa.Select[Any]] = {
    table_of(ActionSupport): _below(ActionSupport, table_of(ActionSupport).c.organisation_id),
    table_of(EvidenceItem): _below(EvidenceItem, _NOTHING),
    table_of(Update): _below(Update, _NOTHING),
    table_of(RecommendationTheme): sa.select(table_of(RecommendationTheme).c.recommendation_id, _NOTHING),
}
