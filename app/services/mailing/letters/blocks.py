"""What an action and its milestones owe one holder on one morning: one block of the mail, one key."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.domain.ladder import Audience, Kind
from app.mail.letters import Answers, Item
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.told import ToldAction
from app.services.mailing.letters.case import Case
from app.services.mailing.letters.keys import block_answers, morning_answers

_TOGETHER = frozenset({Kind.ACTION, Kind.WORD, Kind.MILESTONE})


@dataclass
class Blocks:
    """By action: of those of which several things are owed, the one key and the lines so far."""

    shared: frozenset[int]
    keys: dict[int, str] = field(default_factory=dict)
    lines: dict[int, list[Item]] = field(default_factory=dict)

    def answers(self, case: Case, candidate: Candidate, row: ToldAction) -> Answers:
        if candidate.action_id in self.shared and candidate.kind in _TOGETHER:
            return block_answers(case, candidate, row, self.keys)
        return morning_answers(case, candidate, row)

    def takes(self, candidate: Candidate, audience: str, item: Item) -> bool:
        """Whether it is a line of a block, and not an item of its own."""
        if audience != Audience.HOLDER or candidate.action_id not in self.shared or candidate.kind not in _TOGETHER:
            return False
        self.lines.setdefault(candidate.action_id, []).append(item)
        return True

    def items(self) -> Iterable[Item]:
        """The action above its milestones; where it owes nothing itself, the first of them above the others."""
        for lines in self.lines.values():
            first, *others = sorted(lines, key=lambda line: (bool(line.milestone_of), str(line.due_on), line.title))
            yield replace(first, stones=tuple(others))


def of(owed: Iterable[tuple[Candidate, str]]) -> Blocks:
    """By what is owed, and as what it is heard."""
    heard = {
        (one.action_id, Kind.ACTION if one.kind is Kind.WORD else one.kind, one.subject_id)
        for one, audience in owed
        if audience == Audience.HOLDER and one.kind in _TOGETHER
    }
    counts = Counter(action_id for action_id, _, _ in heard)
    return Blocks(frozenset(action_id for action_id, count in counts.items() if count > 1))
