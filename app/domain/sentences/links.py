"""How the same recommendation at another meeting stands to this one."""

import datetime as dt

from app.domain.messages import Message


def at_other_meeting(own_on: dt.date, other_on: dt.date) -> Message:
    """By the days of both meetings."""
    if other_on < own_on:
        return Message("Recommended before")
    return Message("Recommended again") if other_on > own_on else Message("Recommended the same day")
