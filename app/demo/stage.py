"""Playing the stories: every act on its day, in the order of time, by the same verbs as everybody's."""

import datetime as dt
import heapq
import tomllib
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app import clock
from app.config import settings
from app.demo.acts import Players, Scene, parse, perform
from app.demo.cast import CAST
from app.demo.setup import lay
from app.domain.progress import Closure, Response
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.queries import viewers
from app.services import actions, meetings, milestones, recommendations, reports
from app.services.audit import Actor

STORIES = ("fez", "oujda", "agadir")
_HERE = Path(__file__).parent
_LANG = "ar"
Doing = Callable[[], None]


def play(session: Session, today: dt.date) -> None:
    Play(session, today).run()


class Play:
    """What is on stage while the stories run: who is who, what has which key, and what happens next."""

    def __init__(self, session: Session, today: dt.date) -> None:
        self.session, self.today = session, today
        self.queue: list[tuple[dt.datetime, int, Doing]] = []
        self.order = count()
        self.recommendations: dict[str, Recommendation] = {}
        self.actions: dict[str, Action] = {}

    def run(self) -> None:
        stories = [(name, tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))) for name in STORIES]
        first = min(self._held_on(story["meeting"]) for _, story in stories)
        bodies = tomllib.loads((_HERE / "bodies.toml").read_text(encoding="utf-8"))
        with clock.at(self._instant(first - dt.timedelta(days=20), 0)):
            self.ground = lay(self.session, bodies)
        for _, story in stories:
            self._plan_meeting(story)
        while self.queue:
            instant, _, do = heapq.heappop(self.queue)
            with clock.at(instant):
                do()

    def actor(self, key: str) -> Actor:
        """One of the cast with the roles and posts of this moment."""
        viewer = viewers.by_person(self.session, self.ground.people[key])
        assert viewer is not None
        return Actor(viewer)

    def _held_on(self, meeting: dict[str, Any]) -> dt.date:
        return dt.date.fromisoformat(meeting["held_on"]) if "held_on" in meeting else self._day(meeting["held"])

    def _day(self, offset: int) -> dt.date:
        return self.today + dt.timedelta(days=offset)

    def _instant(self, day: dt.date, order: int) -> dt.datetime:
        """Office hours, a few minutes apart; never later than now."""
        minutes = 9 * 60 + (order * 7) % (7 * 60)
        moment = dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), settings().zone)
        return min(moment.astimezone(dt.UTC), clock.now() - dt.timedelta(seconds=max(1, 600 - order)))

    def _at(self, day: dt.date, do: Doing) -> None:
        order = next(self.order)
        heapq.heappush(self.queue, (self._instant(day, order), order, do))

    def _plan_meeting(self, story: dict[str, Any]) -> None:
        held_on = self._held_on(story["meeting"])
        self._at(held_on + dt.timedelta(days=1), lambda: self._hold(story, held_on))

    def _hold(self, story: dict[str, Any], held_on: dt.date) -> None:
        """Record the meeting and its report, take the recommendations in, and put what follows on its days."""
        facts, amina = story["meeting"], self.actor("amina")
        meeting = meetings.create(
            self.session,
            amina,
            self.ground.programme,
            titles=facts["titles"],
            held_on=held_on,
            region=facts["region"],
            **{name: facts[name] for name in ("place", "convenor", "chair", "participants")},
        )
        text = story["report"]
        reports.keep(self.session, amina, meeting, text=text, lang=_LANG, is_public=facts.get("report_public", False))
        for item in story["recommendation"]:
            self._take_in(meeting, text, item, held_on)
        self._at(held_on + dt.timedelta(days=2), lambda: self._publish(meeting, story))

    def _take_in(self, meeting: Meeting, text: str, item: dict[str, Any], held_on: dt.date) -> None:
        amina, start = self.actor("amina"), text.index(item["source"])
        recommendation = recommendations.create(
            self.session,
            amina,
            meeting,
            titles=item["titles"],
            source_text=item["source"],
            source_lang=_LANG,
            place=(start, start + len(item["source"])),
            done_when=item.get("done_when", ""),
            is_priority=item.get("priority", False),
        )
        self.recommendations[item["key"]] = recommendation
        theme_ids = [self.ground.themes[key] for key in item.get("themes", ())]
        recommendations.set_themes(self.session, amina, recommendation, theme_ids)
        if item.get("response", "pending") != "pending":
            self._at(self._day(item["responded"]), lambda: self._respond(recommendation, item))
        if "closure" in item:
            self._at(self._day(item["closed"]), lambda: self._close(recommendation, item))
        for number, action in enumerate(item.get("action", ())):
            days = [parse(line).on for line in action["story"]]
            made_on = self._day(days[0]) if days else held_on + dt.timedelta(days=10 + number)
            self._at(made_on, self._making(recommendation, action))

    def _publish(self, meeting: Meeting, story: dict[str, Any]) -> None:
        amina = self.actor("amina")
        if story["meeting"].get("published", True):
            meetings.publish(self.session, amina, meeting)
        for item in story["recommendation"]:
            if item.get("published", True):
                recommendations.publish(self.session, amina, self.recommendations[item["key"]])

    def _respond(self, recommendation: Recommendation, item: dict[str, Any]) -> None:
        recommendations.respond(
            self.session,
            self.actor("amina"),
            recommendation,
            Response(item["response"]),
            reason=item.get("reason", ""),
            organisation_id=self.ground.organisations.get(item.get("by", "")),
            referred_to=item.get("referred_to", ""),
            merged_into=self.recommendations.get(item.get("merged_into", "")),
        )

    def _close(self, recommendation: Recommendation, item: dict[str, Any]) -> None:
        closure = Closure(item["closure"])
        recommendations.close(self.session, self.actor("amina"), recommendation, closure, reason=item["closure_reason"])

    def _making(self, recommendation: Recommendation, facts: dict[str, Any]) -> Doing:
        return lambda: self._make(recommendation, facts)

    def _make(self, recommendation: Recommendation, facts: dict[str, Any]) -> None:
        """A draft, and its acts put on their days."""
        amina = self.actor("amina")
        action = actions.create(
            self.session,
            amina,
            recommendation,
            titles=facts["titles"],
            owner_post_id=self.ground.posts[facts["post"]],
            due_on=self._day(facts["due"]) if "due" in facts else None,
            supporting=[(self.ground.organisations[key], None, None) for key in facts.get("support", ())],
            is_priority=facts.get("priority"),
        )
        self.actions[facts["key"]] = action
        for step in facts.get("milestones", ()):
            milestones.add(
                self.session,
                amina,
                action,
                titles={lang: step[lang] for lang in ("ar", "fr", "en")},
                due_on=self._day(step["due"]),
                done_on=self._day(step["due"]) if step.get("done") else None,
            )
        for line in facts["story"]:
            self._at(self._day(parse(line).on), self._acting(action, facts, line))

    def _acting(self, action: Action, facts: dict[str, Any], line: str) -> Doing:
        return lambda: self._act(action, facts, line)

    def _act(self, action: Action, facts: dict[str, Any], line: str) -> None:
        act = parse(line)
        perform(self._scene(action), act)
        if act.verb == "assign" and facts.get("published", True):
            actions.publish(self.session, self.actor("amina"), action)

    def _scene(self, action: Action) -> Scene:
        owner = self.ground.holders.get(action.owner_post_id or 0, "karim")
        players = Players(self.actor("amina"), self.actor(owner), self.actor("nadia"))
        lang = next(member.locale for member in CAST if member.key == owner)
        return Scene(
            self.session, action, players, self.actions.__getitem__, self.ground.posts.__getitem__, lang, self.today
        )
