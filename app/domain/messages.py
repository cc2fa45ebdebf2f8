"""Sentences in nobody's language yet: the English message id, what it is said of, its number, its values."""

from datetime import date
from typing import NamedTuple

CONTEXT = "\x04"  # as catalogues themselves keep a context before its message id


def N_(text: str) -> str:  # noqa: N802 - gettext's own name, known to the extractor
    """Mark a message id for the catalogues without translating it."""
    return text


def C_(context: str, text: str) -> str:  # noqa: N802 - as N_
    """The same of words that are said differently of an `action` and a `recommendation`: gender follows the noun."""
    return f"{context}{CONTEXT}{text}"


class When(NamedTuple):
    """A day in a sentence as it is counted from today: in 12 days, yesterday; far away, the date itself."""

    on: date
    today: date


class Message:
    """One sentence: the English message id and its parameters; a fraction among them is a share, said in percent."""

    __slots__ = ("params", "text")

    def __init__(self, text: str, /, **params: object) -> None:
        self.text = text
        self.params = params

    def __str__(self) -> str:
        text = self.text.rpartition(CONTEXT)[2]
        return text % self.params if self.params else text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r}, {self.params!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self.text)

    def _identity(self) -> tuple[object, ...]:
        return type(self), self.text, self.params


class Counted(Message):
    """A sentence whose form follows a number, which it holds as %(num)s; other numbers in it do not bend it."""

    __slots__ = ("many", "number")

    def __init__(self, one: str, many: str, number: int, /, **params: object) -> None:
        super().__init__(one, num=number, **params)
        self.many = many
        self.number = number

    def __str__(self) -> str:
        text = self.text if self.number == 1 else self.many
        return text.rpartition(CONTEXT)[2] % self.params

    def _identity(self) -> tuple[object, ...]:
        return *super()._identity(), self.many


def both(first: Message, second: Message) -> Message:
    return Message("%(first)s; %(second)s.", first=first, second=second)


def stopped(sentence: Message) -> Message:
    return Message("%(sentence)s.", sentence=sentence)


_NEAR = {0: N_("today"), 1: N_("tomorrow"), -1: N_("yesterday")}


def away(days: int) -> Message:
    """Of so many days ahead, or behind where it is negative: in 12 days · today · 3 days ago."""
    if days in _NEAR:
        return Message(_NEAR[days])
    if days > 0:
        return Counted("in %(num)s day", "in %(num)s days", days)
    return Counted("%(num)s day ago", "%(num)s days ago", -days)
