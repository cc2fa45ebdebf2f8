"""What stands on the desk: actions with every reason why, words to release, recommendations without answer or plan."""

import datetime as dt
from dataclasses import dataclass

from app import clock
from app.config import settings
from app.domain.desk import DeskSection
from app.domain.messages import Message
from app.domain.progress import Status
from app.domain.questions import Side
from app.domain.sentences import questions
from app.domain.texts import Titles
from app.domain.workflow import AWAITED, OWED, BlockReason, Evidence, State
from app.queries.followup.actions import ActionRow


@dataclass(frozen=True, slots=True)
class DeskLine:
    """An action that needs somebody."""

    row: ActionRow
    organisation: Titles | None
    post: Titles | None
    block_reason: BlockReason | None
    who_can_unblock: str
    words: int | None  # the last of its words that wait for their release
    is_unpublished: bool
    parts_due_on: dt.date | None

    def reasons(self, asked: dt.datetime, silent: dt.datetime, today: dt.date) -> tuple[DeskSection, ...]:
        """Every section that it belongs to, the one where it stands first."""
        row = self.row
        heard = row.last_word_at or row.assigned_at
        holds = {
            DeskSection.TO_ASSIGN: row.state in (State.DRAFT, State.DECLINED),
            DeskSection.TO_VERIFY: row.state == State.SUBMITTED,
            DeskSection.DISPUTED: row.evidence == Evidence.DISPUTED,
            DeskSection.WORDS: self.words is not None,
            DeskSection.UNCONFIRMED: row.state == State.ASSIGNED
            and row.assigned_at is not None
            and row.assigned_at < asked,
            DeskSection.BLOCKED: row.state == State.BLOCKED,
            DeskSection.SILENT: row.state in AWAITED and heard is not None and heard < silent,
            DeskSection.PARTS: row.state in OWED and self.parts_due_on is not None and self.parts_due_on < today,
            DeskSection.TO_PUBLISH: self.is_unpublished,
        }
        return tuple(section for section, is_held in holds.items() if is_held)


@dataclass(frozen=True, slots=True)
class WordsToRelease:
    """Words that wait for their release, and the action that they are about."""

    id: int
    at: dt.datetime
    summary: str
    line: DeskLine


@dataclass(frozen=True, slots=True)
class RequestToDecide:
    """More time that a post asks for, and the action that it is about."""

    line: DeskLine
    id: int
    asked_at: dt.datetime
    from_on: dt.date | None
    to_on: dt.date
    reason: str
    endorsed_at: dt.datetime | None
    part_of_id: int | None
    asker: Titles


@dataclass(frozen=True, slots=True)
class QuestionOnDesk:
    """A question without an answer: of a post to the secretariat, or the other way round."""

    line: DeskLine
    id: int
    at: dt.datetime
    side: Side
    text: str
    post: Titles

    @property
    def is_to_answer(self) -> bool:
        return self.side is Side.OWNER

    def waits(self, today: dt.date) -> Message:
        return questions.waiting(max(0, (today - clock.day(self.at, settings().zone)).days))


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A recommendation that nobody has answered, or for which nothing is planned."""

    id: int
    ref: str
    titles: Titles
    status: Status
    responded_at: dt.datetime | None
    created_at: dt.datetime

    @property
    def since(self) -> dt.datetime:
        return self.responded_at or self.created_at

    def days(self, today: dt.date) -> int:
        return max(0, (today - clock.day(self.since, settings().zone)).days)
