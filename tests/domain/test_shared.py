"""Bodies, posts and people that programmes share: Amina and Omar run one each, Sara administers, Huda runs both."""

import pytest

from app.domain.errors import NotAllowed
from app.domain.permissions import Grant, Role, Viewer
from app.domain.shared import Ownership, home, may_change, may_seat, reads_papers, require_change, require_seat

EXPORTS, TOURISM = 1, 2


def running(person_id: int, *programmes: int | None) -> Viewer:
    return Viewer(person_id, frozenset(Grant(Role.SECRETARIAT, programme) for programme in programmes))


AMINA, OMAR, HUDA, EVERYWHERE = running(1, EXPORTS), running(2, TOURISM), running(3, EXPORTS, TOURISM), running(4, None)
SARA = Viewer(5, frozenset({Grant(Role.ADMINISTRATOR)}))
YOUSSEF = Viewer(6, frozenset({Grant(Role.VERIFIER, EXPORTS), Grant(Role.OBSERVER, TOURISM)}))
OWN, FOREIGN, NOBODYS = Ownership(EXPORTS), Ownership(TOURISM, frozenset({TOURISM})), Ownership()
LENT, USED = Ownership(EXPORTS, frozenset({EXPORTS, TOURISM})), Ownership(None, frozenset({EXPORTS}))


@pytest.mark.parametrize(
    ("claim", "change", "seat", "read"),
    [
        (OWN, {AMINA, HUDA}, {AMINA, HUDA}, {AMINA, HUDA}),
        (FOREIGN, {OMAR, HUDA}, {OMAR, HUDA}, {OMAR, HUDA}),
        (LENT, {HUDA}, {HUDA}, {AMINA, OMAR, HUDA}),
        (USED, set(), {AMINA, HUDA}, {AMINA, HUDA}),
        (NOBODYS, set(), set(), set()),
    ],
)
def test_a_shared_thing_is_changed_by_whoever_runs_all_that_made_or_use_it(
    claim: Ownership, change: set[Viewer], seat: set[Viewer], read: set[Viewer]
) -> None:
    for verdict, expected in ((may_change, change), (may_seat, seat), (reads_papers, read)):
        assert {viewer for viewer in (AMINA, OMAR, HUDA, YOUSSEF) if verdict(viewer, claim)} == expected
        assert verdict(SARA, claim)


def test_what_is_made_belongs_to_the_programme_of_who_made_it() -> None:
    assert [home(viewer) for viewer in (AMINA, OMAR, HUDA, EVERYWHERE, SARA, YOUSSEF)] == [
        EXPORTS, TOURISM, EXPORTS, None, None, None,
    ]  # fmt: skip


def test_a_secretariat_that_administers_makes_for_all() -> None:
    both = Viewer(7, frozenset({Grant(Role.ADMINISTRATOR), Grant(Role.SECRETARIAT, EXPORTS)}))

    assert home(both) is None


def test_who_may_not_is_refused() -> None:
    with pytest.raises(NotAllowed):
        require_change(OMAR, OWN)
    with pytest.raises(NotAllowed):
        require_seat(OMAR, OWN)
    require_change(AMINA, OWN)
    require_seat(AMINA, USED)
