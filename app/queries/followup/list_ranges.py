"""Whose business which actions are, as ranges of the indexes that the lists of actions are read by."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.domain.permissions import Viewer, managed
from app.domain.workflow import OPEN, OWED, State
from app.models.actions import IS_OPEN, Action, ActionSupport
from app.models.base import table_of
from app.queries.followup.filters import ALL, OPEN_ONES
from app.queries.scope import observed, ranges
from app.queries.scope.observed import Observed

_ACT, _SUP = table_of(Action), table_of(ActionSupport)
_KEYS: Any = sa.select(_ACT.c.id.label("id"), _ACT.c.due_on.label("key"))
_SUPPORTED: Any = sa.select(_SUP.c.action_id.label("id"), _SUP.c.action_due_on.label("key"))


class ListIndex(Enum):
    """What the index of a range begins with."""

    PROGRAMME = auto()
    FILTER = auto()
    OWN = auto()
    SUPPORT = auto()


class Business(NamedTuple):
    """What somebody works for: ids, or their places in a statement."""

    programmes: Sequence[Any]
    posts: Sequence[Any]
    bodies: Sequence[Any]
    observed: Sequence[Observed] = ()


COUNTED = Business._fields[:-1]


def business_of(viewer: Viewer, programmes: tuple[int, ...]) -> Business:
    narrow = tuple(one for one in observed.of(viewer) if one.programme not in programmes)
    return Business(programmes, sorted(viewer.post_ids), sorted(managed(viewer)), narrow)


def scopes(
    business: Business,
    narrowed: Sequence[ranges.Condition] = (),
    *,
    is_of_body: bool = False,
    is_of_meeting: bool = False,
) -> Iterator[tuple[Any, ListIndex]]:
    """What is the viewer's business (`visible.in_workspace`), cut by the indexes that begin with it.

    Of one body or meeting the index begins with that, of a region not; but a body has more than a post supports.
    """
    is_served = is_of_body or is_of_meeting
    of = ranges.unindexed(_ACT.c.programme_id) if is_served else _ACT.c.programme_id
    keys = _KEYS.where(*narrowed)
    for programme in business.programmes:
        yield keys.where(of == programme), ListIndex.FILTER if is_served else ListIndex.PROGRAMME
    for post in business.posts:
        yield keys.where(_ACT.c.owner_post_id == post), ListIndex.OWN
    for body in business.bodies:
        yield keys.where(_ACT.c.lead_organisation_id == body), ListIndex.OWN
    for name, ids in (("post_id", business.posts), ("organisation_id", business.bodies)):
        for one in ids:
            of_one, same = _SUP.c[name] == one, _SUP.c.action_id == _ACT.c.id
            if is_of_meeting:
                yield keys.where(sa.exists().where(same, of_one).correlate(_ACT)), ListIndex.OWN
            else:
                led = [sa.exists().where(same, *narrowed).correlate(_SUP)] if narrowed else []
                yield _SUPPORTED.where(of_one, *led), ListIndex.SUPPORT
    for seen in business.observed:
        yield from _observed(seen, narrowed, is_served=is_served)


def _observed(
    seen: Observed, narrowed: Sequence[ranges.Condition], *, is_served: bool
) -> Iterator[tuple[Any, ListIndex]]:
    """Of a region the index of its programme is walked: one in twelve is there; a body has an index of its own."""
    further = [*narrowed]
    if seen.region is not None:
        further.append(observed.in_region(ranges.unindexed(_ACT.c.meeting_id), seen))
    if seen.body is None:
        programme = _ACT.c.programme_id
        mine = (
            []
            if seen.programme is None
            else [(ranges.unindexed(programme) if is_served else programme) == seen.programme]
        )
        is_walked = bool(mine) and not is_served
        yield _KEYS.where(*mine, *further), ListIndex.PROGRAMME if is_walked else ListIndex.FILTER
        return
    if seen.programme is not None:
        further.append(ranges.unindexed(_ACT.c.programme_id) == seen.programme)
    yield _KEYS.where(_ACT.c.lead_organisation_id == seen.body, *further), ListIndex.OWN
    led = [sa.exists().where(_SUP.c.action_id == _ACT.c.id, *further).correlate(_SUP)] if further else []
    yield _SUPPORTED.where(_SUP.c.organisation_id == seen.body, *led), ListIndex.SUPPORT


def states_of(state: str, index: ListIndex, *, overdue: bool = False) -> list[Any]:
    """One condition for each range: of what is open there is an index by programme, else one goes state by state."""
    if index is ListIndex.PROGRAMME and state == OPEN_ONES and not overdue:
        return [ranges.said("action", IS_OPEN)]
    states = {OPEN_ONES: OPEN, ALL: frozenset(State)}.get(state) or frozenset({State(state)})
    if index in (ListIndex.OWN, ListIndex.SUPPORT):
        states -= {State.DRAFT}  # the secretariat's alone, until it is assigned
    wanted = sorted(states & OWED if overdue else states)
    if index is ListIndex.SUPPORT:
        return [_SUP.c.state == one.value for one in wanted]
    return [_ACT.c.state == one for one in wanted]
