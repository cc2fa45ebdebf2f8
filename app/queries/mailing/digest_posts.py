"""What posts owe, what was done to it and what is asked about it, by post, for all readers of a handful at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import on_behalf
from app.domain.digest_shapes import ROWS
from app.domain.messages import Message
from app.domain.questions import Side
from app.domain.undoing import GRACE, settles_at
from app.domain.verbs import OF_THE_WEEK, Verb
from app.domain.workflow import AWAITED, State
from app.models.actions import Action, ActionSupport
from app.models.questions import IS_OPEN_QUESTION, QuestionNote
from app.models.updates import Update, Via
from app.queries.mailing.digest_rows import DigestReader, DigestRows

Rows = dict[int, list[tuple[Any, ...]]]
_OF_PART = ("stage", "key_on", "post_id", "titles")


def _none() -> Rows:
    return defaultdict(list)


@dataclass(frozen=True)
class PostFacts:
    """By post: `owed` as id, state, due on, since when, and of a part its post and words; `news`; open `questions`."""

    owed: Rows = field(default_factory=_none)
    news: Rows = field(default_factory=_none)
    questions: Rows = field(default_factory=_none)


class Happened(NamedTuple):
    """By action: what was done to it last, and how that came where it was recorded on behalf."""

    news: dict[int, Verb]
    came: dict[int, Message]

    def rest(self, told: Collection[int]) -> DigestRows:
        """As a section: of what is told nowhere else. What is told elsewhere says there what happened to it."""
        ids = [action_id for action_id in self.news if action_id not in told]
        return DigestRows(tuple(ids[:ROWS]), len(ids), self.news, self.came)


def facts(session: Session, posts: Sequence[int], since: dt.datetime) -> PostFacts:
    """Five statements, however many posts they are; none for none."""
    if not posts:
        return PostFacts()
    return PostFacts(_owed(session, posts), _news(session, posts, since - GRACE), _questions(session, posts))


def owed(facts: PostFacts, posts: Iterable[int]) -> list[tuple[Any, ...]]:
    """Who owns an action and supports it with another post is told of the whole of it."""
    rows = (row for post_id in posts for row in facts.owed[post_id])
    return list({row[0]: row for row in sorted(rows, key=lambda row: row[4] is None)}.values())


def happened(facts: PostFacts, posts: Iterable[int], one: DigestReader) -> Happened:
    """What others did in the window; of one action the last."""
    found = sorted({row for post_id in posts for row in facts.news[post_id] if _is_news(row, one)})
    last = {row[1]: row for row in found}
    verbs: dict[int, Verb] = {action_id: row[2] for action_id, row in last.items()}
    came = {one_id: on_behalf.told(row[6], row[7]) for one_id, row in last.items() if row[5] is Via.ON_BEHALF}
    return Happened(verbs, came)


def _is_news(row: tuple[Any, ...], one: DigestReader) -> bool:
    at = settles_at(row[2], row[3])  # what may still be undone waits for the next week
    return one.window.start_at <= at < one.window.end_at and row[4] != one.person_id


def _questions(session: Session, posts: Sequence[int]) -> Rows:
    """By post the actions about which the secretariat asked it something, and has no answer."""
    found = _none()
    columns = (col(QuestionNote.post_id), col(QuestionNote.action_id))
    query = sa.select(*columns).where(col(QuestionNote.post_id).in_(posts), col(QuestionNote.side) == Side.SECRETARIAT)
    for post_id, action_id in session.execute(query.where(_IS_OPEN).order_by(col(QuestionNote.at))):
        found[post_id].append((action_id,))
    return found


def _owed(session: Session, posts: Sequence[int]) -> Rows:
    """By post what it owes: id, state, due on, since when; of a part its own, with its post and words."""
    lead = (col(Action.id), col(Action.state), col(Action.due_on), col(Action.assigned_at), sa.null(), sa.null())
    since = sa.func.coalesce(col(ActionSupport.asked_at), col(Action.assigned_at))
    stage, key_on, post, titles = (col(getattr(ActionSupport, name)) for name in _OF_PART)
    part = (col(Action.id), stage, key_on, since, post, titles)
    return _by_post(session, posts, _ASSIGNED, (lead, part), states=AWAITED)


def _news(session: Session, posts: Sequence[int], since: dt.datetime) -> Rows:
    """By post what was done to its actions: id, action, verb, when, by whom, how it came."""
    names = ("id", "action_id", "verb", "at", "person_id", "via", "came_by", "came_on")
    columns = tuple(col(getattr(Update, name)) for name in names)
    which = sa.and_(_ASSIGNED, col(Update.at) >= since, col(Update.verb).in_(OF_THE_WEEK))
    return _by_post(session, posts, which, (columns, columns), join_updates=True)


def _by_post(
    session: Session,
    posts: Sequence[int],
    which: Any,
    columns: tuple[tuple[Any, ...], tuple[Any, ...]],
    *,
    states: Collection[State] = tuple(State),
    join_updates: bool = False,
) -> Rows:
    """`columns`: of a lead and of a part, which carries where it is: asked of actions, all open ones would be read."""
    found = _none()
    for post, is_support in ((col(Action.owner_post_id), False), (col(ActionSupport.post_id), True)):
        query = sa.select(post, *columns[is_support]).select_from(Action)
        if is_support:
            query = query.join(ActionSupport, col(ActionSupport.action_id) == col(Action.id))
        if join_updates:
            query = query.join(Update, col(Update.action_id) == col(Action.id))
        state: Any = col(ActionSupport.stage) if is_support else col(Action.state)
        for row in session.execute(query.where(post.in_(posts), state.in_(states), which)):
            found[row[0]].append(tuple(row[1:]))
    return found


_ASSIGNED = col(Action.assigned_at).is_not(None)
_IS_OPEN = sa.text(IS_OPEN_QUESTION)
