"""What becomes of an open request for more time when its action moves on otherwise: it lapses, told in the record.

Open questions about it lapse too, or go on to its next post.
"""

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.extensions import MAY_LAPSE, RequestOutcome, lapses
from app.domain.workflow import Verb
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from app.models.people import Post
from app.services.followup import questions
from app.services.kernel import audit
from app.services.kernel.audit import Actor


def follow(session: Session, actor: Actor, action: Action, verb: Verb, part_of: int | None = None) -> list[int]:
    """Called after every move, `part_of` an organisation; which requests it ended, by one statement at most."""
    lapsed: list[int] = []
    questions.follow(session, actor, action, verb)
    if verb not in MAY_LAPSE:
        return lapsed
    for request, body in session.execute(_OPEN, {"action_id": action.id}).all():
        of_part, is_of_this_part = request.part_of_id is not None, body == part_of
        if lapses(verb, action.state, of_part=of_part, is_of_this_part=is_of_this_part):
            request.outcome, request.decided_at = RequestOutcome.LAPSED, clock.now()
            data = {"action": action.ref, "by": verb}
            audit.record(session, actor, "lapse", "extension_request", request.id, action.programme_id, **data)
            lapsed.append(request.id)
    return lapsed


_OPEN = (
    sa.select(ExtensionRequest, col(Post.organisation_id))
    .join(Post, col(Post.id) == col(ExtensionRequest.post_id))
    .where(col(ExtensionRequest.action_id) == sa.bindparam("action_id"))
    .where(col(ExtensionRequest.outcome) == RequestOutcome.OPEN)
)
