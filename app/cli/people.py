"""`tatbiq person add|list|link|disable`: the first people, before anybody can sign in to make others."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import sqlalchemy as sa
import typer
from sqlmodel import Session, col

from app.cli import served
from app.cli.session import fail, ready_database
from app.config import settings
from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.domain.texts import LANGS
from app.models.people import Person
from app.queries.setup import roster
from app.queries.setup.roster import Entered
from app.services.kernel.audit import SERVICE
from app.services.setup import access, onboarding, people

person = typer.Typer(help="People who may sign in.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The official e-mail address")]


def register(app: typer.Typer) -> None:
    app.add_typer(person, name="person")


@person.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="First and last name")],
    role: Annotated[list[str], typer.Option(metavar="ROLE[@PROGRAMME]", help=f"One of {', '.join(Role)}; repeatable")],
    locale: Annotated[str, typer.Option(help=f"Language of mails: {', '.join(LANGS)}")] = "",
    post: Annotated[str, typer.Option(metavar="SLUG", help="The post they hold: owner, contributor, manager")] = "",
) -> None:
    """Enter somebody with a role, in one programme or in all."""
    duties = [_duty(word) for word in role]
    if locale and locale not in LANGS:
        raise typer.BadParameter(f"{locale!r} is none of {', '.join(LANGS)}", param_hint="--locale")
    with ready_database().write() as session:
        try:
            made = onboarding.enrol(
                session, SERVICE, email=email, name=name, locale=locale, duties=duties, post_slug=post
            )
        except DomainError as error:
            fail(str(error))
        added = made.email
    typer.echo(f"{added} is in. Let them ask for a mail at the sign-in page, or run: tatbiq person link {added}")


@person.command("list")
def everybody(
    as_list: Annotated[bool, typer.Option("--json", help="One JSON list instead of columns")] = False,
) -> None:
    """Print everybody who was entered: address, name, roles and posts, whether they may sign in."""
    with ready_database().read() as session:
        found = roster.everybody(session)
    text = json.dumps([asdict(one) for one in found], ensure_ascii=False) if as_list else "\n".join(_columns(found))
    typer.echo(text.encode() + b"\n", nl=False)  # UTF-8 whatever the terminal's locale says


def _columns(found: list[Entered]) -> Iterator[str]:
    rows = [("address", "active", "roles and posts", "name")]
    rows += [
        (one.email, "yes" if one.active else "no", " ".join((*one.roles, *one.posts)) or "-", one.name) for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        yield "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]])


@person.command("link")
def link(email: Email) -> None:
    """Print a one-time address that signs somebody in; it serves once, within ten minutes."""
    database = ready_database()
    is_served = served.adopt()
    with database.write() as session:
        try:
            address = access.issue_link(session, SERVICE, email)
        except DomainError as error:
            fail(str(error))
    if not is_served:
        typer.echo(f"No service runs on {settings().data_dir} now; this opens once one does at that address:", err=True)
    typer.echo(address)


@person.command("disable")
def disable(email: Email) -> None:
    """Shut somebody out at once; the record keeps them."""
    with ready_database().write() as session:
        try:
            people.disable(session, SERVICE, _known(session, email))
        except DomainError as error:
            fail(str(error))
    typer.echo(f"{email} can't sign in any more.")


def _duty(word: str) -> tuple[Role, str]:
    """`secretariat@exports` as a role and the slug of its programme."""
    name, _, programme = word.partition("@")
    if name not in list(Role):
        raise typer.BadParameter(f"{name!r} is none of {', '.join(Role)}", param_hint="--role")
    return Role(name), programme


def _known(session: Session, email: str) -> Person:
    found = session.scalars(sa.select(Person).where(col(Person.email) == email.strip().lower())).first()
    if found is None:
        fail(f"There is no person with the address {email}")
    return found
