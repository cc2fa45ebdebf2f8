"""All that is expected: the actions, who is seated where, the keys that were mailed, and what becomes of each try."""

import datetime as dt
import pickle
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.workflow import State
from tests.services.followup.way_round import more_time, moves
from tests.services.followup.way_round.doors import DOORS
from tests.services.followup.way_round.expected import (
    PROPOSER,
    STALE,
    SUPPORT,
    Answer,
    Expected,
    Given,
    Said,
    SupportingPart,
    Who,
)
from tests.services.followup.way_round.seats import DAY, Seats
from tests.services.followup.way_round.tries import POSTS, Try

BEGINNING = dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC)  # a Monday
DUE = 20 * DAY
PART_DUE = 10 * DAY
KEY_LIVES = 9 * DAY
ROLES = {
    "amina": {"secretariat", "verifier"},
    "hind": {"secretariat", "verifier"},
    "youssef": {"verifier"},
    "karim": {"verifier"},
}
OVER = ("verified", "cancelled", "superseded", "not_applicable")
KILLS = ("reassign", "verify", "cancel", "supersede", "not_applicable")


@dataclass
class Key:
    """From a mail to somebody seated at a post, about one action."""

    number: int
    person: str
    post: str
    until: dt.datetime
    is_alive: bool = True


def beginning() -> list[Expected]:
    """A draft with its support planned, one assigned that has priority, one blocked, one verified."""
    due_on = BEGINNING.date() + DUE
    part = SupportingPart(due_on=BEGINNING.date() + PART_DUE)
    words = Said("Le guide est paru.", "shown")
    return [
        _hidden(Expected(State.DRAFT, due_on, None, was_asked=False, was_acknowledged=False)),
        Expected(State.ASSIGNED, due_on, due_on, is_priority=True, was_acknowledged=False),
        _blocked(due_on, part),
        Expected(
            State.VERIFIED, due_on, due_on, verifications=1, submitter="karim", attachers={"karim"}, is_shown=True,
            said=[words], answers=[Answer("karim", "karim", BEGINNING, 0, words)],
        ),
    ]  # fmt: skip


def _hidden(its: Expected) -> Expected:
    its.is_public = its.was_public = False
    return its


def _blocked(due_on: dt.date, part: SupportingPart) -> Expected:
    """By its owner, just now, who hadn't confirmed receipt."""
    before = _hidden(Expected(State.ASSIGNED, due_on, due_on, part=part, was_acknowledged=False))
    answers = [Answer("karim", "karim", BEGINNING, 0, None, before)]
    return _hidden(Expected(State.BLOCKED, due_on, due_on, part=part, spoke_last={"karim"}, answers=answers))


def is_dated(one: Try) -> bool:
    return one.days % 2 == 0


def has_reason(one: Try) -> bool:
    return one.which % 2 == 1


