"""The keys that a receipt shows: to what else its post owes, so that the next answer needs no other mail."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.models.updates import Update
from app.queries.followup import receipts
from app.queries.followup.update_keys import OpenedKey
from app.services.kernel import update_links
from app.services.kernel.update_links import Bound

LIFE = dt.timedelta(days=1)


def open_others(session: Session, token: str, key: OpenedKey, update: Update) -> None:
    """For a day, and never longer than the key that was answered: one that was forwarded opens nothing for longer."""
    until = min(key.expires_at, clock.now() + LIFE)
    rows = [
        update_links.kept(receipts.key_to(token, update.id, other.id), _bound(key, other.id), until)
        for other in receipts.others(session, key)
    ]
    update_links.keep(session, rows)


def _bound(key: OpenedKey, action_id: int) -> Bound:
    return Bound(key.viewer.person_id or 0, key.post_id, action_id)
