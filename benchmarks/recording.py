"""The statements that the service runs for a request, taken down once, so that the bare one runs the very same."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import clock, config, db
from app.main import create_app
from benchmarks import plain, scene
from benchmarks.client import Ask
from benchmarks.scene import Case
from tests.fixtures.pages import TestClient

NONCE = "the-nonce-of-the-recording"


def record(data_dir: Path, cases: list[Case], more: list[Case]) -> str:
    """By piece of work its statements with their values, as JSON; `NONCE` stands where each time a fresh one comes.

    Pages are asked for twice and taken down the second time: what the service keeps for some seconds (whether reminders
    can leave, for the banner) is asked by neither side then. The plain overview is nobody's recording.
    """
    config.override(data_dir=str(data_dir), scheduler="external", smtp_url=f"file://{data_dir}/mail")
    database = db.init()
    taken: list[tuple[str, list[object]]] = []

    def take(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        taken.extend(
            (statement, _fresh(statement, row, number)) for number, row in enumerate(values if many else [values])
        )

    for engine in (database.reader, database.writer):
        sa.event.listen(engine, "before_cursor_execute", take)
    work: dict[str, list[tuple[str, list[object]]]] = {}
    with TestClient(create_app(), base_url="http://127.0.0.1", follow_redirects=False) as client:
        for case in [*cases, *more]:
            if case.work not in work:
                if case.ask.form is None:
                    _ask(client, case.ask)
                    scene.touch(database.url.database or "")
                taken.clear()
                _ask(client, case.ask)
                work[case.work] = list(taken)
    work["overview"] = plain.overview(clock.today(config.settings().zone))
    return json.dumps(work, ensure_ascii=False)


def _ask(client: TestClient, ask: Ask) -> None:
    if ask.form is None:
        response = client.get(ask.path, headers=ask.headers)
    else:
        response = client.post(ask.path, headers=ask.headers, data={**ask.form, "once": f"{NONCE}{ask.path}"})
    if response.status_code != ask.expected:
        raise RuntimeError(f"{ask.path} answered {response.status_code} instead of {ask.expected}")


def _fresh(statement: str, row: Sequence[object], number: int) -> list[object]:
    """The values, with `NONCE` where they have to differ at every press: the hash of a key."""
    values = [_plain(value) for value in row]
    if statement.startswith("INSERT INTO update_link"):
        columns = statement[statement.index("(") + 1 : statement.index(")")].split(", ")
        values[columns.index("token_hash")] = f"{NONCE}{number}"
    return values


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value
