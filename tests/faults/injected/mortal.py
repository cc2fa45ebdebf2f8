"""A scheduler's passes in a process of its own: each line of standard input is an instant, and perhaps where to die.

`2026-12-07T08:00+00:00 data:3` is a pass that is killed with -9 as the third message reaches that point.
"""

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app import jobs
from app.cli import session
from app.mail.policy import Mail
from app.mail.relays import Timeouts
from app.mail.transport import SmtpTransport
from app.services.mailing import digests, letters, reminders
from app.services.mailing.delivery import work

RECORDED, DECIDED = "recorded", "decided"  # written by the planning and not committed yet


class Death:
    def __init__(self) -> None:
        self.point, self.left = "", 0

    def arm(self, told: str) -> None:
        self.point, _, number = told.partition(":")
        self.left = int(number or 1)

    def reached(self, point: str) -> None:
        if point != self.point:
            return
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(self, point: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            made = function(*given)
            self.reached(point)
            return made

        return called


def _raising(kind: letters.MessageKind[Any], name: str) -> letters.MessageKind[Any]:
    """A template that fails for one reader."""

    def message(letter: Any) -> Mail:
        mail = kind.message(letter)
        if name in mail.to_name:
            raise ZeroDivisionError("a template \x00 that fails")
        return mail

    return replace(kind, message=message)


def main() -> None:
    death = Death()
    work.listeners.append(death.reached)
    setattr(reminders, "record", death.after(RECORDED, reminders.record))  # noqa: B010
    setattr(digests, "decide", death.after(DECIDED, digests.decide))  # noqa: B010
    # A relay that hangs is waited for as long as a trial may last, not for ten minutes.
    patience = float(os.environ.get("PATIENCE", "2"))
    setattr(SmtpTransport.__init__, "__defaults__", (Timeouts(patience, patience, patience), None))  # noqa: B010
    if name := os.environ.get("RAISES"):
        kinds = {**letters.KINDS, "reminder": _raising(letters.KINDS["reminder"], name)}
        setattr(letters, "KINDS", kinds)  # noqa: B010
    session.ready_database()
    print("ready", flush=True)
    for line in sys.stdin:
        at, _, told = line.strip().partition(" ")
        death.arm(told)
        print(jobs.run_pass(dt.datetime.fromisoformat(at)), flush=True)


if __name__ == "__main__":
    main()
