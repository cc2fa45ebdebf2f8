"""What somebody tries: a verb of the house, by one of its doors, with whatever comes to their mind."""

from dataclasses import dataclass

from hypothesis import strategies as some

from tests.services.followup.way_round.expected import LEADS, PROPOSER, STALE

PEOPLE = ("amina", "hind", "karim", "salma", "leila", "samir", "youssef", "nadia", "omar")
EVERYBODY = (*PEOPLE, PROPOSER, STALE)
POSTS = ("karim", "leila", "salma", "samir")  # each is called by who held it first


@dataclass(frozen=True)
class Try:
    """`kind` says how blindly; the rest is taken or left by the verb."""

    number: int  # of the action
    name: str
    kind: str
    choice: int
    days: int = 0
    which: int = 0
    post: str = "karim"
    seat: str = "karim"
    other: str = "nadia"
    by_key: bool = False

    @property
    def told(self) -> str:
        """What matters of it where it is told."""
        whom = f"whoever has key {self.which}" if self.by_key else self.name
        return f"{whom} (days {self.days}, which {self.which}, post {self.post}, seat {self.seat}, {self.other})"


def tries(*, least: int = 10, most: int = 40) -> some.SearchStrategy[list[Try]]:
    """Blind tries seldom get far: most are of verbs that lead on from here, or that are theirs."""
    one = some.builds(
        Try,
        number=some.integers(0, 3),
        name=some.sampled_from(EVERYBODY),
        kind=some.sampled_from(("any", "here", "here", "own", "own", "own")),
        choice=some.integers(0, 400),
        days=some.integers(-4, 40),
        which=some.integers(0, 7),
        post=some.sampled_from(LEADS),
        seat=some.sampled_from(POSTS),
        other=some.sampled_from(PEOPLE),
        by_key=some.sampled_from((False, False, False, True)),
    )
    return some.lists(one, min_size=least, max_size=most)
