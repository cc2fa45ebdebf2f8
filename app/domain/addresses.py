"""Addresses that people type or a link carries: a mailbox made canonical, a local path that may be followed."""

import re

from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import LANGS

LONGEST_EMAIL = 254
LONGEST_PATH = 500

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_WORKSPACE = re.compile(
    rf"/(?:{'|'.join(LANGS)})/workspace/(?:{_SEGMENT}/)*(?:{_SEGMENT})?(?:\?[A-Za-z0-9._~=&%+:-]*)?"
)


def email(text: str, field: str = "email") -> str:
    """The address in small letters; raises Refused when no mail could be sent to it."""
    address = text.strip().lower()
    if len(address) <= LONGEST_EMAIL and _EMAIL.fullmatch(address):
        return address
    raise Refused(N_("Enter an e-mail address, for example name@example.ma"), field)


def workspace_path(path: str, otherwise: str) -> str:
    """`path` when it is a page of the workspace of this very service, else `otherwise`."""
    return path if len(path) <= LONGEST_PATH and _WORKSPACE.fullmatch(path) else otherwise
