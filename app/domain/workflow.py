"""The workflow of an action: one literal table of who may move what from where to where; asked, never re-tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.verbs import Part as Part
from app.domain.verbs import Verb as Verb


class State(StrEnum):
    DRAFT = "draft"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    NOT_APPLICABLE = "not_applicable"


class Evidence(StrEnum):
    NONE = "none"
    DECLARED = "declared"
    DOCUMENTED = "documented"
    VERIFIED = "verified"
    DISPUTED = "disputed"


class BlockReason(StrEnum):
    BUDGET = "budget"
    LEGAL_TEXT = "legal_text"
    PROCUREMENT = "procurement"
    LAND = "land"
    COORDINATION = "coordination"
    DATA = "data"
    OTHER = "other"


class PartState(StrEnum):
    """How far the part of a supporting post is, by its own word."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    UNDER_WAY = "under_way"
    DONE = "done"


class MilestoneWord(StrEnum):
    """What its holder says of a milestone: the action itself stays where it is."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    BLOCKED = "blocked"


class Need(StrEnum):
    """What a verb can't be done without; each has its refusal in `services.followup.transitions`."""

    REASON = "reason"
    PUBLIC_REASON = "public_reason"
    NOTE = "note"
    TITLE = "title"
    OWNER = "owner"
    DATE = "date"
    BLOCK_REASON = "block_reason"
    WHO_CAN_UNBLOCK = "who_can_unblock"
    SUCCESSOR = "successor"


S, V, P, N = State, Verb, Part, Need
OPEN = frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.DECLINED, S.IN_PROGRESS, S.BLOCKED, S.SUBMITTED})
LIVE = OPEN | {S.VERIFIED}
SET_ASIDE = frozenset({S.CANCELLED, S.SUPERSEDED, S.NOT_APPLICABLE})
REOPENED = SET_ASIDE - {S.SUPERSEDED}  # endings that can be taken back: what took its place stays in it
TERMINAL = SET_ASIDE | {S.VERIFIED}
DONE = frozenset({S.SUBMITTED, S.VERIFIED})  # by the word of its holder at least
# Whose deadline and silence still count, whoever has it: overdue and "no update" are said of these alone.
OWED = OPEN - DONE
# Of which a holder owes the next word, and is asked for it: what was given back waits for the secretariat.
AWAITED = OWED - {S.DECLINED}
IN_HAND = AWAITED - {S.ASSIGNED}  # somebody has confirmed receipt
NOT_STARTED = frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.DECLINED})


@dataclass(frozen=True)
class Move:
    """One row of the table."""

    verb: Verb
    sources: frozenset[State]
    target: State | None  # None: the state stays as it is
    parts: frozenset[Part]
    needs: frozenset[Need] = frozenset()


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


def _by(*parts: Part) -> frozenset[Part]:
    return frozenset(parts)


def _with(*needs: Need) -> frozenset[Need]:
    return frozenset(needs)


_UNBLOCKED = AWAITED - {S.BLOCKED}
_SECRETARIAT = _by(P.SECRETARIAT)
_SHARED = OPEN - {S.DECLINED}  # a supporting post owes its part, wherever its lead is

