"""`tatbiq roster FILE`: bodies, posts and people of a spreadsheet, tried or taken in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.session import fail, ready_database
from app.domain.errors import DomainError, Refused
from app.domain.messages import N_, Message
from app.domain.roster_lines import MOST_BYTES
from app.services.kernel.audit import SERVICE
from app.services.setup import rosters
from app.services.setup.rosters import RosterReport
from app.wording import say_text

_LINE = N_("Line %(number)s: %(said)s")


class ReportedIn(StrEnum):
    AR = "ar"
    FR = "fr"
    EN = "en"


def register(app: typer.Typer) -> None:
    app.command()(roster)


def roster(
    file: Annotated[Path, typer.Argument(help="A CSV file, as a spreadsheet saves it")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing")] = False,
    lang: Annotated[ReportedIn, typer.Option(help="Language of what is said")] = ReportedIn.EN,
) -> None:
    """Enter bodies, posts and people from a CSV file: all of it or nothing."""
    try:
        with file.open("rb") as opened:
            text = rosters.decoded(opened.read(MOST_BYTES + 1))
        with ready_database().write() as session:
            report = rosters.take_in(session, SERVICE, text, is_trial=dry_run)
    except OSError as error:
        fail(f"{file}: {error.strerror or error}")
    except Refused as refused:
        fail(f"{file}: {say_text(refused.message, lang.value)}")
    except DomainError as error:
        fail(f"{file}: {error}")
    lines = "\n".join(_said(report, lang.value))
    if report.refused:
        fail(lines)
    typer.echo(lines.encode() + b"\n", nl=False)  # UTF-8 whatever the terminal's locale says


def _said(report: RosterReport, lang: str) -> list[str]:
    """By line, and in all."""
    lines = []
    for outcome in report.outcomes:
        for message in (*outcome.done, *([outcome.refused] if outcome.refused else ())):
            told = Message(_LINE, number=outcome.number, said=say_text(message, lang))
            lines.append(say_text(told, lang))
    return [*lines, say_text(report.head, lang)]
