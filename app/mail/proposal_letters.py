"""What the mail to who proposed a recommendation is told; like the other letters, no rows and no sentences."""

from dataclasses import dataclass
from datetime import date

from app.domain import proposal_sentences
from app.domain.messages import Message
from app.domain.verbs import Verb
from app.mail.letters import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedMove:
    """What happened to one action; `ask`: where its proposer says whether it is so, once it is verified."""

    title: str
    ref: str
    verb: Verb
    due_on: date | None = None
    ask: str = ""
    reason: str = ""  # public

    @property
    def says(self) -> Message:
        return proposal_sentences.moved_of_proposal(self.verb, self.due_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """To who proposed a recommendation; `page`: the public one, as they have no other."""

    to: Reader
    today: date
    title: str
    ref: str
    page: str
    moves: tuple[ProposedMove, ...]
