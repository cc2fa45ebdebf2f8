"""Requests for more time: who may ask, endorse, decide and withdraw one, what it moves, and when it lapses."""

from tests.services.followup.way_round.expected import AWAITED, BODY, MANAGERS, SUPPORT, Expected, Given, Request, Who

VERBS = frozenset({"ask_time", "endorse_time", "grant_time", "grant_part", "refuse_time", "withdraw_time"})
MANAGERS_MAY = 2  # of the extensions of an action without priority, where the programme lets them


def allows(its: Expected, who: Who, verb: str, given: Given) -> bool:
    if verb == "ask_time":
        return _may_ask(its, who, given)
    asked = chosen(its, given)
    if asked is None or asked.outcome != "open":
        return False
    if verb == "withdraw_time":
        return asked.post in who.posts
    if verb == "endorse_time":
        return _manages(its, who, asked) and not asked.is_endorsed
    return _may_decide(its, who, asked, given) and (verb == "refuse_time" or _is_later(its, asked.of_part, given))


def granting(its: Expected, given: Given) -> str:
    """What granting the chosen request is called: of a part it moves the part alone."""
    asked = chosen(its, given)
    return "grant_part" if asked and asked.of_part else "grant_time"


def chosen(its: Expected, given: Given) -> Request | None:
    return its.requests[given.which % len(its.requests)] if its.requests else None


def asking(its: Expected, who: Who) -> str:
    """In whose name: of the post that owns the action before one that supports it."""
    return its.owner if its.owner in who.posts else SUPPORT


def _may_ask(its: Expected, who: Who, given: Given) -> bool:
    """One at a time of each post, for a date after the present one."""
    post = asking(its, who)
    is_first = all(one.post != post for one in its.open_requests)
    return is_first and _is_later(its, _is_of_part(its, post), given)


def _is_of_part(its: Expected, post: str) -> bool:
    """Whose part has a date of its own asks for the part."""
    return post == SUPPORT != its.owner and its.part is not None and its.part.due_on is not None


def _is_later(its: Expected, of_part: bool, given: Given) -> bool:
    """Later than what there is, not over yet; and no part ends after its action."""
    present = its.part.due_on if of_part and its.part else its.due_on
    assert present
    return given.to_on > present and given.to_on >= given.today and not (of_part and given.to_on > its.due_on)


def _is_askers(who: Who, asked: Request) -> bool:
    return who.name == asked.asker or asked.post in who.posts


def _manages(its: Expected, who: Who, asked: Request) -> bool:
    """The manager of the body that asks, who asked for nothing themselves."""
    managed = {BODY[post] for post in who.posts & MANAGERS} & its.bodies
    return BODY[asked.post] in managed and not _is_askers(who, asked)


def _may_decide(its: Expected, who: Who, asked: Request, given: Given) -> bool:
    """The secretariat; the first two also a manager, but not of a priority, nor a partner's of its own delay."""
    counted = its.part.extensions if asked.of_part and its.part else its.extensions
    is_left = given.managers_decide and BODY[asked.post] != given.partner
    is_managers = is_left and not its.is_priority and counted < MANAGERS_MAY and _manages(its, who, asked)
    return not _is_askers(who, asked) and ("secretariat" in who.roles or is_managers)


def _asked(its: Expected, who: Who, given: Given) -> None:
    post = asking(its, who)
    its.requests.append(Request(post, who.name, _is_of_part(its, post), given.to_on))


def _endorsed(its: Expected, _: Who, given: Given) -> None:
    _chosen(its, given).is_endorsed = True


def _granted(its: Expected, _: Who, given: Given) -> None:
    """The baseline stays, and the extension is counted."""
    _chosen(its, given).outcome = "granted"
    its.due_on, its.extensions = given.to_on, its.extensions + 1


def _part_granted(its: Expected, _: Who, given: Given) -> None:
    _chosen(its, given).outcome = "granted"
    assert its.part
    its.part.move(given.to_on)


def _refused(its: Expected, _: Who, given: Given) -> None:
    _chosen(its, given).outcome = "refused"


def _withdrawn(its: Expected, _: Who, given: Given) -> None:
    _chosen(its, given).outcome = "withdrawn"


def _chosen(its: Expected, given: Given) -> Request:
    asked = chosen(its, given)
    assert asked
    return asked


EFFECTS = {
    "ask_time": _asked,
    "endorse_time": _endorsed,
    "grant_time": _granted,
    "grant_part": _part_granted,
    "refuse_time": _refused,
    "withdraw_time": _withdrawn,
}


def lapse(its: Expected, verb: str) -> None:
    """What lost its object: out of the hands of its post, with another deadline, or of a part that is over or moved."""
    for one in its.open_requests:
        is_out = its.state not in AWAITED
        has_moved = not one.of_part and verb in ("reassign", "move_deadline", "grant_time")
        of_that_part = one.of_part and verb in ("move_part", "grant_part", "part_done")
        with_support = one.post == SUPPORT and verb == "end_part"
        if is_out or has_moved or of_that_part or with_support:
            one.outcome = "lapsed"
