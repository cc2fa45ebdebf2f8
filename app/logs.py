"""Logs: JSON, one object a line, on standard error; keys of links, sessions and secrets never get there.

`about(…)` adds to every line of a request what it belongs to, in whatever thread it is written.
"""

import datetime as dt
import json
import logging
import logging.config
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

# Loggers whose usual lines say nothing new; a job that was still running when its turn came is no fault.
_QUIET = {"apscheduler": "ERROR", "alembic": "WARNING", "uvicorn.access": "WARNING", "httpx": "WARNING"}
CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "app.logs.Lines"}},
    "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"level": "INFO", "handlers": ["standard_error"]},
    "loggers": {name: {"level": level} for name, level in _QUIET.items()},
}
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_ABOUT: ContextVar[Mapping[str, object] | None] = ContextVar("about", default=None)

# Everything behind the name of a room whose addresses hold a key, also where an address is part of another one.
_SLASH = r"(?:/|%(?:25)*2[Ff])"
_REST = r"(?:[^\s/?&#\"'\\<>%]|%(?!(?:25)*(?:2[Ff36]|3[Ff])))+"  # up to what ends a part of a path
_KEYED = re.compile(rf"({_SLASH}(?:u|off|confirm|voice|me|link){_SLASH}){_REST}")
# Keys without an address: what chance made is long and mixed; a long name in a traceback is words and underscores.
_LONG = re.compile(r"[A-Za-z0-9_-]{24,}={0,2}")
_WORDS = re.compile(
    r"_*[a-z]+\d*(?:_+[a-z0-9]+)+_*"  # a_function_name
    r"|[a-z0-9]+(?:-[a-z0-9]+)+"  # the-slug-of-a-page
    r"|[A-Z][a-z]{2,}(?:-?[A-Z][a-z]{2,})*"  # AnException, A-Header
    r"|[-_=]+"
)
_WITH_PASSWORD = re.compile(r"(://[^\s/:@\"']*):[^\s/@\"']+@")
_CODE = re.compile(r"(?<![\w.:+-])\d{4} \d{4}(?![\w:-])")
_HIDDEN = "…"

_access = logging.getLogger("tatbiq.access")
_jobs = logging.getLogger("tatbiq.jobs")


def configure() -> None:
    """Send the house's and the libraries' lines through one formatter."""
    logging.config.dictConfig(CONFIG)


def redacted(text: str) -> str:
    """The text without what opens a door: keys of links and sessions, codes, passwords in addresses."""
    text = _WITH_PASSWORD.sub(rf"\1:{_HIDDEN}@", _KEYED.sub(rf"\1{_HIDDEN}", text))
    return _CODE.sub(_HIDDEN, _LONG.sub(_unless_words, text))


def _unless_words(found: re.Match[str]) -> str:
    return found[0] if _WORDS.fullmatch(found[0]) else _HIDDEN


@contextmanager
def about(**values: object) -> Iterator[None]:
    """What every line inside the block belongs to: `with logs.about(request=…, method=…, path=…):`."""
    token = _ABOUT.set({**(_ABOUT.get() or {}), **values})
    try:
        yield
    finally:
        _ABOUT.reset(token)


def access(method: str, path: str, status: int, milliseconds: float, request: str) -> None:
    """One line for one answer; `path` with its query. Whoever calls asks the setting first."""
    said = {"method": method, "path": path, "status": status, "ms": round(milliseconds, 1), "request": request}
    _access.info("access", extra=said)


def passed(job: str, seconds: float, counts: Mapping[str, int]) -> None:
    """One line for a pass that did something; one with nothing to do is silent."""
    done = {name: count for name, count in counts.items() if count}
    if done:
        _jobs.info("pass", extra={"job": job, "seconds": round(seconds, 3), **done})


def failed(job: str, seconds: float) -> None:
    """One line for a pass that raised, with why."""
    _jobs.exception("the job %s failed", job, extra={"job": job, "seconds": round(seconds, 3)})


class Lines(logging.Formatter):
    """One object a line: the event, what it belongs to, what the caller gave as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            **(_ABOUT.get() or {}),
            **{name: value for name, value in vars(record).items() if name not in _USUAL},
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            event["stack"] = record.stack_info
        return json.dumps(_without_keys(event), ensure_ascii=False, default=lambda value: redacted(str(value)))


def _without_keys(value: object) -> object:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {redacted(str(name)): _without_keys(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_keys(inner) for inner in value]
    return value
