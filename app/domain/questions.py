"""Asking and answering about an action, between the post that owns it and the secretariat: who asks, who answers."""

from collections.abc import Collection
from enum import StrEnum

from app.domain.messages import N_
from app.domain.workflow import OPEN, TERMINAL, Part, State, Verb

ASKABLE = OPEN  # a draft is nobody's yet, and what has ended is not asked about
NOT_NOW = N_("Nothing is asked about this action now: it has ended, or no post has it yet")
# What may take a question from those who asked it, or from those who were asked.
MAY_END = frozenset({Verb.ASSIGN, Verb.REASSIGN, Verb.VERIFY, Verb.CANCEL, Verb.SUPERSEDE, Verb.NOT_APPLICABLE})


class Side(StrEnum):
    """Of the two who talk about an action."""

    SECRETARIAT = "secretariat"
    OWNER = "owner"

    @property
    def other(self) -> "Side":
        return Side.OWNER if self is Side.SECRETARIAT else Side.SECRETARIAT


_PARTS = {Side.OWNER: Part.OWNER, Side.SECRETARIAT: Part.SECRETARIAT}
PARTS = tuple(_PARTS.values())


def asks_as(parts: Collection[Part]) -> Side | None:
    """Who owns the action and belongs to its secretariat too asks as its owner: the secretariat is several."""
    return next((side for side, part in _PARTS.items() if part in parts), None)


def may_answer(parts: Collection[Part], asked_by: Side) -> bool:
    return _PARTS[asked_by.other] in parts


def lapses(state: State, asked_by: Side, *, is_with_its_post: bool) -> bool:
    """Whether nobody waits for the answer any more; what the secretariat asked goes on to the next post."""
    return state in TERMINAL or (asked_by is Side.OWNER and not is_with_its_post)
