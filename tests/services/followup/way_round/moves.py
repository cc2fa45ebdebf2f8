"""What each verb may do and does, as the product's text has it; of more time its own file tells."""

import copy
from collections.abc import Callable, Mapping

from app.domain.workflow import State
from tests.domain.test_workflow import DIAGRAM, WHO
from tests.services.followup.way_round import more_time, second_thoughts
from tests.services.followup.way_round.expected import BODY, MANAGERS, SUPPORT, Expected, Given, SupportingPart, Who

BEGUN = ("acknowledge", "report", "on_track", "block", "submit")  # from assigned each says that it was received
DECLARED = ("submitted", "verified", "cancelled", "superseded", "not_applicable")
# Of whom, beside the table: in every state, but that no draft is published.
BESIDE = {
    "attach": "owner contributor secretariat",
    "publish": "secretariat",
    "withdraw": "secretariat",
    "release": "secretariat",
    "withhold": "secretariat",
    **second_thoughts.WHO,
}
# What the public reads of it: the words of who owes it, the reason of who ends or moves it.
WORDED = frozenset({
    "report", "submit", "acknowledge_part", "report_part", "part_on_track", "part_done", "dispute", "confirm",
    "not_upheld", "cancel", "supersede", "not_applicable", "move_part", "grant_time", "grant_part",
})  # fmt: skip
Bar = Callable[[Expected, Who, Given], bool]
Effect = Callable[[Expected, Who, Given], None]


def allows(its: Expected, who: Who, verb: str, given: Given) -> bool:
    if not starts(its, verb):
        return False
    if verb in more_time.VERBS and not more_time.allows(its, who, verb, given):
        return False
    return bool(entitled(its, who, verb)) and BARS.get(verb, _no_bar)(its, who, given)


def follow(its: Expected, who: Who, verb: str, given: Given) -> bool:
    """Whether it is done, and what is then; `grant` is called by what it moves."""
    if not allows(its, who, verb, given):
        return False
    before, was_public, was = its.state, its.is_public, copy.deepcopy(its) if verb in second_thoughts.ANSWERS else None
    if verb not in BESIDE:
        its.spoke_last = in_name_of(its, who, verb)
        its.acts += 1
    _say(its, who, verb, given)
    if verb in DIAGRAM:
        its.state = State(DIAGRAM[verb][before])
    EFFECTS.get(verb, _no_effect)(its, who, given)
    _hear(its, who, verb, before)
    more_time.lapse(its, verb)
    if _is_act(its, who, verb, was_public):
        second_thoughts.settle(its)
    if was:
        second_thoughts.answered(its, who, given, was, min(its.spoke_last, default=""))
    return True


def _is_act(its: Expected, who: Who, verb: str, was_public: bool) -> bool:
    """On the action itself: what its author shows beside an answer, and what becomes of words, is none."""
    if verb == "attach":
        return not its.answers or its.answers[-1].by != who.name
    return verb not in ("release", "withhold", "undo") and not (verb == "publish" and was_public)


def starts(its: Expected, verb: str) -> bool:
    """Whether the verb leads anywhere from here."""
    if verb in BESIDE:
        return verb != "publish" or its.state != "draft"
    return its.state in DIAGRAM[verb]


def entitled(its: Expected, who: Who, verb: str) -> set[str]:
    """The parts in which they may do it."""
    whose = WHO.get(verb) or BESIDE.get(verb) or "owner contributor"
    if verb == "on_track" and its.state == "blocked":
        whose = "owner"
    return its.parts(who) & set(whose.split())


def in_name_of(its: Expected, who: Who, verb: str) -> set[str]:
    """The post that speaks, where one does: of several managers' posts the oldest that answers for the action."""
    found = entitled(its, who, verb)
    if "owner" in found:
        return {its.owner}
    if "contributor" in found:
        return {SUPPORT}
    return {min(post for post in who.posts & MANAGERS if BODY[post] in its.bodies)} if "manager" in found else set()


def _say(its: Expected, who: Who, verb: str, given: Given) -> None:
    """A partner's words wait for their release, and so does what comes by mail."""
    is_worded = verb in WORDED or (verb == "move_deadline" and not its.is_baseline_open)
    is_worded |= verb == "assign" and _is_extended(its, given)
    is_worded |= verb == "reopen" and its.state in ("cancelled", "not_applicable")
    if is_worded if given.is_worded is None else given.is_worded:
        is_partners = any(BODY[post] == given.partner for post in in_name_of(its, who, verb))
        its.say(given.says, waits=who.by_mail or is_partners)


def _hear(its: Expected, who: Who, verb: str, before: str) -> None:
    """Who received, declared, recorded it: each counts until word is asked for again."""
    its.was_acknowledged |= before == "assigned" and verb in BEGUN
    if verb == "submit":
        its.submitter = who.name
    elif its.state not in DECLARED:
        its.submitter = ""
    if verb in ("return", "reopen"):
        its.recorders = set()
    if who.records:
        its.recorders.add(who.name)
    its.is_disputed &= its.state == "verified"


def _is_assigned(its: Expected, who: Who, given: Given) -> bool:
    """With another date than the one that was public or acknowledged only for a reason."""
    return _leads_alone(its, who, given) and (given.has_reason or not _is_extended(its, given))


def _is_extended(its: Expected, given: Given) -> bool:
    is_first = its.baseline_on is None or its.is_baseline_open
    return given.is_dated and given.to_on != its.due_on and not is_first


def _leads_alone(its: Expected, _: Who, given: Given) -> bool:
    """Nobody leads and supports at once."""
    return not (its.part and given.post == SUPPORT)


def _elsewhere(its: Expected, who: Who, given: Given) -> bool:
    return given.post != its.owner and _leads_alone(its, who, given)


