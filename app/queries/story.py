"""What the story of a recommendation or an action tells of itself to the public; its acts are in entries."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.progress import Closure, Response, Status
from app.domain.titles import Titles
from app.domain.workflow import BlockReason
from app.models.actions import Action, ActionSupport
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation, RecommendationTheme, Theme
from app.queries import actions, visible
from app.queries.actions import ActionRow


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
    other = aliased(Recommendation)
    own = [col(getattr(Recommendation, name)) for name in _OWN]
    return (
        sa.select(
            *own,
            col(Meeting.slug),
            col(Meeting.titles),
            col(Meeting.held_on),
            col(Programme.slug),
            col(Programme.titles),
            col(Organisation.titles),
            sa.case((col(other.is_public), col(other.ref))),
        )
        .join(Meeting, col(Meeting.id) == col(Recommendation.meeting_id))
        .join(Programme, col(Programme.id) == col(Recommendation.programme_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Recommendation.response_by_id))
        .outerjoin(other, col(other.id) == col(Recommendation.merged_into_id))
        .where(col(Recommendation.ref) == sa.bindparam("reference"), col(Recommendation.is_public))
    )


_OWN = ("id", "ref", "titles", "title_flags", "source_text", "source_lang", "source_start", "done_when",
        "external_number", "is_priority", "response", "response_reason", "responded_at", "referred_to", "closure",
        "closure_reason", "closed_at", "public_status", "created_at")  # fmt: skip


def themes(session: Session, recommendation_id: int) -> list[Titles]:
    """Its themes, the main one first."""
    return list(session.scalars(_themes(), {"recommendation_id": recommendation_id}))


@cache
def _themes() -> Any:
    return (
        sa.select(col(Theme.titles))
        .join(RecommendationTheme, col(RecommendationTheme.theme_id) == col(Theme.id))
        .where(col(RecommendationTheme.recommendation_id) == sa.bindparam("recommendation_id"))
        .order_by(col(RecommendationTheme.position))
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
    of = col(Action.ref) if is_one else col(Action.recommendation_id)
    return (
        sa.select(
            *actions.ROW,
            col(Organisation.slug),
            col(Organisation.titles),
            col(Post.titles),
            col(Action.block_reason),
            col(Action.end_reason),
            col(Action.verified_at),
            col(Recommendation.ref),
            col(Recommendation.titles),
        )
        .join(Recommendation, col(Recommendation.id) == col(Action.recommendation_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
        .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
        .where(visible.SHOWN, of == sa.bindparam("value"))
        .order_by(col(Action.number))
    )


def _action(row: sa.Row[Any]) -> StoryAction:
    width = len(actions.ROW)
    return StoryAction(ActionRow(*row[:width]), *row[width:])


@dataclass(frozen=True, slots=True)
class Support:
    action_id: int
    slug: str
    titles: Titles


def supports(session: Session, *action_ids: int) -> list[Support]:
    """The organisations that support these actions."""
    return [Support(*row) for row in session.execute(_supports(), {"action_ids": action_ids})]


@cache
def _supports() -> Any:
    return (
        sa.select(col(ActionSupport.action_id), col(Organisation.slug), col(Organisation.titles))
        .join(Organisation, col(Organisation.id) == col(ActionSupport.organisation_id))
        .where(col(ActionSupport.action_id).in_(sa.bindparam("action_ids", expanding=True)))
        .order_by(col(ActionSupport.action_id), col(Organisation.id))
    )
