"""One JSON object a line, with what the caller adds, and no key of a link in it."""

import json
import logging
from collections.abc import Iterator

import pytest

from app import logs


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_a_line_is_an_object_with_the_event_and_what_was_added(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    logging.getLogger("tatbiq").warning("pass of %s rows", 3, extra={"sent": 2, "at": None})

    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {"event": "pass of 3 rows", "level": "warning", "logger": "tatbiq", "sent": 2, "at": None}


def test_keys_of_links_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    path = "/ar/u/c2VjcmV0LWtleS1vZi1hLWxpbms"
    logging.getLogger("tatbiq").error("asked for %s", path, extra={"path": path})

    said = capsys.readouterr().err
    assert "c2VjcmV0" not in said
    assert json.loads(said)["path"] == "/ar/u/…"


def test_an_exception_is_told_in_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    try:
        raise ValueError("/fr/u/c2VjcmV0LWtleS1vZi1hLWxpbms")
    except ValueError:
        logging.getLogger("tatbiq").exception("unexpected")

    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError" in json.loads(line)["exception"]
    assert "c2VjcmV0" not in line
