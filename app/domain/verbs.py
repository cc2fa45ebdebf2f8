"""What each verb is to those who were not there: its word, where it is told, who hears of it; one literal table."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.messages import C_, N_, Counted, Message


class Verb(StrEnum):
    CREATE = "create"
    EDIT = "edit"
    ASSIGN = "assign"
    REASSIGN = "reassign"
    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    START = "start"
    REPORT = "report"
    ON_TRACK = "on_track"
    BLOCK = "block"
    UNBLOCK = "unblock"
    SUBMIT = "submit"
    VERIFY = "verify"
    RETURN = "return"
    CANCEL = "cancel"
    SUPERSEDE = "supersede"
    NOT_APPLICABLE = "not_applicable"
    REOPEN = "reopen"
    MOVE_DEADLINE = "move_deadline"
    CORRECT_DEADLINE = "correct_deadline"
    DISPUTE = "dispute"
    ADD_PART = "add_part"
    MOVE_PART = "move_part"
    END_PART = "end_part"
    ACKNOWLEDGE_PART = "acknowledge_part"
    REPORT_PART = "report_part"
    PART_ON_TRACK = "part_on_track"
    PART_DONE = "part_done"
    CONFIRM = "confirm"
    NOT_UPHELD = "not_upheld"
    ASK_TIME = "ask_time"
    ENDORSE_TIME = "endorse_time"
    GRANT_TIME = "grant_time"
    GRANT_PART = "grant_part"
    REFUSE_TIME = "refuse_time"
    WITHDRAW_TIME = "withdraw_time"
    UNDO = "undo"

    @property
    def facts(self) -> "Facts":
        return FACTS[self]


class Part(StrEnum):
    """In which capacity somebody acts on one action."""

    SECRETARIAT = "secretariat"
    OWNER = "owner"
    CONTRIBUTOR = "contributor"
    MANAGER = "manager"
    VERIFIER = "verifier"
    PROPOSER = "proposer"


V, P = Verb, Part


@dataclass(frozen=True)
class Facts:
    """What a verb is to those who were not there; nothing has a default, so that nothing is forgotten."""

    word: str  # in the story and in the record
    mark: str  # how its entry looks: update, planned, verified or late
    is_told: bool  # in the public story; what only ever comes with another act is not
    is_word: bool  # of the holder, and ends silence: no act of the secretariat does
    is_news: bool  # on the first page; receipts and corrections of course are not
    is_weekly: bool  # in its owner's digest, where somebody else did it
    letter: str  # the kind of the mail that leaves at once, or ""
    hears: Part | None  # who gets that mail


def complete(facts: Mapping[Verb, Facts]) -> Mapping[Verb, Facts]:
    """The table itself; raises LookupError for a verb without a row."""
    for verb in Verb:
        if verb not in facts:
            columns = ", ".join(Facts.__dataclass_fields__)
            raise LookupError(f"FACTS in app/domain/verbs.py has no row for {verb.name}: write one ({columns})")
    return facts


_, X = False, True
# fmt: off
FACTS = complete({
    #                         the word                       mark        told, word, news, week, letter and to whom
    V.CREATE:           Facts(N_("Created"),                "update",   _, _, _, _, "",                  None),
    V.EDIT:             Facts(N_("Edited"),                 "update",   _, _, _, _, "",                  None),
    V.ASSIGN:           Facts(N_("Assigned"),               "planned",  X, _, X, _, "action_assigned",   P.OWNER),
    V.REASSIGN:         Facts(N_("Reassigned"),             "planned",  X, _, _, X, "action_reassigned", P.OWNER),
    V.ACKNOWLEDGE:      Facts(N_("Receipt confirmed"),      "update",   X, X, _, _, "",                  None),
    V.DECLINE:          Facts(N_("Declined"),               "late",     X, _, _, X, "action_declined",   P.SECRETARIAT),
    V.START:            Facts(N_("Started"),                "update",   _, _, _, _, "",                  None),
    V.REPORT:           Facts(N_("Progress reported"),      "update",   X, X, X, X, "",                  None),
    V.ON_TRACK:         Facts(N_("Reported on track"),      "update",   X, X, X, X, "",                  None),
    V.BLOCK:            Facts(N_("Reported blocked"),       "late",     X, X, X, X, "action_blocked",    P.MANAGER),
    V.UNBLOCK:          Facts(N_("No longer blocked"),      "update",   X, _, X, X, "",                  None),
    V.SUBMIT:           Facts(N_("Declared done"),          "update",   X, X, X, X, "action_submitted",  P.VERIFIER),
    V.VERIFY:           Facts(C_("action", "Verified"),     "verified", X, _, X, X, "action_verified",   P.OWNER),
    V.RETURN:           Facts(N_("Returned"),               "late",     X, _, X, X, "action_returned",   P.OWNER),
    V.CANCEL:           Facts(N_("Cancelled"),              "late",     X, _, X, X, "action_ended",      P.OWNER),
    V.SUPERSEDE:        Facts(N_("Superseded"),             "update",   X, _, X, X, "action_ended",      P.OWNER),
    V.NOT_APPLICABLE:   Facts(C_("action", "No longer applicable"), "update", X, _, X, X, "action_ended", P.OWNER),
    V.REOPEN:           Facts(N_("Reopened"),               "update",   X, _, X, X, "action_reopened",   P.OWNER),
    V.MOVE_DEADLINE:    Facts(N_("Deadline moved"),         "update",   X, _, _, X, "deadline_moved",    P.OWNER),
    V.CORRECT_DEADLINE: Facts(N_("First deadline corrected"), "update",   X, _, _, X, "deadline_moved",    P.OWNER),
    V.DISPUTE:          Facts(N_("Disputed by whoever proposed it"), "late",  X, _, _, X, "",                  None),
    # What a supporting post says is of its part alone: it is no word of the owner, and ends no silence of theirs.
    V.ADD_PART:         Facts(N_("Support asked"),          "planned",  X, _, _, X, "part_asked",        P.CONTRIBUTOR),
    V.MOVE_PART:        Facts(N_("Deadline of a part moved"), "update", X, _, _, X, "part_moved",        P.CONTRIBUTOR),
    V.END_PART:         Facts(N_("Support ended"),          "update",   X, _, _, X, "part_ended",        P.CONTRIBUTOR),
    V.ACKNOWLEDGE_PART: Facts(N_("Receipt of a part confirmed"), "update", X, _, _, _, "",               None),
    V.REPORT_PART:      Facts(N_("Progress of a part reported"), "update", X, _, X, X, "",               None),
    V.PART_ON_TRACK:    Facts(N_("A part reported under way"), "update", X, _, X, X, "",                 None),
    V.PART_DONE:        Facts(N_("A part declared done"),   "update",   X, _, X, X, "",                  None),
    V.CONFIRM:          Facts(N_("Confirmed by whoever proposed it"), "verified", X, _, _, X, "",             None),
    V.NOT_UPHELD:       Facts(N_("Dispute not upheld"),     "update",   X, _, _, X, "",                  None),
    # Asking and answering stay in the house: the public sees the deadline that moves, with its reason and count.
    V.ASK_TIME:         Facts(N_("More time asked for"),    "update",   _, _, _, _, "extension_asked",   P.SECRETARIAT),
    V.ENDORSE_TIME:     Facts(N_("Request for more time endorsed"), "update", _, _, _, _, "", None),
    V.GRANT_TIME:       Facts(N_("Deadline moved, as its post asked"), "update", X, _, _, X,
                              "extension_decided", P.OWNER),
    V.GRANT_PART:       Facts(N_("Deadline of a part moved, as its post asked"), "update", X, _, _, X,
                              "extension_decided", P.CONTRIBUTOR),
    V.REFUSE_TIME:      Facts(N_("More time refused"),      "late",     _, _, _, X, "extension_decided", P.OWNER),
    V.WITHDRAW_TIME:    Facts(N_("Request for more time withdrawn"), "update", _, _, _, _, "", None),
    # What is left of an answer that was undone: the house knows that there was one, nobody is told.
    V.UNDO:             Facts(N_("Answer undone"),          "update",   _, _, _, _, "",                  None),
})
# fmt: on
HOLDER_ACTS = frozenset(verb for verb in Verb if verb.facts.is_word)
NEWS = frozenset(verb for verb in Verb if verb.facts.is_news)
OF_THE_WEEK = frozenset(verb for verb in Verb if verb.facts.is_weekly)
UNTOLD = frozenset(verb for verb in Verb if not verb.facts.is_told)


def is_past(on: dt.date, due_on: dt.date | None) -> bool:
    """Whether the deadline in force lay behind that day."""
    return due_on is not None and on > due_on


def name_of(verb: Verb, on: dt.date, due_on: dt.date | None) -> Message:
    """What one act of that day is called, against the deadline that it was for."""
    return word_of(verb, 1, is_past_deadline=is_past(on, due_on)) or Message(verb.facts.word)


def word_of(verb: Verb, times: int, *, is_past_deadline: bool) -> Message | None:
    """What the story calls so many of them; None where the usual word holds: nobody is on track after the deadline."""
    if verb is not Verb.ON_TRACK or not (is_past_deadline or times > 1):
        return None
    if not is_past_deadline:
        if times == 2:
            return Message("Reported on track twice")
        return Counted("Reported on track %(num)s time", "Reported on track %(num)s times", times)
    if times == 1:
        return Message("Reported under way, after the deadline")
    if times == 2:
        return Message("Reported under way twice, after the deadline")
    return Counted(
        "Reported under way %(num)s time, after the deadline",
        "Reported under way %(num)s times, after the deadline",
        times,
    )