def _is_shown(its: Expected, _: Who, __: Given) -> bool:
    return its.is_shown or not its.is_priority


def _is_unanswered(its: Expected, _: Who, __: Given) -> bool:
    """One answer for each verification."""
    return not its.is_answered


def _decides(its: Expected, who: Who, _: Given) -> bool:
    """Whoever wrote a dispute down doesn't turn it down."""
    return its.is_disputed and its.voice_by != who.name


def _moves(its: Expected, _: Who, given: Given) -> bool:
    return given.to_on != its.due_on


def _adds_part(its: Expected, _: Who, given: Given) -> bool:
    """Nobody is asked twice, and no part ends after its action."""
    return not its.part and its.owner != SUPPORT and not (given.is_dated and given.to_on > its.due_on)


def _moves_part(its: Expected, _: Who, given: Given) -> bool:
    return its.part is not None and its.part.due_on != given.to_on <= its.due_on


def _is_asked(its: Expected, _: Who, __: Given) -> bool:
    return its.part is not None and its.part.state == "asked"


def _is_not_done(its: Expected, _: Who, __: Given) -> bool:
    return its.part is not None and its.part.state != "done"


def _has_part(its: Expected, _: Who, __: Given) -> bool:
    return bool(its.part)


def _has_words(its: Expected, _: Who, __: Given) -> bool:
    return bool(its.said)


BARS: Mapping[str, Bar] = {
    "assign": _is_assigned,
    "reassign": _elsewhere,
    "submit": _is_shown,
    "dispute": _is_unanswered,
    "confirm": _is_unanswered,
    "not_upheld": _decides,
    "move_deadline": _moves,
    "add_part": _adds_part,
    "move_part": _moves_part,
    "end_part": _has_part,
    "acknowledge_part": _is_asked,
    "part_on_track": _is_not_done,
    "part_done": _is_not_done,
    "undo": second_thoughts.may_undo,
    "correct": second_thoughts.may_correct,
    "release": _has_words,
    "withhold": _has_words,
}


def _no_bar(_: Expected, __: Who, ___: Given) -> bool:
    return True


def _no_effect(_: Expected, __: Who, ___: Given) -> None:
    """The state alone."""


def _assigned(its: Expected, _: Who, given: Given) -> None:
    """The first deadline is the baseline; whoever was planned to support it is asked now."""
    its.owner = given.post
    its.extensions += _is_extended(its, given)
    is_first = its.baseline_on is None or its.is_baseline_open
    its.due_on = given.to_on if given.is_dated else its.due_on
    its.baseline_on = its.due_on if is_first else its.baseline_on
    if its.part and not its.was_asked:
        its.part, its.was_asked = SupportingPart("asked", its.part.due_on), True


def _reassigned(its: Expected, _: Who, given: Given) -> None:
    its.owner = given.post


def _deadline_moved(its: Expected, _: Who, given: Given) -> None:
    """Counted, with the baseline in sight; a correction of the first one counts nothing and the baseline follows."""
    if its.is_baseline_open:
        its.baseline_on = given.to_on
    else:
        its.extensions += 1
    its.due_on = given.to_on


def _part_added(its: Expected, _: Who, given: Given) -> None:
    its.part, its.was_asked = SupportingPart("asked", given.to_on if given.is_dated else None), True


def _part_moved(its: Expected, _: Who, given: Given) -> None:
    assert its.part
    its.part.move(given.to_on)


def _part_ended(its: Expected, _: Who, __: Given) -> None:
    its.part = None


def _part_said(state: str) -> Effect:
    def said(its: Expected, _: Who, __: Given) -> None:
        assert its.part
        its.part.state = its.part.state if its.part.state == "done" else state

    return said


def _verified(its: Expected, _: Who, __: Given) -> None:
    its.verifications, its.is_answered = its.verifications + 1, False


def _voiced(is_so: bool) -> Effect:
    def voiced(its: Expected, who: Who, _: Given) -> None:
        its.is_answered, its.is_disputed, its.voice_by = True, not is_so, who.name

    return voiced


def _not_upheld(its: Expected, _: Who, __: Given) -> None:
    its.is_disputed = False


def _attached(its: Expected, who: Who, _: Given) -> None:
    its.is_shown = True
    its.attachers.add(who.name)


def _published(its: Expected, _: Who, __: Given) -> None:
    its.is_public = its.was_public = True


def _withdrawn(its: Expected, _: Who, __: Given) -> None:
    its.is_public = False


def _released(its: Expected, _: Who, given: Given) -> None:
    words = its.said[given.which % len(its.said)]
    words.is_handled |= words.fate != "shown"
    words.fate = "shown"


def _withheld(its: Expected, _: Who, given: Given) -> None:
    words = its.said[given.which % len(its.said)]
    words.fate, words.is_handled = "withheld", True


EFFECTS: Mapping[str, Effect] = {
    "assign": _assigned,
    "reassign": _reassigned,
    "move_deadline": _deadline_moved,
    "add_part": _part_added,
    "move_part": _part_moved,
    "end_part": _part_ended,
    "acknowledge_part": _part_said("acknowledged"),
    "report_part": _part_said("under_way"),
    "part_on_track": _part_said("under_way"),
    "part_done": _part_said("done"),
    "verify": _verified,
    "dispute": _voiced(is_so=False),
    "confirm": _voiced(is_so=True),
    "not_upheld": _not_upheld,
    "attach": _attached,
    "publish": _published,
    "withdraw": _withdrawn,
    "release": _released,
    "withhold": _withheld,
    "undo": second_thoughts.undo,
    "correct": second_thoughts.correct,
    **more_time.EFFECTS,
}
