"""The lives that actions lead, as rows of verbs, and the columns that they leave behind; asks the workflow's table."""

import datetime as dt
import random
from dataclasses import dataclass

from app.domain import workflow
from app.domain.verbs import HOLDER_ACTS, NEWS
from app.domain.workflow import TERMINAL, BlockReason, Evidence, State, Verb
from app.synth import words
from app.synth.foundations import Foundations, Owner
from app.synth.sheets import Row

V = Verb
_BEGUN = (V.ASSIGN, V.ACKNOWLEDGE, V.START)
# The lives of the sixty actions of a meeting: three updates an action on the whole.
LIVES: tuple[tuple[int, tuple[Verb, ...]], ...] = (
    (7, ()),
    (6, (V.ASSIGN,)),
    (5, (V.ASSIGN, V.ACKNOWLEDGE)),
    (1, (V.ASSIGN, V.DECLINE)),
    (7, _BEGUN),
    (9, (*_BEGUN, V.REPORT)),
    (5, (*_BEGUN, V.ON_TRACK)),
    (5, (*_BEGUN, V.BLOCK)),
    (4, (*_BEGUN, V.SUBMIT)),
    (8, (*_BEGUN, V.SUBMIT, V.VERIFY)),
    (1, (*_BEGUN, V.SUBMIT, V.RETURN)),
    (1, (V.ASSIGN, V.CANCEL)),
    (1, (V.ASSIGN, V.NOT_APPLICABLE)),
)
_BY_OWNER = HOLDER_ACTS | {V.START, V.DECLINE}


@dataclass(frozen=True)
class LifecycleStep:
    """One act: who, when, and where it led."""

    verb: Verb
    at: dt.datetime
    before: State
    after: State
    person_id: int
    post_id: int | None


def deal(chance: random.Random, count: int) -> list[tuple[Verb, ...]]:
    """The lives of a meeting's actions, shuffled."""
    lives = [life for times, life in LIVES for _ in range(times)]
    chance.shuffle(lives)
    return lives[:count]


def live(ground: Foundations, owner: Owner, life: tuple[Verb, ...], instants: list[dt.datetime]) -> list[LifecycleStep]:
    """The life step by step, each allowed by the table."""
    steps, state = [], State.DRAFT
    for verb, at in zip(life, instants, strict=True):
        after = workflow.move(verb, state).target or state
        is_owner = verb in _BY_OWNER
        person_id = ground.verifier_id if verb in (V.VERIFY, V.RETURN) else ground.secretariat_id
        steps.append(
            LifecycleStep(
                verb, at, state, after, owner.person_id if is_owner else person_id, owner.post_id if is_owner else None
            )
        )
        state = after
    return steps


def columns(steps: list[LifecycleStep], owner: Owner, chance: random.Random, *, has_evidence: bool) -> Row:
    """What the acts left in the action's row."""
    by_verb = {step.verb: step for step in steps}
    state = steps[-1].after if steps else State.DRAFT
    words_at = [step.at for step in steps if step.verb in HOLDER_ACTS]
    is_submitted = state in (State.SUBMITTED, State.VERIFIED)
    is_blocked = state == State.BLOCKED
    return {
        "state": state,
        "evidence": _evidence(state, has_evidence),
        "percent": chance.randrange(5, 100, 5) if V.REPORT in by_verb else None,
        "assigned_at": _at(by_verb, V.ASSIGN),
        "acknowledged_at": _at(by_verb, V.ACKNOWLEDGE),
        "last_word_at": max(words_at, default=None),
        "moved_at": max((step.at for step in steps if step.verb in NEWS), default=None),
        "blocked_at": _at(by_verb, V.BLOCK),
        "block_reason": chance.choice(list(BlockReason)) if is_blocked else None,
        "who_can_unblock": words.say(words.REMOVER, owner.lang) if is_blocked else "",
        "submitted_at": _at(by_verb, V.SUBMIT) if is_submitted else None,
        "submitted_by_id": owner.person_id if is_submitted else None,
        "verified_at": _at(by_verb, V.VERIFY),
        "ended_at": steps[-1].at if state in TERMINAL else None,
        "end_reason": words.say(words.REASON, "ar") if state in TERMINAL - {State.VERIFIED} else "",
        "version": 1 + len(steps),
    }


def _at(by_verb: dict[Verb, LifecycleStep], verb: Verb) -> dt.datetime | None:
    return by_verb[verb].at if verb in by_verb else None


def _evidence(state: State, has_evidence: bool) -> Evidence:
    if state == State.VERIFIED:
        return Evidence.VERIFIED
    if has_evidence:
        return Evidence.DOCUMENTED
    return Evidence.DECLARED if state == State.SUBMITTED else Evidence.NONE
