"""What an edited ladder would change in the next thirty days: counted, listed, bounded, and nothing is recorded."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app import clock
from app.domain.ladder import Audience
from app.domain.ladders import OURS, LadderDays
from app.domain.periods import Rhythm
from app.domain.permissions import Role
from app.models.actions import Action, Milestone
from app.models.indicators import Indicator
from app.models.meetings import Programme
from app.models.notifications import Reminder
from app.models.people import Post
from app.models.recommendations import Recommendation
from app.queries.mailing import ladder_previews, ladders
from app.queries.mailing.ladder_previews import Comparison
from app.services.setup import ladders as service
from tests import builders
from tests.builders import instant

NOW = instant("2026-11-27T09:00")
DUE = dt.date(2026, 12, 22)
SOONER = replace(OURS, before=(1, 4, 21), manager=None)


class Ground:
    """A programme with its secretariat, a manager and Karim's post."""

    def __init__(self, session: Session) -> None:
        self.session, self.programme = session, builders.programme(session)
        body = builders.organisation(session)
        self.post: Post = builders.post(session, body)
        builders.person(session, "Amina", Role.SECRETARIAT, at=self.programme)
        builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
        builders.person(session, "Karim", holds=self.post)
        self.parent: Recommendation = builders.recommendation(session, builders.meeting(session, self.programme))

    def add(self, *, due_on: dt.date = DUE, is_priority: bool = False) -> None:
        builders.action(self.session, self.parent, self.post, due_on=due_on, is_priority=is_priority)

    def compared(self, days: LadderDays, *, is_priority: bool = False) -> Comparison:
        row = ladders.edited(self.session, self.programme.id, is_priority=is_priority)
        with clock.at(NOW):
            proposed = service.proposed(row, days)
            return ladder_previews.compared(
                self.session, self.programme.id, is_priority=is_priority, proposed=proposed, now=NOW
            )


@pytest.fixture
def ground(session: Session) -> Ground:
    return Ground(session)


def told(found: Comparison, *, now: bool) -> list[tuple[str, int]]:
    return [(line.on.isoformat(), line.days) for line in found.lines if (line.is_now if now else line.is_then)]


def test_both_ladders_are_told_side_by_side(ground: Ground) -> None:
    ground.add()

    found = ground.compared(SOONER)

    assert told(found, now=True) == [("2026-12-08", -14), ("2026-12-15", -7), ("2026-12-21", -1), ("2026-12-22", 0),
                                     ("2026-12-25", 3)]  # fmt: skip
    assert told(found, now=False) == [("2026-12-01", -21), ("2026-12-18", -4), ("2026-12-21", -1), ("2026-12-22", 0),
                                      ("2026-12-25", 3)]  # fmt: skip
    assert {line.name for line in found.lines} == {"Karim"}
    assert found.counts == ((Audience.HOLDER, 5, 5),)
    assert found.differs


def test_what_the_edit_takes_from_a_manager_is_counted(ground: Ground) -> None:
    ground.add(due_on=dt.date(2026, 12, 1))

    counts = {audience: (now, then) for audience, now, then in ground.compared(SOONER).counts}

    assert counts[Audience.MANAGER] == (1, 0)
    assert counts[Audience.SECRETARIAT] == (1, 1)


def test_milestones_periodic_updates_and_values_are_told_too(ground: Ground) -> None:
    ground.programme.word_every, ground.programme.word_since = Rhythm.MONTH, dt.date(2026, 10, 20)
    ground.add()
    action = ground.session.scalars(select(Action)).one()
    ground.session.add(Milestone(action_id=action.id, titles={"fr": "Marché"}, due_on=dt.date(2026, 12, 15)))
    ground.session.add(
        Indicator(
            programme_id=ground.programme.id, titles={"fr": "Exportations"}, unit={"fr": "%"}, post_id=ground.post.id,
            word_every=Rhythm.MONTH, word_since=dt.date(2026, 10, 20), target=Decimal(3),
            target_on=dt.date(2028, 1, 1), created_at=builders.LONG_AGO,
        )
    )  # fmt: skip
    ground.session.flush()

    found = ground.compared(
        replace(OURS, before=(), on_day=False, after=(30,), milestones=(2, 12), values_manager=None)
    )

    dates = {line.on.isoformat() for line in found.lines if line.is_then and not line.is_now}
    assert dates == {"2026-12-03", "2026-12-14"}  # the second of them is a Sunday
    assert {"2026-12-08"} <= {line.on.isoformat() for line in found.lines if line.is_now and not line.is_then}
    assert found.more, "a value stands for no action: it is counted, and not listed"
    priority = ground.compared(replace(OURS, milestones=(2,)), is_priority=True)
    assert (priority.lines, priority.more) == ((), 0)


def test_what_is_past_is_not_shown_as_coming(ground: Ground) -> None:
    ground.add(due_on=NOW.date() + dt.timedelta(days=22))

    days = {line.days for line in ground.compared(replace(OURS, before=(22, 23))).lines if line.is_then}

    assert days & {-22, -23} == set()


def test_the_same_days_change_nothing(ground: Ground) -> None:
    ground.add()

    assert not ground.compared(OURS).differs
    assert ground.compared(OURS).lines


def test_only_its_own_actions_are_looked_at(ground: Ground) -> None:
    ground.add(is_priority=True)
    Ground(ground.session).add()

    assert ground.compared(SOONER).lines == ()
    assert ground.compared(SOONER, is_priority=True).lines


def test_however_many_there_are_some_lines_are_shown_and_the_rest_counted(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(30):
        ground.add()

    found = ground.compared(SOONER)
    assert len(found.lines) == ladder_previews.SHOWN
    assert found.more == 30 * 7 - ladder_previews.SHOWN
    assert not found.is_partial
    monkeypatch.setattr(ladder_previews, "LOOKED", 20)
    assert ground.compared(SOONER).is_partial


def test_it_costs_the_same_statements_whatever_there_is_and_records_nothing(ground: Ground) -> None:
    counts = []
    for more in (1, 40):
        for _ in range(more):
            ground.add()
        asked: list[str] = []

        def note(_c: object, _k: object, statement: str, *_rest: object, asked: list[str] = asked) -> None:
            asked.append(statement)

        connection = ground.session.connection()
        sa.event.listen(connection, "before_cursor_execute", note)
        ground.compared(SOONER)
        sa.event.remove(connection, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 25
    assert not ground.session.scalars(select(Reminder)).all()
    assert ground.session.get_one(Programme, ground.programme.id)
