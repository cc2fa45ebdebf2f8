"""What is said of somebody for whom no role and no post is shown."""

from app.domain.messages import Message
from app.domain.permissions import Role, Viewer, has_role


def none_of(viewer: Viewer) -> Message:
    """Only an administrator is shown the roles in every programme: nobody else can know that there is none."""
    if has_role(viewer, Role.ADMINISTRATOR):
        return Message("No role and no post yet: this person sees only what is public.")
    return Message("No post, and no role in your programmes.")
