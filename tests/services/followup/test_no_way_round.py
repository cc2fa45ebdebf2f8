"""Whoever tries whatever in whatever order: an action moves as the diagram draws it, or not at all."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlmodel import Session, col

from app.db import Database
from app.domain.errors import DomainError
from app.domain.on_behalf import CameBy
from app.domain.permissions import Role, Viewer
from app.domain.workflow import BlockReason, Evidence, State, Verb
from app.models.actions import Action, ActionSupport
from app.models.proposers import Proposer
from app.models.updates import Update, Via
from app.queries.followup import voices as queries
from app.services.followup import actions, closures, parts, updates, verifications, voices
from app.services.followup.transitions import Words
from app.services.kernel import voice_links
from app.services.kernel.audit import Actor
from app.services.upkeep import integrity
from tests import scenes
from tests.domain.test_workflow import DIAGRAM, WHO
from tests.scenes import Scene

PROPOSER, STALE = "proposer", "proposer with the first mail"
PEOPLE = ("amina", "karim", "salma", "leila", "youssef", "nadia", "omar", PROPOSER, STALE)
WORDS = Words(note="Fait.", public_summary="Fait.")
Act = Callable[[Scene, str, Action], object]


def _actor(made: Scene, name: str, item: Action) -> Actor:
    """With the rights that a proposer's key gives, whatever they try."""
    if name in (PROPOSER, STALE):
        return Actor(Viewer(None, proposes_id=item.recommendation_id), Via.MAIL_LINK)
    return made.actor(name)


def _by(verb: Callable[..., object], **given: Any) -> Act:
    return lambda made, name, item: verb(made.session, _actor(made, name, item), item, **given)


def _hand(made: Scene, name: str, item: Action) -> object:
    other = made.posts["salma" if item.owner_post_id == made.posts["karim"] else "karim"]
    return actions.reassign(made.session, _actor(made, name, item), item, owner_post_id=other, reason="Autre")


def _move(made: Scene, name: str, item: Action) -> object:
    due_on = scenes.in_days(40 + item.version)
    return closures.move_deadline(made.session, _actor(made, name, item), item, due_on=due_on, reason="Retard")


def _say(made: Scene, name: str, item: Action, *, is_so: bool) -> object:
    """By the newest key or by the first one ever mailed; whoever has an account writes down what came by letter."""
    one = made.session.get_one(Proposer, made.ids["proposer"])
    if name not in (PROPOSER, STALE):
        said = voices.Spoken(one.id, is_so, CameBy.LETTER, scenes.in_days(0), WORDS)
        return voices.record(made.session, made.actor(name), item, said)
    token = _key(made, one, item, is_first=name == STALE)
    key = queries.opened(made.session, token, lock=True)
    return voices.answer(made.session, key, is_so=is_so, text="Rien")


def _key(made: Scene, one: Proposer, item: Action, *, is_first: bool) -> str:
    mailed = sa.select(col(Update.id)).where(col(Update.action_id) == item.id, col(Update.verb) == Verb.VERIFY)
    number = sa.func.min if is_first else sa.func.max
    verification_id = made.session.scalars(mailed.with_only_columns(number(col(Update.id)))).one()
    token = secrets.token_urlsafe(32)
    if verification_id is not None:
        voice_links.keep(made.session, token, one.id, verification_id, item.id)
    return token


def _supersede(made: Scene, name: str, item: Action) -> object:
    successor = made.session.get_one(Action, made.ids["successor"])
    return closures.supersede(made.session, _actor(made, name, item), item, reason="Voir l'autre", successor=successor)


def _ask(made: Scene, name: str, item: Action) -> object:
    post_id = made.posts["salma"]
    return parts.add(made.session, _actor(made, name, item), item, post_id=post_id, titles={}, due_on=None)


def _move_part(made: Scene, name: str, item: Action) -> object:
    part = parts.one(made.session, item, made.organisations["chamber"])
    due_on = scenes.in_days(4 if part.due_on == scenes.in_days(3) else 3)
    return parts.move(made.session, _actor(made, name, item), item, part, due_on=due_on, reason="La foire")


def _end_part(made: Scene, name: str, item: Action) -> object:
    part = parts.one(made.session, item, made.organisations["chamber"])
    return parts.end(made.session, _actor(made, name, item), item, part, reason="Un autre")


def _say_of_part(verb: Verb) -> Act:
    return lambda made, name, item: parts.say(made.session, _actor(made, name, item), item, verb, words=WORDS)


OF_THE_PART = ("acknowledge_part", "report_part", "part_on_track", "part_done")
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
    "dispute": partial(_say, is_so=False),
    "confirm": partial(_say, is_so=True),
    "not_upheld": _by(voices.not_uphold, words=WORDS),
    "cancel": _by(closures.cancel, reason="Abandon"),
    "supersede": _supersede,
    "not_applicable": _by(closures.not_applicable, reason="La loi"),
    "reopen": _by(closures.reopen, reason="Reprise"),
    "move_deadline": _move,
    "add_part": _ask,
    "move_part": _move_part,
    "end_part": _end_part,
    **{verb: _say_of_part(Verb(verb)) for verb in OF_THE_PART},
}
SAYS = {
    "acknowledge_part": "acknowledged",
    "report_part": "under_way",
    "part_on_track": "under_way",
    "part_done": "done",
}


