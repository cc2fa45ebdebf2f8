"""Actors for tests of verbs: somebody with roles and posts, at a door."""

from app.domain.permissions import Grant, Role, Viewer
from app.models.meetings import Programme
from app.models.people import Person, Post
from app.models.updates import Via
from app.services.kernel.audit import Actor


def acting(
    who: Person | None = None,
    *roles: Role,
    at: Programme | int | None = None,
    posts: tuple[Post, ...] = (),
    manages: tuple[int, ...] = (),
    via: Via = Via.WORKSPACE,
) -> Actor:
    """An actor with `roles` in the programme `at` (everywhere without one), holding `posts`."""
    programme_id = at.id if isinstance(at, Programme) else at
    viewer = Viewer(
        person_id=who.id if who else 1,
        grants=frozenset(Grant(role, programme_id) for role in roles),
        post_ids=frozenset(post.id for post in posts),
        organisation_ids_managed=frozenset(manages),
    )
    return Actor(viewer, via)