TABLE: tuple[Move, ...] = (
    Move(V.ASSIGN, _from(S.DRAFT, S.DECLINED), S.ASSIGNED, _SECRETARIAT, _with(N.OWNER, N.TITLE, N.DATE)),
    Move(V.REASSIGN, OPEN - {S.DECLINED, S.SUBMITTED}, S.ASSIGNED, _SECRETARIAT, _with(N.OWNER, N.REASON)),
    Move(V.ACKNOWLEDGE, _from(S.ASSIGNED), S.ACKNOWLEDGED, _by(P.OWNER)),
    Move(V.DECLINE, _from(S.ASSIGNED), S.DECLINED, _by(P.OWNER), _with(N.REASON)),
    Move(V.START, _from(S.ACKNOWLEDGED), S.IN_PROGRESS, _by(P.OWNER, P.CONTRIBUTOR)),
    Move(V.REPORT, _UNBLOCKED, S.IN_PROGRESS, _by(P.OWNER, P.CONTRIBUTOR), _with(N.NOTE)),
    Move(V.REPORT, _from(S.BLOCKED), None, _by(P.OWNER, P.CONTRIBUTOR), _with(N.NOTE)),
    Move(V.ON_TRACK, _UNBLOCKED, S.IN_PROGRESS, _by(P.OWNER, P.CONTRIBUTOR)),
    Move(V.ON_TRACK, _from(S.BLOCKED), S.IN_PROGRESS, _by(P.OWNER)),
    Move(V.BLOCK, _UNBLOCKED, S.BLOCKED, _by(P.OWNER, P.MANAGER), _with(N.BLOCK_REASON, N.WHO_CAN_UNBLOCK)),
    Move(V.UNBLOCK, _from(S.BLOCKED), S.IN_PROGRESS, _by(P.OWNER, P.MANAGER)),
    Move(V.SUBMIT, AWAITED, S.SUBMITTED, _by(P.OWNER), _with(N.NOTE)),
    Move(V.VERIFY, _from(S.SUBMITTED), S.VERIFIED, _by(P.VERIFIER)),
    Move(V.RETURN, _from(S.SUBMITTED), S.IN_PROGRESS, _by(P.VERIFIER), _with(N.REASON)),
    Move(V.CANCEL, OPEN, S.CANCELLED, _SECRETARIAT, _with(N.PUBLIC_REASON)),
    Move(V.SUPERSEDE, OPEN, S.SUPERSEDED, _SECRETARIAT, _with(N.PUBLIC_REASON, N.SUCCESSOR)),
    Move(V.NOT_APPLICABLE, OPEN, S.NOT_APPLICABLE, _SECRETARIAT, _with(N.PUBLIC_REASON)),
    Move(V.MOVE_DEADLINE, OPEN, None, _SECRETARIAT, _with(N.PUBLIC_REASON)),
    # Until acknowledgement or publication a first deadline may have been a slip: no extension, the baseline follows.
    Move(V.CORRECT_DEADLINE, _from(S.ASSIGNED, S.DECLINED), None, _SECRETARIAT),
    Move(V.ADD_PART, OPEN, None, _SECRETARIAT),
    Move(V.MOVE_PART, OPEN, None, _SECRETARIAT, _with(N.PUBLIC_REASON)),
    Move(V.END_PART, OPEN, None, _SECRETARIAT, _with(N.REASON)),
    Move(V.ACKNOWLEDGE_PART, _SHARED, None, _by(P.CONTRIBUTOR)),
    Move(V.REPORT_PART, _SHARED, None, _by(P.CONTRIBUTOR), _with(N.NOTE)),
    Move(V.PART_ON_TRACK, _SHARED, None, _by(P.CONTRIBUTOR)),
    Move(V.PART_DONE, _SHARED, None, _by(P.CONTRIBUTOR), _with(N.NOTE)),
    # Theirs, by the key in a mail; what they said otherwise is recorded by the secretariat.
    Move(V.CONFIRM, _from(S.VERIFIED), None, _by(P.PROPOSER, P.SECRETARIAT)),
    Move(V.DISPUTE, _from(S.VERIFIED), None, _by(P.PROPOSER, P.SECRETARIAT), _with(N.PUBLIC_REASON)),
    Move(V.NOT_UPHELD, _from(S.VERIFIED), None, _SECRETARIAT, _with(N.PUBLIC_REASON)),
    Move(V.ASK_TIME, AWAITED, None, _by(P.OWNER, P.CONTRIBUTOR), _with(N.REASON, N.DATE)),
    Move(V.ENDORSE_TIME, AWAITED, None, _by(P.MANAGER)),
    Move(V.GRANT_TIME, AWAITED, None, _by(P.SECRETARIAT, P.MANAGER), _with(N.PUBLIC_REASON, N.DATE)),
    Move(V.GRANT_PART, AWAITED, None, _by(P.SECRETARIAT, P.MANAGER), _with(N.PUBLIC_REASON, N.DATE)),
    Move(V.REFUSE_TIME, AWAITED, None, _by(P.SECRETARIAT, P.MANAGER), _with(N.REASON)),
    Move(V.WITHDRAW_TIME, AWAITED, None, _by(P.OWNER, P.CONTRIBUTOR)),
    Move(V.REOPEN, _from(S.VERIFIED), S.IN_PROGRESS, _SECRETARIAT, _with(N.REASON)),
    # An ending is public with its reason; so is taking it back.
    Move(V.REOPEN, REOPENED, S.IN_PROGRESS, _SECRETARIAT, _with(N.PUBLIC_REASON)),
)
# What changes no state has no row: making and editing an action are the secretariat's, and whoever gave an answer
# undoes it.
_OF_NO_ROW = {V.CREATE: _SECRETARIAT, V.EDIT: _SECRETARIAT, V.UNDO: _by(P.OWNER, P.CONTRIBUTOR)}
# Who may ever do it.
PARTS: Mapping[Verb, frozenset[Part]] = {
    verb: frozenset().union(*(row.parts for row in TABLE if row.verb is verb)) or _OF_NO_ROW[verb] for verb in Verb
}
ENDS = {row.verb: row.target for row in TABLE if row.target in SET_ASIDE}
# What was declared done is asked for once more: what was recorded on behalf before is no longer what is judged.
ASKS_AGAIN = frozenset(row.verb for row in TABLE if row.target in OWED and row.sources <= DONE | SET_ASIDE)
_MOVES: dict[tuple[Verb, State], Move] = {(move.verb, state): move for move in TABLE for state in move.sources}
# Word from an owner who never confirmed receipt implies that they did, and that work has begun: each its own event.
# In the same way "on track" or "done" about a blocked action says that nothing blocks it any more.
_BEGUN = frozenset({V.REPORT, V.ON_TRACK, V.BLOCK, V.SUBMIT})
IMPLIED: dict[State, tuple[frozenset[Verb], tuple[Verb, ...]]] = {
    S.ASSIGNED: (_BEGUN, (V.ACKNOWLEDGE, V.START)),
    S.ACKNOWLEDGED: (_BEGUN, (V.START,)),
    S.BLOCKED: (frozenset({V.ON_TRACK, V.SUBMIT}), (V.UNBLOCK,)),
}


def find(verb: Verb, state: State) -> Move | None:
    """The row for `verb` from `state`, or None where the table has none."""
    return _MOVES.get((verb, state))


def move(verb: Verb, state: State) -> Move:
    """The row for `verb` from `state`; raises Refused when the action isn't where the verb starts."""
    if row := find(verb, state):
        return row
    raise Refused(N_("This can't be done now: the action has moved on. Look at its present state below."))


def implied(verb: Verb, state: State) -> tuple[Verb, ...]:
    """The verbs that are recorded before `verb` itself, in order."""
    verbs, steps = IMPLIED.get(state, (frozenset(), ()))
    return steps if verb in verbs else ()


def possible(state: State, parts: frozenset[Part]) -> frozenset[Verb]:
    """What somebody acting in these parts may do from `state`."""
    return frozenset(row.verb for row in TABLE if state in row.sources and row.parts & parts)
