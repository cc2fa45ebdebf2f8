"""One action as the product's text has it, and who is what to it; nothing of the house is asked."""

import datetime as dt
from dataclasses import dataclass, field

from app.domain.workflow import State

PROPOSER, STALE = "proposer", "proposer with the first mail"
LEADS = ("karim", "salma")  # posts that may own an action; each is called by who held it first
SUPPORT = "salma"  # the one that may support it
BODY = {"karim": "centre", "leila": "centre", "salma": "chamber", "samir": "chamber"}
MANAGERS = frozenset({"leila", "samir"})
GRACE = dt.timedelta(minutes=5)
AWAITED = ("assigned", "acknowledged", "in_progress", "blocked")


@dataclass(frozen=True)
class Who:
    """Somebody at a door, and what this door lets them be."""

    name: str
    posts: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    by_mail: bool = False
    records: bool = False  # what the post said elsewhere


@dataclass(frozen=True)
class Given:
    """What comes with an act, and what is so beside the action."""

    now: dt.datetime
    today: dt.date
    to_on: dt.date
    which: int = 0  # of several
    post: str = "karim"
    is_dated: bool = False
    has_reason: bool = True
    says: str = ""  # to the public
    is_worded: bool | None = None  # where the door tells, and not the verb
    managers_decide: bool = False
    partner: str = ""  # a body whose words are released by hand


@dataclass
class SupportingPart:
    state: str = "under_way"
    due_on: dt.date | None = None
    extensions: int = 0
    baseline_on: dt.date | None = None

    def __post_init__(self) -> None:
        self.baseline_on = self.baseline_on or self.due_on

    def move(self, to_on: dt.date) -> None:
        """A first date is no extension; what it was stays in sight."""
        self.extensions += self.baseline_on is not None
        self.baseline_on, self.due_on = self.baseline_on or to_on, to_on


@dataclass
class Request:
    """For more time, in the name of a post."""

    post: str
    asker: str
    of_part: bool
    to_on: dt.date
    is_endorsed: bool = False
    outcome: str = "open"


@dataclass
class Said:
    """Public words: shown, waiting for their release, or withheld."""

    text: str
    fate: str
    number: int = 0  # of the act that they came with
    is_handled: bool = False  # by the secretariat


@dataclass
class Answer:
    """Of a holder, or what was recorded or blocked for one; `before`: what stood, as long as it can be undone."""

    by: str
    post: str
    at: dt.datetime
    number: int
    said: Said | None = None
    before: "Expected | None" = None


@dataclass
class Expected:
    state: State
    due_on: dt.date
    baseline_on: dt.date | None
    owner: str = "karim"
    extensions: int = 0
    is_priority: bool = False
    is_shown: bool = False  # by a document that can be looked up
    is_public: bool = True
    was_public: bool = True
    was_acknowledged: bool = True
    part: SupportingPart | None = field(default_factory=SupportingPart)
    was_asked: bool = True
    submitter: str = ""
    recorders: set[str] = field(default_factory=set)  # on behalf, since word was asked for last
    attachers: set[str] = field(default_factory=set)
    verifications: int = 0
    is_answered: bool = False
    is_disputed: bool = False
    voice_by: str = ""
    requests: list[Request] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    acts: int = 0
    answers: list[Answer] = field(default_factory=list)
    spoke_last: set[str] = field(default_factory=set)  # the post that did the last act, or one of these

    def parts(self, who: Who) -> set[str]:
        """In which capacities: never a verifier of what is or was theirs to declare, record or show."""
        if who.name in (PROPOSER, STALE):
            is_asked = self.is_public and (who.name == PROPOSER or self.verifications == 1)
            return {"proposer"} if is_asked else set()
        found = who.roles & {"secretariat"}
        if self.owner in who.posts:
            found |= {"owner"}
        if self.part and SUPPORT in who.posts:
            found |= {"contributor"}
        if {BODY[post] for post in who.posts & MANAGERS} & self.bodies:
            found |= {"manager"}
        if "verifier" in who.roles and "owner" not in found and who.name not in self.stakes:
            found |= {"verifier"}
        return set(found)

    def say(self, text: str, *, waits: bool) -> None:
        self.said.append(Said(text, "waiting" if waits else "shown", self.acts))

    @property
    def shown(self) -> set[str]:
        """What of its words the public reads."""
        return {one.text for one in self.said if one.fate == "shown" and self.is_public}

    @property
    def bodies(self) -> set[str]:
        return {BODY[self.owner]} | ({BODY[SUPPORT]} if self.part else set())

    @property
    def stakes(self) -> set[str]:
        return {self.submitter} | self.recorders | self.attachers

    @property
    def open_requests(self) -> list[Request]:
        return [one for one in self.requests if one.outcome == "open"]

    @property
    def is_baseline_open(self) -> bool:
        """Until somebody acknowledged it or it was public, a first deadline may be corrected."""
        return self.state in ("assigned", "declined") and not self.was_acknowledged and not self.was_public
