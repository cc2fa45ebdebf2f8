"""What mails say of facts: their subjects, openings, headings, counts and deadlines, and why they come."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.ladder import Audience
from app.domain.messages import N_, Counted, Message, away
from app.domain.permissions import Role
from app.domain.sentences import parts, weeks
from app.domain.sentences.phrases import Phrase
from app.domain.workflow import State

FAR = 60  # days beyond which a deadline is said by its date alone

# Of the mails about one thing; those of a morning, of an end and of a deadline follow the facts.
_SUBJECTS = {
    "sign_in": N_("Your sign-in link for Tatbiq"),
    "invitation": N_("Invitation to follow up recommendations"),
    "action_assigned": N_("New action for your post: %(title)s"),
    "action_reassigned": N_("Handed over to your post: %(title)s"),
    "handover": N_("Handed over to you: %(title)s"),
    "handover_acting": N_("Acting now: %(title)s"),
    "acting_named": N_("Acting soon: %(title)s"),
    "acting_withdrawn": N_("No longer acting: %(title)s"),
    "link_moved": N_("Moved to another post: %(title)s"),
    "action_returned": N_("Returned to you: %(title)s"),
    "action_submitted": N_("To verify: %(title)s"),
    "action_verified": N_("Verified: %(title)s"),
    "action_declined": N_("Declined: %(title)s"),
    "action_blocked": N_("Blocked: %(title)s"),
    "action_reopened": N_("To do again: %(title)s"),
    **parts.SUBJECTS,
    "extension_asked": N_("More time asked for: %(title)s"),
    "recorded_on_behalf": N_("Recorded for your post: %(title)s"),
    "no_holder": N_("Post without a holder: %(title)s"),
    "undeliverable": N_("A mail did not arrive: %(title)s"),
}
_ENDED = {
    State.SUPERSEDED: N_("Replaced: %(title)s"),
    State.CANCELLED: N_("Cancelled: %(title)s"),
    State.NOT_APPLICABLE: N_("No longer applicable: %(title)s"),
}
_PRESSING = {
    "blocked": N_("Blocked: %(title)s"),
    "verification": N_("To verify: %(title)s"),
    "confirm": N_("To confirm: %(title)s"),
    "word": N_("Periodic update awaited: %(title)s"),
    "value": N_("Value awaited: %(title)s"),
}
_SEVERAL = {
    "reminder": N_("Your morning: %(counts)s"),
    "escalation": N_("For your attention: %(counts)s"),
    "verification_waiting": N_("Waiting for you: %(counts)s"),
    "digest": N_("Your week: %(counts)s"),
    "changed_together": N_("For your posts: %(counts)s"),
}
_ROLES: dict[Role | None, str] = {
    Role.MANAGER: N_("You receive this mail because you manage: %(names)s."),
    Role.SECRETARIAT: N_("You receive this mail because you belong to the secretariat of: %(names)s."),
    Role.VERIFIER: N_("You receive this mail because you verify for: %(names)s."),
    Role.OBSERVER: N_("You receive this mail because you observe: %(names)s."),
}


def subject(name: str, title: str) -> Message:
    return Message(_SUBJECTS[name], title=title)


def subject_of_end(state: State, title: str) -> Message:
    return Message(_ENDED[state], title=title)


def subject_of_deadline(due_on: date | None, title: str) -> Message:
    if due_on is None:
        return Message("To update: %(title)s", title=title)
    return Message("New deadline %(day)s: %(title)s", day=due_on, title=title)


def subject_of_decision(granted_on: date | None, title: str) -> Message:
    if granted_on is None:
        return Message("More time refused: %(title)s", title=title)
    return subject_of_deadline(granted_on, title)


def subject_of_one(what: str, late: int, left: int | None, title: str) -> Message:
    """Of a reminder: what presses, by how many days it is late or how many are left."""
    if what == "overdue":
        return Counted("%(num)s day overdue: %(title)s", "%(num)s days overdue: %(title)s", late, title=title)
    if what in _PRESSING:
        return Message(_PRESSING[what], title=title)
    if left is None:
        return Message("To update: %(title)s", title=title)
    if left <= 0:
        return Message("Due today: %(title)s", title=title)
    if left == 1:
        return Message("Due tomorrow: %(title)s", title=title)
    return Counted("Due in %(num)s day: %(title)s", "Due in %(num)s days: %(title)s", left, title=title)


def subject_of_several(name: str, counts: str) -> Message:
    return Message(_SEVERAL[name], counts=counts)


def pressing(state: State, late: int) -> str:
    """What a reminder is about, under one of the words that are counted."""
    if late:
        return "overdue"
    if state is State.BLOCKED:
        return "blocked"
    if state is State.SUBMITTED:
        return "verification"
    return "confirm" if state is State.ASSIGNED else "due"


_COUNTED = {
    "overdue": Phrase(lambda n: Counted("%(num)s action overdue", "%(num)s actions overdue", n)),
    "milestone_overdue": Phrase(lambda n: Counted("%(num)s milestone overdue", "%(num)s milestones overdue", n)),
    "milestone_due": Phrase(lambda n: Counted("%(num)s milestone due", "%(num)s milestones due", n)),
    "due": Phrase(
        lambda n: Counted("%(num)s action due", "%(num)s actions due", n),
        lambda n: Counted("%(num)s due", "%(num)s due", n),
        lambda n: Counted("%(num)s action due within 7 days", "%(num)s actions due within 7 days", n),
    ),
    "confirm": Phrase(
        lambda n: Counted("%(num)s action to confirm", "%(num)s actions to confirm", n),
        lambda n: Counted("%(num)s to confirm", "%(num)s to confirm", n),
    ),
    "blocked": Phrase(
        lambda n: Counted("%(num)s action blocked", "%(num)s actions blocked", n),
        lambda n: Counted("%(num)s blocked", "%(num)s blocked", n),
    ),
    "waiting": Phrase(
        lambda n: Counted("%(num)s action waits for you", "%(num)s actions wait for you", n),
        lambda n: Counted("%(num)s waits for you", "%(num)s wait for you", n),
    ),
    "changed": Phrase(lambda n: Counted("%(num)s change", "%(num)s changes", n)),
    "verification": Phrase(
        lambda n: Counted("%(num)s action to verify", "%(num)s actions to verify", n),
        lambda n: Counted("%(num)s to verify", "%(num)s to verify", n),
    ),
    "requests": Phrase(lambda n: Counted("%(num)s request", "%(num)s requests", n)),
    "silence": Phrase(
        lambda n: Counted("%(num)s action without an update", "%(num)s actions without an update", n),
        lambda n: Counted("%(num)s without an update", "%(num)s without an update", n),
    ),
    "failures": Phrase(lambda n: Counted("%(num)s failed mail", "%(num)s failed mails", n)),
    "word": Phrase(lambda n: Counted("%(num)s periodic update awaited", "%(num)s periodic updates awaited", n)),
    "value": Phrase(lambda n: Counted("%(num)s value awaited", "%(num)s values awaited", n)),
    "open": Phrase(lambda n: Counted("%(num)s open action", "%(num)s open actions", n)),
    **weeks.PHRASES,
}
ORDER = list(_COUNTED)
_OWN_NOUN = frozenset(
    {"changed", "requests", "failures", "milestone_overdue", "milestone_due", "word", "value", *weeks.PHRASES}
)


def counted(counts: Iterable[tuple[str, int]]) -> list[Counted]:
    """3 actions overdue, 2 due: the noun stands at the first of those that count the same; zero is not said."""
    said, before = list[Counted](), ""
    for what, number in counts:
        if number:
            phrase, noun = _COUNTED[what], what if what in _OWN_NOUN else "action"
            say = phrase.after if phrase.after and noun == before else phrase.whole
            said.append(say(number))
            before = noun
    return said


def heading(what: str, number: int) -> Counted:
    """Over the rows of a section."""
    phrase = _COUNTED[what]
    return (phrase.heading or phrase.whole)(number)


def opening_of_reminder(states: Sequence[State], counts: str, *, of_milestone: bool = False) -> Message:
    if len(states) > 1:
        return Message("This morning: %(counts)s.", counts=counts)
    if of_milestone:
        return Message("This milestone waits for a word from you.")
    if states[0] is State.ASSIGNED:
        return Message("This action still waits for you to confirm receipt.")
    return Message("This action waits for a word from you.")


def opening_of_escalation(audience: Audience, n: int) -> Counted:
    if audience is Audience.MANAGER:
        return Counted("An action of your organisation needs you.", "%(num)s actions of your organisation need you.", n)
    return Counted("An action needs the secretariat.", "%(num)s actions need the secretariat.", n)


def opening_of_verification(number: int) -> Counted:
    return Counted("%(num)s action waits for your verification.", "%(num)s actions wait for your verification.", number)


def time_asked(asker: str, until: date) -> Message:
    return Message("%(asker)s asks for more time, until %(day)s.", asker=asker, day=until)


def opening_of_request(asker: str, until: date, *, may_decide: bool) -> list[Message]:
    """Who asks for what, and what its reader can do about it: a manager stands behind it, others decide."""
    asked = time_asked(asker, until)
    if may_decide:
        return [asked, Message("Grant it, with the date asked or another, or refuse it with a reason.")]
    return [asked, Message("Endorse it if you stand behind it: whoever decides sees that you do.")]


def opening_of_decision(until: date, granted_on: date | None) -> Message:
    """A date other than the one asked is said beside it."""
    if granted_on is None:
        return Message("The request for more time, until %(day)s, was refused. The deadline stays.", day=until)
    if granted_on != until:
        return Message("More time was granted until %(day)s; you asked for %(asked)s.", day=granted_on, asked=until)
    return Message("More time was granted, as you asked: until %(day)s.", day=granted_on)


def waiting(state: State, days: int) -> Counted | None:
    """For what, and for how long; nothing on the first day."""
    if not days:
        return None
    if state is State.ASSIGNED:
        return Counted("Receipt not confirmed for %(num)s day", "Receipt not confirmed for %(num)s days", days)
    if state is State.SUBMITTED:
        return Counted("Waiting for verification for %(num)s day", "Waiting for verification for %(num)s days", days)
    if state is State.DECLINED:
        return Counted("To be assigned again for %(num)s day", "To be assigned again for %(num)s days", days)
    return Counted("No update for %(num)s day", "No update for %(num)s days", days)


def deadline(due_on: date | None, late: int, today: date) -> Message:
    """How late it is stands beside it already; how far it is says less than the date when it is far."""
    if due_on is None:
        return Message("No deadline")
    left = (due_on - today).days
    if late or abs(left) > FAR:
        return Message("Deadline: %(day)s", day=due_on)
    return Message("Deadline: %(day)s, %(when)s", day=due_on, when=away(left))


def why(role: Role | None, names: Sequence[str], post: str) -> Message | None:
    """Why the reader gets the mail: their role and where they have it, else the post that they hold."""
    if role is Role.ADMINISTRATOR:
        return Message("You receive this mail because you look after this service.")
    if role is Role.OWNER and len(names) > 1:
        return Message("You receive this mail because you hold these posts: %(names)s.", names=" / ".join(names))
    if role in _ROLES and names:
        return Message(_ROLES[role], names=" · ".join(dict.fromkeys(names)))
    return Message("You receive this mail because you hold this post: %(post)s.", post=post) if post else None
