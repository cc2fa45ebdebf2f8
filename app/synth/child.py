"""The child of apart, run by itself: a pickled order on its standard input, pickled batches on its output."""

import gc
import pickle
import signal
import sys
from typing import IO

from app.db import Database
from app.synth.invention import invent


def answer(question: IO[bytes], said: IO[bytes]) -> None:
    order, driver = pickle.load(question)  # noqa: S301 - our own words
    dialect = Database(f"{driver}://").reader.dialect  # of an engine that never connects
    for given in invent(order, dialect):
        _say(given, said)
    _say(None, said)


def _say(given: object, said: IO[bytes]) -> None:
    pickle.dump(given, said, protocol=pickle.HIGHEST_PROTOCOL)
    said.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts means the parent, which ends this
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # the parent is gone: nobody to say it to
    gc.disable()  # rows hold no circles; looking for some among them took an eighth of the time
    answer(sys.stdin.buffer, sys.stdout.buffer)
