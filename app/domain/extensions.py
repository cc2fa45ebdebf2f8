"""A request for more time: who may endorse, decide or withdraw it, which dates it may have, what makes it lapse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.permissions import Viewer, managed
from app.domain.workflow import AWAITED, Part, State, Verb

MANAGERS_MAY = 2  # of the extensions of one action or part: the third is the secretariat's


class RequestOutcome(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # the action moved on, or its deadline did, before anybody decided


@dataclass(frozen=True, kw_only=True)
class RequestFacts:
    """What decides about one request beside the parts that somebody has in its action."""

    person_id: int | None  # who asked,
    post_id: int  # in whose name,
    organisation_id: int  # of which organisation
    is_priority: bool
    extensions: int  # granted before
    managers_decide: bool  # whether the programme allows it


def is_askers(viewer: Viewer, asked: RequestFacts) -> bool:
    """Whoever asked, or holds the post in whose name it was asked: they withdraw it, and decide nothing of it."""
    return viewer.person_id == asked.person_id or asked.post_id in viewer.post_ids


def may_endorse(viewer: Viewer, parts: frozenset[Part], asked: RequestFacts) -> bool:
    is_managed = Part.MANAGER in parts and asked.organisation_id in managed(viewer)
    return is_managed and not is_askers(viewer, asked)


def may_decide(viewer: Viewer, parts: frozenset[Part], asked: RequestFacts) -> bool:
    if is_askers(viewer, asked):
        return False
    first_ones = asked.managers_decide and not asked.is_priority and asked.extensions < MANAGERS_MAY
    return Part.SECRETARIAT in parts or (first_ones and may_endorse(viewer, parts, asked))


def may_withdraw(viewer: Viewer, parts: frozenset[Part], asked: RequestFacts) -> bool:
    return bool(parts & {Part.OWNER, Part.CONTRIBUTOR}) and asked.post_id in viewer.post_ids


RIGHTS: dict[Verb, Callable[[Viewer, frozenset[Part], RequestFacts], bool]] = {
    Verb.ENDORSE_TIME: may_endorse,
    Verb.GRANT_TIME: may_decide,
    Verb.GRANT_PART: may_decide,
    Verb.REFUSE_TIME: may_decide,
    Verb.WITHDRAW_TIME: may_withdraw,
}


def check_date(to_on: date | None, due_on: date | None, today: date, *, until: date | None = None) -> None:
    """More time ends later than what there is, and not in the past; that of a part not after the action (`until`)."""
    if to_on is None:
        return
    if due_on is not None and to_on <= due_on:
        raise Refused(N_("Choose a date after the present deadline, %(day)s"), "due_on", day=due_on)
    if to_on < today:
        raise Refused(N_("Choose a date that is still to come"), "due_on")
    if until is not None and to_on > until:
        raise Refused(N_("A part can't end after its action: choose a date up to %(day)s"), "due_on", day=until)


def lapses(verb: Verb, state: State, *, of_part: bool, is_of_this_part: bool = False) -> bool:
    """Whether what is asked for has lost its object: the action is out of its post's hands, or has another deadline.

    A verb about a part ends what that part alone asked for (`is_of_this_part`), and with the support whatever it asked.
    """
    if state not in AWAITED:
        return True
    if verb in _WITH_THE_PART:
        return is_of_this_part and (of_part or verb is Verb.END_PART)
    return not of_part and verb in _WITH_THE_DEADLINE


_WITH_THE_DEADLINE = frozenset({Verb.REASSIGN, Verb.MOVE_DEADLINE, Verb.CORRECT_DEADLINE, Verb.GRANT_TIME})
_WITH_THE_PART = frozenset({Verb.MOVE_PART, Verb.GRANT_PART, Verb.PART_DONE, Verb.END_PART})
MAY_LAPSE = (
    _WITH_THE_DEADLINE
    | _WITH_THE_PART
    | {
        Verb.DECLINE,
        Verb.SUBMIT,
        Verb.CANCEL,
        Verb.SUPERSEDE,
        Verb.NOT_APPLICABLE,
    }
)
