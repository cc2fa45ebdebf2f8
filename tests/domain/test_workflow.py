"""The table of the workflow against the product's diagram, written out a second time by hand."""

import pytest

from app.domain.errors import Refused
from app.domain.verbs import FACTS, HOLDER_ACTS, Facts, complete
from app.domain.workflow import (
    ASKS_AGAIN,
    AWAITED,
    ENDS,
    IN_HAND,
    OPEN,
    OWED,
    PARTS,
    SET_ASIDE,
    TABLE,
    TERMINAL,
    Move,
    Part,
    State,
    Verb,
    find,
    implied,
    move,
    possible,
)

# verb: {from: to}, as the diagram draws it and the table of verbs adds to it
DIAGRAM = {
    "assign": {"draft": "assigned", "declined": "assigned"},
    "reassign": dict.fromkeys(("assigned", "acknowledged", "in_progress", "blocked"), "assigned"),
    "acknowledge": {"assigned": "acknowledged"},
    "decline": {"assigned": "declined"},
    "start": {"acknowledged": "in_progress"},
    "report": {
        "assigned": "in_progress",
        "acknowledged": "in_progress",
        "in_progress": "in_progress",
        "blocked": "blocked",
    },
    "on_track": dict.fromkeys(("assigned", "acknowledged", "in_progress", "blocked"), "in_progress"),
    "block": dict.fromkeys(("assigned", "acknowledged", "in_progress"), "blocked"),
    "unblock": {"blocked": "in_progress"},
    "submit": dict.fromkeys(("assigned", "acknowledged", "in_progress", "blocked"), "submitted"),
    "verify": {"submitted": "verified"},
    "return": {"submitted": "in_progress"},
    "reopen": dict.fromkeys(("verified", "cancelled", "not_applicable"), "in_progress"),
}
OPEN_STATES = ("assigned", "acknowledged", "declined", "in_progress", "blocked", "submitted")
DIAGRAM |= {
    "cancel": dict.fromkeys(OPEN_STATES, "cancelled"),
    "supersede": dict.fromkeys(OPEN_STATES, "superseded"),
    "not_applicable": dict.fromkeys(OPEN_STATES, "not_applicable"),
    "move_deadline": {state: state for state in OPEN_STATES},
    "correct_deadline": {state: state for state in ("assigned", "declined")},
    "dispute": {"verified": "verified"},
    "confirm": {"verified": "verified"},
    "not_upheld": {"verified": "verified"},
}
SHARED = [state for state in OPEN_STATES if state != "declined"]
DIAGRAM |= {
    **{verb: {state: state for state in OPEN_STATES} for verb in ("add_part", "move_part", "end_part")},
    **{
        verb: {state: state for state in SHARED}
        for verb in ("acknowledge_part", "report_part", "part_on_track", "part_done")
    },
}
MORE_TIME = ("ask_time", "endorse_time", "grant_time", "grant_part", "refuse_time", "withdraw_time")
DIAGRAM |= {
    verb: {state: state for state in ("assigned", "acknowledged", "in_progress", "blocked")} for verb in MORE_TIME
}
WHO = {
    "assign": "secretariat",
    "reassign": "secretariat",
    "acknowledge": "owner",
    "decline": "owner",
    "start": "owner contributor",
    "report": "owner contributor",
    "block": "owner manager",
    "unblock": "owner manager",
    "submit": "owner",
    "verify": "verifier",
    "return": "verifier",
    "cancel": "secretariat",
    "supersede": "secretariat",
    "not_applicable": "secretariat",
    "reopen": "secretariat",
    "move_deadline": "secretariat",
    "correct_deadline": "secretariat",
    "add_part": "secretariat",
    "move_part": "secretariat",
    "end_part": "secretariat",
    "acknowledge_part": "contributor",
    "report_part": "contributor",
    "part_on_track": "contributor",
    "part_done": "contributor",
    "dispute": "proposer secretariat",
    "confirm": "proposer secretariat",
    "not_upheld": "secretariat",
    "ask_time": "owner contributor",
    "endorse_time": "manager",
    "grant_time": "secretariat manager",
    "grant_part": "secretariat manager",
    "refuse_time": "secretariat manager",
    "withdraw_time": "owner contributor",
}
NEEDS_A_REASON = ("reassign", "decline", "return", "reopen", "ask_time", "refuse_time", "end_part")
NEEDS_A_PUBLIC_REASON = (
    "cancel",
    "supersede",
    "not_applicable",
    "move_deadline",
    "dispute",
    "not_upheld",
    "grant_time",
    "grant_part",
    "move_part",
)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_every_verb_leads_from_every_state_where_the_diagram_says(verb: Verb, state: State) -> None:
    expected = DIAGRAM.get(verb, {}).get(state)
    row = find(verb, state)
    assert (None if row is None else (row.target or state)) == expected


@pytest.mark.parametrize("verb", sorted(DIAGRAM))
@pytest.mark.parametrize("state", State)
def test_what_the_diagram_has_not_is_refused(verb: str, state: State) -> None:
    if state in DIAGRAM[verb]:
        assert move(Verb(verb), state).verb == verb
        return
    with pytest.raises(Refused):
        move(Verb(verb), state)


