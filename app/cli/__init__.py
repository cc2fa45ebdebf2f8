"""The command `tatbiq`: every noun registers its commands here; what is refused is said in a line, without a trace."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app.cli import audit, data, inbound, intake, operations, people, rosters, serve
from app.cli.faults import faults
from app.config import VERSION
from app.domain.errors import DomainError, Problems
from app.domain.texts import one_line

NOUNS = (serve, operations, inbound, intake, people, rosters, data, audit)


def main() -> None:
    """Exit codes: 0 done, 1 refused or found wrong, 2 wrong usage."""
    try:
        command()()
    except Problems as error:
        _refuse("\n".join(str(problem) for problem in error.problems))
    except DomainError as error:
        _refuse(str(error) or type(error).__name__)
    except ValidationError:
        _refuse("\n".join(faults()))
    except DBAPIError as error:
        _refuse(f"The database refused: {one_line(str(error.orig))}")
    except OSError as error:
        _refuse(f"{error.filename or 'The system'}: {error.strerror or error}")


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"Tatbiq {VERSION}")
        raise typer.Exit


def command() -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for noun in NOUNS:
        noun.register(app)
    return app


def _root(
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Say which")] = False,
) -> None:
    """Tatbiq: from recommendation to reality."""


def _refuse(text: str) -> None:
    typer.echo(text, err=True)
    sys.exit(1)
