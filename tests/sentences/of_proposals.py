"""What a mail tells who proposed a recommendation: what moved, and whether it asks something."""

import datetime as dt

from app.domain import proposal_sentences
from app.domain.workflow import Verb
from tests.sentences.table import Rows, situations

DUE_ON = dt.date(2027, 1, 31)


@situations("what moved of a proposal")
def moved() -> Rows:
    of = proposal_sentences.moved_of_proposal
    by_then = "It was given to whoever has to do it, by 31 January 2027."
    yield "assigned with a deadline", of(Verb.ASSIGN, DUE_ON), by_then
    yield "assigned without one", of(Verb.ASSIGN, None), "It was given to whoever has to do it."
    yield "verified", of(Verb.VERIFY, DUE_ON), "It was verified as done. Is it so in practice?"
    yield "reopened, a dispute upheld", of(Verb.REOPEN, DUE_ON), "It is open again: it is to be done."
    yield "a dispute not upheld", of(Verb.NOT_UPHELD, DUE_ON), "It was disputed; the dispute was not upheld."


@situations("subjects of proposals")
def subjects() -> Rows:
    subject = proposal_sentences.subject_of_proposal
    yield "it asks", subject(True, "B2"), "Is it so in practice? B2"
    yield "it only tells", subject(False, "B2"), "News of what you proposed: B2"
