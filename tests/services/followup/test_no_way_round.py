"""Whoever tries whatever in whatever order: an action moves as the diagram draws it, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlmodel import Session, col

from app.db import Database
from app.domain.errors import DomainError, NotFound
from app.domain.permissions import Role
from app.domain.undoing import ANSWERS
from app.domain.workflow import BlockReason, State
from app.models.actions import Action
from app.models.updates import Update
from app.services.followup import actions, closures, corrections, undoing, updates, verifications
from app.services.followup.transitions import Words
from app.services.upkeep import integrity
from tests import scenes
from tests.domain.test_workflow import DIAGRAM, WHO
from tests.scenes import Scene

PEOPLE = ("amina", "karim", "salma", "leila", "youssef", "nadia", "omar")
WORDS = Words(note="Fait.", public_summary="Fait.")
Act = Callable[[Scene, str, Action], object]


def _by(verb: Callable[..., object], **given: Any) -> Act:
    return lambda made, name, item: verb(made.session, made.actor(name), item, **given)


def _hand(made: Scene, name: str, item: Action) -> object:
    other = made.posts["salma" if item.owner_post_id == made.posts["karim"] else "karim"]
    return actions.reassign(made.session, made.actor(name), item, owner_post_id=other, reason="Autre")


def _move(made: Scene, name: str, item: Action) -> object:
    due_on = scenes.in_days(40 + item.version)
    return closures.move_deadline(made.session, made.actor(name), item, due_on=due_on, reason="Retard")


def _supersede(made: Scene, name: str, item: Action) -> object:
    successor = made.session.get_one(Action, made.ids["successor"])
    return closures.supersede(made.session, made.actor(name), item, reason="Voir l'autre", successor=successor)


def _last_answer(made: Scene, item: Action) -> Update:
    mine = col(Update.action_id) == item.id, col(Update.verb).in_(sorted(ANSWERS))
    found = made.session.scalars(sa.select(Update).where(*mine).order_by(col(Update.id).desc()).limit(1)).first()
    if found is None:
        raise NotFound
    return found


def _undo(made: Scene, name: str, item: Action) -> None:
    undoing.undo(made.session, made.actor(name), item, _last_answer(made, item).id)


def _correct(made: Scene, name: str, item: Action) -> None:
    answer = _last_answer(made, item)
    words = f"{answer.corrections + 1} fois corrigé"
    corrections.correct(made.session, made.actor(name), item, answer, public_summary=words)


ACTS: dict[str, Act] = {
    "assign": _by(actions.assign),
    "reassign": _hand,
    "acknowledge": _by(updates.acknowledge),
    "decline": _by(updates.decline, reason="Non"),
    "report": _by(updates.report, words=WORDS),
    "on_track": _by(updates.on_track),
    "block": _by(updates.block, block_reason=BlockReason.BUDGET, who_can_unblock="Le wali"),
    "unblock": _by(updates.unblock),
    "submit": _by(updates.submit, words=WORDS),
    "verify": _by(verifications.verify),
    "return": _by(verifications.send_back, reason="Incomplet"),
    "dispute": _by(verifications.dispute, text="Rien"),
    "cancel": _by(closures.cancel, reason="Abandon"),
    "supersede": _supersede,
    "not_applicable": _by(closures.not_applicable, reason="La loi"),
    "reopen": _by(closures.reopen, reason="Reprise"),
    "move_deadline": _move,
    "undo": _undo,
    "correct": _correct,
}
BESIDE = {"undo", "correct"}  # of what was answered, from wherever it has led
ANSWERED = {"acknowledge", "decline", "report", "on_track", "block", "unblock", "submit"}


@dataclass
class Expected:
    """The action as the product's text has it; nothing of the house is asked."""

    state: State
    owner: str = "karim"
    submitter: str = ""
    authors: list[str] = field(default_factory=list)  # of the answers, in their order
    last: tuple[State, str] | None = None  # what stood before the latest one, while nothing followed from it

    def parts(self, name: str) -> set[str]:
        """Karim and Amina are verifiers, too: but never of what is or was theirs to declare."""
        found = {"secretariat"} if name == "amina" else set[str]()
        if name == self.owner:
            found.add("owner")
        if name == "salma":
            found.add("contributor")
        if name == "leila" and self.owner == "karim":
            found.add("manager")
        if name in ("youssef", "karim", "amina") and name not in (self.owner, self.submitter):
            found.add("verifier")
        return found

    def allows(self, name: str, verb: str) -> bool:
        if verb in BESIDE:
            is_theirs = bool(self.authors) and self.authors[-1] == name and bool(self.parts(name))
            return is_theirs and self.last is not None if verb == "undo" else self._may_correct(name, is_theirs)
        who = "owner" if verb == "on_track" and self.state == State.BLOCKED else WHO.get(verb, "owner contributor")
        return self.state in DIAGRAM[verb] and bool(self.parts(name) & set(who.split()))

    def _may_correct(self, name: str, is_theirs: bool) -> bool:
        return bool(self.authors) and (is_theirs or name == "amina")

    def _undone_or_corrected(self, verb: str) -> bool:
        """A correction is an act, too, and nothing is undone behind it."""
        if verb == "undo" and self.last:
            self.state, self.submitter = self.last
            self.authors.pop()
        self.last = None
        return True

    def follow(self, name: str, verb: str) -> bool:
        """Whether it is done, and what is then."""
        if not self.allows(name, verb):
            return False
        if verb in BESIDE:
            return self._undone_or_corrected(verb)
        is_answer = verb in ANSWERED and name in (self.owner, "salma")
        self.authors += [name] if verb in ANSWERED else []
        self.last = (self.state, self.submitter) if is_answer else None
        self.state = State(DIAGRAM[verb][self.state])
        if verb == "reassign":
            self.owner = "salma" if self.owner == "karim" else "karim"
        if verb == "submit":
            self.submitter = name
        elif self.state not in (
            State.SUBMITTED,
            State.VERIFIED,
            State.CANCELLED,
            State.SUPERSEDED,
            State.NOT_APPLICABLE,
        ):
            self.submitter = ""
        return True


