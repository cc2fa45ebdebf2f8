"""What the set-up pages share: the place in a list, the regions to choose from, and where a save leads."""

from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar

from fastapi import Path

from app import signed_in
from app.domain.permissions import Role, has_role
from app.domain.regions import REGIONS
from app.queries.scope import cursors
from app.queries.setup import rooms
from app.services.kernel.audit import Actor
from app.services.setup import roles
from app.web.page import led_to
from app.web.workspace.frame import FormRequest
from app.wording import title_text


class _Listed(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Listed)
Id = Annotated[int, Path(ge=1, lt=2**31)]
SettingUp = Annotated[None, signed_in.right(rooms.require)]
# While the first hour lasts a save leads to the form of what is lacking next.
_NEXT = {"organisation": "setup/new-organisation", "post": "setup/new-post", "meeting": "meetings/new"}
Administering = Annotated[None, signed_in.right(lambda viewer: roles.require_administrator(Actor(viewer)))]


def after(cursor: str, **kept: str) -> tuple[str, int] | None:
    return cursors.decode(cursor, kept) if cursor else None


def cut(rows: Sequence[R], key: str) -> tuple[Sequence[R], str]:
    """What one page shows, and the cursor of the next one or nothing."""
    if len(rows) <= rooms.PER_PAGE:
        return rows, ""
    last = rows[rooms.PER_PAGE - 1]
    return rows[: rooms.PER_PAGE], cursors.encode(getattr(last, key), last.id)


def regions(lang: str) -> list[tuple[str, str]]:
    """The twelve, for a list to choose from."""
    return [(region.code, title_text(region.names, lang)) for region in REGIONS]


def led_on(press: FormRequest, page: str, said: str) -> str:
    """In the first hour to its next step, later to the page of what was saved; meetings are made by a secretariat."""
    step = rooms.first_hour(press.session).next
    if step not in _NEXT or (step == "meeting" and not has_role(press.viewer, Role.SECRETARIAT)):
        return led_to(f"/{press.lang}/workspace/setup/{page}", said)
    return led_to(f"/{press.lang}/workspace/{_NEXT[step]}", f"next_{step}")
