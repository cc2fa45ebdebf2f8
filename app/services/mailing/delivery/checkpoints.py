"""The labelled points of a delivery, at which tests stop a process; outside tests nobody listens."""

from collections.abc import Callable

listeners: list[Callable[[str], None]] = []

CLAIMED = "claimed"  # the lease is committed
DATA = "data"  # the bytes are frozen and the start of DATA is committed: from here on it may have been sent
ACCEPTED = "accepted"  # the relay has said 250, and nothing of it is committed yet
ENDED = "ended"  # how it ended is committed
ALL = (CLAIMED, DATA, ACCEPTED, ENDED)


def reached(label: str) -> None:
    for listener in listeners:
        listener(label)
