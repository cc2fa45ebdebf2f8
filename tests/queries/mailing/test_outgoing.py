"""The preview records nothing and tells what will be; the ledger tells what was, to those whom it concerns."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app import clock
from app.db import Database
from app.domain.errors import InvalidQuery, NotFound
from app.domain.ladder import Audience
from app.domain.permissions import PUBLIC, Role, Viewer
from app.domain.workflow import State
from app.mail.deposits import MemoryTransport
from app.mail.failures import RecipientRefused
from app.models.actions import Action, Milestone
from app.models.notifications import Delivery, DigestWindow, Envelope, Reminder
from app.models.people import Person, Post
from app.models.recommendations import Recommendation
from app.queries.mailing import outgoing, preview_candidates, previews
from app.queries.mailing import reminders as owed
from app.queries.scope import viewers
from app.services.kernel import outbox
from app.services.mailing import delivery
from app.services.setup import access
from tests import builders, passes
from tests.builders import instant

FRIDAY = "2026-12-04T10:00"
DUE = dt.date(2026, 12, 14)


@pytest.fixture
def action(session: Session) -> Action:
    return cast(session)


def cast(session: Session) -> Action:
    programme = builders.programme(session)
    post = builders.post(session)
    builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
    builders.person(session, "Omar", Role.SECRETARIAT, at=builders.programme(session))
    builders.person(session, "Nadia", Role.ADMINISTRATOR)
    builders.person(session, "Karim", holds=post)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    return builders.action(session, parent, post, due_on=DUE)


def viewer(session: Session, name: str) -> Viewer:
    person = session.scalars(select(Person).where(sa.column("name") == name)).one()
    return viewers.by_person(session, person.id) or pytest.fail("nobody")


def test_it_tells_the_next_seven_days_by_day_and_person_and_records_nothing(session: Session, action: Action) -> None:
    found = previews.preview(session, viewer(session, "Amina"), instant(FRIDAY)).mails

    mornings = [(one.on, one.name, [line.rung for line in one.lines]) for one in found if one.kind == "reminder"]
    assert mornings == [(dt.date(2026, 12, 7), "Karim", ["before_7"])]
    [line] = next(one for one in found if one.kind == "reminder").lines
    assert (line.ref, line.audience, line.days) == (action.ref, Audience.HOLDER, -7)
    digests = {(one.on, one.name, one.kind) for one in found if one.kind != "reminder"}
    assert digests == {
        (dt.date(2026, 12, 4), "Karim", "digest"),
        (dt.date(2026, 12, 4), "Amina", "digest"),
    }
    for table in (Reminder, Envelope, DigestWindow):
        assert not session.scalars(select(table)).all()


def test_the_preview_looks_at_a_few_actions_after_the_other_and_at_each_once(
    session: Session, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "SUBJECTS", 2)
    parent, post = (
        session.get_one(Recommendation, action.recommendation_id),
        session.get_one(Post, action.owner_post_id),
    )
    refs = {action.ref} | {builders.action(session, parent, post, due_on=DUE).ref for _ in range(4)}
    seen: list[str] = []
    kinds: list[set[str]] = []
    after = ""
    while True:
        found = previews.preview(session, viewer(session, "Amina"), instant(FRIDAY), after)
        seen += [line.ref for mail in found.mails for line in mail.lines]
        kinds.append({mail.kind for mail in found.mails})
        if not (after := found.next):
            break

    assert (len(seen), set(seen)) == (5, refs)
    assert kinds[0] >= {"digest", "reminder"}
    assert kinds[1:] == [{"reminder"}, {"reminder"}]


def test_those_whose_steps_go_on_come_first_in_the_preview_and_every_open_one_once(
    session: Session, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = session.get_one(Recommendation, action.recommendation_id)
    post = session.get_one(Post, action.owner_post_id)
    early, long_ago, lately = dt.date(2026, 7, 1), instant("2026-08-03T10:00"), instant("2026-11-30T10:00")
    rest = [
        builders.action(session, parent, post, State.SUBMITTED, early, submitted_at=long_ago),
        builders.action(session, parent, post, State.ASSIGNED, early, assigned_at=long_ago),
        builders.action(session, parent, post, State.DECLINED, None, assigned_at=long_ago),
    ]
    fresh = [builders.action(session, parent, post, State.ASSIGNED, early, assigned_at=lately) for _ in range(3)]
    under_way = [builders.action(session, parent, post, State.BLOCKED, DUE) for _ in range(2)]
    expected = [action, *under_way, *fresh, *rest]

    for limit in (1, 2, 3, 4, 20):
        seen: list[int] = []
        after = ""
        while True:
            ids, after = preview_candidates.page(session, [action.programme_id], instant(FRIDAY), after, limit)
            seen += ids
            if not after:
                break
        assert sorted(seen[:3]) == sorted(item.id for item in expected[:3]), limit
        assert sorted(seen) == sorted(item.id for item in expected), limit
    assert preview_candidates.page(session, [], instant(FRIDAY), "", 5) == ([], "")
    with pytest.raises(InvalidQuery):
        preview_candidates.page(session, [action.programme_id], instant(FRIDAY), "9nonsense", 5)


def test_a_milestone_without_a_date_has_no_step(session: Session, action: Action) -> None:
    session.add(Milestone(action_id=action.id, titles={"fr": "Un jour"}))
    session.flush()

    found = previews.preview(session, viewer(session, "Amina"), instant(FRIDAY))

    assert [line.ref for mail in found.mails for line in mail.lines] == [action.ref]


def test_what_the_preview_says_is_what_is_planned(session: Session, action: Action) -> None:
    for day in ("2026-12-07", "2026-12-14", "2026-12-17", "2026-12-21", "2026-12-28"):
        now = instant(f"{day}T07:00")
        with clock.at(now):
            passes.plan_reminders(session, now - dt.timedelta(hours=12))
        told = [
            (one.person_id, line.rung)
            for one in previews.preview(session, viewer(session, "Nadia"), now).mails
            for line in one.lines
            if one.on == now.date()
        ]
        with clock.at(now):
            planned = [
                (one.person_id, one.step.rung)
                for one in owed.due(session, now + dt.timedelta(hours=1)).owed
                if one.goes
            ]
            passes.plan_reminders(session, now + dt.timedelta(hours=1))
        assert sorted(told) == sorted(planned), day


def test_another_programmes_secretariat_sees_nothing_of_it(session: Session, action: Action) -> None:
    found = previews.preview(session, viewer(session, "Omar"), instant(FRIDAY)).mails

    assert [one.name for one in found] == ["Omar"]
    assert not previews.preview(session, viewer(session, "Karim"), instant(FRIDAY)).mails
    assert not previews.preview(session, PUBLIC, instant(FRIDAY)).mails


@pytest.fixture
def sent(database: Database) -> Database:
    """One assignment that arrived, a morning's reminder that was refused, a sign-in."""
    now = instant("2026-12-07")
    with database.write() as session, clock.at(now):
        action = cast(session)
        karim = session.scalars(select(Person).where(sa.column("name") == "Karim")).one()
        outbox.enqueue(session, "action_assigned", karim.id, "u1", about=("action", action.id))
        passes.plan_reminders(session, now)
        access.request_sign_in(session, karim.email, "", "192.0.2.1")
    with clock.at(now):
        transport = MemoryTransport(None, None, RecipientRefused(550, "no such user"))
        delivery.dispatch(database.write, transport, now)
    return database


