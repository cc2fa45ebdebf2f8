"""Whoever comes back is not told again what whoever acted for them has heard."""

import datetime as dt

from sqlmodel import Session

from app.models.notifications import Reminder, ReminderState
from app.models.people import Holding
from app.queries.mailing import reminders
from tests import builders
from tests.builders import instant

MORNING = instant("2026-11-23T09:00")


def test_what_the_acting_one_heard_is_recorded_for_the_holder_and_does_not_go(session: Session) -> None:
    post, programme = builders.post(session), builders.programme(session)
    karim, salma = builders.person(session, "Karim", holds=post), builders.person(session, "Salma")
    acted = Holding(
        post_id=post.id, person_id=salma.id, is_acting=True, since_on=dt.date(2026, 11, 1),
        until_on=dt.date(2026, 11, 22), created_at=instant("2026-11-01"),
    )  # fmt: skip
    session.add(acted)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    action = builders.action(session, parent, post, due_on=dt.date(2026, 11, 23))
    session.flush()
    before = [one for one in reminders.due(session, MORNING).owed if one.person_id == karim.id and one.goes]
    assert len(before) == 1
    heard = before[0].key._replace(person_id=salma.id)
    row = Reminder(
        person_id=salma.id, subject_kind=heard.subject_kind, subject_id=action.id, step=heard.step,
        audience="holder", deadline_version=heard.version, due_on=MORNING.date(), state=ReminderState.DONE, at=MORNING,
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = [one for one in reminders.due(session, MORNING).owed if one.person_id == karim.id]

    assert [one.key for one in after if one.goes] == []
    assert before[0].key in {one.key for one in after}
