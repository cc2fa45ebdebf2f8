"""The one table of words for the members of our enums; a member without a row fails a test."""

from collections.abc import Callable
from enum import StrEnum

from app.domain import answers
from app.domain.messages import C_, N_
from app.domain.verbs import FACTS
from app.i18n.catalogues import gettext, ngettext, translate

_PEOPLE = {
    "secretariat": N_("Secretariat"),
    "owner": N_("Owner"),
    "contributor": N_("Contributor"),
    "manager": N_("Manager"),
    "verifier": N_("Verifier"),
}
_TEXT_KINDS = {
    "programme": N_("Programme"), "meeting": C_("found", "Meeting"), "recommendation": N_("Recommendation"),
    "action": C_("found", "Action"), "part": N_("Part of a supporting post"), "milestone": C_("text", "Milestone"),
    "indicator": C_("text", "Indicator"), "theme": N_("Theme"),
    "organisation": C_("found", "Organisation"), "post": C_("found", "Post"),
}  # fmt: skip
LABELS: dict[str, dict[str, str]] = {
    "Status": {
        "awaiting_response": N_("Awaiting a response"),
        "accepted_no_action": N_("Accepted, no action planned"),
        "not_started": N_("Not started"),
        "in_progress": N_("In progress"),
        "partially_implemented": N_("Partially implemented"),
        "implemented": N_("Implemented, verified"),
        "not_accepted": N_("Not accepted"),
        "closed_not_implemented": N_("Closed, not implemented"),
        "referred": N_("Referred"),
        "merged": N_("Merged"),
        "no_longer_applicable": N_("No longer applicable"),
    },
    "Response": {
        "pending": N_("Awaiting a response"),
        "accepted": N_("Accepted"),
        "accepted_in_part": N_("Accepted in part"),
        "not_accepted": N_("Not accepted"),
        "referred": N_("Referred"),
        "merged": N_("Merged"),
    },
    "Closure": {
        "no_longer_applicable": N_("No longer applicable"),
        "closed_not_implemented": N_("Closed, not implemented"),
    },
    "State": {
        "draft": N_("Draft"),
        "assigned": N_("Assigned"),
        "acknowledged": N_("Receipt confirmed"),
        "declined": N_("Declined"),
        "in_progress": N_("In progress"),
        "blocked": C_("action", "Blocked"),
        "submitted": N_("Declared done, to be verified"),
        "verified": C_("action", "Verified"),
        "cancelled": N_("Cancelled"),
        "superseded": N_("Superseded"),
        "not_applicable": C_("action", "No longer applicable"),
    },
    "Rhythm": {
        "month": N_("Every month"),
        "quarter": N_("Every quarter"),
        "half_year": N_("Every half-year"),
        "year": N_("Every year"),
    },
    "SearchKind": {
        **{name: word for name, word in _TEXT_KINDS.items() if name not in ("programme", "part", "milestone", "theme")},
        "said": N_("Words for the public"),
        "note": N_("Internal note"),
        "brief": N_("Internal description"),
        "question": N_("Question or answer"),
    },
    "MilestoneWord": {
        "reached": C_("milestone", "reached"),
        "on_track": C_("milestone", "on track"),
        "blocked": C_("milestone", "blocked"),
    },
    "Verb": {verb.value: facts.word for verb, facts in FACTS.items()},
    "Schedule": {
        "no_date": N_("No deadline"),
        "on_track": N_("On schedule"),
        "due_soon": N_("Due soon"),
        "due_today": N_("Due today"),
        "overdue": C_("action", "Overdue"),
        "done_on_time": N_("Done on time"),
        "done_late": N_("Done late"),
        "closed": C_("action", "Closed"),
    },
    "Evidence": {
        "none": N_("No evidence"),
        "declared": N_("Declared, without a document"),
        "documented": N_("Documented"),
        "verified": C_("action", "Verified"),
        "disputed": C_("action", "Disputed"),
    },
    "BlockReason": {
        "budget": N_("Budget"),
        "legal_text": N_("Legal text"),
        "procurement": N_("Public procurement"),
        "land": N_("Land"),
        "coordination": N_("Coordination"),
        "data": N_("Data"),
        "other": N_("Another reason"),
    },
    "Role": {**_PEOPLE, "observer": N_("Observer"), "administrator": N_("Administrator")},
    "Part": _PEOPLE | {"proposer": N_("Who proposed it")},
    "Audience": {
        "holder": N_("Holder of the post"),
        "manager": N_("Manager"),
        "secretariat": N_("Secretariat"),
        "verifier": N_("Verifier"),
        "decider": N_("Who decides"),
    },
    "Flag": {
        "disputed": N_("Disputed"),
        "overdue": N_("Overdue"),
        "blocked": N_("Blocked"),
        "silent": N_("No update"),
    },
    "Group": {
        "implemented": N_("Implemented"),
        "under_way": N_("Under way"),
        "not_begun": N_("Not begun"),
        "set_aside": N_("Set aside"),
        "beside": N_("Beside the rate"),
    },
    "ProposalState": {
        "proposed": N_("Proposed"),
        "accepted": C_("proposal", "Accepted"),
        "dropped": N_("Dropped"),
    },
    "ReleasePolicy": {
        "by_hand": N_("By hand"),
        "at_once": N_("At once"),
        "after_days": N_("After some working days, unless withheld"),
    },
    "CameBy": {
        "letter": N_("By letter"),
        "phone": N_("By phone"),
        "meeting": N_("In a meeting"),
        "e_mail": N_("By e-mail"),
    },
    "Via": {
        "workspace": N_("In the workspace"),
        "mail_link": N_("By the link of a mail"),
        "on_behalf": N_("Recorded on behalf"),
        "command": N_("By command"),
    },
    "Delivery": {
        "queued": N_("Waiting to leave"),
        "claimed": N_("Leaving now"),
        "sent": N_("Sent"),
        "cancelled": N_("No longer wanted"),
        "dead": N_("Failed for good"),
        "parked": N_("Uncertain, to be looked at"),
        "bounced": N_("Came back"),
    },
    "RequestOutcome": {
        "open": N_("Waiting for a decision"),
        "granted": C_("request", "Granted"),
        "refused": C_("request", "Refused"),
        "withdrawn": C_("request", "Withdrawn"),
        "lapsed": N_("Lapsed: the action moved on"),
    },
    "TranslationFlag": {
        "official": N_("Official translation"),
        "courtesy": N_("Courtesy translation"),
    },
    "TextKind": _TEXT_KINDS,
}

