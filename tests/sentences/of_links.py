"""How a recommendation of another meeting is called on the page of the same one."""

import datetime as dt

from app.domain.sentences import links
from tests.sentences.table import Rows, situations

OWN = dt.date(2026, 9, 28)


@situations("the same recommendation at another meeting")
def linked() -> Rows:
    yield "of an earlier meeting", links.at_other_meeting(OWN, dt.date(2024, 11, 28)), "Recommended before"
    yield "of a later meeting", links.at_other_meeting(OWN, dt.date(2026, 9, 29)), "Recommended again"
    yield "of the same day", links.at_other_meeting(OWN, OWN), "Recommended the same day"
