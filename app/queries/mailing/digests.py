"""What a week's digest tells: which actions in which section, and how many; words belong to the letters."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import on_behalf, schedule
from app.domain.digests import Window
from app.domain.extensions import RequestOutcome
from app.domain.messages import Message
from app.domain.permissions import Role
from app.domain.questions import Side
from app.domain.texts import Titles
from app.domain.undoing import GRACE, settles_at
from app.domain.verbs import OF_THE_WEEK, Verb
from app.domain.workflow import AWAITED, State
from app.models.actions import Action, ActionSupport
from app.models.extensions import ExtensionRequest
from app.models.people import Holding, RoleGrant
from app.models.questions import IS_OPEN_QUESTION, QuestionNote
from app.models.updates import Update, Via
from app.queries.mailing import failed_mails
from app.queries.scope.seats import SEATED

Rows = dict[int, list[tuple[Any, ...]]]
ROWS = 10  # of a section; the rest is counted
SOON_DAYS = 7
_WHOLE = (None,) * 5  # of a row that is asked about: neither a part nor a date of its own
_OF_PART = ("stage", "key_on", "post_id", "titles")


@dataclass(frozen=True, slots=True)
class OwedPart:
    """What a supporting post owes of an action: its own part."""

    post_id: int
    state: State
    due_on: dt.date | None
    titles: Titles


@dataclass(frozen=True)
class DigestRows:
    """The first rows of a section in order, and how many it has; `news`: what happened to them, `came`: how."""

    ids: tuple[int, ...] = ()
    total: int = 0
    news: Mapping[int, Verb] = field(default_factory=dict)
    came: Mapping[int, Message] = field(default_factory=dict)  # of what was recorded on behalf
    parts: Mapping[int, OwedPart] = field(default_factory=dict)  # of the actions that are owed as a support
    asked: Set[int] = frozenset()  # about which the secretariat has a question


@dataclass(frozen=True)
class Week:
    """The sections of any shape; a shape leaves those that are not its own empty."""

    overdue: DigestRows = DigestRows()
    due: DigestRows = DigestRows()
    waiting: DigestRows = DigestRows()
    changed: DigestRows = DigestRows()
    verification: DigestRows = DigestRows()
    requests: DigestRows = DigestRows()
    silence: DigestRows = DigestRows()
    failures: DigestRows = DigestRows()  # of messages

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, section.name).total for section in fields(self))


@dataclass(frozen=True, slots=True)
class DigestReader:
    """Of whom a week is told, on which day, and from when to when."""

    person_id: int
    today: dt.date
    window: Window


def owner(session: Session, person_id: int, today: dt.date, window: Window) -> Week:
    return owners(session, [DigestReader(person_id, today, window)])[person_id]


def owners(session: Session, asked: Sequence[DigestReader]) -> dict[int, Week]:
    """What each one's posts owe, and what others did to it in the window: five statements, however many they are."""
    held = sa.select(col(Holding.person_id), col(Holding.post_id)).where(
        col(Holding.person_id).in_([one.person_id for one in asked]), SEATED
    )
    posts: dict[int, list[int]] = defaultdict(list)
    for person_id, post_id in session.execute(held):
        posts[person_id].append(post_id)
    all_posts = sorted({post_id for some in posts.values() for post_id in some})
    owed, news = _owed(session, all_posts), _news(session, all_posts, min(one.window.start_at for one in asked) - GRACE)
    open_questions = _questions(session, all_posts)
    return {one.person_id: _week(one, posts[one.person_id], owed, news, open_questions) for one in asked}


