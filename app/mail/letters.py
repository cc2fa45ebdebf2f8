"""What each e-mail is told: small frozen values, no rows, no sentences; links are complete, made by the caller."""

from dataclasses import dataclass
from datetime import date

from app.domain import mail_sentences, schedule
from app.domain.ladder import Audience, Step
from app.domain.messages import Message
from app.domain.permissions import Role
from app.domain.workflow import BlockReason, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """To whom, in which language, and why they get it."""

    address: str
    lang: str
    name: str = ""
    post: str = ""  # the post that brings the mail, with its organisation
    role: Role | None = None  # or the role that brings it,
    of: tuple[str, ...] = ()  # with the organisations or programmes where the reader has it
    home: str = ""  # their own page: my actions, or the desk
    settings: str = ""  # where the frequency of digests is chosen

    @property
    def why(self) -> Message | None:
        return mail_sentences.why(self.role, self.of, self.post)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One update link, several ways in: each only pre-selects, a person presses. Empty: no answer to this question."""

    on_track: str = ""
    blocked: str = ""
    done: str = ""
    reached: str = ""  # of a milestone
    news: str = ""  # of the part of a supporting post


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An action as a mail tells it, its titles already in the reader's language; also a line of a digest."""

    title: str
    at_intervals: str = ""  # what is owed: "word" of an action, or the "value" of an indicator
    milestone_of: str = ""  # the title of its action, where a milestone is told; the state is the action's
    ref: str = ""  # empty where the line is no action: a mail that failed
    page: str = ""
    due_on: date | None = None
    state: State = State.IN_PROGRESS
    programme: str = ""
    recommendation: str = ""
    organisation: str = ""
    post: str = ""
    answers: Answers | None = None
    copies: tuple[Audience, ...] = ()  # who else hears of it this time
    waiting_days: int = 0  # for receipt, for verification, for word from the holder: the state says which
    block_reason: BlockReason | None = None
    unblocker: str = ""  # who can unblock it
    note: str = ""  # what a person wrote, or what changed, in a line or two
    documents: str = ""  # the titles of what shows it
    stones: tuple["Item", ...] = ()  # milestones of it that are due the same morning, answered by the same key

    def days_late(self, today: date) -> int:
        return (today - self.due_on).days if self.due_on and schedule.is_overdue(self.state, self.due_on, today) else 0

    def days_left(self, today: date) -> int | None:
        return None if self.due_on is None else (self.due_on - today).days


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSection:
    """The first rows of a list, and how many there are in all (0: these are all)."""

    items: tuple[Item, ...] = ()
    total: int = 0
    page: str = ""  # where the others are

    @property
    def count(self) -> int:
        return max(self.total, len(self.items))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLetter:
    to: Reader
    link: str
    code: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A letter about one action; `today` is the recipient's local date."""

    to: Reader
    today: date
    item: Item
    came: Message | None = None  # how it came, where the secretariat recorded the act on behalf

    @property
    def items(self) -> tuple[Item, ...]:
        return (self.item,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(About):
    acknowledge: str
    decline: str
    ladder: tuple[Step, ...] = ()  # domain.ladder.announce
    note: str = ""  # the secretariat's words to the post


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(About):
    """`note`: the handover note; `former`: the post or function that had it."""

    note: str = ""
    former: str = ""
    acknowledge: str = ""
    ladder: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(About):
    """To the former holder: the links in earlier mails are dead. `reason` may be empty."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(About):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(About):
    note: str = ""
    documents: int = 0
    open_parts: tuple[tuple[str, Message], ...] = ()  # of supporting organisations, and how each stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified(About):
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(About):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(About):
    note: str = ""  # reason and who can unblock stand in the item


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHolder:
    to: Reader
    today: date
    post: str
    organisation: str
    page: str  # where a holder is named
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """One or several actions of one morning."""

    to: Reader
    today: date
    items: tuple[Item, ...]

    @property
    def lines(self) -> tuple[Item, ...]:
        """Whatever is owed, milestones that stand under their action among them."""
        return tuple(line for item in self.items for line in (item, *item.stones))


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation(Several):
    """`audience`: MANAGER or SECRETARIAT, whoever is written to."""

    audience: Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable:
    """`who`, `address`: whom it did not reach; `about`: its subject; `reason`: the server's own words."""

    to: Reader
    who: str
    address: str
    about: str
    reason: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(About):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved(About):
    """`before`: the deadline until now; the item has the new one. A correction of the first one counts as no delay."""

    before: date | None
    reason: str = ""
    is_correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(About):
    """How it ended is the item's state; `successor`: the reference of what takes its place."""

    reason: str
    successor: str = ""


Letter = SignInLetter | About | NoHolder | Several | Undeliverable
