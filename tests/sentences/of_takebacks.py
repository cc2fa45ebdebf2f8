"""What was taken back of a recommendation: its response, or its closure."""

import datetime as dt

from app.domain import takebacks
from app.domain.takebacks import Withdrawn
from tests.sentences.table import Rows, situations

GIVEN = dt.date(2026, 11, 3)


@situations("taken back")
def taken_back() -> Rows:
    yield (
        "a closure",
        takebacks.said(Withdrawn.CLOSURE, "no_longer_applicable", GIVEN),
        "The closure of 3 November 2026 was taken back: No longer applicable.",
    )
    yield (
        "a response",
        takebacks.said(Withdrawn.RESPONSE, "not_accepted", GIVEN),
        "The response of 3 November 2026 was taken back: Not accepted.",
    )
    yield (
        "a response of no known day",
        takebacks.said(Withdrawn.RESPONSE, "accepted", None),
        "The response was taken back: Accepted.",
    )
    yield "subject", takebacks.subject("B2"), "No longer closed: B2"
