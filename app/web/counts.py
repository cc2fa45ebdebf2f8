"""Counts of recommendations as pages show them: the headline, what stands beside it, the bar and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import Message
from app.domain.progress import Group, Status
from app.domain.sentences import progress as sentences
from app.formats import svg
from app.queries.meetings.meetings import MeetingRow
from app.queries.public.tallies import NOTHING, Progress
from app.web import charts

_PLANNED = (Status.IMPLEMENTED, Status.PARTIALLY_IMPLEMENTED, Status.IN_PROGRESS, Status.NOT_STARTED)


@dataclass(frozen=True)
class Counts:
    progress: Progress
    bar: svg.Bar

    @property
    def headline(self) -> Message:
        rate, of = self.progress.rate, self.progress.counts
        return sentences.headline(
            implemented=rate.implemented,
            denominator=rate.denominator,
            overdue=self.progress.overdue,
            is_planned=any(of.get(status) for status in _PLANNED),
        )

    @property
    def implemented(self) -> Message:
        return sentences.implemented_of(self.progress.rate.implemented, self.progress.rate.denominator)

    @property
    def beside(self) -> list[Message]:
        rate = self.progress.rate
        outside = self.progress.total - rate.denominator
        return sentences.beside(
            share=rate.share, partial=rate.partial, disputed=self.progress.disputed, outside=outside
        )

    @property
    def whole(self) -> Message:
        return sentences.recommendations(self.progress.total)

    @property
    def outside_bar(self) -> int:
        """How many recommendations the bar does not draw."""
        return self.progress.of(Group.BESIDE)

    @property
    def bar_says(self) -> list[Message]:
        return sentences.bar(
            self.whole,
            verified=self.bar.implemented,
            under_way=self.bar.under_way,
            not_begun=self.bar.not_begun,
            set_aside=self.bar.set_aside,
            late=self.bar.late,
            disputed=self.progress.disputed,
            outside=self.outside_bar,
        )


def of(progress: Progress, lang: str) -> Counts:
    return Counts(progress, charts.of_progress(progress, lang))


def of_meetings(
    rows: Sequence[MeetingRow], progress: Mapping[int, Progress], lang: str
) -> list[tuple[MeetingRow, Counts]]:
    """Lines of a list of meetings, each with its counts."""
    return [(row, of(progress.get(row.id, NOTHING), lang)) for row in rows]
