"""What a mail to who proposed a recommendation says of its actions."""

from datetime import date

from app.domain.messages import Message
from app.domain.workflow import Verb


def subject_of_proposal(asks: bool, title: str) -> Message:
    if asks:
        return Message("Is it so in practice? %(title)s", title=title)
    return Message("News of what you proposed: %(title)s", title=title)


def moved_of_proposal(verb: Verb, due_on: date | None) -> Message:
    """What happened to an action, to who proposed it."""
    if verb is Verb.VERIFY:
        return Message("It was verified as done. Is it so in practice?")
    if verb is Verb.NOT_UPHELD:
        return Message("It was disputed; the dispute was not upheld.")
    if verb is Verb.REOPEN:
        return Message("It is open again: it is to be done.")
    if due_on is None:
        return Message("It was given to whoever has to do it.")
    return Message("It was given to whoever has to do it, by %(day)s.", day=due_on)
