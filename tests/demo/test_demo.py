"""The demonstration: everything the product can say occurs in it, on whatever day it is loaded."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, demo
from app.config import settings
from app.db import Database
from app.demo import stage
from app.domain import digests, marks, schedule
from app.domain.errors import NotFound
from app.domain.marks import Flag, Lead
from app.domain.progress import Closure, Response, Status
from app.domain.schedule import Schedule
from app.domain.workflow import BlockReason, Evidence, State
from app.models.actions import Action
from app.models.intake import Proposal, ProposalState
from app.models.meetings import Meeting, Programme, SlugAlias
from app.models.notifications import Delivery, DigestWindow, Envelope, Outcome
from app.models.people import Holding, Person, Post
from app.models.recommendations import Recommendation, RecommendationLink, Theme
from app.models.updates import Update
from app.queries.meetings import meetings
from app.queries.scope import viewers
from app.services.upkeep import integrity
from tests.demo.reading import TODAY, at_noon, every_action, judgement, local, rows

# A Sunday that ends a year, the first day of a year, a leap day.
OTHER_DAYS = [dt.date(2028, 12, 31), dt.date(2027, 1, 1), dt.date(2028, 2, 29)]


def missing(session: Session, today: dt.date) -> dict[str, set[Any]]:
    """Of every axis, status and mark the values that nothing in the demonstration has."""
    actions, recommendations = rows(session, Action), rows(session, Recommendation)
    judged = [(action, judgement(action, today)) for action in actions]
    shown = [
        marks.for_action(
            action.state,
            found,
            action.evidence,
            is_stale=schedule.is_stale(local(action.last_word_at), local(action.assigned_at), today),
        )
        for action, found in judged
    ] + [marks.for_recommendation(item.public_status) for item in recommendations]
    occurring = {
        State: {action.state for action in actions},
        Evidence: {action.evidence for action in actions},
        Schedule: {found.schedule for _, found in judged},
        Status: {item.status for item in recommendations} & {item.public_status for item in recommendations},
        Response: {item.response for item in recommendations},
        Closure: {item.closure for item in recommendations},
        Lead: {mark.lead for mark in shown},
        Flag: {flag for mark in shown for flag in mark.flags},
    }
    gaps = {values.__name__: set(values) - found for values, found in occurring.items()}
    return {name: gap for name, gap in gaps.items() if gap}


def test_every_state_status_axis_value_and_mark_occurs(record: Session) -> None:
    assert missing(record, TODAY) == {}


def test_some_deadlines_moved(record: Session) -> None:
    moved = [action for action in rows(record, Action) if judgement(action, TODAY).slipped]
    assert len(moved) >= 3
    assert all(action.extensions for action in moved)


def test_several_obstacles_stand_in_the_way(record: Session) -> None:
    reasons = {action.block_reason for action in rows(record, Action) if action.state is State.BLOCKED}
    told = " ".join(line for action in every_action() for line in action["story"])
    assert reasons >= {BlockReason.BUDGET, BlockReason.LEGAL_TEXT, BlockReason.PROCUREMENT, BlockReason.DATA}
    assert "block land" in told
    assert "block coordination" in told


def test_it_is_a_programme_of_three_meetings_thirty_recommendations_and_sixty_actions(record: Session) -> None:
    programme = record.scalars(sa.select(Programme).where(col(Programme.published_at).is_not(None))).one()
    held = [meeting for meeting in rows(record, Meeting) if meeting.programme_id == programme.id]
    assert [meeting.is_public for meeting in held] == [True, True, True]
    assert 28 <= len(rows(record, Recommendation)) <= 34
    assert 55 <= len(rows(record, Action)) <= 65
    fez = next(meeting for meeting in rows(record, Meeting) if meeting.region == "FM")
    assert fez.held_on == dt.date(2024, 11, 28)


def test_the_newest_report_still_has_something_to_review(record: Session) -> None:
    states = [proposal.state for proposal in rows(record, Proposal)]
    assert states.count(ProposalState.PROPOSED) == 2
    assert states.count(ProposalState.DROPPED) == 1
    reviewed = {proposal.recommendation_id for proposal in rows(record, Proposal)} - {None}
    assert reviewed == {item.id for item in rows(record, Recommendation)}


def test_the_meetings_are_tied_together(record: Session) -> None:
    shared = record.scalars(sa.select(Action).where(col(Action.serves_others))).one()
    merged = record.scalars(sa.select(SlugAlias).where(col(SlugAlias.kind) == "theme")).one()
    told = record.scalars(sa.select(Recommendation).where(col(Recommendation.outcome_at).is_not(None))).one()
    linked = record.scalars(sa.select(RecommendationLink)).one()

    assert shared.is_public
    assert record.get_one(Theme, merged.target_id).titles["fr"] == "Marchés et salons"
    assert told.public_status is Status.IMPLEMENTED
    assert set(told.outcome) == {"ar", "fr", "en"}
    assert all(record.get_one(Recommendation, row_id).is_public for row_id in (linked.first_id, linked.second_id))


def test_one_post_is_vacant_and_owes_something(record: Session) -> None:
    held = {holding.post_id for holding in rows(record, Holding) if holding.until_on is None}
    vacant = [post.id for post in rows(record, Post) if post.id not in held]
    assert len(vacant) == 1
    assert [action.state for action in rows(record, Action) if action.owner_post_id == vacant[0]] == [State.ASSIGNED]


def test_the_outsider_and_the_secretariat_see_nothing_unpublished_of_each_other(record: Session) -> None:
    people = {person.email.partition("@")[0]: person.id for person in rows(record, Person)}
    draft = next(meeting for meeting in rows(record, Meeting) if not meeting.is_public)
    amina, omar = (viewers.by_person(record, people[key]) for key in ("amina", "omar"))
    assert amina
    assert omar
    assert meetings.get(record, omar, draft.slug).id == draft.id
    with pytest.raises(NotFound):
        meetings.get(record, amina, draft.slug)


def test_acts_lie_in_the_past_on_working_days(record: Session) -> None:
    days = [local(update.at) for update in rows(record, Update)]
    assert max(day for day in days if day) < TODAY
    assert not [day for day in days if day and day.weekday() > 4]
    hours = {update.at.astimezone(settings().zone).hour for update in rows(record, Update)}
    assert hours <= set(range(9, 17))


def test_the_mail_of_the_last_days_has_gone_out(record: Session) -> None:
    messages = rows(record, Envelope)
    sent = {message.kind for message in messages if message.state == Delivery.SENT}
    assert sent >= {"action_assigned", "action_verified", "action_returned", "action_blocked", "reminder"}
    assert sent >= {"digest"}
    assert not [message.kind for message in messages if message.state in (Delivery.DEAD, Delivery.PARKED)]
    assert not [message for message in messages if message.state == Delivery.QUEUED]


def test_last_monday_has_its_digests(record: Session) -> None:
    """One a person; whoever had nothing to read got no mail, and that is recorded."""
    week = digests.period(TODAY)
    told = [window for window in rows(record, DigestWindow) if window.period == week]
    sent, skipped = ([one for one in told if one.outcome == outcome] for outcome in (Outcome.SENT, Outcome.EMPTY))
    assert len({window.person_id for window in told}) == len(told) == len(sent) + len(skipped)
    assert len(sent) > len(skipped)
    assert all(window.message_id for window in sent)
    assert not any(window.message_id for window in skipped)


def test_what_was_long_past_was_set_aside_with_a_reason(record: Session) -> None:
    horizon = at_noon(TODAY - dt.timedelta(days=11))
    old = [message for message in rows(record, Envelope) if message.created_at < horizon]
    assert old
    assert {message.state for message in old} == {Delivery.CANCELLED}
    assert all(message.reason for message in old)


def test_the_record_is_whole_and_nothing_derived_differs(record: Session) -> None:
    verdict = integrity.verify(record)
    assert verdict.faults == ()
    assert verdict.sealed == verdict.events > 500
    assert integrity.differences(record) == []


def test_it_is_loaded_once(record: Session) -> None:
    assert demo.is_loaded(record)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("day", OTHER_DAYS, ids=str)
def test_it_is_complete_on_whatever_day_it_is_loaded(database: Database, day: dt.date) -> None:
    with clock.at(at_noon(day)), database.write() as session:
        stage.play(session, day)
        assert missing(session, day) == {}
