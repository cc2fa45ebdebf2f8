"""Team chats by the library `apprise`, an extra of the installation: in a child process with little time and no inside.

The library opens its own connections, so the guard of `net` can't stand before it: the child resolves names itself and
refuses whatever is not on the open network, also where a chat sends it elsewhere.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from app.channels import NotDelivered, Notice
from app.domain.messages import N_

SECONDS = 20
_BROKEN = N_("the sender broke down")
_CHILD = Path(__file__).with_name("child.py")


def is_installed() -> bool:
    return find_spec("apprise") is not None


class AppriseCourier:
    """`is_inside_open`: demonstration and tests alone, whose chats stand on this machine."""

    name = "apprise"

    def __init__(self, *, is_inside_open: bool = False) -> None:
        self._is_inside_open = is_inside_open

    def send(self, address: str, notice: Notice) -> None:
        question = {
            "address": address,
            "title": notice.title,
            "link": notice.link,
            "is_inside_open": self._is_inside_open,
        }
        try:
            done = subprocess.run(  # noqa: S603 - our own file
                [sys.executable, "-I", str(_CHILD)],
                input=json.dumps(question).encode(), capture_output=True, timeout=SECONDS, env={}, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NotDelivered(N_("it did not answer in time")) from None
        except OSError as error:
            raise NotDelivered(_BROKEN) from error
        if done.returncode:
            raise NotDelivered(_WHY.get(done.returncode, _BROKEN))


# By the exit of child.py.
_WHY = {
    3: N_("the library apprise is not installed"),
    4: N_("the address is not understood"),
    5: N_("the chat stands on an inside network"),
    6: N_("the chat did not take it"),
}
