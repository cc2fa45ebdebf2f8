"""What ties the meetings together once their stories run: merged, linked, shared, come of something, said otherwise."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlmodel import Session

from app.domain.texts import LANGS
from app.models.actions import Action
from app.models.recommendations import Recommendation, Theme
from app.services.followup import also_serves, translations
from app.services.kernel.audit import SERVICE, Actor
from app.services.meetings import outcomes, recommendation_links
from app.services.setup import themes


@dataclass(frozen=True)
class Tied:
    """What there is by its key; it fills while the stories run."""

    session: Session
    today: dt.date
    themes: Mapping[str, int]
    recommendations: Mapping[str, Recommendation]
    actions: Mapping[str, Action]

    def planned(
        self, ties: dict[str, Any], secretariat: Callable[[], Actor]
    ) -> Iterator[tuple[int, Callable[[], None]]]:
        """Each with its day, counted from today."""
        for kind, facts in ((kind, facts) for kind, found in ties.items() for facts in found):
            yield facts["on"], partial(_TIES[kind], self, facts, secretariat)


def _merge(tied: Tied, facts: dict[str, Any], _secretariat: Callable[[], Actor]) -> None:
    """Made for all, so by an administrator."""
    former, kept = (tied.session.get_one(Theme, tied.themes[facts[name]]) for name in ("merge", "into"))
    themes.merge(tied.session, SERVICE, former, kept, is_meant=True)


def _link(tied: Tied, facts: dict[str, Any], secretariat: Callable[[], Actor]) -> None:
    one, other = (tied.recommendations[facts[name]] for name in ("recommendation", "same_as"))
    recommendation_links.link(tied.session, secretariat(), one, other)


def _share(tied: Tied, facts: dict[str, Any], secretariat: Callable[[], Actor]) -> None:
    action, other = tied.actions[facts["action"]], tied.recommendations[facts["recommendation"]]
    also_serves.serve(tied.session, secretariat(), action, other)


def _name(tied: Tied, facts: dict[str, Any], secretariat: Callable[[], Actor]) -> None:
    item, on = tied.recommendations[facts["recommendation"]], tied.today + dt.timedelta(days=facts["showed"])
    outcomes.name(tied.session, secretariat(), item, words={lang: facts[lang] for lang in LANGS}, on=on)


def _reword(tied: Tied, facts: dict[str, Any], secretariat: Callable[[], Actor]) -> None:
    """The original alone: its translations wait for somebody."""
    item = tied.recommendations[facts["recommendation"]]
    words = {lang: facts[lang] for lang in LANGS if lang in facts}
    original = facts["original"]
    translations.translate(tied.session, secretariat(), item, original=original)
    translations.translate(tied.session, secretariat(), item, words={"titles": item.titles | words})


_TIES = {"theme": _merge, "link": _link, "service": _share, "outcome": _name, "rewording": _reword}
