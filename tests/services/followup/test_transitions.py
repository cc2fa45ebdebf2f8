"""What every verb leaves behind: a story, a record, roll-ups; and what moves the clocks."""

import datetime as dt

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Problems, Refused, Stale
from app.domain.workflow import OPEN, TABLE, BlockReason, Move, Need, Part, State, Verb, find
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.meetings import ReleasePolicy
from app.models.rollups import Tallied, Tally
from app.models.updates import Update, Via
from app.services.followup import transitions, updates
from app.services.followup.transitions import Words
from app.services.kernel import counts
from tests import scenes

WHO = {Part.SECRETARIAT: "amina", Part.OWNER: "karim", Part.CONTRIBUTOR: "salma", Part.MANAGER: "leila"}
WHO[Part.VERIFIER] = "youssef"
SAID = Words(note="C'est écrit.", public_summary="C'est public.")
GIVEN = dict.fromkeys(Need, "donné")


def story(session: Session, action: Action) -> list[Update]:
    query = sa.select(Update).where(col(Update.action_id) == action.id).order_by(col(Update.id))
    return list(session.scalars(query))


def record(session: Session, action: Action) -> list[str]:
    query = sa.select(col(AuditEvent.verb)).where(
        col(AuditEvent.subject_kind) == "action", col(AuditEvent.subject_id) == action.id
    )
    return list(session.scalars(query.order_by(col(AuditEvent.id))))


def counted(session: Session) -> dict[str, int]:
    counts.settle(session)
    query = sa.select(col(Tally.status), sa.func.sum(col(Tally.count))).where(
        col(Tally.counted) == Tallied.ACTIONS, col(Tally.is_public).is_(False)
    )
    return {status: count for status, count in session.execute(query.group_by(col(Tally.status))) if count}


@pytest.mark.parametrize(("verb", "state"), [(move.verb, state) for move in TABLE for state in sorted(move.sources)])
def test_every_move_of_the_table_leaves_a_story_a_record_and_counts(session: Session, verb: Verb, state: State) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, state)
    scenes.support(made, action)
    move = find(verb, state)
    assert move
    before, records, version = len(story(session, action)), len(record(session, action)), action.version

    actor = made.actor(WHO[sorted(move.parts & WHO.keys(), key=list(WHO).index)[0]])
    transitions.carry_out(session, actor, action, verb, words=SAID, given=GIVEN)

    said = story(session, action)[before:]
    assert said[-1].verb == verb
    assert said[-1].state_after == (move.target or state)
    assert record(session, action)[records:] == [entry.verb for entry in said]
    assert action.version == version + 1
    assert counted(session)[action.state] >= 1
    assert made.recommendation.status


@pytest.mark.parametrize("name", ["omar", "nadia"])
@pytest.mark.parametrize("verb", sorted({move.verb for move in TABLE}))
def test_strangers_and_observers_move_nothing(session: Session, name: str, verb: Verb) -> None:
    made = scenes.scene(session)
    state = next(state for move in TABLE if move.verb == verb for state in sorted(move.sources))
    action = scenes.action(made, state)

    with pytest.raises(NotAllowed):
        transitions.carry_out(session, made.actor(name), action, verb, words=SAID, given=GIVEN)


def test_a_first_word_confirms_receipt_and_begins_each_as_its_own_event(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.ASSIGNED)

    updates.on_track(session, made.actor("karim"), action)

    assert [entry.verb for entry in story(session, action)][-3:] == [Verb.ACKNOWLEDGE, Verb.START, Verb.ON_TRACK]
    assert action.acknowledged_at
    assert action.state == State.IN_PROGRESS


def test_a_stale_version_changes_nothing_and_shows_what_stands(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.SUBMITTED)

    with pytest.raises(Stale) as stale:
        transitions.carry_out(session, made.actor("youssef"), action, Verb.VERIFY, version=action.version - 1)

    assert stale.value.current["state"] == State.SUBMITTED
    assert action.state == State.SUBMITTED


def test_a_manager_acts_in_the_name_of_the_post_that_manages_whatever_else_they_hold(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.IN_PROGRESS)
    head = scenes.post(session, "head", made.organisations["centre"], is_manager=True)
    scenes.holds(session, made.people["omar"], head)

    updates.block(session, made.actor("omar"), action, block_reason=BlockReason.DATA, who_can_unblock="L'office")

    assert story(session, action)[-1].post_id == head


