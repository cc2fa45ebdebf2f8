"""What the story of a recommendation or an action tells of itself to the public; its acts are in entries."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.errors import NotFound
from app.domain.progress import Closure, Response, Status
from app.domain.texts import Titles
from app.domain.workflow import BlockReason, State
from app.models.actions import Action
from app.models.base import table_of
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.queries.followup.actions import ActionRow

_ACT, _MEETING, _ORG, _POST, _PROGRAMME, _REC = (
    table_of(model) for model in (Action, Meeting, Organisation, Post, Programme, Recommendation)
)
_ROW = tuple(_ACT.c[name] for name in ActionRow.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class RecommendationHead:
    """What a public page says of a recommendation itself."""

    id: int
    ref: str
    titles: Titles
    title_flags: dict[str, str]
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

    @property
    def since(self) -> dt.datetime:
        """From when its waiting is counted."""
        return self.responded_at or self.created_at


def recommendation(session: Session, ref: str) -> RecommendationHead:
    """The public recommendation of a canonical reference."""
    found = session.execute(_head(), {"reference": ref}).first()
    if found is None:
        raise NotFound
    return RecommendationHead(*found)


# Statements are made once and given their values: making one costs several times what running it does.
@cache
def _head() -> Any:
    other = _REC.alias()
    own = [_REC.c[name] for name in _OWN]
    return (
        sa.select(
            *own,
            _MEETING.c.slug,
            _MEETING.c.titles,
            _MEETING.c.held_on,
            _PROGRAMME.c.slug,
            _PROGRAMME.c.titles,
            _ORG.c.titles,
            sa.case((other.c.is_public, other.c.ref)),
        )
        .join(_MEETING, _MEETING.c.id == _REC.c.meeting_id)
        .join(_PROGRAMME, _PROGRAMME.c.id == _REC.c.programme_id)
        .outerjoin(_ORG, _ORG.c.id == _REC.c.response_by_id)
        .outerjoin(other, other.c.id == _REC.c.merged_into_id)
        .where(_REC.c.ref == sa.bindparam("reference"), _REC.c.is_public)
    )


_OWN = (
    "id",
    "ref",
    "titles",
    "title_flags",
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
    rows = session.execute(_actions(is_one=False), {"value": recommendation_id})
    return [_action(row) for row in rows]


def action(session: Session, ref: str) -> StoryAction:
    """The public action of a canonical reference."""
    found = session.execute(_actions(is_one=True), {"value": ref}).first()
    if found is None:
        raise NotFound
    return _action(found)


@cache
def _actions(*, is_one: bool) -> Any:
    """The public ones of a recommendation, or the one of a reference."""
    of = _ACT.c.ref if is_one else _ACT.c.recommendation_id
    return (
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
        .where(_ACT.c.is_public, _ACT.c.state != State.DRAFT, of == sa.bindparam("value"))
        .order_by(_ACT.c.number)
    )


def _action(row: sa.Row[Any]) -> StoryAction:
    width = len(_ROW)
    return StoryAction(ActionRow(*row[:width]), *row[width:])
