"""Bodies, posts and people are shared by programmes: who may change one, who seats its holder, who reads its papers.

A thing belongs to the programme whose secretariat made it, as long as no other programme uses it; what an administrator
made, or what several programmes use, is the administrators'.
"""

from dataclasses import dataclass

from app.domain.errors import NotAllowed
from app.domain.permissions import Role, Viewer, has_role, may


@dataclass(frozen=True)
class Ownership:
    """The programme whose secretariat made a thing, and those that use it: with an action that rests on it."""

    owner: int | None = None
    users: frozenset[int] = frozenset()

    @property
    def programmes(self) -> frozenset[int]:
        return self.users | ({self.owner} if self.owner else set())


def home(viewer: Viewer) -> int | None:
    """The programme to which belongs what the viewer makes; None: it is made for all, by an administrator."""
    if has_role(viewer, Role.ADMINISTRATOR):
        return None
    own = [grant.programme_id for grant in viewer.grants if grant.role is Role.SECRETARIAT]
    return None if None in own else min((one for one in own if one), default=None)


def may_change(viewer: Viewer, claim: Ownership) -> bool:
    """Rename it, move it, make a manager of it."""
    if has_role(viewer, Role.ADMINISTRATOR):
        return True
    return claim.owner is not None and all(_runs(viewer, programme) for programme in claim.programmes)


def may_seat(viewer: Viewer, claim: Ownership) -> bool:
    """Change the holder of a post: also where only one's own actions rest on it, whoever made it."""
    if has_role(viewer, Role.ADMINISTRATOR):
        return True
    return bool(claim.programmes) and all(_runs(viewer, programme) for programme in claim.programmes)


def reads_papers(viewer: Viewer, claim: Ownership) -> bool:
    """Read the handover notes and addresses of a post: whoever has to deal with its holder."""
    if has_role(viewer, Role.ADMINISTRATOR) or may_change(viewer, claim):
        return True
    return any(_runs(viewer, programme) for programme in claim.users)


def require_change(viewer: Viewer, claim: Ownership) -> None:
    if not may_change(viewer, claim):
        raise NotAllowed


def require_seat(viewer: Viewer, claim: Ownership) -> None:
    if not may_seat(viewer, claim):
        raise NotAllowed


def _runs(viewer: Viewer, programme_id: int) -> bool:
    return may(viewer, programme_id, Role.SECRETARIAT)