def test_the_manager_s_block_is_no_word_of_the_holder(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.IN_PROGRESS)
    action.last_word_at = None

    updates.block(session, made.actor("leila"), action, block_reason=BlockReason.DATA, who_can_unblock="L'office")

    assert action.state == State.BLOCKED
    assert action.last_word_at is None
    assert story(session, action)[-1].post_id == made.posts["leila"]


def test_the_secretariat_s_acts_are_no_word_of_the_holder(session: Session) -> None:
    made = scenes.scene(session)
    with time_machine.travel(dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), tick=False):
        action = scenes.action(made, State.VERIFIED)
    heard = action.last_word_at

    transitions.carry_out(session, made.actor("amina"), action, Verb.REOPEN, words=SAID)

    assert action.last_word_at == heard


def test_a_supporting_post_speaks_in_its_own_name(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.IN_PROGRESS)
    scenes.support(made, action)
    first = scenes.post(session, "older", made.organisations["agency"])
    scenes.holds(session, made.people["salma"], first)

    updates.report(session, made.actor("salma"), action, words=SAID)

    assert story(session, action)[-1].post_id == made.posts["salma"]


def test_a_return_restarts_the_clock_as_if_never_submitted(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.SUBMITTED)

    transitions.carry_out(session, made.actor("youssef"), action, Verb.RETURN, words=SAID)

    assert action.submitted_at is None
    assert action.submitted_by_id is None


def test_leaving_a_block_forgets_the_obstacle(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.BLOCKED)
    assert action.blocked_at
    assert action.block_reason == BlockReason.BUDGET

    updates.on_track(session, made.actor("karim"), action)

    assert [action.blocked_at, action.block_reason, action.who_can_unblock] == [None, None, ""]
    assert [entry.verb for entry in story(session, action)][-2:] == [Verb.UNBLOCK, Verb.ON_TRACK]


@pytest.mark.parametrize("row", [row for row in TABLE if row.needs], ids=lambda row: row.verb)
def test_what_the_table_needs_is_refused_where_it_is_missing(session: Session, row: Move) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, sorted(row.sources)[0])
    scenes.support(made, action)
    actor = made.actor(WHO[sorted(row.parts & WHO.keys(), key=list(WHO).index)[0]])
    in_words = row.needs & {Need.REASON, Need.PUBLIC_REASON, Need.NOTE}

    for missing in row.needs:
        words = Words(note=" \n ") if missing in in_words else SAID
        with pytest.raises(Refused) as refused:
            transitions.carry_out(session, actor, action, row.verb, words=words, given=GIVEN | {missing: ""})
        assert (str(refused.value), refused.value.field) == transitions.REFUSALS[missing]


def test_all_that_is_missing_is_said_at_once(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.ASSIGNED)

    with pytest.raises(Problems) as several:
        transitions.carry_out(session, made.actor("amina"), action, Verb.REASSIGN)

    assert [problem.field for problem in several.value.problems] == ["reason", "owner_post_id"]


def test_every_need_has_its_refusal() -> None:
    assert set(transitions.REFUSALS) == set(Need)


def test_words_of_the_workspace_are_public_at_once_and_those_of_a_mail_wait(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.IN_PROGRESS)

    here = updates.report(session, made.actor("karim"), action, words=SAID)
    there = updates.report(session, made.actor("karim", Via.MAIL_LINK), action, words=SAID)

    assert here.released_at
    assert there.released_at is None
    assert there.release_on is None


@pytest.mark.parametrize(
    ("policy", "released", "on"),
    [(ReleasePolicy.AT_ONCE, True, None), (ReleasePolicy.AFTER_DAYS, False, dt.date(2026, 11, 26))],
)
def test_the_programme_says_when_mailed_words_are_released(
    session: Session, policy: ReleasePolicy, released: bool, on: dt.date | None
) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        made = scenes.scene(session)
        action = scenes.action(made, State.IN_PROGRESS)
        made.programme.release_policy, made.programme.release_days = policy, 3

        update = updates.report(session, made.actor("karim", Via.MAIL_LINK), action, words=SAID)

    assert (update.released_at is not None, update.release_on) == (released, on)


def test_open_states_are_all_reached_by_the_builders(session: Session) -> None:
    made = scenes.scene(session)

    assert {scenes.action(made, state).state for state in OPEN} == OPEN
