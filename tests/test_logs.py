"""One JSON object a line, with what the caller adds, and no key of a link in it."""

import asyncio
import json
import logging
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from anyio import to_thread
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from app import logs
from app.config import ROOT
from tests import loops


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


# Every form in which the service hands out something that opens a door: the bytes of chance behind it, and its places.
_ISSUED = {"form": 18, "handle": 24, "link": 32}
_PLACES = [
    "/ar/u/{}", "/fr/u/{}?s=done", "/en/off/{}", "/ar/confirm/{}", "/fr/voice/{}", "/calendars/me/{}.ics",
    "/fr/sign-in/link/{}", "https://suivi.example.ma/ar/u/{}?s=on_track", "/fr/sign-in?next=/fr/u/{}",
    "/fr/sign-in?handle={}&x=1", "Cookie: __Host-tatbiq={}; a=b", "{}", "once={}", "<a href='/ar/u/{}'>", "('{}',)",
    "/fr/workspace/?key={}#top", '{{"token": "{}"}}', "Bearer {}\n",
]  # fmt: skip
TOKENS = st.sampled_from(sorted(_ISSUED.values())).flatmap(lambda size: st.binary(min_size=size, max_size=size))


@hypothesis(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=TOKENS, place=st.sampled_from(_PLACES), encoded=st.integers(0, 2))
def test_no_key_that_is_issued_survives_in_a_line(
    capsys: pytest.CaptureFixture[str], raw: bytes, place: str, encoded: int
) -> None:
    """As token_urlsafe writes it, in a path, a query, a header or a sentence, percent-encoded up to twice."""
    token = urlsafe_b64encode(raw).rstrip(b"=").decode()
    text = place.format(token)
    for _ in range(encoded):
        text = quote(text, safe="")
    logs.configure()

    logging.getLogger("tatbiq").error("asked for %s", text, extra={"path": text, "all": {text: [text, {"x": (text,)}]}})
    logs.access("GET", text, 200, 1.25, "r1")

    said = capsys.readouterr().err
    assert token not in said
    assert token[:16] not in said
    assert [json.loads(line)["level"] for line in said.splitlines()] == ["error", "info"]


@hypothesis(max_examples=200, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~", min_size=1), st.booleans())
def test_behind_the_door_of_a_link_everything_is_hidden_however_short(key: str, is_odd: bool) -> None:
    key = f"{key}%41{key}" if is_odd else key
    for room in ("u", "off", "confirm", "voice", "link"):
        assert logs.redacted(f"/ar/{room}/{key}") == f"/ar/{room}/…"
        assert logs.redacted(f"next=%2Far%2F{room}%2F{key}&x=1") == f"next=%2Far%2F{room}%2F…&x=1"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("smtp://tatbiq:secret@relay:587", "smtp://tatbiq:…@relay:587"),
        ("postgresql+psycopg://tatbiq:se:cr%40et@db/x", "postgresql+psycopg://tatbiq:…@db/x"),
        ("the code is 1234 5678.", "the code is …."),
    ],
)
def test_passwords_in_addresses_and_codes_are_hidden(text: str, left: str) -> None:
    assert logs.redacted(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "/fr/meetings/assises-regionales-de-l-exportation-2025/", "/ar/recommendations/FM-2024-03",
        "in test_the_service_does_not_start_with_wrong_settings", "PydanticUndefinedAnnotationError",
        "2026-11-26T16:15:00.123456+00:00", "File \"/srv/app/services/delivery/__init__.py\", line 100",
        "/static/app.3f2a9c1e77aa.css", "incident 3f2a9c1e", "Content-Security-Policy-Report-Only",
    ],
)  # fmt: skip
def test_what_opens_nothing_stays_readable(text: str) -> None:
    assert logs.redacted(text) == text


def test_every_line_of_a_request_says_which_in_whatever_thread_it_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure()

    async def answering(number: int) -> None:
        with logs.about(request=f"r{number}", method="GET"):
            await asyncio.sleep(0)
            await to_thread.run_sync(lambda: logging.getLogger("tatbiq").error("slow"))
            with logs.about(incident="i"):
                logging.getLogger("tatbiq").error("failed %s", number)

    async def both() -> None:
        await asyncio.gather(answering(1), answering(2))

    loops.run(both())
    logging.getLogger("tatbiq").error("after")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert sorted((line["event"], line.get("request"), line.get("incident")) for line in lines[:-1]) == [
        ("failed 1", "r1", "i"), ("failed 2", "r2", "i"), ("slow", "r1", None), ("slow", "r2", None),
    ]  # fmt: skip
    assert "request" not in lines[-1]


def test_an_answer_has_one_line_in_the_access_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    logs.access("POST", "/ar/u/c2VjcmV0LWtleS1vZi1hLWxpbms?s=done", 303, 12.3456, "9f2c")

    line = json.loads(capsys.readouterr().err)
    del line["timestamp"]
    assert line == {
        "event": "access", "level": "info", "logger": "tatbiq.access", "method": "POST",
        "path": "/ar/u/…?s=done", "status": 303, "ms": 12.3, "request": "9f2c",
    }  # fmt: skip


def test_a_pass_has_a_line_only_when_it_did_something(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    logs.passed("dispatch", 0.12345, {"sent": 0, "retried": 0})
    logs.passed("dispatch", 0.12345, {"sent": 2, "retried": 0})

    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["job"], line["seconds"], line["sent"]) == ("pass", "dispatch", 0.123, 2)
    assert "retried" not in line


@pytest.mark.slow
def test_the_lines_of_the_server_itself_have_the_same_form_in_every_process() -> None:
    """The configuration is plain data, so that processes started from here use it too."""
    code = (
        "import logging, uvicorn; from app import logs;"
        "config = uvicorn.Config('x:y', log_config=logs.CONFIG, access_log=False);"
        "logging.getLogger('uvicorn.error').error('Exception in /ar/u/c2VjcmV0LWtleS1vZi1hLWxpbms')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert json.loads(done.stderr)["event"] == "Exception in /ar/u/…"
