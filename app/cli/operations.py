"""`tatbiq tick` and `scheduler`: the clock by hand, and the clock alone."""

import datetime as dt
from typing import Annotated

import typer

from app import db, jobs, logs
from app.cli import listening, served
from app.cli.session import fail, ready_database
from app.domain.errors import Refused
from app.queries.mailing import health


def register(app: typer.Typer) -> None:
    app.command()(tick)
    app.command()(scheduler)


def tick(
    at: Annotated[str, typer.Option(help="Pretend that it is this instant, for example 2027-01-04T08:00+00:00")] = "",
) -> None:
    """Plan, dispatch, seal and sweep once, and say what was done; exit 1 when a part of it failed."""
    instant = _instant(at) if at else None
    ready_database()
    served.adopt()
    if instant:
        try:
            jobs.require_reachable(instant)
        except Refused as refused:
            fail(str(refused))
    done = jobs.run_pass(instant)
    typer.echo(str(done))
    with db.current().read() as session:
        held = health.held(session)
    if held:
        typer.echo(str(held), err=True)
    if done.failed:
        fail("\n".join(f"The job {one.splitlines()[0]}" for one in done.failed))


def scheduler() -> None:
    """Run the schedule in this process, for services that start with TATBIQ_SCHEDULER=external."""
    ready_database()
    served.adopt()
    logs.configure()
    jobs.run_scheduler()
    listening.leave_in_time()


def _instant(text: str) -> dt.datetime:
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an instant such as 2027-01-04T08:00+00:00") from None
    if instant.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no offset: write 2027-01-04T08:00+00:00")
    return instant.astimezone(dt.UTC)
