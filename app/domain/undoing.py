"""How long a holder may take an answer back as if it had never been given, and which answers these are."""

import datetime as dt

from app.domain.verbs import Verb

GRACE = dt.timedelta(minutes=5)  # what an answer mails waits as long
# By holders of posts that owe the action or a part of it: what others decide is ended by other verbs.
ANSWERS = frozenset({
    Verb.ACKNOWLEDGE,
    Verb.DECLINE,
    Verb.REPORT,
    Verb.ON_TRACK,
    Verb.BLOCK,
    Verb.UNBLOCK,
    Verb.SUBMIT,
    Verb.ACKNOWLEDGE_PART,
    Verb.REPORT_PART,
    Verb.PART_ON_TRACK,
    Verb.PART_DONE,
})  # fmt: skip
# What an answer can change of its action: put back as it was. Its evidence is counted again from what is there.
PUT_BACK = (
    "state",
    "percent",
    "acknowledged_at",
    "last_word_at",
    "moved_at",
    "blocked_at",
    "block_reason",
    "who_can_unblock",
    "submitted_at",
    "submitted_by_id",
    "verified_at",
    "ended_at",
)

# And of the part that a supporting post answers for.
PUT_BACK_OF_PART = ("part_state", "acknowledged_at", "last_word_at", "done_at")


def settles_at(verb: Verb, at: dt.datetime) -> dt.datetime:
    """From when what was said can no longer be taken back just so, and may be told."""
    return at + GRACE if verb in ANSWERS else at
