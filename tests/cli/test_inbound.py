"""Mail handed in by the mail server: a word of what came of it, an exit code it understands, never a traceback."""

import io
import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from app.cli import inbound as cli
from app.config import settings
from app.db import Database
from app.mail import signed_addresses
from app.mail.signed_addresses import AddressUse
from app.models.notifications import Delivery, Envelope
from tests.mail.inbound import dsns
from tests.services.mailing.test_bounces import House

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sender(database: Database) -> str:
    """Of the envelope of a mail that has gone to Karim."""
    with database.write() as session:
        message = House(session).sent()
        return signed_addresses.made("suivi@example.ma", AddressUse.BOUNCE, message.id, settings().key)


def states(database: Database) -> list[Delivery]:
    with database.read() as session:
        query = select(Envelope.state).where(Envelope.kind == "action_assigned")
        return list(session.scalars(query))


def run(*words: str, raw: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **more}
    return subprocess.run(
        [sys.executable, "-m", "app", *words], input=raw, capture_output=True, env=environment, cwd=ROOT, timeout=60
    )


@pytest.mark.slow
def test_a_bounce_on_standard_input_is_recorded(database: Database, sender: str) -> None:
    done = run("bounce", "--recipient", sender, raw=dsns.postfix())

    assert (done.returncode, done.stdout, done.stderr) == (0, b"recorded\n", b"")
    assert states(database) == [Delivery.BOUNCED]


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff" * 1000, dsns.postfix(), dsns.postfix(to="suivi+b-1-aaaaaaaaaaaaaaaa@example.ma")]
)
def test_what_is_none_of_ours_is_one_line_and_exit_1(database: Database, sender: str, raw: bytes) -> None:
    done = run("bounce", raw=raw)

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert states(database) == [Delivery.SENT]


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_without_its_database_the_mail_server_keeps_the_mail(database: Database, sender: str, tmp_path: Path) -> None:
    done = run("bounce", raw=dsns.postfix(), TATBIQ_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")

    assert done.returncode == 75
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("door", ["bounce", "receive"])
def test_what_overtakes_its_mail_the_mail_server_brings_again(database: Database, sender: str, door: str) -> None:
    become(database, Delivery.CLAIMED)

    assert run(door, "--recipient", sender, raw=dsns.postfix()).returncode == 75


@pytest.mark.sqlite_only
@pytest.mark.parametrize("door", ["pipe", "lmtp"])
def test_what_the_database_does_not_take_is_never_said_to_be_taken(
    database: Database, sender: str, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    monkeypatch.setattr("app.services.mailing.inbound.take", broken)
    if door == "lmtp":
        assert not cli._take(dsns.postfix(), sender)
        return
    monkeypatch.setattr(cli, "ready_database", lambda: None)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(dsns.postfix())))
    with pytest.raises(typer.Exit) as left:
        cli.receive([sender])
    assert left.value.exit_code == cli.TRY_LATER


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_what_is_received_and_not_taken_ends_well_so_that_no_forged_sender_is_told(
    database: Database, sender: str
) -> None:
    for raw, said in ((b"", b"unreadable\n"), (b"From: x@y.ma\n\nhello", b"unsigned\n")):
        done = run("receive", raw=raw)
        assert (done.returncode, done.stdout, done.stderr) == (0, said, b"")

    assert run("receive", raw=dsns.postfix(to=sender)).stdout == b"recorded\n"


@pytest.mark.slow
def test_lmtp_takes_a_mail_when_it_is_committed(database: Database, sender: str) -> None:
    command = [sys.executable, "-m", "app", "lmtp", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        port = int(process.stdout.readline().split()[-2])
        with smtplib.LMTP("127.0.0.1", port, timeout=10) as client:
            client.sendmail("", [sender], dsns.postfix())
        assert states(database) == [Delivery.BOUNCED]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_lmtp_is_for_this_machine_alone(database: Database) -> None:
    done = run("lmtp", "--host", "0.0.0.0")

    assert done.returncode == 1
    assert b"127.0.0.1" in done.stderr


def become(database: Database, state: Delivery) -> None:
    with database.write() as session:
        session.execute(sa.update(Envelope).where(col(Envelope.kind) == "action_assigned").values(state=state))
