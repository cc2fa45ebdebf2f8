"""`tatbiq serve`, `migrate` and `demo`: the service itself, and what has to be there before it opens a port."""

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer
import uvicorn
from sqlalchemy.engine import make_url
from sqlmodel import col

from app import config, db, demo, logs, migrations
from app.cli import listening, served
from app.cli.session import fail, ready_database, revision, sound_settings
from app.config import Settings, settings
from app.models.people import Person
from app.services.kernel import search_rebuild


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(migrate)
    app.command("demo")(load_demo)


def serve(
    host: Annotated[str, typer.Option(help="Address to bind to")] = "",
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to bind to; 0: any that is free")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer")] = 1,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when a file changes, for developers")] = False,
) -> None:
    """Serve the pages, with the scheduler inside unless TATBIQ_SCHEDULER=external."""
    config.override(**({"host": host} if host else {}), **({"port": str(port)} if port is not None else {}))
    chosen = sound_settings()
    with listening.bound(chosen.host, chosen.port) as opened:
        config.override(port=str(opened.getsockname()[1]))
        database = ready_database()
        if chosen.demo:
            _make_demo(database)
        listening.listen(opened, chosen.host, chosen.port)
        _say_how_to_begin(database)
        database.dispose()
        with served.noted(chosen.data_dir, settings().base):
            has_begun = listening.run(_options(settings(), workers, reload=reload), opened)
    if not has_begun:
        raise typer.Exit(1)


def _options(chosen: Settings, workers: int, *, reload: bool) -> uvicorn.Config:
    proxies = chosen.trusted_proxies
    return uvicorn.Config(
        "app.main:create_app",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=None if reload else workers,
        reload=reload,
        reload_dirs=[str(config.STATIC.parent), str(config.TEMPLATES)] if reload else None,
        log_config=logs.CONFIG,  # in every process that is started from here
        http="app.web.connections:Connection",
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=listening.LEAVE_SECONDS // 2,
    )


def migrate() -> None:
    """Bring the database to the shape of this version."""
    url = make_url(sound_settings().database)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = revision(db.init())
    if found and found > db.expected_revision():
        fail(f"The database is at revision {found}, which this version does not know: use the version that made it.")
    migrations.to_head(settings().database)
    search_rebuild.rebuild_where_empty(db.current().write)
    typer.echo(f"The database is at revision {db.expected_revision()}.")


def load_demo() -> None:
    """Fill an empty database with the demonstration (TATBIQ_DEMO=1)."""
    if not sound_settings().demo:
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
        tatbiq = ".venv/bin/tatbiq" if config.IS_CLONE else "tatbiq"
        typer.echo(f'  {tatbiq} person add you@example.org --name "Your name" --role administrator')
        typer.echo(f"  {tatbiq} person link you@example.org")
