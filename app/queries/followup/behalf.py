"""What can be recorded on behalf of whom: what a holder could say of an action now, and the posts that owe it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import on_behalf
from app.domain.texts import Titles
from app.domain.workflow import PartState, Verb
from app.models.actions import Action, ActionSupport
from app.models.people import Organisation, Post


@dataclass(frozen=True, slots=True)
class SpeakingPost:
    id: int
    titles: Titles
    organisation: Titles


@dataclass(frozen=True, slots=True)
class Recordable:
    posts: list[SpeakingPost]  # the owner first
    verbs: tuple[Verb, ...]


def offered(session: Session, action: Action) -> Recordable | None:
    """None where nobody's word is awaited."""
    supporting = sa.select(col(ActionSupport.post_id)).where(
        col(ActionSupport.action_id) == action.id, col(ActionSupport.post_id).is_not(None)
    )
    of_owner = on_behalf.recordable(action.state)
    if not of_owner:  # a part may be open still when the action is declared done
        supporting = supporting.where(col(ActionSupport.part_state) != PartState.DONE)
    verbs = on_behalf.recordable(action.state, has_parts=session.scalars(supporting).first() is not None)
    if not verbs:
        return None
    is_owner = col(Post.id) == action.owner_post_id
    query = (
        sa.select(col(Post.id), col(Post.titles), col(Organisation.titles))
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(sa.or_(is_owner if of_owner else sa.false(), col(Post.id).in_(supporting)))
        .order_by(is_owner.desc(), col(Post.slug))
    )
    return Recordable([SpeakingPost(*row) for row in session.execute(query)], verbs)
