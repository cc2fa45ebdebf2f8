"""The same work with nothing around it: FastAPI, raw sqlite3, one Jinja2 template; the measure of what we add.

Runs alone: it is told its database and the recorded statements by the environment, and imports nothing of the service.
"""

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

_DATABASE, _STATEMENTS = os.environ["BARE_DATABASE"], os.environ["BARE_STATEMENTS"]
_NONCE = os.environ["BARE_NONCE"]
_WORK: dict[str, list[tuple[str, list[Any]]]] = json.loads(Path(_STATEMENTS).read_text())
_PAGE = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template("bare.html")
_OWN = threading.local()
app = FastAPI()


@app.get("/{name}", response_class=HTMLResponse)
def page(name: str) -> HTMLResponse:
    connection = _connection()
    lists = [_rows(connection, statement, values) for statement, values in _WORK[name]]
    connection.rollback()
    return HTMLResponse(_PAGE.render(title=name, lists=lists))


@app.post("/{name}")
def write(name: str, once: Annotated[str, Form()], s: Annotated[str, Form()]) -> RedirectResponse:
    connection = _connection()
    for statement, values in _WORK[name]:
        fresh = [once + value[len(_NONCE) :] if str(value).startswith(_NONCE) else value for value in values]
        if statement.startswith("BEGIN") and connection.in_transaction:
            connection.rollback()  # the look-up of the session was a transaction of its own
        connection.execute(statement, fresh).fetchall()
    connection.execute("COMMIT")
    return RedirectResponse(f"/{s}", 303)


def _rows(connection: sqlite3.Connection, statement: str, values: list[Any]) -> list[list[Any]]:
    if statement.startswith("BEGIN"):
        connection.rollback()  # the look-up of the session was a transaction of its own
    return [[_value(value) for value in row] for row in connection.execute(statement, values)]


def _value(value: Any) -> Any:
    """Titles are JSON; the page shows one of them."""
    if isinstance(value, str) and value.startswith("{"):
        titles = json.loads(value)
        return titles.get("ar", "")
    return value


def _connection() -> sqlite3.Connection:
    """One a thread, with the settings of the service."""
    if not hasattr(_OWN, "connection"):
        _OWN.connection = sqlite3.connect(_DATABASE, isolation_level=None, cached_statements=256)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=8000",
                       "cache_size=-1000", "temp_store=MEMORY"):  # fmt: skip
            _OWN.connection.execute(f"PRAGMA {pragma}")
    connection: sqlite3.Connection = _OWN.connection
    return connection
