"""Who holds a post on which day and who acts for them, told from what was decided before; the house is not asked."""

import datetime as dt
from dataclasses import dataclass, field

DAY = dt.timedelta(days=1)


@dataclass
class Acting:
    """From the first day to the last, both included."""

    person: str
    from_on: dt.date
    until_on: dt.date
    chosen_by: str


@dataclass
class Change:
    person: str  # "": the post is left empty
    from_on: dt.date


@dataclass
class Seats:
    """Of each post its holder, whoever acts or shall act for them, and the change that is planned."""

    today: dt.date
    holders: dict[str, str]
    acting: dict[str, list[Acting]] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)

    def seated(self, post: str) -> list[str]:
        """Whoever acts today is written to before the holder."""
        acts = [one.person for one in self.acting.get(post, ()) if one.from_on <= self.today <= one.until_on]
        return acts + [self.holders[post]] * bool(self.holders[post])

    def of(self, person: str) -> frozenset[str]:
        return frozenset(post for post in self.holders if person in self.seated(post))

    def hand_over(self, post: str, person: str) -> bool:
        """At once, or on its day: whom the old holder chose goes with them, and nobody acts for themselves."""
        former = self.holders[post]
        if person and person == former:
            return False
        self.holders[post] = person
        kept = [one for one in self.acting.get(post, ()) if one.person != person]
        self.acting[post] = [one for one in kept if not former or one.chosen_by != former]
        return True

    def plan_change(self, post: str, person: str, from_on: dt.date) -> bool:
        if post in self.changes:
            return False
        self.changes[post] = Change(person, from_on)
        return True

    def take_back_change(self, post: str) -> bool:
        return self.changes.pop(post, None) is not None

    def name(self, post: str, one: Acting) -> bool:
        """One at a time, from today on, and nobody who is seated already."""
        is_free = all(
            other.until_on < one.from_on or one.until_on < other.from_on for other in self.acting.get(post, ())
        )
        if one.person in self.seated(post) or not self.today <= one.from_on <= one.until_on or not is_free:
            return False
        self.acting.setdefault(post, []).append(one)
        return True

    def choose(self, post: str, one: Acting) -> bool:
        """The holder's own; whoever acts chooses nobody."""
        return self.holders[post] == one.chosen_by and self.name(post, one)

    def take_back_acting(self, post: str, which: int) -> bool:
        planned = self.acting.get(post)
        if not planned:
            return False
        del planned[which % len(planned)]
        return True

    def pass_days(self, days: int) -> None:
        for _ in range(days):
            self.today += DAY
            for post in self.holders:
                self.acting[post] = [one for one in self.acting.get(post, ()) if one.until_on >= self.today]
                if post in self.changes and self.changes[post].from_on <= self.today:
                    self.hand_over(post, self.changes.pop(post).person)
