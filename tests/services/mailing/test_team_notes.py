"""Team chats are told once when reminders stand for a while, and once when they go again; what fails stays theirs."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app import jobs
from app.channels import NotDelivered, Notice
from app.db import Database
from app.domain.permissions import Role
from app.models.channels import ChannelNote, NoteState, TeamChannel
from app.models.notifications import Heartbeat
from app.queries.mailing import health
from app.services.kernel.audit import Actor
from app.services.mailing import team_notes
from app.services.setup import team_channels
from tests import actors, builders
from tests.fixtures.settings import Configure

NOON = builders.instant("2026-12-07T12:00")
MINUTE = dt.timedelta(minutes=1)
ADDRESS = "ntfys://ntfy.example.org/suivi-secret"


class Chats:
    """Takes what it is given, or refuses."""

    name = "trial"

    def __init__(self) -> None:
        self.fault = ""
        self.told: list[tuple[str, Notice]] = []

    def send(self, address: str, notice: Notice) -> None:
        if self.fault:
            raise NotDelivered(self.fault)
        self.told.append((address, notice))


def sara(database: Database) -> Actor:
    with database.write() as session:
        return actors.acting(builders.person(session, "Sara", Role.ADMINISTRATOR), Role.ADMINISTRATOR)


@pytest.fixture
def chat(database: Database) -> int:
    by = sara(database)
    with database.write() as session:
        return team_channels.add(session, by, name="Suivi", address=ADDRESS, lang="fr").id


def turn(database: Database, chats: Chats, minutes: float, *, is_red: bool) -> None:
    """The job's turn so long after noon, reminders standing or not."""
    now = NOON + minutes * MINUTE
    with database.write() as session:
        session.execute(sa.delete(Heartbeat).where(col(Heartbeat.name) == health.LOOKED))
        session.add(Heartbeat(name=health.LOOKED, at=now - (60 * MINUTE if is_red else 0 * MINUTE)))
    team_notes.turn(database.read, database.write, chats, now)


def notes(database: Database) -> list[ChannelNote]:
    with database.read() as session:
        return list(session.scalars(select(ChannelNote).order_by(col(ChannelNote.id))))


def test_what_stands_for_five_minutes_is_told_once_and_so_is_its_end(database: Database, chat: int) -> None:
    chats = Chats()
    for minute in (0, 1, 2, 5.5):
        turn(database, chats, minute, is_red=minute > 0)
    assert chats.told == [], "not yet"
    for minute in range(6, 30):
        turn(database, chats, minute, is_red=True)
    for minute in range(30, 60):
        turn(database, chats, minute, is_red=False)

    titles = [notice.title for _, notice in chats.told]
    assert [title.partition(": ")[2] for title in titles] == [
        "les rappels ne partent pas comme il faut.",
        "les rappels partent de nouveau comme il faut.",
    ]
    address, notice = chats.told[0]
    assert (address, notice.link) == (ADDRESS, "http://127.0.0.1:8000/fr/workspace/setup/health")


def test_a_moment_of_red_is_not_told(database: Database, chat: int) -> None:
    chats = Chats()
    for minute in range(40):
        turn(database, chats, minute, is_red=minute % 5 in (1, 2, 3))

    assert chats.told == []
    assert notes(database) == []


def test_where_the_clock_was_set_back_nobody_waits_for_the_old_time(database: Database, chat: int) -> None:
    chats = Chats()
    for minute in (0, 24 * 60, *range(1, 8)):
        turn(database, chats, minute, is_red=minute > 0)

    assert len(chats.told) == 1


def test_a_chat_that_is_named_while_they_stand_hears_it(database: Database, chat: int) -> None:
    chats = Chats()
    for minute in range(8):
        turn(database, chats, minute, is_red=True)

    assert len(chats.told) == 1


def test_what_a_chat_could_not_be_told_in_time_is_told_no_more(database: Database, chat: int) -> None:
    chats = Chats()
    chats.fault = "the chat did not take it"
    for minute in (0, *range(1, 8)):
        turn(database, chats, minute, is_red=minute > 0)
    chats.fault = ""
    turn(database, chats, 13 * 60, is_red=True)

    assert (chats.told, [note.state for note in notes(database)]) == ([], [NoteState.DEAD])


