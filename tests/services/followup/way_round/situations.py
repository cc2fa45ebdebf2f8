"""Where one more step would be a way round: how it comes to that, and what everybody then tries who has a mind to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.services.followup.way_round.doors import RECORDED
from tests.services.followup.way_round.expected import PROPOSER
from tests.services.followup.way_round.tries import EVERYBODY, Try

_DRAFT, _PRIORITY, _BLOCKED, _VERIFIED = 0, 1, 2, 3  # of the actions that there are in the beginning
_KEYS = 8


@dataclass(frozen=True)
class Situation:
    """All of `opening` is allowed; of `dares` it is for the model to say by whom."""

    opening: Sequence[Try]
    dares: Sequence[Try]
    managers_decide: bool = False


def _by(
    name: str, verb: str, number: int = _BLOCKED, *, days: int = 0, which: int = 1, seat: str = "karim", other: str = ""
) -> Try:
    return Try(verb, number, name, days, which, post="karim", seat=seat, other=other or "karim", by_key=False)


def _dared(verb: str, number: int = _BLOCKED, *, days: int = 0, which: int = 1) -> Try:
    return _by("", verb, number, days=days, which=which)


def _by_a_key(verb: str, number: int = _BLOCKED) -> Try:
    return replace(_dared(verb, number), by_key=True)


def _hands_over(other: str, name: str = "amina") -> Try:
    return _by(name, "hand_over", other=other)


def _records(verb: str) -> Try:
    return _by("amina", "record", which=RECORDED.index(verb))


def everybody(dare: Try) -> list[Try]:
    """Each by name, or whoever has one of the keys that were ever mailed about it."""
    if dare.by_key:
        return [replace(dare, which=which) for which in range(_KEYS)]
    return [replace(dare, name=name) for name in EVERYBODY]


_ASKED = _by("karim", "ask_time", days=30)
_SUBSTITUTE = _by("amina", "name_acting", other="youssef", which=2)
_GRANTED_TWICE = [
    _ASKED,
    _by("leila", "grant", days=30, which=0),
    _by("karim", "ask_time", days=40),
    _by("leila", "grant", days=40, which=1),
]
_VERIFIED_AGAIN = [
    _by("amina", "reopen", _VERIFIED),
    _by("karim", "submit", _VERIFIED),
    _by("youssef", "verify", _VERIFIED),
]
_TO_VERIFY = [_dared("bulk_verify", which=2), _dared("bulk_verify"), _dared("verify")]  # two, or it alone
_MINUTES = [_by("amina", "minutes_pass")] * 2

OF_TIME = {
    "a third extension": Situation(
        [*_GRANTED_TWICE, _by("karim", "ask_time", days=50)],
        [_dared("refuse_time", days=50, which=2), _dared("grant", days=50, which=2)],
        managers_decide=True,
    ),
    "managers don't decide here": Situation([_ASKED], [_dared("grant", days=30, which=0)]),
    "of a priority": Situation(
        [_by("karim", "ask_time", _PRIORITY, days=30)], [_dared("grant", _PRIORITY, days=30, which=0)],
        managers_decide=True,
    ),
    "whoever asked belongs to the secretariat, and holds the post no more": Situation(
        [_hands_over("amina"), replace(_ASKED, name="amina"), _hands_over("karim")],
        [_dared("grant", days=30, which=0)],
    ),
    "the secretariat has come to the post that asked": Situation(
        [_ASKED, _hands_over("amina")], [_dared("refuse_time", days=30, which=0), _dared("grant", days=30, which=0)]
    ),
}  # fmt: skip
OF_SEATS = {
    "somebody acts": Situation([_SUBSTITUTE], [_by("", "choose_acting", other="salma", days=3)]),
    "the holder left and has come back": Situation(
        [_hands_over("youssef"), _hands_over("karim")], [_by_a_key("report"), _by_a_key("answer_on_track")]
    ),
    "whoever acted acts again": Situation(
        [_SUBSTITUTE, _by("karim", "take_back_acting"), _SUBSTITUTE], [_by_a_key("report")]
    ),
    "whoever acts may answer": Situation([_SUBSTITUTE, _by("karim", "report")], [_dared("undo")]),
}
OF_STATES = {
    "the reason of an ending is withheld": Situation(
        [_by("amina", "cancel", _PRIORITY), _by("amina", "withhold", _PRIORITY)], [_dared("withhold", _PRIORITY)]
    ),
    "the proposer has answered": Situation(
        [_by(PROPOSER, "confirm", _VERIFIED)], [_dared("dispute", _VERIFIED), _dared("confirm", _VERIFIED)]
    ),
    "it was verified again": Situation(_VERIFIED_AGAIN, [_dared("dispute", _VERIFIED)]),
    "recorded, then declared by its owner": Situation(
        [_records("report"), _by("karim", "submit")], _TO_VERIFY
    ),
    "declared as recorded": Situation([_records("submit")], _TO_VERIFY),
    "a document was named": Situation([_by("amina", "attach"), _by("karim", "submit")], _TO_VERIFY),
    "whoever declared it has left": Situation([_by("karim", "submit"), _hands_over("leila")], _TO_VERIFY),
    "five minutes have passed": Situation([_by("karim", "report"), *_MINUTES], [_dared("undo")]),
    "another has the post now": Situation([_by("karim", "report"), _hands_over("amina")], [_dared("undo")]),
    "whoever answered acts for another post alone": Situation(
        [_by("amina", "name_acting", seat="salma", which=2), _by("karim", "report"), _hands_over("youssef")],
        [_dared("undo")],
    ),
    "many together": Situation([], [
        _dared("bulk_deadline", days=30, which=2),  # and one that is verified
        *(_dared(f"bulk_{change}", number, days=30, which=which)  # without a reason, and with one
          for change in ("deadline", "owner", "withdraw", "publish")
          for number in (_DRAFT, _PRIORITY) for which in (5, 1)),
    ]),
}  # fmt: skip
SITUATIONS = OF_TIME | OF_SEATS | OF_STATES
