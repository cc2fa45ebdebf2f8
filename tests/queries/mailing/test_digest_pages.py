"""The page of one's own week tells from where the last mail ended, or from where it was switched on since."""

from zoneinfo import ZoneInfo

import pytest

from app.domain.digests import Preference, Window
from app.queries.mailing import digest_pages
from app.queries.mailing.digest_readers import WeeklyReader
from tests.builders import instant

NOW = instant("2026-11-27")


@pytest.mark.parametrize(
    ("told", "switched_on", "since"),
    [
        ("2026-11-23", None, "2026-11-23"),
        ("2026-11-23", "2026-11-25", "2026-11-25"),
        ("2026-11-23", "2026-11-02", "2026-11-23"),
        (None, "2026-11-25", "2026-11-25"),
        (None, None, "2026-11-20"),
        ("2026-11-30", None, "2026-11-27"),  # by a clock that was ahead
    ],
)
def test_it_tells_what_no_mail_has_told(told: str | None, switched_on: str | None, since: str) -> None:
    ended, since_at = (instant(on) if on else None for on in (told, switched_on))
    preference = Preference(ZoneInfo("Africa/Casablanca"), 0, 8, since_at)

    window = digest_pages._window(WeeklyReader(1, "Karim", preference, None, ended), NOW)

    assert window == Window(instant(since), NOW)
