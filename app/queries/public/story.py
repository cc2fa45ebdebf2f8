"""What the story of a recommendation or an action tells of itself to the public; its acts are in entries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.errors import NotFound
from app.domain.progress import Closure, Response, Status
from app.domain.sentences import next_steps
from app.domain.sentences.next_steps import NextStep
from app.domain.sentences.standing import ActionSituation
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.domain.workflow import BlockReason, State
from app.models.actions import Action, AlsoServes
from app.models.base import table_of
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.queries.followup.actions import ActionRow
from app.statements import Statement

_ACT, _ALSO, _MEETING, _ORG, _POST, _PROGRAMME, _REC = (
    table_of(model) for model in (Action, AlsoServes, Meeting, Organisation, Post, Programme, Recommendation)
)
_ROW = tuple(_ACT.c[name] for name in ActionRow.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class RecommendationHead:
    """What a public page says of a recommendation itself."""

    id: int
    ref: str
    titles: Titles
    title_flags: dict[str, str]
    made_of: dict[str, MadeOf]
    source_text: str
    source_lang: str
    source_start: int | None
    done_when: str
    external_number: str
    is_priority: bool
    response: Response
    response_reason: str
    responded_at: dt.datetime | None
    referred_to: str
    closure: Closure | None
    closure_reason: str
    closed_at: dt.datetime | None
    status: Status
    created_at: dt.datetime
    meeting_slug: str
    meeting_titles: Titles
    held_on: dt.date
    programme_slug: str
    programme_titles: Titles
    answered_by: Titles | None
    merged_into: str | None
    outcome: Titles  # empty unless it is named of what is implemented
    outcome_on: dt.date | None

    @property
    def since(self) -> dt.datetime:
        """From when its waiting is counted."""
        return self.responded_at or self.created_at


def recommendation(session: Session, ref: str) -> RecommendationHead:
    """The public recommendation of a canonical reference."""
    found = _head().first(session, {"reference": ref})
    if found is None:
        raise NotFound
    return RecommendationHead(*found)


# Statements are made once and given their values: making one costs several times what running it does.
@cache
def _head() -> Statement:
    other = _REC.alias()
    own = [_REC.c[name] for name in _OWN]
    return Statement(
        sa.select(
            *own,
            _MEETING.c.slug,
            _MEETING.c.titles,
            _MEETING.c.held_on,
            _PROGRAMME.c.slug,
            _PROGRAMME.c.titles,
            _ORG.c.titles,
            sa.case((other.c.is_public, other.c.ref)),
            sa.case((_IS_NAMED, _REC.c.outcome), else_=sa.literal({}, _REC.c.outcome.type)),
            sa.case((_IS_NAMED, _REC.c.outcome_on)),
        )
        .join(_MEETING, _MEETING.c.id == _REC.c.meeting_id)
        .join(_PROGRAMME, _PROGRAMME.c.id == _REC.c.programme_id)
        .outerjoin(_ORG, _ORG.c.id == _REC.c.response_by_id)
        .outerjoin(other, other.c.id == _REC.c.merged_into_id)
        .where(_REC.c.ref == sa.bindparam("reference"), _REC.c.is_public)
    )


_IS_NAMED = sa.and_(_REC.c.outcome_at.is_not(None), _REC.c.public_status == Status.IMPLEMENTED)
_OWN = (
    "id",
    "ref",
    "titles",
    "title_flags",
    "made_of",
    "source_text",
    "source_lang",
    "source_start",
    "done_when",
    "external_number",
    "is_priority",
    "response",
    "response_reason",
    "responded_at",
    "referred_to",
    "closure",
    "closure_reason",
    "closed_at",
    "public_status",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class StoryAction:
    """An action with the names of who answers for it."""

    row: ActionRow
    lead_slug: str | None
    lead: Titles | None
    post: Titles | None
    block_reason: BlockReason | None
    end_reason: str
    verified_at: dt.datetime | None
    recommendation_ref: str
    recommendation_titles: Titles


def actions_of(session: Session, recommendation_id: int) -> list[StoryAction]:
    return [_action(row) for row in _actions(is_one=False).rows(session, {"value": recommendation_id})]


def action(session: Session, ref: str) -> StoryAction:
    """The public action of a canonical reference."""
    found = _actions(is_one=True).first(session, {"value": ref})
    if found is None:
        raise NotFound
    return _action(found)


@cache
def _actions(*, is_one: bool) -> Statement:
    """The public ones of a recommendation, then those of others that also serve it; or the one of a reference."""
    value: Any = sa.bindparam("value")
    at_home = sa.select(_ACT.c.id).where(_ACT.c.recommendation_id == value)
    serving = sa.select(_ALSO.c.action_id).where(_ALSO.c.recommendation_id == value)
    which = _ACT.c.ref == value if is_one else _ACT.c.id.in_(at_home.union_all(serving))
    order = _ACT.c.number if is_one else sa.case((_ACT.c.recommendation_id == value, 0), else_=1)
    return Statement(
        sa.select(
            *_ROW,
            _ORG.c.slug,
            _ORG.c.titles,
            _POST.c.titles,
            _ACT.c.block_reason,
            _ACT.c.end_reason,
            _ACT.c.verified_at,
            _REC.c.ref,
            _REC.c.titles,
        )
        .join(_REC, _REC.c.id == _ACT.c.recommendation_id)
        .outerjoin(_ORG, _ORG.c.id == _ACT.c.lead_organisation_id)
        .outerjoin(_POST, _POST.c.id == _ACT.c.owner_post_id)
        .where(_ACT.c.is_public, _ACT.c.state != State.DRAFT, which)
        .order_by(order, _ACT.c.recommendation_id, _ACT.c.number)
    )


def _action(row: Sequence[Any]) -> StoryAction:
    width = len(_ROW)
    return StoryAction(ActionRow(*row[:width]), *row[width:])


def situation_of(row: ActionRow, verified_at: dt.datetime | None = None) -> ActionSituation:
    return ActionSituation(
        ref=row.ref,
        state=row.state,
        evidence=row.evidence,
        due_on=row.due_on,
        assigned_on=_day(row.assigned_at),
        last_word_on=_day(row.last_word_at),
        submitted_on=_day(row.submitted_at),
        verified_on=_day(verified_at),
        has_owner=row.owner_post_id is not None,
    )


def next_of_recommendation(
    status: Status, since: dt.datetime, actions: Sequence[ActionSituation], today: dt.date
) -> list[NextStep]:
    """`since`: from when its waiting is counted."""
    return next_steps.of_recommendation(status, clock.day(since, settings().zone), actions, today)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return clock.day(moment, settings().zone) if moment else None
