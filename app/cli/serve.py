"""`tatbiq serve`, `migrate` and `demo`: the service itself, and what has to be there before it opens a port."""

from typing import Annotated

import sqlalchemy as sa
import typer
import uvicorn
from sqlmodel import col

from app import config, db, demo, logs, migrations
from app.cli.session import fail, ready_database
from app.config import settings
from app.models.people import Person


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(migrate)
    app.command("demo")(load_demo)


def serve(
    host: Annotated[str, typer.Option(help="Address to bind to")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to bind to")] = 0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer")] = 1,
) -> None:
    """Serve the pages, with the scheduler inside unless TATBIQ_SCHEDULER=external."""
    given = ({"host": host} if host else {}) | ({"port": str(port)} if port else {})
    chosen = config.override(**given)
    database = ready_database()
    if chosen.demo:
        _make_demo(database)
    _say_how_to_begin(database)
    database.dispose()
    logs.configure()
    proxies = chosen.trusted_proxies
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=workers,
        http="app.web.lines:Line",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=5,
    )


def migrate() -> None:
    """Bring the database to the shape of this version."""
    if lines := config.problems(settings()):
        fail("\n".join(lines))
    migrations.to_head(settings().database)
    typer.echo(f"The database is at revision {db.expected_revision()}.")


def load_demo() -> None:
    """Fill an empty database with the demonstration (TATBIQ_DEMO=1)."""
    if not settings().demo:
        fail("This needs TATBIQ_DEMO=1: the demonstration has a database of its own.")
    _make_demo(ready_database())


def _make_demo(database: db.Database) -> None:
    with database.read() as session:
        if demo.is_loaded(session):
            return
        if session.scalars(sa.select(col(Person.id)).limit(1)).first():
            fail("TATBIQ_DEMO=1 refuses this database: it holds something that is not the demonstration.")
    typer.echo("Loading the demonstration …", err=True)
    demo.load(database)


def _say_how_to_begin(database: db.Database) -> None:
    base = settings().base
    typer.echo(f"Tatbiq serves {base}/")
    with database.read() as session:
        people = session.execute(sa.select(col(Person.email), col(Person.name)).order_by(col(Person.id))).all()
    if settings().demo:
        typer.echo(f"Sign in as one of the cast, without a password, at {base}/ar/sign-in :")
        for member in demo.CAST:
            typer.echo(f"  {member.email:<28} {member.part}")
    elif not people:
        typer.echo("Nobody can sign in yet. Make the first administrator, then open the address it prints:")
        typer.echo('  .venv/bin/tatbiq person add you@example.org --name "Your name" --role administrator')
        typer.echo("  .venv/bin/tatbiq person link you@example.org")
