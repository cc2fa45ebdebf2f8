"""What is said of a response or a closure that was taken back."""

import datetime as dt
from enum import StrEnum

from app.domain.messages import N_, Message
from app.domain.progress import Closure, Response


class Withdrawn(StrEnum):
    """What of a recommendation was taken back."""

    RESPONSE = "response"
    CLOSURE = "closure"


def said(what: Withdrawn, was: str, given_on: dt.date | None) -> Message:
    """What it was, and since when."""
    if what is Withdrawn.CLOSURE:
        text = N_("The closure of %(day)s was taken back: %(was)s.")
        return Message(text, day=given_on, was=Closure(was))
    if given_on is None:
        return Message(N_("The response was taken back: %(was)s."), was=Response(was))
    return Message(N_("The response of %(day)s was taken back: %(was)s."), day=given_on, was=Response(was))


def subject(title: str) -> Message:
    return Message(N_("No longer closed: %(title)s"), title=title)
