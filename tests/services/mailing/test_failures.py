"""A mail that failed is seen, sent again or closed by a person: one, or all that failed alike in their own ledger."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.db import Database
from app.domain.errors import NotFound, Refused
from app.domain.permissions import Grant, Role, Viewer
from app.models.audit import AuditEvent
from app.models.meetings import Programme
from app.models.notifications import Delivery, Envelope
from app.queries.mailing import health, outgoing
from app.services.kernel import outbox
from app.services.kernel.audit import Actor
from app.services.mailing import failures
from tests import builders

REFUSED, FULL = "550 <%s> no such user", "552 <%s> mailbox full"


class Scene:
    """Two programmes with an action each; three mails of the first failed, two of them alike, and one of the other."""

    def __init__(self, session: Session) -> None:
        mine, other = builders.programme(session), builders.programme(session)
        self.amina = builders.person(session, "Amina", Role.SECRETARIAT, at=mine)
        self.omar = builders.person(session, "Omar", Role.SECRETARIAT, at=other)
        self.karim = builders.person(session, "Karim", holds=builders.post(session))
        self.a, self.b, self.full = (self.lost(session, mine, why) for why in (REFUSED, REFUSED, FULL))
        self.foreign = self.lost(session, other, REFUSED)

    def lost(self, session: Session, programme: Programme, why: str) -> int:
        parent = builders.recommendation(session, builders.meeting(session, programme))
        action = builders.action(session, parent, builders.post(session))
        mail = outbox.enqueue(session, "action_assigned", self.karim.id, f"a{action.id}", about=("action", action.id))
        ended = {"state": Delivery.DEAD, "ended_at": clock.now(), "reason": why % f"karim{action.id}@example.ma"}
        session.execute(sa.update(Envelope).where(col(Envelope.id) == mail).values(**ended))
        return mail

    def by(self, name: str) -> Actor:
        person = {"amina": self.amina, "omar": self.omar}[name]
        programme_id = 1 if name == "amina" else 2
        return Actor(Viewer(person.id, frozenset({Grant(Role.SECRETARIAT, programme_id)})))


def dead(session: Session) -> int:
    return health.followup(session, clock.now()).dead


def verbs(session: Session) -> list[tuple[str, int]]:
    query = select(AuditEvent.verb, AuditEvent.subject_id).where(col(AuditEvent.subject_kind) == "message")
    return sorted(session.execute(query))


def test_one_that_is_seen_alarms_nobody_and_stays_in_the_list_with_who_and_when(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        assert (failures.acknowledge(session, scene.by("amina"), scene.full), dead(session)) == (1, 3)
        [line] = [one for one in listed(session, scene) if one.id == scene.full]
        assert (line.seen_by, line.seen_at is not None) == ("Amina", True)
        assert len(listed(session, scene)) == 3
        failures.acknowledge(session, scene.by("amina"), scene.full)
        assert verbs(session) == [("acknowledge", scene.full)], "seen once is enough"


def listed(session: Session, scene: Scene) -> list[outgoing.LedgerLine]:
    return outgoing.failed(session, scene.by("amina").viewer, clock.now(), most=50)


def test_all_that_failed_alike_are_those_of_ones_own_ledger_alone(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        line = outgoing.one(session, scene.by("amina").viewer, scene.a)
        assert outgoing.how_many_alike(session, scene.by("amina").viewer, line) == 2
        assert failures.acknowledge(session, scene.by("amina"), scene.a, alike=True) == 2
        assert verbs(session) == [("acknowledge", scene.a), ("acknowledge", scene.b)]
        assert dead(session) == 2


def test_one_that_is_closed_leaves_list_and_health_and_is_never_sent_again(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        amina = scene.by("amina")
        with pytest.raises(Refused):
            failures.close(session, amina, scene.a, " ")
        assert failures.close(session, amina, scene.a, "Parti à la retraite", alike=True) == 2
        assert [one.id for one in listed(session, scene)] == [scene.full]
        assert outgoing.how_many_failed(session, amina.viewer, clock.now()) == 1
        assert dead(session) == 2
        for verb in (outbox.requeue, failures.again, failures.acknowledge):
            with pytest.raises(Refused):
                verb(session, amina, scene.a)
        assert outgoing.one(session, amina.viewer, scene.a).closing == "Parti à la retraite"
        assert verbs(session) == [("close", scene.a), ("close", scene.b)]


def test_what_was_closed_before_stays_closed_whatever_failed_alike(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        amina = scene.by("amina")
        failures.close(session, amina, scene.b, "Parti à la retraite")
        assert failures.again(session, amina, scene.a, alike=True) == 1
        session.flush()
        assert session.get_one(Envelope, scene.b).state == Delivery.DEAD


def test_what_is_sent_again_waits_as_new_and_would_alarm_again(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        failures.acknowledge(session, scene.by("amina"), scene.a)
        assert failures.again(session, scene.by("amina"), scene.a, alike=True) == 2
        session.flush()
        states = select(Envelope.state, Envelope.acknowledged_at).where(col(Envelope.id).in_([scene.a, scene.b]))
        assert set(map(tuple, session.execute(states))) == {(Delivery.QUEUED, None)}


def test_nobody_decides_about_another_programmes_mail(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        for verb in (failures.acknowledge, failures.again):
            with pytest.raises(NotFound):
                verb(session, scene.by("omar"), scene.a)
        with pytest.raises(NotFound):
            failures.close(session, scene.by("omar"), scene.a, "x")
        assert verbs(session) == []
