"""What the desk and the lists say above themselves: how many of what, in words that agree with the number."""

import datetime as dt
from collections.abc import Callable

from app.domain.messages import N_, Counted, Message

_SECTIONS: dict[str, Callable[[int], Counted]] = {
    "vacant": lambda number: Counted("%(num)s post without a holder", "%(num)s posts without a holder", number),
    "to_assign": lambda number: Counted("%(num)s action to assign", "%(num)s actions to assign", number),
    "to_verify": lambda number: Counted("%(num)s action to verify", "%(num)s actions to verify", number),
    "disputed": lambda number: Counted("%(num)s dispute to answer", "%(num)s disputes to answer", number),
    "requests": lambda number: Counted("%(num)s request for more time", "%(num)s requests for more time", number),
    "questions": lambda number: Counted(
        "%(num)s question without an answer", "%(num)s questions without an answer", number
    ),
    "words": lambda number: Counted("%(num)s text to release", "%(num)s texts to release", number),
    "unconfirmed": lambda number: Counted(
        "%(num)s action not confirmed by its post", "%(num)s actions not confirmed by their posts", number
    ),
    "blocked": lambda number: Counted("%(num)s blocked action", "%(num)s blocked actions", number),
    "silent": lambda number: Counted("%(num)s action without news", "%(num)s actions without news", number),
    "parts": lambda number: Counted(
        "%(num)s action with a supporting post late or not confirmed",
        "%(num)s actions with a supporting post late or not confirmed",
        number,
    ),
    "failed": lambda number: Counted("%(num)s failed mail", "%(num)s failed mails", number),
    "unanswered": lambda number: Counted(
        "%(num)s recommendation without a response", "%(num)s recommendations without a response", number
    ),
    "unplanned": lambda number: Counted(
        "%(num)s recommendation accepted without an action",
        "%(num)s recommendations accepted without an action",
        number,
    ),
    "to_publish": lambda number: Counted("%(num)s action to publish", "%(num)s actions to publish", number),
    "translations": lambda number: Counted(
        "%(num)s translation to bring up to date", "%(num)s translations to bring up to date", number
    ),
    "late": lambda number: Counted("%(num)s late action", "%(num)s late actions", number),
    "open": lambda number: Counted("%(num)s open action", "%(num)s open actions", number),
    "week": lambda number: Counted("%(num)s action due within a week", "%(num)s actions due within a week", number),
    "owed": lambda number: Counted("%(num)s action to answer for", "%(num)s actions to answer for", number),
    "supported": lambda number: Counted("%(num)s supported action", "%(num)s supported actions", number),
    "new": lambda number: Counted("%(num)s action to confirm", "%(num)s actions to confirm", number),
}


def section(name: str, count: int, most: int) -> Message:
    """The head of one section; a count that stopped after `most` says that there are others."""
    said = _SECTIONS[name](min(count, most))
    return said if count <= most else Message(N_("At least %(counted)s"), counted=said)


def desk(total: int, *, is_more: bool) -> Message:
    if is_more:
        return Message(N_("More than a hundred things need you today"))
    if not total:
        return Message(N_("Nothing needs you"))
    return Counted("%(num)s thing needs you today", "%(num)s things need you today", total)


def mine(count: int, next_on: dt.date | None, *, is_more: bool) -> Message:
    """Above one's own actions; `next_on` is the first deadline that is still to come."""
    if is_more:
        return Message(N_("More than a hundred actions wait for you"))
    if count:
        return Counted("%(num)s action waits for you", "%(num)s actions wait for you", count)
    return (
        Message(N_("Nothing is due. Next deadline: %(day)s"), day=next_on) if next_on else Message(N_("Nothing is due"))
    )


def late(count: int, most: int) -> Message | None:
    """How many of one's own actions are late."""
    if count > most:
        return Message(N_("More than a hundred actions are late"))
    return Counted("%(num)s action is late", "%(num)s actions are late", count) if count else None


def organisation(late: int, most: int) -> Message:
    """Above what an organisation owes."""
    if late > most:
        return Message(N_("More than a hundred actions of your organisation are late"))
    if not late:
        return Message(N_("Nothing of your organisation is late"))
    return Counted("%(num)s action of your organisation is late", "%(num)s actions of your organisation are late", late)


def actions(state: str, *, is_overdue: bool) -> Message:
    """Above everybody's list: what it is narrowed to, and its order."""
    if is_overdue:
        return Message(N_("Overdue actions"))
    if state == "open":
        return Message(N_("Open actions, the earliest deadline first"))
    return Message(N_("Actions, the earliest deadline first"))


def leaving(count: int) -> Message:
    if not count:
        return Message(N_("No mail is planned for the next 7 days"))
    return Counted("%(num)s mail leaves in the next 7 days", "%(num)s mails leave in the next 7 days", count)