@pytest.mark.parametrize("verb", sorted(WHO))
def test_each_verb_belongs_to_those_whom_the_product_names(verb: str) -> None:
    assert {part for row in TABLE if row.verb == verb for part in row.parts} == set(WHO[verb].split())


def test_on_track_unblocks_for_the_owner_alone() -> None:
    assert move(Verb.ON_TRACK, State.BLOCKED).parts == {Part.OWNER}
    assert move(Verb.ON_TRACK, State.IN_PROGRESS).parts == {Part.OWNER, Part.CONTRIBUTOR}


def test_no_two_rows_compete_for_one_verb_and_state() -> None:
    pairs = [(row.verb, state) for row in TABLE for state in row.sources]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.verb)
def test_reasons_are_needed_where_the_product_asks_for_them(row: Move) -> None:
    takes_an_ending_back = row.verb is Verb.REOPEN and State.VERIFIED not in row.sources  # public, as the ending was
    assert ("reason" in row.needs) == (row.verb in NEEDS_A_REASON and not takes_an_ending_back)
    assert ("public_reason" in row.needs) == (row.verb in NEEDS_A_PUBLIC_REASON or takes_an_ending_back)


@pytest.mark.parametrize("verb", [Verb.REPORT, Verb.ON_TRACK, Verb.BLOCK, Verb.SUBMIT])
def test_word_from_an_owner_who_never_confirmed_implies_receipt_and_a_start(verb: Verb) -> None:
    assert implied(verb, State.ASSIGNED) == (Verb.ACKNOWLEDGE, Verb.START)
    assert implied(verb, State.ACKNOWLEDGED) == (Verb.START,)
    assert implied(verb, State.IN_PROGRESS) == ()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_implied_verbs_are_themselves_moves_of_the_table(verb: Verb, state: State) -> None:
    if find(verb, state) is None:
        return
    here = state
    for step in implied(verb, state):
        here = move(step, here).target or here
    target = move(verb, state).target
    assert (move(verb, here).target or here) == (target or state)


def test_nothing_leaves_a_superseded_action() -> None:
    assert possible(State.SUPERSEDED, frozenset(Part)) == frozenset()


def test_open_and_terminal_states_and_the_draft_are_all_states_once() -> None:
    assert OPEN | TERMINAL | {State.DRAFT} == set(State)
    assert not OPEN & TERMINAL


def test_no_act_of_the_secretariat_breaks_the_silence() -> None:
    assert not any(row.parts == {Part.SECRETARIAT} for row in TABLE if row.verb in HOLDER_ACTS)


def test_an_owner_may_not_verify_and_a_verifier_may_not_submit() -> None:
    assert possible(State.SUBMITTED, frozenset({Part.OWNER})) == frozenset()
    assert possible(State.IN_PROGRESS, frozenset({Part.VERIFIER})) == frozenset()


def test_a_verb_without_its_facts_is_told_what_to_write() -> None:
    with pytest.raises(LookupError, match=r"no row for DISPUTE: write one \(word, mark, is_told, .*, hears\)"):
        complete({verb: facts for verb, facts in FACTS.items() if verb is not Verb.DISPUTE})


@pytest.mark.parametrize("facts", FACTS.values(), ids=FACTS)
def test_the_facts_of_a_verb_agree_with_each_other(facts: Facts) -> None:
    assert facts.mark in {"update", "planned", "verified", "late"}
    assert bool(facts.letter) == (facts.hears is not None), "a letter goes to somebody, and whoever hears gets one"
    assert facts.is_told or not (facts.is_news or facts.is_word), "what is news or word stands in the story"


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_has_a_row_but_for_what_changes_no_state(verb: Verb) -> None:
    has_row = any(row.verb is verb for row in TABLE)
    assert has_row is (verb not in {Verb.CREATE, Verb.EDIT, Verb.UNDO}), f"write who may {verb} from where into TABLE"
    assert PARTS[verb]


def test_beginnings_and_edits_are_no_news_of_the_week() -> None:
    quiet = {Verb.CREATE, Verb.EDIT, Verb.START, Verb.ASSIGN, Verb.ACKNOWLEDGE, Verb.ACKNOWLEDGE_PART}
    quiet |= {
        Verb.ASK_TIME,
        Verb.ENDORSE_TIME,
        Verb.WITHDRAW_TIME,
        Verb.UNDO,
    }  # by its own post, or decides nothing yet
    assert {verb for verb in Verb if not verb.facts.is_weekly} == quiet


def test_the_sets_of_states_say_what_they_are_called() -> None:
    assert OPEN | TERMINAL | {State.DRAFT} == set(State)
    assert {State.DECLINED} == OWED - AWAITED
    assert {State.ASSIGNED} == AWAITED - IN_HAND
    assert {State.VERIFIED} == TERMINAL - SET_ASIDE
    assert {verb: ENDS[verb].value for verb in ENDS} == {
        "cancel": "cancelled", "supersede": "superseded", "not_applicable": "not_applicable",
    }  # fmt: skip
    assert {Verb.RETURN, Verb.REOPEN} == ASKS_AGAIN