# The words of "Flag" on an action: gender follows what carries the flag.
_FLAGS_OF_ACTION = {
    "disputed": C_("action", "Disputed"),
    "overdue": C_("action", "Overdue"),
    "blocked": C_("action", "Blocked"),
}


def msgid(member: StrEnum) -> str:
    """The English message id for a member of one of the enums above."""
    return LABELS[type(member).__name__][member.value]


def label(member: StrEnum, lang: str) -> str:
    """The word for a member of one of the enums above."""
    return gettext(lang, msgid(member))


def status_word(member: StrEnum, lang: str, days: int = 0) -> str:
    """The label, with the days of waiting where the waiting is the news."""
    return _counted(member.value, lang, days) or label(member, lang)


def flag_word(flag: str, lang: str, days: int = 0, reason: StrEnum | None = None, of_action: bool = False) -> str:
    """What a flag says of a recommendation or an action: overdue and silent count days, blocked tells why."""
    if reason is not None:
        blocked = C_("action", "Blocked: %(reason)s") if of_action else N_("Blocked: %(reason)s")
        return gettext(lang, blocked) % {"reason": label(reason, lang)}
    if of_action and flag == "overdue" and days > 0:
        return _action_overdue(lang, days) % {"num": days}
    words = LABELS["Flag"] | _FLAGS_OF_ACTION if of_action else LABELS["Flag"]
    return _counted(flag, lang, days) or gettext(lang, words[flag])


def going_on(lang: str, is_late: bool, of_milestone: bool = False) -> str:
    """What "on track" is called where it is offered."""
    return translate(lang, answers.going_on(is_late=is_late, of_milestone=of_milestone))


def _counted(key: str, lang: str, days: int) -> str:
    if days < 1 or key not in _COUNTED:
        return ""
    return _COUNTED[key](lang, days) % {"num": days}


def _overdue(lang: str, days: int) -> str:
    return ngettext(lang, "%(num)s day overdue", "%(num)s days overdue", days)


def _action_overdue(lang: str, days: int) -> str:
    return ngettext(lang, C_("action", "%(num)s day overdue"), "%(num)s days overdue", days)


def _silent(lang: str, days: int) -> str:
    return ngettext(lang, "No update for %(num)s day", "No update for %(num)s days", days)


def _unanswered(lang: str, days: int) -> str:
    return ngettext(lang, "Awaiting a response for %(num)s day", "Awaiting a response for %(num)s days", days)


def _unplanned(lang: str, days: int) -> str:
    return ngettext(
        lang, "Accepted, no action planned for %(num)s day", "Accepted, no action planned for %(num)s days", days
    )


_COUNTED: dict[str, Callable[[str, int], str]] = {
    "overdue": _overdue,
    "silent": _silent,
    "awaiting_response": _unanswered,
    "accepted_no_action": _unplanned,
}