def _week(one: DigestReader, posts: list[int], owed: Rows, news: Rows, open_questions: Rows) -> Week:
    mine = _mine(row for post_id in posts for row in owed[post_id])
    soon = one.today + dt.timedelta(SOON_DAYS)
    by_date = sorted((row for row in mine if row[2] and row[2] <= soon), key=lambda row: (row[2], row[0]))
    later = [row for row in mine if row[1] == State.ASSIGNED and (row[2] is None or row[2] > soon)]
    questions = [row[0] for post_id in posts for row in open_questions[post_id]]
    dated, asked = {row[0] for row in by_date}, frozenset(questions)
    later.sort(key=lambda row: (row[3], row[0]))
    waiting = {row[0]: row for row in [*((one_id, *_WHOLE) for one_id in questions), *later]}
    order = dict.fromkeys([*(row[0] for row in later), *questions])
    changed = sorted({row for post_id in posts for row in news[post_id] if _is_news(row, one)})
    last = {row[1]: row for row in changed}
    verbs: dict[int, Verb] = {action_id: row[2] for action_id, row in last.items()}
    came = {one_id: on_behalf.told(row[6], row[7]) for one_id, row in last.items() if row[5] is Via.ON_BEHALF}
    return Week(
        overdue=_first((row for row in by_date if row[2] < one.today), asked),
        due=_first((row for row in by_date if row[2] >= one.today), asked),
        waiting=_first((waiting[one_id] for one_id in order if one_id not in dated), asked),
        changed=DigestRows(tuple(verbs)[:ROWS], len(verbs), verbs, came),
    )


def _is_news(row: tuple[Any, ...], one: DigestReader) -> bool:
    at = settles_at(row[2], row[3])  # what may still be undone waits for the next week
    return one.window.start_at <= at < one.window.end_at and row[4] != one.person_id


def _mine(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Who owns an action and supports it with another post is told of the whole of it."""
    return list({row[0]: row for row in sorted(rows, key=lambda row: row[4] is None)}.values())


def _first(rows: Iterable[tuple[Any, ...]], asked: Set[int]) -> DigestRows:
    found = list(rows)
    shown = found[:ROWS]
    parts = {row[0]: OwedPart(row[4], State(row[1]), row[2], row[5]) for row in shown if row[4]}
    return DigestRows(tuple(row[0] for row in shown), len(found), parts=parts, asked=asked)


def _questions(session: Session, posts: Sequence[int]) -> Rows:
    """By post the actions about which the secretariat asked it something, and has no answer."""
    found: Rows = defaultdict(list)
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
    found: Rows = defaultdict(list)
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


_ASKED_MORE = sa.select(col(ExtensionRequest.action_id)).where(col(ExtensionRequest.outcome) == RequestOutcome.OPEN)
_ASKED_ABOUT = sa.select(col(QuestionNote.action_id)).where(_IS_OPEN, col(QuestionNote.side) == Side.OWNER)
# Given back, asked more time for, or asked about: somebody has to decide, or to answer.
_ASKS_SOMETHING = sa.or_(
    col(Action.state) == State.DECLINED, col(Action.id).in_(_ASKED_MORE), col(Action.id).in_(_ASKED_ABOUT)
)


def secretariats(session: Session, asked: Sequence[DigestReader]) -> dict[int, Week]:
    """There are few of them."""
    return {one.person_id: secretariat(session, one.person_id, one.today, one.window) for one in asked}


def secretariat(session: Session, person_id: int, today: dt.date, window: Window) -> Week:
    """What waits in the programmes whose secretariat the person is, and the mails that failed in the window."""
    inside = _in_programmes(session, person_id)
    quiet = clock.start(schedule.fresh_from(today), settings().zone)
    silent = sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at))
    return Week(
        verification=_listed(session, inside & (col(Action.state) == State.SUBMITTED), col(Action.submitted_at)),
        requests=_listed(session, inside & _ASKS_SOMETHING, col(Action.id)),
        silence=_listed(session, inside & col(Action.state).in_(AWAITED) & (silent < quiet), silent),
        failures=DigestRows(*failed_mails.of_week(session, inside, window, ROWS)),
    )


def _in_programmes(session: Session, person_id: int) -> Any:
    granted = sa.select(col(RoleGrant.programme_id)).where(
        col(RoleGrant.person_id) == person_id, col(RoleGrant.role) == Role.SECRETARIAT
    )
    ids = session.scalars(granted).all()
    return sa.true() if None in ids else col(Action.programme_id).in_(ids)


def _listed(session: Session, which: Any, order: Any) -> DigestRows:
    ids = session.scalars(sa.select(col(Action.id)).where(which).order_by(order, col(Action.id))).all()
    return DigestRows(tuple(found for found in ids[:ROWS] if found), len(ids))
