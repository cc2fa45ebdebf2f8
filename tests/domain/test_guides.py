"""Which guide somebody's duties ask for, and which step a page of the workspace leads to."""

import pytest

from app.domain import guides
from app.domain.permissions import Grant, Role, Viewer


def viewer(*roles: Role, holds: bool = False, manages: bool = False) -> Viewer:
    return Viewer(
        1,
        frozenset(Grant(role) for role in roles),
        frozenset({7} if holds or manages else ()),
        frozenset({3} if manages else ()),
    )


@pytest.mark.parametrize(
    ("who", "first"),
    [
        (viewer(), Role.OWNER),
        (viewer(holds=True), Role.OWNER),
        (viewer(manages=True), Role.MANAGER),
        (viewer(Role.VERIFIER), Role.VERIFIER),
        (viewer(Role.SECRETARIAT, Role.VERIFIER), Role.SECRETARIAT),
        (viewer(Role.OBSERVER, holds=True), Role.OWNER),
        (viewer(Role.OBSERVER), Role.OBSERVER),
        (viewer(Role.ADMINISTRATOR, Role.SECRETARIAT), Role.SECRETARIAT),
        (viewer(Role.ADMINISTRATOR), Role.ADMINISTRATOR),
    ],
)
def test_the_guide_is_that_of_ones_first_duty(who: Viewer, first: Role) -> None:
    assert guides.of_viewer(who) is first


def test_every_role_has_a_guide_and_contributors_share_the_owners() -> None:
    assert set(guides.TITLES) == set(guides.PICTURES) == set(Role) - {Role.CONTRIBUTOR}


def test_a_room_leads_to_its_step_in_ones_own_guide_before_anothers() -> None:
    assert guides.at("desk", viewer(Role.VERIFIER)) == "/verifier#verify"
    assert guides.at("desk", viewer(Role.SECRETARIAT)) == "/secretariat#desk"
    assert guides.at("search", viewer(holds=True)) == "/observer#search"


def test_a_room_that_no_step_is_about_leads_to_the_guide_itself() -> None:
    assert guides.at("guide", viewer(Role.OBSERVER)) == "/observer"
    assert guides.at("", viewer()) == "/owner"
