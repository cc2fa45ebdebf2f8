"""The one table of what a message of each kind means: how it is looked at again, loaded and written."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.mail import digests as weekly
from app.mail import messages, reply_letters
from app.services.mailing.letters import (
    acts,
    behalf,
    changes,
    extensions,
    handovers,
    invitations,
    joint,
    mornings,
    notices,
    proposals,
    questions,
    renewals,
    replies,
    substitutes,
    support,
    takebacks,
    weeks,
)
from app.services.mailing.letters.case import Case, LetterCache, MessageKind, NoLongerWanted, QueuedMessage

__all__ = ["KINDS", "UNKNOWN", "Case", "LetterCache", "MessageKind", "NoLongerWanted", "QueuedMessage"]

_WEEK = dt.timedelta(days=7)

KINDS: Mapping[str, MessageKind[Any]] = {
    "sign_in": MessageKind(
        notices.asked, notices.sign_in, messages.sign_in, lifetime=dt.timedelta(minutes=30), is_secret=True
    ),
    "action_assigned": MessageKind(acts.held, acts.assigned, messages.action_assigned),
    "action_reassigned": MessageKind(acts.held, acts.reassigned, messages.action_reassigned),
    "handover": MessageKind(handovers.owed, handovers.load, messages.handover),
    "invitation": MessageKind(invitations.still_open, invitations.load, messages.invitation, is_for_guests=True),
    "acting_named": MessageKind(substitutes.still_named, substitutes.named, messages.acting),
    "acting_withdrawn": MessageKind(substitutes.still_off, substitutes.withdrawn, messages.acting),
    "link_renewed": MessageKind(renewals.still_asked, renewals.load, messages.reminder, lifetime=dt.timedelta(days=2)),
    "link_moved": MessageKind(acts.any_state, acts.moved, messages.link_moved),
    "action_returned": MessageKind(acts.held, acts.returned, messages.action_returned),
    "action_submitted": MessageKind(acts.to_verify, acts.submitted, messages.action_submitted),
    "action_verified": MessageKind(acts.found_done, acts.verified, messages.action_verified),
    "action_declined": MessageKind(acts.given_back, acts.declined, messages.action_declined),
    "action_blocked": MessageKind(acts.stuck, acts.blocked, messages.action_blocked),
    "recorded_on_behalf": MessageKind(behalf.still_theirs, behalf.recorded, messages.recorded_on_behalf),
    "action_unheld": MessageKind(acts.unheld, acts.no_holder, messages.no_holder),
    "reminder": MessageKind(
        mornings.look,
        mornings.load,
        mornings.message,
        gather=mornings.gather,
        lifetime=_WEEK,
        is_of_work=True,
        after_sent=mornings.done,
        after_lost=mornings.dropped,
    ),
    # The last two were asked for before all that somebody reads became one mail.
    **dict.fromkeys(
        ("digest", "digest_owner", "digest_secretariat"),
        MessageKind(
            weeks.still_on,
            weeks.load,
            weekly.digest,
            gather=weeks.gather,
            lifetime=_WEEK,
            is_covered=True,
            after_sent=weeks.sent,
            after_lost=weeks.missed,
        ),
    ),
    "undeliverable": MessageKind(notices.failed, notices.undeliverable, messages.undeliverable),
    "action_reopened": MessageKind(changes.owed_again, changes.reopened, messages.action_reopened),
    "deadline_moved": MessageKind(changes.still_due, changes.moved, messages.deadline_moved),
    "part_asked": MessageKind(support.supported, support.load, messages.part_asked),
    "part_moved": MessageKind(support.supported, support.load, messages.part_moved),
    "part_ended": MessageKind(acts.any_state, support.ended, messages.part_ended),
    "proposal_moved": MessageKind(
        proposals.still_wanted, proposals.load, messages.proposal_moved, lifetime=dt.timedelta(days=30)
    ),
    "changed_together": MessageKind(joint.still_so, joint.load, messages.changed_together),
    "extension_asked": MessageKind(extensions.undecided, extensions.asked, messages.extension_asked),
    "extension_decided": MessageKind(extensions.still_decided, extensions.decided, messages.extension_decided),
    "question_asked": MessageKind(questions.unanswered, questions.asked, messages.question_asked),
    "question_answered": MessageKind(questions.still_theirs, questions.answered, messages.question_answered),
    "reply_waiting": MessageKind(replies.still_waiting, replies.load, reply_letters.reply_waiting, lifetime=_WEEK),
    "action_ended": MessageKind(changes.still_ended, changes.ended, messages.action_ended),
    "closure_taken_back": MessageKind(takebacks.still_ended, takebacks.taken_back, messages.closure_taken_back),
}
# For rows of a version that is no longer: nothing is done for them.
UNKNOWN: MessageKind[Any] = MessageKind(acts.any_state, acts.any_state, messages.sign_in)