def _scene(session: Session) -> tuple[Scene, list[Action]]:
    made = scenes.scene(session, published=True)
    for name in ("karim", "amina"):
        scenes.grant(session, made.people[name], Role.VERIFIER, made.programme)
    items = [scenes.action(made, state) for state in (State.DRAFT, State.IN_PROGRESS, State.BLOCKED)]
    for item in items:
        scenes.support(made, item)
    made.ids["successor"] = scenes.draft(made).id
    return made, items


def _is_done(made: Scene, act: Act, name: str, item: Action) -> bool:
    """As a form does: what is refused leaves nothing behind."""
    nested = made.session.begin_nested()
    try:
        act(made, name, item)
    except DomainError:
        nested.rollback()
        return False
    nested.commit()
    return True


@dataclass(frozen=True)
class Try:
    """What somebody tries: of anything, of what leads on from here, or of what they may do."""

    number: int
    name: str
    kind: str
    choice: int

    def verb(self, expected: Expected) -> str:
        """Blind tries seldom get far, so that most are of verbs that start where the action is."""
        verbs = sorted(ACTS)
        if self.kind != "any":
            verbs = [verb for verb in verbs if verb in BESIDE or expected.state in DIAGRAM[verb]]
        if self.kind == "own":
            verbs = [verb for verb in verbs if expected.allows(self.name, verb)] or verbs
        return verbs[self.choice % len(verbs)]


TRIES = some.builds(
    Try,
    some.integers(0, 2),
    some.sampled_from(PEOPLE),
    some.sampled_from(("any", "here", "here", "own", "own", "own")),
    some.integers(0, 200),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=some.lists(TRIES, min_size=10, max_size=40))
def test_nobody_finds_a_way_round_the_table(database: Database, tries: list[Try]) -> None:
    with database.writing() as session:
        made, items = _scene(session)
        expected = [
            Expected(State.DRAFT),
            Expected(State.IN_PROGRESS, authors=["karim"], last=(State.ASSIGNED, "")),
            Expected(State.BLOCKED, authors=["karim"], last=(State.ASSIGNED, "")),
        ]
        for one in tries:
            item, its = items[one.number], expected[one.number]
            verb, before = one.verb(its), its.state

            was_done = _is_done(made, ACTS[verb], one.name, item)

            assert was_done is its.follow(one.name, verb), f"{one.name} tries {verb} of what is {before}"
            assert item.state == its.state
        assert integrity.differences(session) == []
        session.rollback()
