"""An answer undone by who gave it within minutes, or its words corrected: what is then as if it had never been."""

import copy

from tests.services.followup.way_round.expected import BODY, GRACE, SUPPORT, Answer, Expected, Given, Said, Who

# Of whom; whose answer it is decides besides.
WHO = {"undo": "owner contributor", "correct": "owner contributor manager verifier secretariat"}
ANSWERS = frozenset({
    "acknowledge", "decline", "report", "on_track", "block", "unblock", "submit",
    "acknowledge_part", "report_part", "part_on_track", "part_done",
})  # fmt: skip


def may_undo(its: Expected, who: Who, given: Given) -> bool:
    """Whoever gave it, for the post that they still have, while nobody has done anything since."""
    last = its.answers[-1] if its.answers else None
    if last is None or last.before is None or (last.said and last.said.is_handled):
        return False
    return last.by == who.name and last.post in who.posts and given.now < last.at + GRACE


def may_correct(its: Expected, who: Who, _: Given) -> bool:
    return bool(its.answers) and (its.answers[-1].by == who.name or "secretariat" in who.roles)


def answered(its: Expected, who: Who, given: Given, before: Expected, post: str) -> None:
    """Kept with what stood before it; what was recorded, or came of a manager, can't be undone."""
    said = its.said[-1] if len(its.said) > len(before.said) else None
    is_own = post in (before.owner, SUPPORT) and not who.records
    its.answers.append(Answer(who.name, post, given.now, before.acts, said, before if is_own else None))


def undo(its: Expected, _: Who, __: Given) -> None:
    """What was shown beside it stays; so does what became of other words."""
    last = its.answers.pop()
    kept = {name: getattr(its, name) for name in ("acts", "answers", "attachers", "is_shown", "spoke_last")}
    kept["said"] = [one for one in its.said if one is not last.said]
    assert last.before
    its.__dict__.update(copy.deepcopy(last.before).__dict__ | kept)
    settle(its)


def correct(its: Expected, who: Who, given: Given) -> None:
    """Withheld words stay withheld, waiting ones wait; a partner's own, or by mail, wait again."""
    last = its.answers[-1]
    is_partners = BODY[last.post] == given.partner
    if last.said is None:
        last.said = Said(given.says, "waiting" if is_partners or who.by_mail else "shown", last.number)
        its.said.append(last.said)
        its.said.sort(key=lambda one: one.number)
    elif last.said.fate != "withheld" and (who.by_mail or (is_partners and "secretariat" not in who.roles)):
        last.said.fate = "waiting"
    last.said.text = given.says
    settle(its)


def settle(its: Expected) -> None:
    """Something was done with the action: what was answered before it stands."""
    for one in its.answers:
        one.before = None
