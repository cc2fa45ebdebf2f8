"""Who may do what: Amina (secretariat), Karim (owner), Leila (manager), Nadia (verifier), Omar (outsider)."""

from dataclasses import replace

import pytest

from app.domain.errors import NotAllowed
from app.domain.permissions import (
    PUBLIC,
    ActionFacts,
    Grant,
    Role,
    Viewer,
    has_role,
    managed,
    may,
    parts,
    require,
)
from app.domain.workflow import Part, State, Verb

EXPORTS, TOURISM = 1, 2
CENTRE, CHAMBER, PORT = 10, 11, 12
FOLLOW_UP, SUPPORT, SIBLING = 100, 101, 102
ACTION = ActionFacts(
    programme_id=EXPORTS,
    lead_organisation_id=CENTRE,
    owner_post_id=FOLLOW_UP,
    supporting_post_ids=frozenset({SUPPORT}),
    supporting_organisation_ids=frozenset({CHAMBER}),
)


def granted(person_id: int, *grants: Grant) -> Viewer:
    return Viewer(person_id, frozenset(grants))


def holding(person_id: int, *post_ids: int) -> Viewer:
    return Viewer(person_id, post_ids=frozenset(post_ids))


AMINA = granted(1, Grant(Role.SECRETARIAT, EXPORTS))
KARIM = holding(2, FOLLOW_UP)
LEILA = granted(3, Grant(Role.MANAGER, organisation_id=CENTRE))
NADIA = granted(4, Grant(Role.VERIFIER, EXPORTS))
OMAR = Viewer(5)
SARA = holding(6, SUPPORT)
WALI = granted(7, Grant(Role.OBSERVER, EXPORTS))
YOUSSEF = granted(8, Grant(Role.ADMINISTRATOR))
HIND = holding(9, SIBLING)
OF_TOURISM = [granted(20 + n, Grant(role, TOURISM)) for n, role in enumerate(Role) if role is not Role.ADMINISTRATOR]


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        (AMINA, {Part.SECRETARIAT}),
        (KARIM, {Part.OWNER}),
        (LEILA, {Part.MANAGER}),
        (NADIA, {Part.VERIFIER}),
        (SARA, {Part.CONTRIBUTOR}),
        (WALI, set()),
        (HIND, set()),
        (YOUSSEF, set()),
        (OMAR, set()),
        (PUBLIC, set()),
        *((viewer, set()) for viewer in OF_TOURISM),
    ],
)
def test_everybody_has_their_part(viewer: Viewer, expected: set[Part]) -> None:
    assert parts(viewer, ACTION) == expected


def test_an_outsider_may_do_nothing_at_all() -> None:
    for viewer in (OMAR, PUBLIC, YOUSSEF, WALI, HIND, *OF_TOURISM):
        for verb in Verb:
            with pytest.raises(NotAllowed):
                require(viewer, ACTION, verb)


MAY = {
    Verb.CREATE: {1},
    Verb.EDIT: {1},
    Verb.ASSIGN: {1},
    Verb.REASSIGN: {1},
    Verb.ACKNOWLEDGE: {2},
    Verb.DECLINE: {2},
    Verb.START: {2, 6},
    Verb.REPORT: {2, 6},
    Verb.ON_TRACK: {2, 6},
    Verb.BLOCK: {2, 3},
    Verb.UNBLOCK: {2, 3},
    Verb.SUBMIT: {2},
    Verb.VERIFY: {4},
    Verb.RETURN: {4},
    Verb.CANCEL: {1},
    Verb.SUPERSEDE: {1},
    Verb.NOT_APPLICABLE: {1},
    Verb.REOPEN: {1},
    Verb.MOVE_DEADLINE: {1},
    Verb.CORRECT_DEADLINE: {1},
    Verb.DISPUTE: {1},
    Verb.CONFIRM: {1},
    Verb.NOT_UPHELD: {1},
    Verb.ASK_TIME: {2, 6},
    Verb.UNDO: {2, 6},
    Verb.ENDORSE_TIME: {3},
    Verb.GRANT_TIME: {1, 3},
    Verb.GRANT_PART: {1, 3},
    Verb.REFUSE_TIME: {1, 3},
    Verb.WITHDRAW_TIME: {2, 6},
    **{verb: {1} for verb in (Verb.ADD_PART, Verb.MOVE_PART, Verb.END_PART)},
    **{verb: {6} for verb in (Verb.ACKNOWLEDGE_PART, Verb.REPORT_PART, Verb.PART_ON_TRACK, Verb.PART_DONE)},
}


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("viewer", [AMINA, KARIM, LEILA, NADIA, SARA], ids=lambda viewer: str(viewer.person_id))
def test_each_verb_is_open_to_its_people_alone(viewer: Viewer, verb: Verb) -> None:
    if viewer.person_id in MAY[verb]:
        assert require(viewer, ACTION, verb)
        return
    with pytest.raises(NotAllowed):
        require(viewer, ACTION, verb)


