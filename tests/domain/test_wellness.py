"""What somebody has to look at, and what is in order."""

import datetime as dt

import pytest

from app.domain.sentences import wellness
from app.domain.sentences.wellness import Ages, LastTurn

NOW = dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
GB = 1_000_000_000


@pytest.mark.parametrize(("minutes", "is_well"), [(0, True), (4, True), (5, False), (-1, True), (-2, False)])
def test_a_job_is_late_after_three_turns_and_wrong_ahead_of_the_clock(minutes: int, is_well: bool) -> None:
    at = NOW - minutes * MINUTE
    assert wellness.turn(LastTurn(at, 0, ""), MINUTE, NOW).is_well is is_well


def test_a_job_that_failed_or_never_ran_is_to_be_looked_at() -> None:
    assert not wellness.turn(LastTurn(NOW, 1, "OSError"), MINUTE, NOW).is_well
    assert not wellness.turn(None, MINUTE, NOW).is_well


@pytest.mark.parametrize(
    ("ages", "is_well"),
    [(Ages(), True), (Ages(9, 9, 0, 0, 9), True), (Ages(quarter=1), False), (Ages(older=1), False)],
)
def test_a_mail_that_is_due_for_a_quarter_of_an_hour_is_to_be_looked_at(ages: Ages, is_well: bool) -> None:
    assert wellness.backlog(ages).is_well is is_well


@pytest.mark.parametrize(
    ("free", "whole", "is_well"),
    [(GB, 500 * GB, True), (GB - 1, 500 * GB, False), (GB // 2, 10 * GB, True), (GB // 2 - 1, 10 * GB, False)],
)
def test_a_gigabyte_has_to_be_free_or_a_twentieth_of_a_small_disk(free: int, whole: int, is_well: bool) -> None:
    assert wellness.disk(free, whole).is_well is is_well


@pytest.mark.parametrize(("days", "is_well"), [(0, True), (2, True), (3, False)])
def test_a_backup_is_old_after_two_days_and_a_head_after_one(days: int, is_well: bool) -> None:
    assert wellness.backup(NOW - days * DAY, NOW).is_well is is_well
    assert wellness.head(NOW.date() - days * DAY, NOW.date()).is_well is (days < 2)


def test_what_is_missing_is_to_be_looked_at() -> None:
    found = (
        wellness.backup(None, NOW), wellness.head(None, NOW.date()), wellness.relay(""), wellness.failures(1, 0),
        wellness.failures(0, 1), wellness.zones("2025.1", is_right=False), wellness.revision("1", "2"),
        wellness.schedulers(1, is_led=False), wellness.schedulers(0, is_led=False),
    )  # fmt: skip
    assert not any(finding.is_well for finding in found)
