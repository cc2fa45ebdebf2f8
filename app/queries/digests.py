"""What a week's digest tells: which actions in which section, and how many; words belong to the letters."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.digests import Window
from app.domain.permissions import Role
from app.domain.schedule import STALE_DAYS
from app.domain.workflow import State, Verb
from app.models.actions import Action, ActionSupport
from app.models.notifications import Delivery, Message
from app.models.people import Holding, Person, RoleGrant
from app.models.updates import Update

ROWS = 10  # of a section; the rest is counted
SOON_DAYS = 7
_OWED = frozenset({State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED})
# What others did that its owner wants to know; beginnings and edits are no news.
_NEWS = frozenset(Verb) - {Verb.CREATE, Verb.EDIT, Verb.START, Verb.ASSIGN, Verb.ACKNOWLEDGE}
_FAILED = frozenset({Delivery.DEAD, Delivery.PARKED})


@dataclass(frozen=True)
class Listed:
    """The first rows of a section in order, and how many it has; `news` says what happened to them."""

    ids: tuple[int, ...] = ()
    total: int = 0
    news: Mapping[int, Verb] = field(default_factory=dict)


@dataclass(frozen=True)
class Week:
    """The sections of any shape; a shape leaves those that are not its own empty."""

    overdue: Listed = Listed()
    due: Listed = Listed()
    waiting: Listed = Listed()
    changed: Listed = Listed()
    verification: Listed = Listed()
    requests: Listed = Listed()
    silence: Listed = Listed()
    failures: Listed = Listed()  # of messages

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, section.name).total for section in fields(self))


def owner(session: Session, person_id: int, today: dt.date, window: Window) -> Week:
    """What the person's posts owe, and what others did to it in the window."""
    mine, soon = _owed_by(person_id), today + dt.timedelta(SOON_DAYS)
    owed = sa.and_(mine, col(Action.state).in_(_OWED))
    later = sa.or_(col(Action.due_on).is_(None), col(Action.due_on) > soon)
    return Week(
        overdue=_listed(session, owed & (col(Action.due_on) < today), col(Action.due_on)),
        due=_listed(session, owed & col(Action.due_on).between(today, soon), col(Action.due_on)),
        waiting=_listed(session, mine & (col(Action.state) == State.ASSIGNED) & later, col(Action.assigned_at)),
        changed=_changed(session, mine, person_id, window),
    )


def secretariat(session: Session, person_id: int, today: dt.date, window: Window) -> Week:
    """What waits in the programmes whose secretariat the person is, and the mails that failed in the window."""
    inside = _in_programmes(session, person_id)
    quiet = dt.datetime.combine(today - dt.timedelta(STALE_DAYS - 1), dt.time.min, tzinfo=dt.UTC)
    silent = sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at))
    return Week(
        verification=_listed(session, inside & (col(Action.state) == State.SUBMITTED), col(Action.submitted_at)),
        requests=_listed(session, inside & (col(Action.state) == State.DECLINED), col(Action.id)),
        silence=_listed(session, inside & col(Action.state).in_(_OWED) & (silent < quiet), silent),
        failures=_failures(session, inside, window),
    )


def _owed_by(person_id: int) -> Any:
    posts = sa.select(col(Holding.post_id)).where(col(Holding.person_id) == person_id, col(Holding.until_on).is_(None))
    supported = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.post_id).in_(posts))
    owned = sa.or_(col(Action.owner_post_id).in_(posts), col(Action.id).in_(supported))
    return sa.and_(owned, col(Action.assigned_at).is_not(None))


def _in_programmes(session: Session, person_id: int) -> Any:
    granted = sa.select(col(RoleGrant.programme_id)).where(
        col(RoleGrant.person_id) == person_id, col(RoleGrant.role) == Role.SECRETARIAT
    )
    ids = session.scalars(granted).all()
    return sa.true() if None in ids else col(Action.programme_id).in_(ids)


def _listed(session: Session, which: Any, order: Any) -> Listed:
    ids = session.scalars(sa.select(col(Action.id)).where(which).order_by(order, col(Action.id))).all()
    return Listed(tuple(found for found in ids[:ROWS] if found), len(ids))


def _changed(session: Session, mine: Any, person_id: int, window: Window) -> Listed:
    """Each action once, with the last thing that happened to it."""
    query = (
        sa.select(col(Update.action_id), col(Update.verb))
        .join(Action, col(Action.id) == col(Update.action_id))
        .where(
            mine,
            col(Update.at) >= window.start_at,
            col(Update.at) < window.end_at,
            col(Update.verb).in_(_NEWS),
            sa.or_(col(Update.person_id).is_(None), col(Update.person_id) != person_id),
        )
        .order_by(col(Update.id))
    )
    news: dict[int, Verb] = dict(tuple(row) for row in session.execute(query))
    return Listed(tuple(news)[:ROWS], len(news), news)


def _failures(session: Session, inside: Any, window: Window) -> Listed:
    """Mails about these actions, or to people whose posts own some of them."""
    about = sa.select(col(Action.id)).where(inside)
    owners = (
        sa.select(col(Holding.person_id)).join(Action, col(Action.owner_post_id) == col(Holding.post_id)).where(inside)
    )
    query = sa.select(col(Message.id)).where(
        col(Message.state).in_(_FAILED),
        col(Message.ended_at) >= window.start_at,
        col(Message.ended_at) < window.end_at,
        col(Message.kind) != "sign_in",
        sa.or_(
            sa.and_(col(Message.about_kind) == "action", col(Message.about_id).in_(about)),
            sa.and_(col(Message.about_kind) == "", col(Message.person_id).in_(owners)),
        ),
    )
    ids = session.scalars(query.order_by(col(Message.id))).all()
    return Listed(tuple(found for found in ids[:ROWS] if found), len(ids))


@dataclass(frozen=True)
class Failure:
    """A mail that did not arrive, in the relay's words."""

    address: str
    subject: str
    reason: str


def failures(session: Session, ids: tuple[int, ...]) -> list[Failure]:
    address = sa.func.coalesce(sa.func.nullif(col(Message.address), ""), col(Person.email))
    columns = sa.select(address, col(Message.subject), col(Message.reason))
    query = columns.join(Person, col(Person.id) == col(Message.person_id))
    return [Failure(*row) for row in session.execute(query.where(col(Message.id).in_(ids)).order_by(col(Message.id)))]
