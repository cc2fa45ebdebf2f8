"""The status of recommendations, computed; and what is counted over many."""

from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress import GROUPS, Closure, Group, Rate, Response, Status, group, rate, status
from app.domain.workflow import State

DEAD = [State.DRAFT, State.CANCELLED, State.SUPERSEDED, State.NOT_APPLICABLE]
OPENING = [Response.PENDING, Response.ACCEPTED, Response.ACCEPTED_IN_PART]
V, S, P, A, D, B = (
    State.VERIFIED,
    State.SUBMITTED,
    State.IN_PROGRESS,
    State.ASSIGNED,
    State.DECLINED,
    State.BLOCKED,
)


@pytest.mark.parametrize("response", [Response.NOT_ACCEPTED, Response.REFERRED, Response.MERGED])
@pytest.mark.parametrize("closure", [None, *Closure])
def test_a_decision_comes_before_everything_the_actions_say(response: Response, closure: Closure | None) -> None:
    assert status(response, closure, [V, V]) == response.value


@pytest.mark.parametrize("response", OPENING)
@pytest.mark.parametrize("closure", Closure)
def test_a_closure_comes_before_the_actions(response: Response, closure: Closure) -> None:
    assert status(response, closure, [V, P]) == closure.value


@pytest.mark.parametrize("dead", [[], *([state] for state in DEAD), DEAD])
def test_dead_actions_are_as_good_as_none(dead: list[State]) -> None:
    assert status(Response.PENDING, None, dead) is Status.AWAITING_RESPONSE
    assert status(Response.ACCEPTED, None, dead) is Status.ACCEPTED_NO_ACTION
    assert status(Response.ACCEPTED_IN_PART, None, dead) is Status.ACCEPTED_NO_ACTION


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([V], Status.IMPLEMENTED),
        ([V, V, State.CANCELLED], Status.IMPLEMENTED),
        ([V, A], Status.PARTIALLY_IMPLEMENTED),
        ([V, S], Status.PARTIALLY_IMPLEMENTED),
        ([A], Status.NOT_STARTED),
        ([A, State.ACKNOWLEDGED, D], Status.NOT_STARTED),
        ([A, P], Status.IN_PROGRESS),
        ([S], Status.IN_PROGRESS),
        ([B], Status.IN_PROGRESS),
        ([D, State.DRAFT], Status.NOT_STARTED),
    ],
)
def test_the_live_actions_decide(states: list[State], expected: Status) -> None:
    assert status(Response.ACCEPTED, None, states) is expected


@pytest.mark.parametrize("states", list(combinations_with_replacement(State, 3)))
def test_a_claim_alone_never_counts_as_implemented(states: tuple[State, ...]) -> None:
    found = status(Response.ACCEPTED, None, states)
    assert (found is Status.IMPLEMENTED) == ({V} == set(states) - set(DEAD))
    assert (found in (Status.IMPLEMENTED, Status.PARTIALLY_IMPLEMENTED)) == (V in states)


@given(st.sampled_from(Response), st.none() | st.sampled_from(Closure), st.lists(st.sampled_from(State)))
def test_every_recommendation_has_a_status_whatever_the_order_of_its_actions(
    response: Response, closure: Closure | None, states: list[State]
) -> None:
    assert status(response, closure, states) is status(response, closure, iter(states[::-1]))


def test_every_status_stands_in_one_group() -> None:
    listed = [status for statuses in GROUPS.values() for status in statuses]
    assert sorted(listed) == sorted(Status)
    assert group(Status.PARTIALLY_IMPLEMENTED) is Group.UNDER_WAY
    assert group(Status.ACCEPTED_NO_ACTION) is Group.NOT_BEGUN
    assert group(Status.CLOSED_NOT_IMPLEMENTED) is Group.SET_ASIDE
    assert group(Status.REFERRED) is Group.BESIDE


def test_the_rate_leaves_out_what_is_not_ours_to_implement() -> None:
    counts = dict.fromkeys(Status, 1) | {Status.IMPLEMENTED: 3}
    # three implemented, and one each of six others that count: awaiting, no action, partial, not started,
    # in progress and closed without being implemented
    assert rate(counts) == Rate(3, 9, 3 / 9, 1)


def test_a_disputed_recommendation_counts_below_but_not_above_the_line() -> None:
    assert rate({Status.IMPLEMENTED: 4, Status.IN_PROGRESS: 1}, disputed=1) == Rate(3, 5, 3 / 5, 0)


def test_partial_is_told_beside_and_never_added() -> None:
    assert rate({Status.PARTIALLY_IMPLEMENTED: 5}) == Rate(0, 5, 0.0, 5)


@pytest.mark.parametrize("counts", [{}, {Status.REFERRED: 3, Status.NOT_ACCEPTED: 2}])
def test_of_nothing_there_is_no_rate(counts: dict[Status, int]) -> None:
    assert rate(counts).share is None


@given(st.dictionaries(st.sampled_from(Status), st.integers(0, 50)), st.integers(0, 60))
def test_a_share_lies_between_nothing_and_all(counts: dict[Status, int], disputed: int) -> None:
    found = rate(counts, disputed)
    assert found.share is None or 0 <= found.share <= 1
