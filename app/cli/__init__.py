"""The command `tatbiq`: every noun registers its commands here; what is refused is said in a line, without a trace."""

import sys

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app.cli import audit, data, intake, operations, people, serve
from app.domain.errors import DomainError, Problems

NOUNS = (serve, operations, intake, people, data, audit)


def main() -> None:
    """Exit codes: 0 done, 1 refused or found wrong, 2 wrong usage."""
    try:
        command()()
    except Problems as error:
        _refuse("\n".join(str(problem) for problem in error.problems))
    except DomainError as error:
        _refuse(str(error) or type(error).__name__)
    except ValidationError as error:
        _refuse(
            "\n".join(f"TATBIQ_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
        )
    except DBAPIError as error:
        _refuse(f"The database refused: {error.orig}")


def command() -> typer.Typer:
    app = typer.Typer(
        help="Tatbiq: from recommendation to reality.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for noun in NOUNS:
        noun.register(app)
    return app


def _refuse(text: str) -> None:
    typer.echo(text, err=True)
    sys.exit(1)