@dataclass
class Expected:
    """The action as the product's text has it; nothing of the house is asked."""

    state: State
    owner: str = "karim"
    submitter: str = ""
    part: str = "under_way"  # Salma's; "" where she has none
    was_asked: bool = True
    is_public: bool = True
    verifications: int = 0
    is_answered: bool = False
    is_disputed: bool = False
    recorder: str = ""

    def parts(self, name: str) -> set[str]:
        """Karim and Amina are verifiers, too: but never of what is or was theirs to declare."""
        if name in (PROPOSER, STALE):
            is_asked = self.is_public and (name == PROPOSER or self.verifications == 1)
            return {"proposer"} if is_asked else set()
        found = {"secretariat"} if name == "amina" else set[str]()
        if name == self.owner:
            found.add("owner")
        if name == "salma" and self.part:
            found.add("contributor")
        if name == "leila" and self.owner == "karim":
            found.add("manager")
        if name in ("youssef", "karim", "amina") and name not in (self.owner, self.submitter):
            found.add("verifier")
        return found

    def allows(self, name: str, verb: str) -> bool:
        who = "owner" if verb == "on_track" and self.state == State.BLOCKED else WHO.get(verb, "owner contributor")
        is_moot = verb in ("dispute", "confirm") and self.is_answered
        is_barred = verb == "not_upheld" and (not self.is_disputed or self.recorder == name)
        is_theirs = bool(self.parts(name) & set(who.split()))
        return self.state in DIAGRAM[verb] and is_theirs and not is_moot and not is_barred and self.lets_its_part(verb)

    def lets_its_part(self, verb: str) -> bool:
        """Nobody leads and supports at once, nobody is asked twice, and what is done is not begun again."""
        if verb == "reassign":
            return not (self.part and self.owner == "karim")
        if verb == "add_part":
            return not self.part and self.owner == "karim"
        if verb == "acknowledge_part":
            return self.part == "asked"
        if verb in ("part_on_track", "part_done"):
            return self.part != "done"
        return bool(self.part) or verb not in ("move_part", "end_part")

    def follow(self, name: str, verb: str) -> bool:
        """Whether it is done, and what is then."""
        if not self.allows(name, verb):
            return False
        self.state = State(DIAGRAM[verb][self.state])
        self.follow_part(verb)
        if verb == "reassign":
            self.owner = "salma" if self.owner == "karim" else "karim"
        self._hear(name, verb)
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

    def follow_part(self, verb: str) -> None:
        if verb in SAYS and self.part != "done":
            self.part = SAYS[verb]
        if verb == "end_part":
            self.part = ""
        if verb == "add_part" or (verb == "assign" and self.part and not self.was_asked):
            self.part, self.was_asked = "asked", True

    def _hear(self, name: str, verb: str) -> None:
        """One answer for each verification; whoever wrote a dispute down doesn't turn it down."""
        if verb == "verify":
            self.verifications, self.is_answered = self.verifications + 1, False
        if verb in ("dispute", "confirm"):
            self.is_answered, self.is_disputed = True, verb == "dispute"
            self.recorder = name
        if verb == "not_upheld" or self.state != State.VERIFIED:
            self.is_disputed = False


START = (
    Expected(State.DRAFT, is_public=False, was_asked=False),
    Expected(State.IN_PROGRESS),
    Expected(State.BLOCKED),
    Expected(State.VERIFIED, submitter="karim", verifications=1),
)


def _scene(session: Session) -> tuple[Scene, list[Action]]:
    made = scenes.scene(session, published=True)
    for name in ("karim", "amina"):
        scenes.grant(session, made.people[name], Role.VERIFIER, made.programme)
    items = [scenes.action(made, one.state) for one in START]
    for item, its in zip(items, START, strict=True):
        scenes.support(made, item)
        if its.is_public:
            scenes.publish(made, item)
    made.ids["proposer"] = scenes.proposer(session, made.recommendation.id).id
    made.ids["successor"] = scenes.draft(made).id
    return made, items


def _part_of(made: Scene, item: Action) -> str:
    row = made.session.get(ActionSupport, (item.id, made.organisations["chamber"]))
    return row.part_state.value if row else ""


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
            verbs = [verb for verb in verbs if expected.state in DIAGRAM[verb]] or verbs
        if self.kind == "own":
            verbs = [verb for verb in verbs if expected.allows(self.name, verb)] or verbs
        return verbs[self.choice % len(verbs)]


TRIES = some.builds(
    Try,
    some.integers(0, 3),
    some.sampled_from(PEOPLE),
    some.sampled_from(("any", "here", "here", "own", "own", "own")),
    some.integers(0, 200),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=some.lists(TRIES, min_size=10, max_size=40))
def test_nobody_finds_a_way_round_the_table(database: Database, tries: list[Try]) -> None:
    with database.writing() as session:
        made, items = _scene(session)
        expected = [replace(one) for one in START]
        for one in tries:
            item, its = items[one.number], expected[one.number]
            verb, before = one.verb(its), its.state

            was_done = _is_done(made, ACTS[verb], one.name, item)

            assert was_done is its.follow(one.name, verb), f"{one.name} tries {verb} of what is {before}"
            assert item.state == its.state
            assert _part_of(made, item) == its.part
            assert (item.evidence is Evidence.DISPUTED) is its.is_disputed
        assert integrity.differences(session) == []
        session.rollback()
