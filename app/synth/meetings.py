"""Meetings and their reports; what is recommended there stands in askings."""

import datetime as dt
import hashlib
import random

from app.domain.regions import REGIONS
from app.models.intake import Report
from app.models.meetings import Meeting
from app.models.updates import Via
from app.synth import words
from app.synth.bulk import InventedRows
from app.synth.foundations import Foundations, instant
from app.synth.recommendations import Recommendations, Sitting

PER_MEETING = 60  # actions; half as many recommendations
_OLDEST, _NEWEST = 1100, 40  # days before today on which meetings are held
_Sentence = tuple[words.Words, ...]


class Sessions:
    """Makes one meeting after the other."""

    def __init__(self, rows: InventedRows, ground: Foundations, chance: random.Random, today: dt.date) -> None:
        self.rows, self.ground, self.chance, self.today = rows, ground, chance, today
        self.askings = Recommendations(rows, ground, chance, today)

    def hold(self, size: int, age: float) -> int:
        """A meeting with `size` actions; `age` runs from 1, the oldest, to 0. Returns its id."""
        sentences = [self._sentence() for _ in range((size + 1) // 2)]
        held_on = self.today - dt.timedelta(days=_NEWEST + int(age * (_OLDEST - _NEWEST)))
        sitting = self._meeting(held_on)
        text, places = _report(sentences, sitting.lang)
        report_id = self._keep(sitting, text)
        self.askings.take(sitting, report_id, text, list(zip(sentences, places, strict=True)), size)
        return sitting.meeting_id

    def _sentence(self) -> _Sentence:
        return tuple(self.chance.choice(part) for part in (words.ACTS, words.OBJECTS, words.BENEFICIARIES))

    def _meeting(self, held_on: dt.date) -> Sitting:
        number = self.rows.last(Meeting) + 1
        region = REGIONS[number % len(REGIONS)]
        recorded, published = (instant(held_on + dt.timedelta(days=days), 9) for days in (1, 2))
        is_public = number % 12 != 0
        meeting_id = self.rows.add(
            Meeting,
            programme_id=self.ground.programme_id,
            slug=f"{region.code.lower()}-{held_on:%Y-%m}-{number}",
            titles=words.titles(words.MEETING, (str(number),) * 3),
            held_on=held_on,
            place=region.names,
            region=region.code,
            convenor=words.titles(dict(words.BODIES)["conseil-region"]),
            prefix=region.code,
            published_at=published if is_public else None,
            is_public=is_public,
            created_at=recorded,
            version=1 + is_public,
        )
        who, about = (self.ground.secretariat_id, Via.WORKSPACE), ("meeting", meeting_id, self.ground.programme_id)
        self.rows.event(recorded, who, "create", about, held_on=held_on.isoformat(), region=region.code)
        if is_public:
            self.rows.event(published, who, "publish", about)
        lang = self.chance.choices(("ar", "fr", "en"), (75, 20, 5))[0]
        return Sitting(meeting_id, region.code, held_on, lang, is_public)

    def _keep(self, sitting: Sitting, text: str) -> int:
        at, digest = instant(sitting.held_on + dt.timedelta(days=1), 10), hashlib.sha256(text.encode()).hexdigest()
        report_id = self.rows.add(
            Report,
            meeting_id=sitting.meeting_id,
            text=text,
            lang=sitting.lang,
            sha256=digest,
            is_public=sitting.is_public and self.chance.random() < 0.5,
            created_at=at,
        )
        who, about = (self.ground.secretariat_id, Via.WORKSPACE), ("report", report_id, self.ground.programme_id)
        self.rows.event(at, who, "add_report", about, sha256=digest, lang=sitting.lang)
        return report_id


def _report(sentences: list[_Sentence], lang: str) -> tuple[str, list[tuple[int, int]]]:
    """The text, and where in it each sentence stands."""
    text, places = words.say(words.OPENING, lang) + "\n\n", []
    for number, parts in enumerate(sentences, 1):
        text += f"{number}. "
        sentence = " ".join(words.say(part, lang) for part in (words.ASKED, *parts))
        places.append((len(text), len(text) + len(sentence)))
        text += f"{sentence}.\n"
    return text, places