@dataclass
class World:
    managers_decide: bool = False
    partner: str = ""
    now: dt.datetime = BEGINNING
    actions: list[Expected] = field(default_factory=beginning)
    seats: Seats = field(default_factory=lambda: Seats(BEGINNING.date(), dict(zip(POSTS, POSTS, strict=True))))
    keys: list[Key] = field(default_factory=list)
    words: str = ""  # of this try and no other

    def follow(self, one: Try) -> bool:
        """Whether it is done, and what is then."""
        seats = self._seats()
        if door := DOORS.get(one.verb):
            done = door(self, one)
        else:
            who = self.who(one)
            done = who is not None and self.does(who, one.verb, one)
        left = {seat[:2] for seat in seats - self._seats()}
        for key in self.keys:
            key.is_alive &= (key.post, key.person) not in left
        return done

    def may(self, one: Try) -> bool:
        """The same, and nothing happens."""
        if one.verb in DOORS:
            return self.copied().follow(one)
        who, its = self.who(one), self.actions[one.number]
        given = self.given(one, one.verb)
        return who is not None and moves.allows(its, who, self.called(its, one.verb, given), given)

    def is_tempting(self, one: Try) -> bool:
        """Theirs by what they are, and yet not now, or not once they have had a hand in it."""
        who, its, given = self.who(one), self.actions[one.number], self.given(one, one.verb)
        if one.verb in DOORS or who is None or self.may(one):
            return False
        bare, verb = replace(its, submitter="", recorders=set(), attachers=set()), self.called(its, one.verb, given)
        return moves.starts(its, verb) and bool(moves.entitled(bare, who, verb))

    def copied(self) -> "World":
        """Five times as fast as `deepcopy`."""
        found: World = pickle.loads(pickle.dumps(self))
        return found

    def become(self, trial: "World") -> None:
        self.__dict__.update(trial.__dict__)

    def does(self, who: Who, verb: str, one: Try, **changes: Any) -> bool:
        """Through whatever door they came; `changes` are what it gives beside the try."""
        its, given = self.actions[one.number], replace(self.given(one, verb), **changes)
        verb = self.called(its, verb, given)
        if not moves.follow(its, who, verb, given):
            return False
        for key in self.keys:
            if key.number == one.number and (verb in KILLS or (verb == "end_part" and key.post == SUPPORT)):
                key.is_alive = False
        return True

    def called(self, its: Expected, verb: str, given: Given) -> str:
        return more_time.granting(its, given) if verb == "grant" else verb

    def who(self, one: Try) -> Who | None:
        """Nobody, where the key opens nothing."""
        if one.by_key:
            key = self.key(one)
            return Who(key.person, frozenset({key.post}), by_mail=True) if key and self.opens(key) else None
        if one.name in (PROPOSER, STALE):
            return Who(one.name, by_mail=True)
        return Who(one.name, self.seats.of(one.name), frozenset(ROLES.get(one.name, ())))

    def key(self, one: Try) -> Key | None:
        """Any that was ever mailed about the action."""
        found = [key for key in self.keys if key.number == one.number]
        return found[one.which % len(found)] if found else None

    def opens(self, key: Key) -> bool:
        """While it lives, the action is not over, and its post is still that person's."""
        is_open = self.actions[key.number].state not in OVER
        return key.is_alive and self.now < key.until and is_open and key.person in self.seats.seated(key.post)

    def mailed(self) -> list[Key]:
        """Whoever owes an open action has a living key to it: those that are missing come by the next mail."""
        living = {(key.number, key.post, key.person) for key in self.keys if self.opens(key)}
        wanted = [
            (number, post, person)
            for number, its in enumerate(self.actions)
            if its.state not in ("draft", *OVER)
            for post in sorted({its.owner} | ({SUPPORT} if its.part else set()))
            for person in self.seats.seated(post)
        ]
        keys = [Key(*one[:1], one[2], one[1], self.now + KEY_LIVES) for one in wanted if one not in living]
        self.keys += keys
        return keys

    def given(self, one: Try, verb: str) -> Given:
        """Assigned it stays with the post that it is planned for."""
        post = self.actions[one.number].owner if verb == "assign" else one.post
        return Given(
            now=self.now, today=self.now.date(), to_on=self.to_on(one), which=one.which, post=post,
            is_dated=is_dated(one), has_reason=has_reason(one), says=self.words,
            managers_decide=self.managers_decide, partner=self.partner,
        )  # fmt: skip

    def to_on(self, one: Try) -> dt.date:
        return self.in_days(one.days)

    def in_days(self, days: int) -> dt.date:
        return self.now.date() + days * DAY

    def _seats(self) -> set[tuple[str, str, object]]:
        acting = {
            (post, one.person, one.from_on)
            for post, several in self.seats.acting.items()
            for one in several
            if one.from_on <= self.seats.today <= one.until_on
        }
        return acting | {(post, person, "holder") for post, person in self.seats.holders.items()}
