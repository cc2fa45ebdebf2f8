"""What mails say, over a table of situations: facts in, the sentence and its number out."""

import datetime as dt

import pytest

from app.domain import mail_sentences
from app.domain.ladder import Audience
from app.domain.mail_sentences import ORDER, pressing
from app.domain.messages import Counted
from app.domain.permissions import Role
from app.domain.workflow import State

TODAY = dt.date(2026, 11, 23)


def in_days(days: int) -> dt.date:
    return TODAY + dt.timedelta(days)


@pytest.mark.parametrize(
    ("state", "late", "left", "said"),
    [
        (State.ASSIGNED, 0, None, "To confirm: X"),
        (State.ASSIGNED, 0, 30, "To confirm: X"),
        (State.ASSIGNED, 3, -3, "3 days overdue: X"),
        (State.IN_PROGRESS, 0, None, "To update: X"),
        (State.IN_PROGRESS, 0, 30, "Due in 30 days: X"),
        (State.IN_PROGRESS, 0, 2, "Due in 2 days: X"),
        (State.IN_PROGRESS, 0, 1, "Due tomorrow: X"),
        (State.IN_PROGRESS, 0, 0, "Due today: X"),
        (State.IN_PROGRESS, 1, -1, "1 day overdue: X"),
        (State.BLOCKED, 0, 7, "Blocked: X"),
        (State.BLOCKED, 12, -12, "12 days overdue: X"),
        (State.SUBMITTED, 0, -9, "To verify: X"),
    ],
)
def test_the_subject_of_one_action_says_what_presses(state: State, late: int, left: int | None, said: str) -> None:
    assert str(mail_sentences.subject_of_one(pressing(state, late), late, left, "X")) == said


@pytest.mark.parametrize(
    ("due_on", "late", "said"),
    [
        (None, 0, "No deadline"),
        (in_days(61), 0, "Deadline: 2027-01-23"),
        (in_days(60), 0, "Deadline: 2027-01-22, in 60 days"),
        (in_days(1), 0, "Deadline: 2026-11-24, tomorrow"),
        (in_days(0), 0, "Deadline: 2026-11-23, today"),
        (in_days(-5), 0, "Deadline: 2026-11-18, 5 days ago"),
        (in_days(-5), 5, "Deadline: 2026-11-18"),
    ],
)
def test_a_deadline_says_how_far_it_is_where_nothing_else_does(due_on: dt.date | None, late: int, said: str) -> None:
    assert str(mail_sentences.deadline(due_on, late, TODAY)) == said


@pytest.mark.parametrize(
    ("state", "days", "said"),
    [
        (State.ASSIGNED, 0, None),
        (State.ASSIGNED, 1, "Receipt not confirmed for 1 day"),
        (State.SUBMITTED, 8, "Waiting for verification for 8 days"),
        (State.IN_PROGRESS, 34, "No update for 34 days"),
        (State.BLOCKED, 34, "No update for 34 days"),
        (State.DECLINED, 34, "To be assigned again for 34 days"),
    ],
)
def test_what_is_waited_for_is_said_from_the_second_day_on(state: State, days: int, said: str | None) -> None:
    found = mail_sentences.waiting(state, days)
    assert (str(found) if found else None) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], []),
        ([("overdue", 0), ("due", 0)], []),
        ([("overdue", 1)], ["1 action overdue"]),
        ([("overdue", 0), ("due", 2)], ["2 actions due"]),
        ([("overdue", 3), ("due", 2), ("confirm", 1)], ["3 actions overdue", "2 due", "1 to confirm"]),
        ([("overdue", 3), ("changed", 2)], ["3 actions overdue", "2 changes"]),
        (
            [("overdue", 1), ("milestone_overdue", 2), ("milestone_due", 1), ("due", 2)],
            ["1 action overdue", "2 milestones overdue", "1 milestone due", "2 actions due"],
        ),
        (
            [("verification", 1), ("requests", 2), ("silence", 4), ("failures", 1)],
            ["1 action to verify", "2 requests", "4 actions without an update", "1 failed mail"],
        ),
    ],
)
def test_every_count_has_its_noun_and_the_noun_is_not_repeated(counts: list[tuple[str, int]], said: list[str]) -> None:
    assert [str(count) for count in mail_sentences.counted(counts)] == said


@pytest.mark.parametrize("what", ORDER)
def test_a_heading_counts_what_stands_below_it(what: str) -> None:
    heading = mail_sentences.heading(what, 3)
    assert isinstance(heading, Counted)
    assert str(heading).startswith("3 ")
    assert mail_sentences.heading(what, 1) != heading


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([State.ASSIGNED], "This action still waits for you to confirm receipt."),
        ([State.IN_PROGRESS], "This action waits for a word from you."),
        ([State.BLOCKED], "This action waits for a word from you."),
        ([State.ASSIGNED, State.BLOCKED], "This morning: C."),
    ],
)
def test_a_reminder_opens_with_what_is_asked(states: list[State], said: str) -> None:
    assert str(mail_sentences.opening_of_reminder(states, "C")) == said


def test_an_escalation_opens_with_whom_it_needs() -> None:
    opening = mail_sentences.opening_of_escalation
    assert str(opening(Audience.MANAGER, 1)) == "An action of your organisation needs you."
    assert str(opening(Audience.MANAGER, 2)) == "2 actions of your organisation need you."
    assert str(opening(Audience.SECRETARIAT, 2)) == "2 actions need the secretariat."


@pytest.mark.parametrize(
    ("role", "names", "post", "ends"),
    [
        (None, (), "Follow-up officer", "you hold this post: Follow-up officer."),
        (Role.OWNER, ("Officer",), "Officer", "you hold this post: Officer."),
        (Role.OWNER, ("Officer", "Head"), "Officer", "you hold these posts: Officer / Head."),
        (Role.MANAGER, ("Centre",), "Follow-up officer", "you manage: Centre."),
        (Role.SECRETARIAT, ("2025", "2026", "2025"), "", "you belong to the secretariat of: 2025 · 2026."),
        (Role.VERIFIER, ("2025",), "", "you verify for: 2025."),
        (Role.ADMINISTRATOR, (), "", "you look after this service."),
    ],
)
def test_the_foot_of_a_mail_says_as_what_its_reader_gets_it(
    role: Role | None, names: tuple[str, ...], post: str, ends: str
) -> None:
    assert str(mail_sentences.why(role, names, post)) == f"You receive this mail because {ends}"


def test_where_nothing_is_known_of_the_reader_the_foot_gives_no_reason() -> None:
    assert mail_sentences.why(None, (), "") is None
    assert mail_sentences.why(Role.SECRETARIAT, (), "") is None
