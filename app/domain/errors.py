"""What can be refused, and the sentence that says why."""

from collections.abc import Sequence

from app.domain.messages import Message


class DomainError(Exception):
    """Whatever the house refuses on purpose: the doors turn it into an answer in the reader's language."""


class Refused(DomainError):
    """The request makes sense but may not be carried out; `field` names the input to mark, if one is at fault."""

    def __init__(self, text: str | Message, field: str | None = None, **params: object) -> None:
        self.message = text if isinstance(text, Message) else Message(text, **params)
        self.field = field
        super().__init__(str(self.message))


class TooMany(Refused):
    """The same was tried too often in a short time; later it may be tried again."""


class TooLate(Refused):
    """It could have been done before: meanwhile something has followed that nobody takes back."""


class TooLarge(Refused):
    """What was sent is more than is taken."""


class UnknownKind(Refused):
    """What was sent is of a kind that is not taken."""


class NoRoom(Refused):
    """There is no room left to keep what was sent: not the fault of whoever sent it."""


class Busy(DomainError):
    """More want to write at this moment than can: nothing was done, and the same may be tried again at once."""


class Problems(DomainError):
    """Several refusals of one form at once."""

    def __init__(self, problems: Sequence[Refused]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in problems))


class NotFound(DomainError):
    """It does not exist, or the viewer may not know that it does: the same answer for both."""


class Gone(DomainError):
    """It existed and has ended: a key that was revoked or has expired. The answer says nothing else of it."""


class NotAllowed(DomainError):
    """The viewer sees the thing but the verb is not theirs."""


class Stale(DomainError):
    """Somebody else changed it in the meantime; `current` holds what stands now, field by field."""

    def __init__(self, current: dict[str, object]) -> None:
        self.current = current
        super().__init__("changed in the meantime")


class AlreadyDone(DomainError):
    """The same form was carried out before; `location` is where its sender was led."""

    def __init__(self, location: str) -> None:
        self.location = location
        super().__init__(location)


class InvalidQuery(DomainError):
    """A filter or cursor in the address makes no sense; `kept` are the others, which stay as they were."""

    def __init__(self, message: Message, kept: dict[str, str]) -> None:
        self.message = message
        self.kept = kept
        super().__init__(str(message))


class SignedOut(DomainError):
    """The page needs somebody and nobody is signed in (any more)."""
