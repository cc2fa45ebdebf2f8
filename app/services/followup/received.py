"""When a word that was received elsewhere was said, and what the record keeps of how it came."""

import datetime as dt

from app import clock
from app.config import settings
from app.models.actions import Action
from app.services.kernel.audit import Actor


def said_at(actor: Actor, action: Action, now: dt.datetime) -> dt.datetime:
    """What came on an earlier day counts from that day, whenever it was recorded; anything else is said now."""
    zone, received = settings().zone, actor.received
    if received is None or received.came_on == clock.day(now, zone):
        return now
    began = clock.start(received.came_on, zone)
    return max(began, action.assigned_at or began)


def for_record(actor: Actor) -> dict[str, object]:
    """Nothing where somebody speaks for themselves."""
    received = actor.received
    if received is None:
        return {}
    of_post = {"post_id": received.post_id} if received.post_id else {}
    return {**of_post, "came_by": received.came_by, "came_on": received.came_on}