def test_the_ledger_tells_to_whom_why_and_how_it_ended(sent: Database) -> None:
    with sent.read() as session:
        amina = viewer(session, "Amina")
        lines = outgoing.ledger(session, amina)
        ends = [(line.kind, line.name, line.state) for line in lines if line.name == "Karim"]
        assert ends == [("reminder", "Karim", Delivery.DEAD), ("action_assigned", "Karim", Delivery.SENT)]
        assert lines[-1].ref == session.scalars(select(Action.ref)).one()
        assert [line.reason for line in outgoing.failed(session, amina, instant("2026-12-08"))] == ["550 no such user"]
        assert not outgoing.ledger(session, viewer(session, "Omar"))
        assert not outgoing.ledger(session, viewer(session, "Karim"))


def test_it_is_filtered_and_turned_by_cursor(sent: Database) -> None:
    with sent.read() as session:
        nadia = viewer(session, "Nadia")
        first, second, *_ = outgoing.ledger(session, nadia)
        after = outgoing.ledger(session, nadia, after=(first.created_at, first.id))
        assert after[0] == second
        ref = session.scalars(select(Action.ref)).one()
        assert {line.kind for line in outgoing.ledger(session, nadia, ref=ref)} == {"action_assigned", "reminder"}
        assert [line.kind for line in outgoing.ledger(session, nadia, kind="reminder")] == ["reminder"]


def test_the_text_is_for_the_secretariat_and_holds_no_key(sent: Database) -> None:
    with sent.read() as session:
        amina = viewer(session, "Amina")
        message = outgoing.ledger(session, amina, kind="action_assigned")[0]
        _, text = outgoing.text(session, amina, message.id)
        assert "/u/…" in text
        for name in ("Nadia", "Omar"):
            with pytest.raises(NotFound):
                outgoing.text(session, viewer(session, name), message.id)


def test_a_sign_in_mail_is_in_nobodys_ledger(sent: Database) -> None:
    with sent.read() as session:
        assert "sign_in" not in {line.kind for line in outgoing.ledger(session, viewer(session, "Nadia"))}
