"""Which files of the house run: those of app/ and templates/ whose functions are entered, in order of first entry."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType

from app.config import ROOT

_ROOMS = tuple(f"{ROOT / name}/" for name in ("app", "templates"))


@contextmanager
def tracing() -> Iterator[list[str]]:
    """The files entered meanwhile, in this thread and in those that begin; to be imported is not to be entered."""
    codes: dict[CodeType, None] = {}

    def enter(frame: FrameType, event: str, _given: object) -> None:
        if event == "call":
            codes.setdefault(frame.f_code)

    entered: list[str] = []
    threading.setprofile(enter)
    sys.setprofile(enter)
    try:
        yield entered
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        entered += dict.fromkeys(_file(code) for code in list(codes) if _is_ours(code))


def _is_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(_ROOMS) and code.co_name != "<module>"


def _file(code: CodeType) -> str:
    return code.co_filename.removeprefix(f"{ROOT}/")
