"""The one-page guides: whose first, which pictures of real pages they show, and which pages they are opened from."""

from collections.abc import Iterator

from app.domain.messages import N_
from app.domain.permissions import Role, Viewer, managed

TITLES = {
    Role.OWNER: N_("For owners and contributors"),
    Role.SECRETARIAT: N_("For the secretariat"),
    Role.VERIFIER: N_("For verifiers"),
    Role.MANAGER: N_("For managers of an organisation"),
    Role.OBSERVER: N_("For observers"),
    Role.ADMINISTRATOR: N_("For administrators"),
}
# By picture, the room of the workspace whose pages lead to that step.
PICTURES: dict[Role, dict[str, str]] = {
    Role.OWNER: {"mine": "mine", "answer": "mailbox", "substitutes": "profile"},
    Role.SECRETARIAT: {"desk": "desk", "review": "meetings", "requests": "actions", "outgoing": "outgoing"},
    Role.VERIFIER: {"verify": "desk"},
    Role.MANAGER: {"organisation": "organisation"},
    Role.OBSERVER: {"overview": "overview", "search": "search"},
    Role.ADMINISTRATOR: {"setup": "setup", "post": ""},
}


def at(room: str, viewer: Viewer) -> str:
    """What follows `guide` in the address of the step about a room: one's own guide first, then another role's."""
    mine = of_viewer(viewer)
    for role in (mine, *PICTURES):
        for picture, shown in PICTURES[role].items():
            if shown and shown == room:
                return f"/{role}#{picture}"
    return f"/{mine}"


def of_viewer(viewer: Viewer) -> Role:
    """The guide that somebody's duties ask for first; without any, an owner's, since that is what most will be."""
    return next(_duties(viewer), Role.OWNER)


def _duties(viewer: Viewer) -> Iterator[Role]:
    granted = {grant.role for grant in viewer.grants}
    yield from (role for role in (Role.SECRETARIAT, Role.VERIFIER) if role in granted)
    if managed(viewer):
        yield Role.MANAGER
    if viewer.post_ids:
        yield Role.OWNER
    yield from (role for role in (Role.OBSERVER, Role.ADMINISTRATOR) if role in granted)