@pytest.mark.parametrize("is_in_hand", [False, True])
def test_a_chat_that_heard_nothing_of_the_fault_is_told_its_end_and_nothing_after_it(
    database: Database, chat: int, is_in_hand: bool
) -> None:
    chats = Chats()
    chats.fault = "the chat did not take it"
    for minute in range(14):
        turn(database, chats, minute, is_red=0 < minute < 8)
    if is_in_hand:
        # Spoken to since before the end was queued, by a process that only now learns that the chat refuses.
        [red, _green] = notes(database)
        with database.write() as session:
            taken = team_notes.Taken(red.id, red.attempts, red.kind, b"", "fr")
            team_notes._end(session, taken, NoteState.WAITING, chats.fault, NOON)
    chats.fault = ""
    for minute in range(14, 120):
        turn(database, chats, minute, is_red=False)

    assert ["de nouveau" in notice.title for _, notice in chats.told] == [True]


def test_who_comes_late_ends_no_note_that_another_has(database: Database, chat: int) -> None:
    by = sara(database)
    with database.write() as session:
        team_channels.try_out(session, by, session.get_one(TeamChannel, chat))
        [mine] = session.scalars(select(ChannelNote.id))
        session.execute(sa.update(ChannelNote).values(attempts=2))
        team_notes._end(session, team_notes.Taken(mine, 1, "trial", b"", "fr"), NoteState.DEAD, "late", NOON)

    assert [note.state for note in notes(database)] == [NoteState.WAITING]


def test_a_chat_that_refuses_is_tried_later_then_given_up_and_the_other_is_told(database: Database, chat: int) -> None:
    by, chats = sara(database), Chats()
    chats.fault = "the chat did not take it"
    with database.write() as session:
        team_channels.try_out(session, by, session.get_one(TeamChannel, chat))
        session.execute(sa.update(ChannelNote).values(due_at=NOON, created_at=NOON))
    for minute in range(200):
        team_notes.tell(database.read, database.write, chats, NOON + minute * MINUTE)

    [note] = notes(database)
    assert (note.state, note.attempts, note.reason) == (NoteState.DEAD, 5, "the chat did not take it")


def test_a_kill_while_a_chat_is_spoken_to_leaves_the_note_for_later(database: Database, chat: int) -> None:
    by = sara(database)
    with database.write() as session:
        team_channels.try_out(session, by, session.get_one(TeamChannel, chat))
        session.execute(sa.update(ChannelNote).values(due_at=NOON, created_at=NOON))

    class Killed(Chats):
        def send(self, address: str, notice: Notice) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        team_notes.tell(database.read, database.write, Killed(), NOON)
    chats = Chats()
    team_notes.tell(database.read, database.write, chats, NOON + MINUTE)
    assert chats.told == [], "its next try was written down before"
    team_notes.tell(database.read, database.write, chats, NOON + 2 * MINUTE)
    assert len(chats.told) == 1
    assert [note.state for note in notes(database)] == [NoteState.SENT]


def test_many_turns_at_once_tell_a_chat_once(database: Database, chat: int) -> None:
    by, chats = sara(database), Chats()
    with database.write() as session:
        team_channels.try_out(session, by, session.get_one(TeamChannel, chat))
        session.execute(sa.update(ChannelNote).values(due_at=NOON, created_at=NOON))
    start = threading.Barrier(6)

    def one() -> None:
        start.wait(10)
        team_notes.tell(database.read, database.write, chats, NOON)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(chats.told) == 1


def test_under_another_key_it_says_so_and_sends_nothing(database: Database, chat: int, configure: Configure) -> None:
    by, chats = sara(database), Chats()
    with database.write() as session:
        team_channels.try_out(session, by, session.get_one(TeamChannel, chat))
        session.execute(sa.update(ChannelNote).values(due_at=NOON, created_at=NOON))
    configure(secret_key="another key of thirty-two letters or more")
    team_notes.tell(database.read, database.write, chats, NOON)

    assert chats.told == []
    assert "another key" in notes(database)[0].reason


def test_where_there_is_no_chat_nothing_is_written(database: Database) -> None:
    jobs.run_pass()

    with database.read() as session:
        assert session.get(Heartbeat, team_notes.TOLD) is None


def test_no_stored_byte_opens_a_chat(database: Database, chat: int) -> None:
    with database.read() as session:
        kept = session.get_one(TeamChannel, chat)
    assert b"secret" not in kept.address
    assert "ntfy.example" not in f"{kept.name}{kept.service}"
