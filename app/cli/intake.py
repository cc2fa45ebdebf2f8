"""`tatbiq intake`: what the rules propose from a report, without a database; standard output holds the result alone."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.domain.errors import Refused
from app.files.text import MAX_REPORT_BYTES, decode
from app.intake.propose import Measure, Reading, as_json, propose


class ReportLanguage(StrEnum):
    AR = "ar"
    FR = "fr"
    EN = "en"


def register(app: typer.Typer) -> None:
    app.command()(intake)


def intake(
    file: Annotated[Path, typer.Argument(help="A report in plain text")],
    lang: Annotated[ReportLanguage | None, typer.Option(help="Its language; detected when not given")] = None,
    as_object: Annotated[bool, typer.Option("--json", help="One JSON object instead of a list to read")] = False,
) -> None:
    """Propose the recommendations of a report."""
    reading = propose(_text(file), lang.value if lang else None)
    if as_object:
        _print(json.dumps(as_json(reading), ensure_ascii=False))
    else:
        _print("\n".join(_lines(reading)))


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return decode(opened.read(MAX_REPORT_BYTES + 1))
    except OSError as error:
        typer.echo(f"{file}: {error.strerror or error}", err=True)
    except Refused as refused:
        typer.echo(f"{file}: {refused.message}", err=True)
    raise typer.Exit(1)


def _print(text: str) -> None:
    """UTF-8 whatever the terminal's locale says: the bytes are often redirected into a file."""
    typer.echo(text.encode() + b"\n", nl=False)


def _lines(reading: Reading) -> list[str]:
    found = reading.proposals
    return [
        f"{reading.lang}, {len(found)} {'proposal' if len(found) == 1 else 'proposals'}",
        *(line for number, proposal in enumerate(found, start=1) for line in _entry(number, proposal)),
    ]


def _entry(number: int, proposal: Measure) -> list[str]:
    due = f" = {proposal.due_on.isoformat()}" if proposal.due_on else ""
    said = [f"owner: {proposal.owner}"] if proposal.owner else []
    said += [f"deadline: {proposal.deadline}{due}"] if proposal.deadline else []
    head = f"{number:3}. {' '.join(proposal.text.split())}"
    detail = [f"{proposal.start}-{proposal.end}", f"confidence {proposal.confidence:.2f}", *said]
    return [head, "     " + "; ".join(detail)]
