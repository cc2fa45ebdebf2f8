"""What somebody tries: a verb of the house, by one of its doors, with whatever comes to their mind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.services.followup.way_round.expected import LEADS, PROPOSER, STALE

PEOPLE = ("amina", "hind", "karim", "salma", "leila", "samir", "youssef", "nadia", "omar")
EVERYBODY = (*PEOPLE, PROPOSER, STALE)
INCOMING = ("karim", "salma", "leila", "youssef", "amina")  # few, so that some come back
POSTS = ("karim", "leila", "salma", "samir")  # each is called by who held it first

_LOOKS = 20
_BLIND, _TEMPTING = 0.15, 0.25


@dataclass(frozen=True)
class Theme:
    """What a walk is mostly about: all verbs are tried, these so many times as often."""

    verbs: Sequence[str]
    often: Mapping[str, float]
    numbers: Sequence[int] = (0, 1, 2, 3)  # of the actions

    def verb(self, chance: Random) -> str:
        return chance.choices(self.verbs, [self.often.get(verb, 1) for verb in self.verbs])[0]


@dataclass(frozen=True)
class Try:
    """The verb takes of it what it needs."""

    verb: str
    number: int  # of the action
    name: str
    days: int
    which: int
    post: str
    seat: str
    other: str
    by_key: bool

    def __str__(self) -> str:
        whom = f"whoever has key {self.which}" if self.by_key else self.name
        given = f"days {self.days}, which {self.which}, post {self.post}, seat {self.seat}, {self.other}"
        return f"{whom} {self.verb} of {self.number} ({given})"


def blindly(chance: Random, verb: str, numbers: Sequence[int]) -> Try:
    return Try(
        verb,
        number=chance.choice(numbers),
        name=chance.choice(EVERYBODY),
        days=chance.randint(-4, 40),
        which=chance.randrange(8),
        post=chance.choice(LEADS),
        seat=chance.choice(POSTS),
        other=chance.choice(INCOMING),
        by_key=chance.random() < 0.2,
    )


def one(chance: Random, theme: Theme, may: Callable[[Try], bool], is_tempting: Callable[[Try], bool]) -> Try:
    """Some blindly, which seldom gets far; some that they may do; some tried by somebody else; some nearly theirs."""
    found, how = blindly(chance, theme.verb(chance), theme.numbers), chance.random()
    if how < _BLIND:
        return found
    fits = is_tempting if how > 1 - _TEMPTING else may
    for verb in (theme.verb(chance) for _ in range(5)):
        for found in (blindly(chance, verb, theme.numbers) for _ in range(_LOOKS)):
            if fits(found):
                is_others = _BLIND < how < 2 * _BLIND
                return replace(found, name=chance.choice(EVERYBODY), by_key=False) if is_others else found
    return found
