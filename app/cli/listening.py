"""The socket and the processes behind `serve`: the port is taken before anything else is done, and given up in time."""

import errno
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.statreload import StatReload

from app.cli.session import fail

LEAVE_SECONDS = 8  # from the signal on; supervisors kill after ten
_WATCHED = {".py", ".html", ".txt", ".toml", ".po", ".css", ".js", ".svg"}


def bound(host: str, port: int) -> socket.socket:
    """A socket that has the address; otherwise one clear line and exit 1."""
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # What is accepted inherits it: else the second half of an answer waits 40 ms for the first to be acknowledged.
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # not held up by connections that just ended
        found.bind((bare, port))
    except (OSError, UnicodeError) as error:
        found.close()
        fail(_refusal(error, host, port))
    found.set_inheritable(True)
    return found


def listen(listening: socket.socket, host: str, port: int) -> None:
    """Two that were bound at once part here: the system lets one listen."""
    try:
        listening.listen(2048)
    except OSError as error:
        fail(_refusal(error, host, port))


def _refusal(error: Exception, host: str, port: int) -> str:
    number = error.errno if isinstance(error, OSError) else 0
    if number == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken: end what listens there, or choose another one (--port, TATBIQ_PORT)."
    if number == errno.EACCES:
        return f"Port {port} may not be opened by this user: choose one above 1023, and put a proxy in front."
    return f"TATBIQ_HOST: {host} is not an address of this machine; write one such as 127.0.0.1 or ::1"


def run(options: uvicorn.Config, listening: socket.socket) -> bool:
    """Serve until somebody ends it; whether it could begin."""
    signal.signal(signal.SIGTERM, _leave)  # the server hands the signal on when it has finished
    try:
        if options.should_reload:
            _Reload(options, uvicorn.Server(options).run, [listening]).run()
            return True
        if options.workers > 1:
            workers = _Workers(options, [listening])
            workers.run()
            return workers.has_begun
        server = uvicorn.Server(options)
        server.run([listening])
        return server.started
    except KeyboardInterrupt:
        return True
    finally:
        leave_in_time()


def leave_in_time() -> None:
    """A mail that hangs in a relay must not keep the process: what it held is let go as after a power cut."""
    last = threading.Timer(LEAVE_SECONDS / 2, os._exit, [0])
    last.daemon = True
    last.start()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


class _Workers(Multiprocess):
    """Processes that answer; one that does not end in time is ended."""

    @property
    def has_begun(self) -> bool:
        return not any(process.exitcode == STARTUP_FAILURE for process in self.processes)

    def join_all(self) -> None:
        for process in self.processes:
            process.process.join(LEAVE_SECONDS)
            if process.process.is_alive():
                process.process.kill()


class _Reload(StatReload):
    """Starts again when a template, a catalogue or a sheet changes, too; templates are read once."""

    def iter_py_files(self) -> Iterator[Path]:
        for directory in self.config.reload_dirs:
            yield from (path for path in directory.rglob("*") if path.suffix in _WATCHED)
