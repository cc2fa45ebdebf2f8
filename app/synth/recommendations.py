"""The recommendations of a meeting: their place in the report, reference, themes, response, and the actions below."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass

from app.domain import references
from app.domain.progress import Response
from app.domain.workflow import Verb
from app.models.intake import Proposal, ProposalState
from app.models.recommendations import Recommendation, RecommendationTheme, ReferenceCounter, TranslationFlag
from app.models.updates import Via
from app.services.kernel import statuses
from app.synth import lifecycles, words
from app.synth.actions import Actions, Parent
from app.synth.bulk import InventedRows
from app.synth.foundations import Foundations, instant

_Said = tuple[str, tuple[words.Words, ...], tuple[int, int]]
_IDLE = (Response.PENDING, Response.NOT_ACCEPTED, Response.REFERRED, Response.ACCEPTED)
_Life = tuple[Verb, ...]
_Asked = tuple[tuple[words.Words, ...], tuple[int, int]]


@dataclass(frozen=True)
class Sitting:
    """A meeting while its recommendations are made."""

    meeting_id: int
    prefix: str
    held_on: dt.date
    lang: str
    is_public: bool

    def day(self, days: int, hour: int) -> dt.datetime:
        """So many days after the meeting."""
        return instant(self.held_on + dt.timedelta(days=days), hour)


class Recommendations:
    """Makes the recommendations of meetings and remembers which references are given."""

    def __init__(self, rows: InventedRows, ground: Foundations, chance: random.Random, today: dt.date) -> None:
        self.rows, self.ground, self.chance = rows, ground, chance
        self.deeds = Actions(rows, ground, chance, today)
        self.given: Counter[tuple[str, int]] = Counter()

    def take(self, sitting: Sitting, report_id: int, text: str, asked: list[_Asked], size: int) -> None:
        """Accept what was asked; seven in eight carry the `size` actions between them."""
        dealt = lifecycles.deal(self.chance, size)
        carriers = len(asked) - len(asked) // 8
        for number, (parts, place) in enumerate(asked):
            below = dealt[number::carriers] if number < carriers else []
            answer = _response(below) if below else _IDLE[number % len(_IDLE)]
            recommendation_id, parent = self._recommendation(sitting, (text, parts, place), answer, len(below))
            self.rows.add(
                Proposal,
                report_id=report_id,
                start=place[0],
                end=place[1],
                titles={sitting.lang: parent.titles[sitting.lang]},
                confidence=0.9,
                state=ProposalState.ACCEPTED,
                recommendation_id=recommendation_id,
                version=2,
            )
            facts = [self.deeds.do(parent, order, life) for order, life in enumerate(below, 1)]
            self.rows.amend(Recommendation, recommendation_id, **statuses.derive(answer, None, facts)._asdict())

    def keep_counters(self) -> None:
        for (prefix, year), last in self.given.items():
            self.rows.tie(ReferenceCounter, prefix=prefix, year=year, last=last)

    def _recommendation(self, sitting: Sitting, said: _Said, response: Response, actions: int) -> tuple[int, Parent]:
        """`said`: the report, the parts of the title, the place of the sentence."""
        text, parts, place = said
        titles, reference = words.titles(*parts), self._reference(sitting)
        is_published, is_priority = self.chance.random() < 0.9, self.chance.random() < 0.15
        recommendation_id = self.rows.add(
            Recommendation,
            ref=reference,
            programme_id=self.ground.programme_id,
            meeting_id=sitting.meeting_id,
            position=place[0],
            **_quoted(sitting, text, place),
            titles=titles,
            title_flags={lang: str(TranslationFlag.COURTESY) for lang in titles if lang != sitting.lang},
            is_priority=is_priority,
            response=response,
            **_answered(sitting, response),
            last_action_number=actions,
            published_at=sitting.day(2, 10) if is_published else None,
            is_public=is_published and sitting.is_public,
            created_at=sitting.day(1, 11),
            version=1 + is_published + (response != Response.PENDING),
        )
        self._themes(recommendation_id)
        self._events(sitting, recommendation_id, reference, response, is_published=is_published)
        home = sitting.meeting_id, sitting.held_on
        is_public = is_published and sitting.is_public
        parent = Parent(recommendation_id, reference, *home, titles, is_priority, is_published, is_public)
        return recommendation_id, parent

    def _reference(self, sitting: Sitting) -> str:
        key = sitting.prefix, sitting.held_on.year
        self.given[key] += 1
        return references.for_recommendation(*key, self.given[key])

    def _themes(self, recommendation_id: int) -> None:
        for position, theme_id in enumerate(self.chance.sample(self.ground.theme_ids, self.chance.randint(1, 2))):
            self.rows.tie(
                RecommendationTheme, recommendation_id=recommendation_id, theme_id=theme_id, position=position
            )

    def _events(
        self, sitting: Sitting, recommendation_id: int, reference: str, response: Response, *, is_published: bool
    ) -> None:
        who = self.ground.secretariat_id, Via.WORKSPACE
        about = "recommendation", recommendation_id, self.ground.programme_id
        self.rows.event(sitting.day(1, 11), who, "create", about, ref=reference)
        if is_published:
            self.rows.event(sitting.day(2, 10), who, "publish", about)
        if response != Response.PENDING:
            self.rows.event(sitting.day(8, 10), who, "respond", about, response=str(response))


def _quoted(sitting: Sitting, text: str, place: tuple[int, int]) -> dict[str, object]:
    start, end = place
    return {"source_text": text[start:end], "source_lang": sitting.lang, "source_start": start, "source_end": end}


def _answered(sitting: Sitting, response: Response) -> dict[str, object]:
    return {
        "response_reason": words.say(words.REASON, sitting.lang) if response == Response.NOT_ACCEPTED else "",
        "responded_at": sitting.day(8, 10) if response != Response.PENDING else None,
        "referred_to": words.say(words.REMOVER, sitting.lang) if response == Response.REFERRED else "",
    }


def _response(below: list[_Life]) -> Response:
    """Whoever gives an action to a post has accepted; a draft says nothing yet."""
    return Response.ACCEPTED if any(below) else Response.PENDING
