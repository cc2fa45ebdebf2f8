"""Long work on what people sent, done in a child process: it may be ended at any moment, and its memory is given back.

The child is this module run by itself: a pickled question on its standard input, a pickled answer on its output.
"""

import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

from app import visits
from app.domain.errors import Refused
from app.domain.messages import N_
from app.visits import Overdue

SECONDS = 60  # of processor time; a request has much less, a command line may wait
_MEMORY = 1 << 30
_FAILED = N_("The report could not be read. Send its text in smaller pieces.")


def run(module: str, function: str, *arguments: object, died: Refused | None = None) -> Any:
    """`module.function(*arguments)` in a child, which ends with the request that asked for it.

    Raises Overdue where it was ended, `died` where it died of its limits, and what the function refused.
    """
    question = pickle.dumps((module, function, arguments))
    command = [sys.executable, "-m", __name__]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
    visit = visits.current.get()
    if visit is not None:
        visit.on_leaving(child.kill)
    said, _ = child.communicate(question)
    if child.returncode == 0:
        return _given(pickle.loads(said))  # noqa: S301 - our own words
    if visit is not None and visit.is_left:
        raise Overdue
    raise died or Refused(_FAILED, "report")


def _given(answer: tuple[bool, Any]) -> Any:
    done, value = answer
    if done:
        return value
    kind, message, field = value
    raise kind(message, field)


def answer(question: BinaryIO, said: BinaryIO, limit: Callable[[], None]) -> None:
    """The child's side."""
    limit()
    module, function, arguments = pickle.load(question)  # noqa: S301 - our own words
    try:
        found = True, getattr(import_module(module), function)(*arguments)
    except Refused as refused:
        found = False, (type(refused), refused.message, refused.field)
    pickle.dump(found, said)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer, _limit)
