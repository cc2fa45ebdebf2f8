"""How far recommendations and actions are: every number says what it counts, and nothing is said that nobody did."""

from app.domain.messages import Counted, Message, both


def headline(*, implemented: int, denominator: int, overdue: int, is_planned: bool) -> Message:
    """The first sentence of a page of counts; `is_planned`: there is an action at all."""
    return both(implemented_of(implemented, denominator), overdue_actions(overdue, is_planned=is_planned))


def implemented_of(done: int, total: int) -> Message:
    if not total:
        return Message("Nothing is there to implement yet")
    if not done:
        if total == 2:
            return Message("Neither recommendation is implemented yet")
        return Counted(
            "The only recommendation is not implemented yet",
            "None of %(num)s recommendations is implemented yet",
            total,
        )
    if done == total:
        if total == 2:
            return Message("Both recommendations are implemented")
        return Counted("The only recommendation is implemented", "All %(num)s recommendations are implemented", total)
    whole = Counted("of %(num)s recommendation", "of %(num)s recommendations", total)
    return Counted(
        "%(done)s %(of_all)s is implemented", "%(done)s %(of_all)s are implemented", done, done=done, of_all=whole
    )


def overdue_actions(count: int, *, is_planned: bool = True) -> Message:
    if count:
        return Counted("%(num)s action is overdue", "%(num)s actions are overdue", count)
    return Message("no action is overdue") if is_planned else Message("no action is planned yet")


def verified_of(done: int, total: int) -> Message:
    """Of the actions of one recommendation."""
    if not total:
        return Message("No action yet")
    if not done:
        if total == 2:
            return Message("Neither of its actions is verified yet")
        return Counted("Its only action is not verified yet", "None of its %(num)s actions is verified yet", total)
    if done == total:
        if total == 2:
            return Message("Both its actions are verified")
        return Counted("Its only action is verified", "All its %(num)s actions are verified", total)
    whole = Counted("of its %(num)s action", "of its %(num)s actions", total)
    return Counted("%(done)s %(of_all)s is verified", "%(done)s %(of_all)s are verified", done, done=done, of_all=whole)


def beside(*, share: float | None, partial: int, disputed: int, outside: int) -> list[Message]:
    """What stands beside the count: `outside` are not in the rate."""
    said: list[Message] = []
    if share is not None:
        said.append(Message("Implementation rate: %(rate)s.", rate=share))
    if partial:
        said.append(
            Counted(
                "%(num)s more recommendation is partially implemented.",
                "%(num)s more recommendations are partially implemented.",
                partial,
            )
        )
    if disputed:
        said.append(
            Counted(
                "%(num)s more recommendation was verified, but is disputed and not counted.",
                "%(num)s more recommendations were verified, but are disputed and not counted.",
                disputed,
            )
        )
    if outside:
        said.append(
            Counted(
                "%(num)s recommendation is not counted: not accepted, referred, merged or no longer applicable.",
                "%(num)s recommendations are not counted: not accepted, referred, merged or no longer applicable.",
                outside,
            )
        )
    return said


def recommendations(count: int) -> Message:
    return Counted("%(num)s recommendation", "%(num)s recommendations", count)


def actions(count: int) -> Message:
    return Counted("%(num)s action", "%(num)s actions", count)


def bar(
    whole: Message, *, verified: int, under_way: int, not_begun: int, set_aside: int, late: int, disputed: int = 0,
    outside: int = 0,
) -> list[Message]:  # fmt: skip
    """What a bar shows; `outside`: counted in the whole and not drawn."""
    counts = {"verified": verified, "under_way": under_way, "rest": not_begun}
    said = [
        Message("%(whole)s: verified %(verified)s, under way %(under_way)s, not begun %(rest)s.", whole=whole, **counts)
    ]
    if late:
        said.append(Message("Overdue, of those under way: %(count)s.", count=late))
    if disputed:
        said.append(Message("Disputed, of those verified: %(count)s.", count=disputed))
    if set_aside:
        said.append(Message("Set aside: %(count)s.", count=set_aside))
    if outside:
        said.append(Message("Not drawn, because referred, merged or no longer applicable: %(count)s.", count=outside))
    return said


def organisation(*, leads: int, verified: int, overdue: int, supports: int) -> list[Message]:
    said: list[Message] = []
    if leads:
        led = Counted(
            "Leads %(num)s action, %(done)s verified", "Leads %(num)s actions, %(done)s verified", leads, done=verified
        )
        said.append(both(led, overdue_actions(overdue)))
    if supports:
        said.append(
            Counted("Supports %(num)s action that others lead.", "Supports %(num)s actions that others lead.", supports)
        )
    return said or [Message("It leads and supports no public action.")]
