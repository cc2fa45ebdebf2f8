"""The workflow of an action: one literal table of who may move what from where to where; asked, never re-tested."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Refused
from app.domain.messages import N_


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


class MilestoneWord(StrEnum):
    """What its holder says of a milestone: the action itself stays where it is."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    BLOCKED = "blocked"


class Part(StrEnum):
    """In which capacity somebody acts on one action."""

    SECRETARIAT = "secretariat"
    OWNER = "owner"
    CONTRIBUTOR = "contributor"
    MANAGER = "manager"
    VERIFIER = "verifier"


S, V, P = State, Verb, Part
OPEN = frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.DECLINED, S.IN_PROGRESS, S.BLOCKED, S.SUBMITTED})
LIVE = OPEN | {S.VERIFIED}
OWED = OPEN - {S.SUBMITTED}  # whose deadline still runs: what was declared done is not late
TERMINAL = frozenset({S.VERIFIED, S.CANCELLED, S.SUPERSEDED, S.NOT_APPLICABLE})
NOT_STARTED = frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.DECLINED})
# Silence counts the acts of a holder only: what the secretariat does is not word from the owner.
HOLDER_ACTS = frozenset({V.ACKNOWLEDGE, V.REPORT, V.ON_TRACK, V.BLOCK, V.SUBMIT})
# What is news to a reader of the first page; receipts and corrections of course are in the story.
NEWS = frozenset({V.ASSIGN, V.REPORT, V.ON_TRACK, V.BLOCK, V.UNBLOCK, V.SUBMIT, V.VERIFY, V.RETURN, V.CANCEL,
                  V.SUPERSEDE, V.NOT_APPLICABLE, V.REOPEN})  # fmt: skip


@dataclass(frozen=True)
class Move:
    """One row of the table."""

    verb: Verb
    sources: frozenset[State]
    target: State | None  # None: the state stays as it is
    parts: frozenset[Part]
    # reason, public_reason, note, owner, title, date, block_reason, who_can_unblock, successor
    needs: frozenset[str] = frozenset()


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


def _by(*parts: Part) -> frozenset[Part]:
    return frozenset(parts)


_WORKING = _from(S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS)
_SECRETARIAT = _by(P.SECRETARIAT)

TABLE: tuple[Move, ...] = (
    Move(V.ASSIGN, _from(S.DRAFT, S.DECLINED), S.ASSIGNED, _SECRETARIAT, frozenset({"owner", "title", "date"})),
    Move(V.REASSIGN, OPEN - {S.DECLINED, S.SUBMITTED}, S.ASSIGNED, _SECRETARIAT, frozenset({"owner", "reason"})),
    Move(V.ACKNOWLEDGE, _from(S.ASSIGNED), S.ACKNOWLEDGED, _by(P.OWNER)),
    Move(V.DECLINE, _from(S.ASSIGNED), S.DECLINED, _by(P.OWNER), frozenset({"reason"})),
    Move(V.START, _from(S.ACKNOWLEDGED), S.IN_PROGRESS, _by(P.OWNER, P.CONTRIBUTOR)),
    Move(V.REPORT, _WORKING, S.IN_PROGRESS, _by(P.OWNER, P.CONTRIBUTOR), frozenset({"note"})),
    Move(V.REPORT, _from(S.BLOCKED), None, _by(P.OWNER, P.CONTRIBUTOR), frozenset({"note"})),
    Move(V.ON_TRACK, _WORKING, S.IN_PROGRESS, _by(P.OWNER, P.CONTRIBUTOR)),
    Move(V.ON_TRACK, _from(S.BLOCKED), S.IN_PROGRESS, _by(P.OWNER)),
    Move(V.BLOCK, _WORKING, S.BLOCKED, _by(P.OWNER, P.MANAGER), frozenset({"block_reason", "who_can_unblock"})),
    Move(V.UNBLOCK, _from(S.BLOCKED), S.IN_PROGRESS, _by(P.OWNER, P.MANAGER)),
    Move(V.SUBMIT, _WORKING | {S.BLOCKED}, S.SUBMITTED, _by(P.OWNER), frozenset({"note"})),
    Move(V.VERIFY, _from(S.SUBMITTED), S.VERIFIED, _by(P.VERIFIER)),
    Move(V.RETURN, _from(S.SUBMITTED), S.IN_PROGRESS, _by(P.VERIFIER), frozenset({"reason"})),
    Move(V.CANCEL, OPEN, S.CANCELLED, _SECRETARIAT, frozenset({"public_reason"})),
    Move(V.SUPERSEDE, OPEN, S.SUPERSEDED, _SECRETARIAT, frozenset({"public_reason", "successor"})),
    Move(V.NOT_APPLICABLE, OPEN, S.NOT_APPLICABLE, _SECRETARIAT, frozenset({"public_reason"})),
    Move(V.MOVE_DEADLINE, OPEN, None, _SECRETARIAT, frozenset({"public_reason"})),
    # Until acknowledgement or publication a first deadline may have been a slip: no extension, the baseline follows.
    Move(V.CORRECT_DEADLINE, _from(S.ASSIGNED, S.DECLINED), None, _SECRETARIAT),
    Move(V.DISPUTE, _from(S.VERIFIED), None, _SECRETARIAT, frozenset({"public_reason"})),
    Move(V.REOPEN, TERMINAL - {S.SUPERSEDED}, S.IN_PROGRESS, _SECRETARIAT, frozenset({"reason"})),
)
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
