"""What a post owes, and the alarm where nobody is left who could answer for it."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.workflow import OPEN
from app.models.actions import Action, ActionSupport
from app.models.people import Post
from app.queries.mailing import recipients
from app.services.kernel import outbox


def owes(session: Session, post_id: int) -> bool:
    """Whether anything open waits for whoever answers for the post."""
    waits = sa.and_(_of_post(post_id), _WAITING)
    return session.scalars(sa.select(sa.exists().where(waits))).one()


def alert(session: Session, post: Post, today: dt.date) -> None:
    """Where nobody answers for what a post owes, each secretariat hears at once; the ladder goes on weekly."""
    if recipients.holder(session, post.id) is not None:
        return
    owned = sa.and_(col(Action.owner_post_id) == post.id, _WAITING)
    firsts = sa.select(col(Action.programme_id), sa.func.min(col(Action.id))).where(owned)
    for programme_id, action_id in session.execute(firsts.group_by(col(Action.programme_id))).all():
        for person_id in recipients.secretariat(session, programme_id):
            period = f"p{post.id}-{programme_id}-{today.isoformat()}-{post.version}"
            outbox.enqueue(session, "action_unheld", person_id, period, about=("action", action_id))


_WAITING = sa.and_(col(Action.assigned_at).is_not(None), col(Action.state).in_(OPEN))


def _of_post(post_id: int) -> sa.ColumnElement[bool]:
    supports = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.post_id) == post_id)
    return sa.or_(col(Action.owner_post_id) == post_id, col(Action.id).in_(supports))
