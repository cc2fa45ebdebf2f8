"""What a key opens that came with a question: this question alone, for whoever has to answer it; nothing else."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.domain import keys, permissions
from app.domain.errors import Gone, NotFound
from app.domain.permissions import Grant, Role, Viewer
from app.domain.questions import ASKABLE, Side
from app.domain.texts import Titles
from app.models.actions import Action
from app.models.base import table_of
from app.models.notifications import UpdateLink
from app.models.people import Organisation, Person, Post
from app.models.questions import QuestionNote
from app.queries.followup import questions
from app.queries.followup.questions import AnswerLine
from app.queries.followup.update_keys import Expired
from app.queries.scope import locks, seats, viewers


@dataclass(frozen=True)
class OpenedQuestion:
    """`viewer` may answer this question and do nothing else: deciding, verifying and publishing need a sign-in."""

    action: Action
    question: QuestionNote
    post: Titles
    organisation: Titles
    viewer: Viewer
    answers: list[AnswerLine]


def opened(session: Session, token: str, *, lock: bool = False) -> OpenedQuestion:
    """What a living key opens. Raises Gone where nobody waits for their answer any more."""
    given: dict[str, object] = {"hash": keys.hashed(token)}
    if lock:
        locks.parents(session, _above, given)
    found = session.execute(_what_it_opens(lock=lock), given, execution_options=locks.FRESH if lock else {}).first()
    if found is None:
        raise NotFound
    action, question, post, organisation, person_id, expires_at, revoked_at, locale = found
    viewer = _answering(session, person_id, locale, action, question)
    if viewer is None or revoked_at is not None or question.lapsed_at is not None or action.state not in ASKABLE:
        raise Gone
    _require_time(expires_at)
    said = questions.answers(session, [question.id])[question.id]
    return OpenedQuestion(action, question, post, organisation, viewer, said)


def _require_time(expires_at: dt.datetime) -> None:
    if expires_at <= clock.now():
        raise Expired


def _answering(session: Session, person_id: int, lang: str, action: Action, question: QuestionNote) -> Viewer | None:
    """Whoever got the mail, as the one side that answers, if they still are of it."""
    if question.side is Side.OWNER:
        who = viewers.by_person(session, person_id)
        is_theirs = bool(who and permissions.may(who, action.programme_id, Role.SECRETARIAT))
        grants = frozenset({Grant(Role.SECRETARIAT, action.programme_id)})
        return Viewer(person_id, grants=grants, lang=lang) if is_theirs else None
    is_theirs = question.post_id == action.owner_post_id and person_id in seats.seated(session, question.post_id)
    return Viewer(person_id, post_ids=frozenset({question.post_id}), lang=lang) if is_theirs else None


_LINKS, _QUESTIONS, _ACTIONS, _POSTS, _BODIES, _PEOPLE = (
    table_of(model) for model in (UpdateLink, QuestionNote, Action, Post, Organisation, Person)
)
_THIS = _LINKS.c.token_hash == sa.bindparam("hash")
_BOUND = (
    _LINKS.join(_QUESTIONS, _QUESTIONS.c.id == _LINKS.c.question_id)
    .join(_ACTIONS, _ACTIONS.c.id == _QUESTIONS.c.action_id)
    .join(_POSTS, _POSTS.c.id == _QUESTIONS.c.post_id)
    .join(_BODIES, _BODIES.c.id == _POSTS.c.organisation_id)
    .join(_PEOPLE, _PEOPLE.c.id == _LINKS.c.person_id)
)


@cache
def _above() -> Any:
    return locks.above(sa.select(_ACTIONS.c.recommendation_id).select_from(_BOUND).where(_THIS))


@cache
def _what_it_opens(*, lock: bool) -> Any:
    link = (_LINKS.c.person_id, _LINKS.c.expires_at, _LINKS.c.revoked_at, _PEOPLE.c.locale)
    query = sa.select(Action, QuestionNote, _POSTS.c.titles, _BODIES.c.titles, *link).select_from(_BOUND)
    query = query.where(_THIS)
    return query.with_for_update(of=Action, **locks.ROW) if lock else query
