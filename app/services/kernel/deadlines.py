"""A deadline that lies in the past is mostly a slip of the pen: it is asked back once, and then taken."""

import datetime as dt

from app import clock
from app.config import settings
from app.domain.errors import Refused
from app.domain.messages import N_


def ask_back(due_on: dt.date | None, *, is_meant: bool) -> None:
    """Raises Refused for a date before today, until somebody says that it is meant."""
    if due_on and not is_meant and due_on < clock.today(settings().zone):
        raise Refused(N_("The date lies in the past. Correct it, or tick that it is meant, and send again."), "is_past")
