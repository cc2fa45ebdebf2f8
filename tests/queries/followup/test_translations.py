"""What is to be translated is listed by its indexes: five times as much is no more work, however it is narrowed."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.domain.permissions import Grant, Role, Viewer
from app.domain.translations import TextKind
from app.models.translations import TranslationDue
from app.queries.followup import translations
from app.queries.followup.translations import TranslationFilter
from tests.statements import steps

pytestmark = pytest.mark.sqlite_only
FEW, MANY, PROGRAMMES = 7_200, 36_000, 3
SECRETARY = Viewer(1, frozenset(Grant(Role.SECRETARIAT, programme) for programme in (1, 2)))
ADMINISTRATOR = Viewer(1, frozenset({Grant(Role.ADMINISTRATOR)}))
FILTERS = [
    TranslationFilter(),
    TranslationFilter(lang="en"),
    TranslationFilter(kind=TextKind.POST),
    TranslationFilter(lang="en", kind=TextKind.POST),
    TranslationFilter(is_missing=True),
    TranslationFilter(lang="en", kind=TextKind.POST, is_missing=True),
]


def _rows(numbers: range) -> Iterator[dict[str, object]]:
    """Nearly all of it actions without Arabic; posts without English are rare, and the last to be found."""
    for number in numbers:
        is_rare = number % 60 == 59
        yield {
            "kind": TextKind.POST if is_rare else TextKind.ACTION,
            "subject_id": number,
            "beside_id": 0,
            "lang": "en" if is_rare else "ar",
            "programme_id": 1 if is_rare else 1 + number % PROGRAMMES,
            "is_missing": number % 20 != 0,
            "ref": "",
            "titles": {"fr": f"Titre {number}"},
            "since_at": dt.datetime(2026, 11, 27, tzinfo=dt.UTC),
        }


@pytest.mark.parametrize("viewer", [SECRETARY, ADMINISTRATOR], ids=["secretariat", "administrator"])
@pytest.mark.parametrize("which", FILTERS, ids=lambda which: str(which.kept))
def test_five_times_as_much_is_no_more_work(session: Session, which: TranslationFilter, viewer: Viewer) -> None:
    work = []
    for numbers in (range(FEW), range(FEW, MANY)):
        session.execute(sa.insert(TranslationDue), list(_rows(numbers)))
        session.execute(sa.text("ANALYZE"))
        lines = translations.listed(session, viewer, which)
        after = translations.following(lines) or ""
        with steps(session) as counted:
            translations.listed(session, viewer, which)
            translations.listed(session, viewer, which, after)
        work.append(counted[0])
    assert work[1] <= 1.5 * work[0], work
