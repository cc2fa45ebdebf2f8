"""What a letter about several changes says of each, and what the preview of a bulk edit says beside one."""

from datetime import date

from app.domain.messages import N_, Message
from app.domain.verbs import Verb

_CHANGES = {
    "action_assigned": N_("New for your post"),
    "action_reassigned": N_("Handed over to your post"),
    "link_moved": N_("Moved to another post: no longer with yours"),
    "action_unheld": N_("Its post has no holder"),
}
KINDS = frozenset({*_CHANGES, "deadline_moved"})  # of which several make one letter


def change(kind: str, before: date | None) -> Message:
    """Of one action, to whom the letter of that kind alone would have gone."""
    if kind in _CHANGES:
        return Message(_CHANGES[kind])
    return Message(N_("New deadline; until now %(day)s"), day=before) if before else Message(N_("New deadline"))


def of_deadline(verb: Verb) -> Message:
    """Whether a new deadline counts."""
    if verb is Verb.CORRECT_DEADLINE:
        return Message(N_("A correction of the first deadline: not counted"))
    return Message(N_("An extension: counted, and public with its reason"))


def of_publication(*, is_shown: bool) -> Message:
    if is_shown:
        return Message(N_("On the public pages at once"))
    return Message(N_("On the public pages once its recommendation is"))
