"""Logs: JSON, one object a line, on standard error; keys of links and secrets never get there."""

import datetime as dt
import json
import logging
import re
import sys

_KEYED = re.compile(r"(/(?:u|off|confirm|voice|me|link)/)[\w-]{16,}")
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def configure() -> None:
    """Send the house's and the libraries' lines through one formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("apscheduler", "alembic", "uvicorn.access", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """The event, then what the caller gave as `extra`."""
        event: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            **{name: value for name, value in vars(record).items() if name not in _USUAL},
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        said = {name: _redacted(value) for name, value in event.items()}
        return json.dumps(said, ensure_ascii=False, default=str)


def _redacted(value: object) -> object:
    return _KEYED.sub(r"\1…", value) if isinstance(value, str) else value
