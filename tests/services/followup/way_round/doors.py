"""The other doors, as they are expected to open: answers, what is recorded, many at once, posts, days."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.services.followup.way_round.expected import SUPPORT, Expected, Who
from tests.services.followup.way_round.seats import DAY, Acting
from tests.services.followup.way_round.tries import Try

if TYPE_CHECKING:
    from tests.services.followup.way_round.world import World

Door = Callable[["World", Try], bool]
# The answers of a mail and of a desk, and what each is called of a part; what blocks the action isn't a part's to say.
ANSWERS = {
    "answer_receipt": "acknowledge",
    "answer_on_track": "on_track",
    "answer_report": "report",
    "answer_blocked": "block",
    "answer_done": "submit",
}
OF_PART = {
    "acknowledge": "acknowledge_part",
    "on_track": "part_on_track",
    "report": "report_part",
    "submit": "part_done",
}
RECORDED = ("acknowledge", "decline", "on_track", "report", "block", "unblock", "submit")


def _answer(name: str) -> Door:
    """Whoever owns the action speaks of the whole; a supporting post of its part."""

    def answered(world: "World", one: Try) -> bool:
        who, its = world.who(one), world.actions[one.number]
        if who is None:
            return False
        verb = ANSWERS[name]
        if verb == "block" and its.state == "blocked":
            verb = "report"
        if _is_of_part(its, who):
            verb = OF_PART.get(ANSWERS[name], "")
        return bool(verb) and world.does(who, verb, one, is_worded=name != "answer_receipt")

    return answered


def _is_of_part(its: Expected, who: Who) -> bool:
    return its.parts(who) & {"owner", "contributor"} == {"contributor"}


def _record(world: "World", one: Try) -> bool:
    """By the secretariat alone, in the name of a post that has to do with the action, and with no more rights."""
    its, writes = world.actions[one.number], world.who(replace(one, by_key=False))
    is_concerned = one.post == its.owner or (one.post == SUPPORT and its.part is not None)
    if writes is None or "secretariat" not in writes.roles or not is_concerned:
        return False
    verb = recorded(one)
    if one.post != its.owner:
        verb = OF_PART.get(verb, "")
    who = Who(writes.name, frozenset({one.post}), records=True)
    return bool(verb) and world.does(who, verb, one, is_worded=True)


def recorded(one: Try) -> str:
    return RECORDED[one.which % len(RECORDED)]


def several(world: "World", one: Try) -> list[int]:
    """One action, or two."""
    return [one.number] if one.which % 2 else [one.number, (one.number + 1) % len(world.actions)]


def gives_reason(one: Try) -> bool:
    """For many at once."""
    return one.which not in (4, 5)


def _bulk(of_each: Callable[[Expected, Try, "World"], str], *, needs_reason: bool = True) -> Door:
    """All of them or none, and something has to change; what each has already is left as it is."""

    def changed(world: "World", one: Try) -> bool:
        who, trial, verbs = world.who(replace(one, by_key=False)), world.copied(), list[str]()
        is_whole = gives_reason(one) or not needs_reason
        if who is None or "secretariat" not in who.roles or not is_whole:
            return False
        for number in several(world, one):
            verb = of_each(trial.actions[number], one, trial)
            if verb and not trial.does(who, verb, replace(one, number=number), post=one.post, is_dated=False):
                return False
            verbs.append(verb)
        if any(verbs):
            world.become(trial)
        return any(verbs)

    return changed


def _to_owner(its: Expected, one: Try, _: "World") -> str:
    if its.state in ("draft", "declined"):
        return "assign"
    return "reassign" if its.owner != one.post else ""


def _to_deadline(its: Expected, one: Try, world: "World") -> str:
    return "move_deadline" if its.due_on != world.to_on(one) else ""


def _to_public(its: Expected, _: Try, __: "World") -> str:
    return "" if its.is_public else "publish"


def _to_private(its: Expected, _: Try, __: "World") -> str:
    return "withdraw" if its.is_public else ""


def _verify_all(world: "World", one: Try) -> bool:
    who, trial = world.who(replace(one, by_key=False)), world.copied()
    if who is None or not all(trial.does(who, "verify", replace(one, number=i)) for i in several(world, one)):
        return False
    world.become(trial)
    return True


def _by_secretariat(world: "World", one: Try) -> bool:
    who = world.who(replace(one, by_key=False))
    return who is not None and "secretariat" in who.roles


def _hand_over(world: "World", one: Try) -> bool:
    return _by_secretariat(world, one) and world.seats.hand_over(one.seat, incoming(one))


def _plan_change(world: "World", one: Try) -> bool:
    return _by_secretariat(world, one) and world.seats.plan_change(one.seat, incoming(one), world.in_days(days(one)))


def _take_back_change(world: "World", one: Try) -> bool:
    return _by_secretariat(world, one) and world.seats.take_back_change(one.seat)


def _name_acting(world: "World", one: Try) -> bool:
    return _by_secretariat(world, one) and world.seats.name(one.seat, acting(world, one))


def _choose_acting(world: "World", one: Try) -> bool:
    """The holder's own; whoever acts for them chooses nobody."""
    return world.seats.holders[one.seat] == one.name and world.seats.name(one.seat, acting(world, one))


def _take_back_acting(world: "World", one: Try) -> bool:
    is_theirs = world.seats.holders[one.seat] == one.name or _by_secretariat(world, one)
    return is_theirs and world.seats.take_back_acting(one.seat, one.which)


def incoming(one: Try) -> str:
    """Who shall hold it: sometimes nobody."""
    return one.other if one.which else ""


def days(one: Try) -> int:
    """Until something planned begins: a few, so that days that pass meet it."""
    return 1 + abs(one.days) % 4


def acting(world: "World", one: Try) -> Acting:
    begins = abs(one.days) % 4
    return Acting(one.other, world.in_days(begins), world.in_days(begins + one.which), chosen_by=one.name)


def _days_pass(world: "World", one: Try) -> bool:
    world.now += (1 + one.which % 3) * DAY
    world.seats.pass_days(1 + one.which % 3)
    return True


def _minutes_pass(world: "World", _: Try) -> bool:
    world.now += dt.timedelta(minutes=3)
    return True


DOORS: Mapping[str, Door] = {
    **{name: _answer(name) for name in ANSWERS},
    "record": _record,
    "bulk_owner": _bulk(_to_owner),
    "bulk_deadline": _bulk(_to_deadline),
    "bulk_publish": _bulk(_to_public, needs_reason=False),
    "bulk_withdraw": _bulk(_to_private),
    "bulk_verify": _verify_all,
    "hand_over": _hand_over,
    "plan_change": _plan_change,
    "take_back_change": _take_back_change,
    "name_acting": _name_acting,
    "choose_acting": _choose_acting,
    "take_back_acting": _take_back_acting,
    "days_pass": _days_pass,
    "minutes_pass": _minutes_pass,
}
