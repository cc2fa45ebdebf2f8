"""Who may endorse, decide or withdraw a request for more time, which dates it may have, and what makes it lapse."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest

from app.domain.errors import Refused
from app.domain.extensions import (
    MANAGERS_MAY,
    MAY_LAPSE,
    RequestFacts,
    check_date,
    lapses,
    may_decide,
    may_endorse,
    may_withdraw,
)
from app.domain.permissions import Viewer
from app.domain.workflow import AWAITED, TABLE, Part, State, Verb

CENTRE, CHAMBER = 10, 11
ASKED = RequestFacts(
    person_id=1, post_id=5, organisation_id=CENTRE, is_priority=False, extensions=0, managers_decide=True
)  # fmt: skip
LEILA = Viewer(2, post_ids=frozenset({6}), organisation_ids_managed=frozenset({CENTRE}))
AMINA = Viewer(3)
DAY = dt.date(2026, 11, 27)
MANAGER, SECRETARIAT = frozenset({Part.MANAGER}), frozenset({Part.SECRETARIAT})


def test_nobody_decides_or_endorses_what_they_asked_for_whatever_else_they_are() -> None:
    everything = frozenset(Part)
    for asker in (replace(LEILA, person_id=1), replace(LEILA, post_ids=frozenset({5, 6}))):
        assert not may_decide(asker, everything, ASKED)
        assert not may_endorse(asker, everything, ASKED)


def test_a_manager_endorses_for_the_organisation_that_asks_alone() -> None:
    assert may_endorse(LEILA, MANAGER, ASKED)
    assert not may_endorse(replace(LEILA, organisation_ids_managed=frozenset({CHAMBER})), MANAGER, ASKED)
    assert not may_endorse(AMINA, SECRETARIAT, ASKED)


@pytest.mark.parametrize(
    ("allows", "is_priority", "before"), list(product((True, False), (True, False), range(MANAGERS_MAY + 2)))
)
def test_a_manager_decides_the_first_two_of_an_action_without_priority_where_the_programme_allows(
    allows: bool, is_priority: bool, before: int
) -> None:
    asked = replace(ASKED, managers_decide=allows, is_priority=is_priority, extensions=before)
    assert may_decide(LEILA, MANAGER, asked) is (allows and not is_priority and before < 2)
    assert may_decide(AMINA, SECRETARIAT, asked)


def test_only_the_post_that_asked_withdraws() -> None:
    karim = Viewer(9, post_ids=frozenset({5}))
    assert may_withdraw(karim, frozenset({Part.OWNER}), ASKED), "whoever holds it now"
    assert not may_withdraw(LEILA, frozenset(Part), ASKED)
    assert not may_withdraw(karim, frozenset(), ASKED), "the action is another's now"


@pytest.mark.parametrize("to_on", [DAY, DAY - dt.timedelta(1), DAY + dt.timedelta(10)])
def test_more_time_ends_after_what_there_is(to_on: dt.date) -> None:
    with pytest.raises(Refused):
        check_date(to_on, DAY + dt.timedelta(10), DAY)


def test_more_time_is_never_in_the_past_though_it_is_after_a_late_deadline() -> None:
    late = DAY - dt.timedelta(30)
    check_date(DAY, late, DAY)
    with pytest.raises(Refused):
        check_date(DAY - dt.timedelta(1), late, DAY)


def test_a_part_does_not_end_after_its_action() -> None:
    check_date(DAY + dt.timedelta(20), DAY, DAY, until=DAY + dt.timedelta(20))
    with pytest.raises(Refused):
        check_date(DAY + dt.timedelta(21), DAY, DAY, until=DAY + dt.timedelta(20))


@pytest.mark.parametrize("verb", Verb)
def test_a_request_lapses_with_the_hands_or_the_deadline_of_its_action(verb: Verb) -> None:
    with_deadline = {Verb.REASSIGN, Verb.MOVE_DEADLINE, Verb.CORRECT_DEADLINE, Verb.GRANT_TIME}
    for state in State:
        assert lapses(verb, state, of_part=False) is (state not in AWAITED or verb in with_deadline)
        assert lapses(verb, state, of_part=True) is (state not in AWAITED)


def test_every_verb_that_takes_an_action_out_of_its_posts_hands_is_looked_at() -> None:
    leaving = {row.verb for row in TABLE if row.sources & AWAITED and row.target and row.target not in AWAITED}
    assert leaving <= MAY_LAPSE
