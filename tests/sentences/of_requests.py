"""Requests for more time: what their mails say first, by who reads it and what was decided."""

import datetime as dt

from app.domain import mail_sentences
from tests.sentences.table import Rows, situations

ASKED, OTHER = dt.date(2027, 1, 31), dt.date(2027, 1, 15)


@situations("requests for more time")
def requests() -> Rows:
    first = "P1 · C1 asks for more time, until 31 January 2027."
    yield (
        "to who decides",
        mail_sentences.opening_of_request("P1 · C1", ASKED, may_decide=True),
        f"{first} Grant it, with the date asked or another, or refuse it with a reason.",
    )
    yield (
        "to a manager who may not decide",
        mail_sentences.opening_of_request("P1 · C1", ASKED, may_decide=False),
        f"{first} Endorse it if you stand behind it: whoever decides sees that you do.",
    )
    yield (
        "granted as asked",
        mail_sentences.opening_of_decision(ASKED, ASKED),
        "More time was granted, as you asked: until 31 January 2027.",
    )
    yield (
        "granted with another date",
        mail_sentences.opening_of_decision(ASKED, OTHER),
        "More time was granted until 15 January 2027; you asked for 31 January 2027.",
    )
    yield (
        "refused",
        mail_sentences.opening_of_decision(ASKED, None),
        "The request for more time, until 31 January 2027, was refused. The deadline stays.",
    )
    yield "subject: refused", mail_sentences.subject_of_decision(None, "B2"), "More time refused: B2"
    yield "subject: granted", mail_sentences.subject_of_decision(OTHER, "B2"), "New deadline 15 January 2027: B2"
