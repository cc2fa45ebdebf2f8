"""`tatbiq bounce`, `receive` and `lmtp`: mail that the mail server hands in, by a pipe or by a socket."""

import logging
import sys
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from app import config, db, logs
from app.cli.session import fail, ready_database
from app.mail.inbound import lmtp as door
from app.mail.inbound.mime import MOST_BYTES
from app.mail.inbound.outcomes import TakenAs
from app.services.mailing import inbound

log = logging.getLogger("tatbiq.inbound")
TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps it and brings it again
_NOT_TAKEN = frozenset({TakenAs.UNREADABLE, TakenAs.UNSIGNED, TakenAs.FORGED, TakenAs.UNKNOWN, TakenAs.UNCLEAR})

Recipients = Annotated[list[str] | None, typer.Option("--recipient", help="Of the envelope; else the headers say it")]


def register(app: typer.Typer) -> None:
    app.command()(bounce)
    app.command()(receive)
    app.command()(lmtp)


def bounce(recipient: Recipients = None) -> None:
    """Take one mail that came back from standard input, and say what came of it in a word."""
    outcome = _given(recipient or [])
    if outcome in _NOT_TAKEN:
        fail(f"{outcome}: this is no mail that came back from us.")
    typer.echo(outcome)


def receive(recipient: Recipients = None) -> None:
    """Take one mail of any kind from standard input, and say what came of it; what is not taken nobody is told of."""
    typer.echo(_given(recipient or []))  # exit 0: any other makes the mail server write to a sender who may be forged


def lmtp(
    host: Annotated[str, typer.Option(help="Address to bind to")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to bind to; 0: any that is free")] = 2424,
) -> None:
    """Take mail from the mail server next to us, until the process is ended."""
    if not config.is_loopback(host):
        fail("This door asks nobody who they are: bind it to 127.0.0.1 or ::1.")
    ready_database()
    logs.configure()
    door.serve(host, port, _take, lambda where, at: typer.echo(f"Tatbiq takes mail at {where} port {at} (LMTP)"))


def _given(recipients: list[str]) -> TakenAs:
    """From standard input; what the database cannot take now the mail server shall bring again."""
    raw = sys.stdin.buffer.read(MOST_BYTES)
    while sys.stdin.buffer.read(MOST_BYTES):
        pass  # a mail server that cannot write all of it takes us for broken
    try:
        ready_database()
    except typer.Exit:
        raise typer.Exit(TRY_LATER) from None
    try:
        with db.current().write() as session:
            outcome = inbound.take(session, raw, recipients)
    except SQLAlchemyError as error:
        typer.echo(f"The database did not take it: {type(error).__name__}", err=True)
        raise typer.Exit(TRY_LATER) from None
    if outcome is TakenAs.LATER:
        typer.echo(outcome, err=True)
        raise typer.Exit(TRY_LATER)
    return outcome


def _take(raw: bytes, recipient: str) -> bool:
    try:
        with db.current().write() as session:
            outcome = inbound.take(session, raw[:MOST_BYTES], [recipient])
    except Exception:
        log.exception("a mail could not be taken; the mail server will bring it again")
        return False
    log.info("mail taken", extra={"outcome": str(outcome)})
    return outcome is not TakenAs.LATER
