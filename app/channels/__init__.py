"""Ways beside e-mail, one folder each: a title and a link, never a name or a note. E-mail carries everything."""

from typing import NamedTuple, Protocol


class NotDelivered(Exception):
    """It did not arrive; why, without the address."""


class Notice(NamedTuple):
    """All that such a channel is ever given."""

    title: str
    link: str


class Courier(Protocol):
    """One way out."""

    name: str

    def send(self, address: str, notice: Notice) -> None:
        """Raises NotDelivered."""