def test_a_contributor_cannot_lift_a_block_by_saying_on_track() -> None:
    assert require(SARA, ACTION, Verb.ON_TRACK, State.IN_PROGRESS) == {Part.CONTRIBUTOR}
    with pytest.raises(NotAllowed):
        require(SARA, ACTION, Verb.ON_TRACK, State.BLOCKED)


@pytest.mark.parametrize(
    ("viewer", "facts"),
    [
        (replace(NADIA, post_ids=frozenset({FOLLOW_UP})), ACTION),
        (NADIA, replace(ACTION, submitter_id=4)),
        (NADIA, replace(ACTION, recorder_ids=frozenset({1, 4}))),
    ],
    ids=["owner", "submitter", "recorder"],
)
def test_nobody_verifies_what_is_their_own(viewer: Viewer, facts: ActionFacts) -> None:
    with pytest.raises(NotAllowed):
        require(viewer, facts, Verb.VERIFY)


def test_somebody_may_act_in_several_parts() -> None:
    both = replace(AMINA, grants=AMINA.grants | NADIA.grants, post_ids=frozenset({SUPPORT}))
    assert parts(both, ACTION) == {Part.SECRETARIAT, Part.VERIFIER, Part.CONTRIBUTOR}
    assert require(both, ACTION, Verb.VERIFY) == {Part.VERIFIER}


@pytest.mark.parametrize(("organisation", "expected"), [(CENTRE, True), (CHAMBER, True), (PORT, False)])
def test_a_manager_by_post_or_by_grant_answers_for_lead_and_support(organisation: int, expected: bool) -> None:
    by_grant = granted(3, Grant(Role.MANAGER, organisation_id=organisation))
    by_post = Viewer(3, organisation_ids_managed=frozenset({organisation}))
    assert managed(by_grant) == managed(by_post) == {organisation}
    for viewer in (by_grant, by_post):
        assert (Part.MANAGER in parts(viewer, ACTION)) is expected


def test_a_role_without_a_programme_holds_in_all_of_them() -> None:
    everywhere = granted(1, Grant(Role.SECRETARIAT))
    assert may(everywhere, EXPORTS, Role.SECRETARIAT)
    assert may(everywhere, TOURISM, Role.SECRETARIAT)
    assert not may(AMINA, TOURISM, Role.SECRETARIAT)


def test_a_narrow_observer_does_not_observe_the_programme() -> None:
    here = granted(7, Grant(Role.OBSERVER, EXPORTS, region="FM"))
    assert not may(here, EXPORTS, Role.OBSERVER)


def test_roles_are_known_wherever_they_were_granted() -> None:
    assert has_role(YOUSSEF, Role.ADMINISTRATOR)
    assert has_role(AMINA, Role.VERIFIER, Role.SECRETARIAT)
    assert not has_role(PUBLIC, *Role)


def test_no_part_comes_from_what_is_missing() -> None:
    bare = ActionFacts(programme_id=EXPORTS)
    assert parts(OMAR, bare) == parts(PUBLIC, bare) == frozenset()
    assert parts(granted(3, Grant(Role.MANAGER)), bare) == frozenset()


def test_the_service_that_is_nobody_acts_in_no_part() -> None:
    service = Viewer(None, AMINA.grants, frozenset({FOLLOW_UP}))
    assert parts(service, ACTION) == frozenset()
