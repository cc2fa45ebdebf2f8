"""Questions about an action and their answers: on its page, and those that wait for an answer."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import questions
from app.domain.errors import NotFound
from app.domain.messages import Message
from app.domain.permissions import ActionFacts, Viewer, parts
from app.domain.questions import Side
from app.domain.sentences import questions as sentences
from app.domain.texts import Titles
from app.domain.workflow import Part
from app.models.actions import Action
from app.models.people import Person, Post
from app.models.questions import QuestionNote
from app.models.updates import Via
from app.queries.followup.actions import Judged
from app.queries.scope import cursors
from app.queries.scope.ranges import said

FEW, PAGE = 5, 20  # on the page of the action, and on their own
LINES, _MOST = 6, 50  # of one's own: listed, and counted
# The very words of the index, each of its columns by itself.
IS_OPEN = tuple(said("question_note", f"{name} IS NULL") for name in ("question_id", "answered_at", "lapsed_at"))
_IS_QUESTION = col(QuestionNote.question_id).is_(None)


class AnswerLine(NamedTuple):
    id: int
    at: dt.datetime
    side: Side
    via: Via
    text: str
    name: str | None


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as the page of its action shows it."""

    id: int
    at: dt.datetime
    side: Side
    via: Via
    text: str
    answered_at: dt.datetime | None
    lapsed_at: dt.datetime | None
    person_id: int | None
    post: Titles
    name: str | None
    answers: list[AnswerLine]
    may_answer: bool

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.lapsed_at is None

    def waits(self, today: dt.date) -> Message:
        return _waits(self.at, today)


@dataclass(frozen=True)
class QuestionPage:
    lines: list[QuestionLine] = field(default_factory=list)
    next: str = ""

    @property
    def answerable(self) -> set[str]:
        """The places on the page where one of them is answered."""
        return {f"answer_{line.id}" for line in self.lines if line.may_answer and line.lapsed_at is None}


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """An open question of one's post, or to it, with the action that it is about."""

    id: int
    at: dt.datetime
    side: Side
    text: str
    ref: str
    titles: Titles

    @property
    def is_to_answer(self) -> bool:
        return self.side is Side.SECRETARIAT

    def waits(self, today: dt.date) -> Message:
        return _waits(self.at, today)


@dataclass(frozen=True)
class WaitingQuestions:
    found: list[WaitingQuestion]

    @property
    def lines(self) -> list[WaitingQuestion]:
        return self.found[:LINES]

    @property
    def is_more(self) -> bool:
        return len(self.found) > LINES

    @property
    def head(self) -> Message:
        to_answer = sum(one.is_to_answer for one in self.found)
        return sentences.head(to_answer, len(self.found) - to_answer)


def of_action(
    session: Session, viewer: Viewer, action: Action, held: Collection[Part], *, limit: int = FEW, after: str = ""
) -> QuestionPage:
    """The newest first, in two statements; `held`: in which parts the viewer acts on the action."""
    query = (
        sa.select(*_ASKED)
        .join(Post, col(Post.id) == col(QuestionNote.post_id))
        .outerjoin(Person, col(Person.id) == col(QuestionNote.person_id))
        .where(col(QuestionNote.action_id) == action.id, _IS_QUESTION)
    )
    if point := cursors.number(after):
        query = query.where(col(QuestionNote.id) < point[1])
    rows = session.execute(query.order_by(col(QuestionNote.id).desc()).limit(limit + 1)).all()
    said = answers(session, [row[0] for row in rows[:limit]])
    held = held if action.state in questions.ASKABLE else ()
    whole = ([*row, said[row.id], _may_answer(viewer, held, row.side, row.person_id)] for row in rows[:limit])
    lines = [QuestionLine(*columns) for columns in whole]
    return QuestionPage(lines, cursors.following(rows, limit, lambda last: (last[0], last[0])))


def _may_answer(viewer: Viewer, held: Collection[Part], asked_by: Side, asker_id: int | None) -> bool:
    """Nobody answers themselves, in whichever capacity."""
    return viewer.person_id != asker_id and questions.may_answer(held, asked_by)


def answers(session: Session, question_ids: Collection[int]) -> defaultdict[int, list[AnswerLine]]:
    """By question, the first one first."""
    found: defaultdict[int, list[AnswerLine]] = defaultdict(list)
    query = _ANSWERS.where(col(QuestionNote.question_id).in_(question_ids))
    for question_id, *row in session.execute(query) if question_ids else ():
        found[question_id].append(AnswerLine(*row))
    return found


def get(session: Session, action: Action | Judged, question_id: int) -> QuestionNote:
    """A question about this action; raises NotFound."""
    query = sa.select(QuestionNote).where(
        col(QuestionNote.id) == question_id, col(QuestionNote.action_id) == action.id, _IS_QUESTION
    )
    found: QuestionNote | None = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def may_answer(viewer: Viewer, about: ActionFacts, question: QuestionNote) -> bool:
    return _may_answer(viewer, parts(viewer, about), question.side, question.person_id)


def of_posts(session: Session, post_ids: Collection[int]) -> WaitingQuestions:
    """The open ones of these posts, those that they have to answer first, the longest waiting before the others."""
    query = _OPEN.where(col(QuestionNote.post_id).in_(post_ids)).order_by(_LAST, col(QuestionNote.at)).limit(_MOST)
    return WaitingQuestions([WaitingQuestion(*row) for row in session.execute(query)] if post_ids else [])


def _waits(at: dt.datetime, today: dt.date) -> Message:
    return sentences.waiting(max(0, (today - clock.day(at, settings().zone)).days))


_ASKED: tuple[Any, ...] = (
    *(
        col(getattr(QuestionNote, name))
        for name in ("id", "at", "side", "via", "text", "answered_at", "lapsed_at", "person_id")
    ),
    col(Post.titles),
    col(Person.name),
)
_ANSWERS: Any = (
    sa.select(
        *(col(getattr(QuestionNote, name)) for name in ("question_id", "id", "at", "side", "via", "text")),
        col(Person.name),
    )
    .outerjoin(Person, col(Person.id) == col(QuestionNote.person_id))
    .order_by(col(QuestionNote.id))
)
_LAST = sa.case((col(QuestionNote.side) == Side.SECRETARIAT, 0), else_=1)
_OPEN: Any = (
    sa.select(
        *(col(getattr(QuestionNote, name)) for name in ("id", "at", "side", "text")),
        col(Action.ref),
        col(Action.titles),
    )
    .join(Action, col(Action.id) == col(QuestionNote.action_id))
    .where(*IS_OPEN)
)
