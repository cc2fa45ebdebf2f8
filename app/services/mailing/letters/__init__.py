"""The one table of what a message of each kind means: how it is looked at again, loaded and written."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.mail import messages
from app.services.mailing.letters import acts, changes, handovers, mornings, notices, renewals, weeks
from app.services.mailing.letters.case import Case, Envelope, Kind, Table, Unwanted

__all__ = ["KINDS", "UNKNOWN", "Case", "Envelope", "Kind", "Table", "Unwanted"]

_WEEK = dt.timedelta(days=7)

KINDS: Mapping[str, Kind[Any]] = {
    "sign_in": Kind(
        notices.asked, notices.sign_in, messages.sign_in, lifetime=dt.timedelta(minutes=30), is_secret=True
    ),
    "action_assigned": Kind(acts.held, acts.assigned, messages.action_assigned),
    "action_reassigned": Kind(acts.held, acts.reassigned, messages.action_reassigned),
    "handover": Kind(handovers.owed, handovers.load, messages.handover),
    "link_renewed": Kind(renewals.still_asked, renewals.load, messages.reminder, lifetime=dt.timedelta(days=2)),
    "link_moved": Kind(acts.any_state, acts.moved, messages.link_moved),
    "action_returned": Kind(acts.held, acts.returned, messages.action_returned),
    "action_submitted": Kind(acts.to_verify, acts.submitted, messages.action_submitted),
    "action_verified": Kind(acts.found_done, acts.verified, messages.action_verified),
    "action_declined": Kind(acts.given_back, acts.declined, messages.action_declined),
    "action_blocked": Kind(acts.stuck, acts.blocked, messages.action_blocked),
    "action_unheld": Kind(acts.unheld, acts.no_holder, messages.no_holder),
    "reminder": Kind(
        mornings.look,
        mornings.load,
        mornings.message,
        gather=mornings.gather,
        lifetime=_WEEK,
        after_sent=mornings.done,
        after_lost=mornings.dropped,
    ),
    "digest_owner": Kind(
        weeks.still_on,
        weeks.owner,
        messages.digest_owner,
        gather=weeks.gather,
        lifetime=_WEEK,
        is_covered=True,
        after_sent=weeks.sent,
        after_lost=weeks.missed,
    ),
    "digest_secretariat": Kind(
        weeks.still_on,
        weeks.secretariat,
        messages.digest_secretariat,
        lifetime=_WEEK,
        is_covered=True,
        after_sent=weeks.sent,
        after_lost=weeks.missed,
    ),
    "undeliverable": Kind(notices.failed, notices.undeliverable, messages.undeliverable),
    "action_reopened": Kind(changes.owed_again, changes.reopened, messages.action_reopened),
    "deadline_moved": Kind(changes.still_due, changes.moved, messages.deadline_moved),
    "action_ended": Kind(changes.still_ended, changes.ended, messages.action_ended),
}
# For rows of a version that is no longer: nothing is done for them.
UNKNOWN: Kind[Any] = Kind(acts.any_state, acts.any_state, messages.sign_in)
