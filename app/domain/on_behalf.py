"""What a post said outside the house: by letter, phone, mail or in a meeting; and how that is told."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.domain.answers import SAID_OF_PART
from app.domain.messages import N_, Message
from app.domain.workflow import Part, State, Verb, possible


class CameBy(StrEnum):
    LETTER = "letter"
    PHONE = "phone"
    MEETING = "meeting"
    E_MAIL = "e_mail"


@dataclass(frozen=True)
class Received:
    """Of which post it is the word (None: of who proposed it), how it came, and on which day."""

    post_id: int | None
    came_by: CameBy
    came_on: dt.date


# In the order in which they are offered.
RECORDABLE = (
    Verb.ACKNOWLEDGE,
    Verb.DECLINE,
    Verb.ON_TRACK,
    Verb.REPORT,
    Verb.BLOCK,
    Verb.UNBLOCK,
    Verb.SUBMIT,
)
_TOLD = {
    CameBy.LETTER: N_("by letter of %(day)s, recorded by the secretariat"),
    CameBy.PHONE: N_("by phone on %(day)s, recorded by the secretariat"),
    CameBy.MEETING: N_("in a meeting on %(day)s, recorded by the secretariat"),
    CameBy.E_MAIL: N_("by e-mail of %(day)s, recorded by the secretariat"),
}


def told(came_by: CameBy | None, came_on: dt.date | None) -> Message:
    """How an entry that was recorded on behalf came; of some only that it was recorded is known."""
    if came_by is None or came_on is None:
        return Message(N_("recorded by the secretariat on its behalf"))
    return Message(_TOLD[came_by], day=came_on)


def recordable(state: State, *, has_parts: bool = False) -> tuple[Verb, ...]:
    """What a holder could say now, and so may be recorded of one; parts stay open after the action is done."""
    found = possible(state, frozenset({Part.OWNER, Part.CONTRIBUTOR}))
    of_parts = frozenset(verb for verb, of_part in SAID_OF_PART.items() if has_parts and of_part in found)
    return tuple(verb for verb in RECORDABLE if verb in found | of_parts)
