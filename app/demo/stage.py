"""Playing the stories: every act on its day, in the order of time, by the same verbs as everybody's.

Days count from the day of loading; acts fall on working days, deadlines where they fall.
"""

import datetime as dt
import heapq
import tomllib
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app import clock
from app.config import settings
from app.demo import absences, measures
from app.demo.acts import perform
from app.demo.cast import CAST, OUTSIDER
from app.demo.review import LANG, review
from app.demo.setup import lay, titles_of
from app.demo.staged import Players, Scene, parse
from app.demo.ties import Tied
from app.domain.calendar import previous_working
from app.domain.progress import Closure, Response
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.queries.scope import calendar, viewers
from app.services.followup import actions, milestones, recommendation_closures
from app.services.kernel.audit import Actor
from app.services.meetings import meetings, recommendations

STORIES = ("fez", "oujda", "agadir")
_HERE = Path(__file__).parent
_MORNING = dt.time(9)
_AWAY_SINCE, _AWAY_FOR = 3, 12  # days before and after the loading
Doing = Callable[[], None]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


def play(session: Session, today: dt.date) -> None:
    Play(session, today).run()


class Play:
    """What is on stage while the stories run: who is who, what has which key, and what happens next."""

    def __init__(self, session: Session, today: dt.date) -> None:
        self.session, self.today = session, today
        self.queue: list[tuple[dt.datetime, int, Doing]] = []
        self.order = count()
        self.off = calendar.days_off(session, range(today.year - 4, today.year + 1))
        self.actors: dict[str, Actor] = {}
        self.recommendations: dict[str, Recommendation] = {}
        self.actions: dict[str, Action] = {}

    def run(self) -> None:
        stories, bodies = [read(name) for name in STORIES], read("bodies")
        first = min(self._held_on(story["meeting"]) for story in stories)
        with clock.at(self._instant(first - dt.timedelta(days=20), 0)):
            self.ground = lay(self.session, bodies)
        for story in stories:
            self._plan_meeting(story)
        for facts in bodies["indicator"]:
            self._at(self._day(facts["made"]), partial(self._measure, facts))
        tied = Tied(self.session, self.today, self.ground.themes, self.recommendations, self.actions)
        for on, tie in tied.planned(read("ties"), lambda: self.actor("amina")):
            self._at(self._day(on), tie)
        self._at(self._held_on(bodies["other"]["meeting"]), lambda: self._draft_elsewhere(bodies["other"]["meeting"]))
        away = self._working(self._day(-_AWAY_SINCE))
        self._at(away, lambda: absences.play(self.session, self.ground, self._day(_AWAY_FOR), away))
        while self.queue:
            instant, _, do = heapq.heappop(self.queue)
            with clock.at(instant):
                do()

    def actor(self, key: str) -> Actor:
        """One of the cast; nobody changes roles or posts while the stories run."""
        if key not in self.actors:
            viewer = viewers.by_person(self.session, self.ground.people[key])
            assert viewer is not None
            self.actors[key] = Actor(viewer)
        return self.actors[key]

    def _held_on(self, meeting: dict[str, Any]) -> dt.date:
        if "held_on" in meeting:
            return dt.date.fromisoformat(meeting["held_on"])
        return self._working(self._day(meeting["held"]))

    def _day(self, offset: int) -> dt.date:
        return self.today + dt.timedelta(days=offset)

    def _working(self, day: dt.date) -> dt.date:
        """The day, or the last working day before it: the order of acts stays as it was."""
        return previous_working(day, self.off)

    def _instant(self, day: dt.date, order: int) -> dt.datetime:
        """From nine in the morning on, a minute for each act that was planned before: all fit into office hours."""
        morning = dt.datetime.combine(self._working(day), _MORNING, settings().zone)
        return morning.astimezone(dt.UTC) + dt.timedelta(minutes=order)

    def _at(self, day: dt.date, do: Doing) -> None:
        order = next(self.order)
        heapq.heappush(self.queue, (self._instant(day, order), order, do))

    def _measure(self, facts: dict[str, Any]) -> None:
        """The values of days before it was made are entered at once, the others on their days."""
        ground, keeper = self.ground, self.actor("karim")
        own = measures.make(
            self.session, self.actor("amina"), ground.programme.id, ground.posts[facts["post"]], facts, self._day
        )
        for value in facts["values"]:
            on = max(value["on"], facts["made"])
            enter = partial(measures.enter, self.session, keeper, own, value, self._day(value["on"]))
            self._at(self._day(on + 4), enter)  # past any weekend

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
            place=facts["place"],
            convenor=facts["convenor"],
            chair=facts["chair"],
            participants=facts["participants"],
        )
        made = review(self.session, amina, meeting, story, self.ground.themes)
        self.recommendations.update(made)
        self._at(held_on + dt.timedelta(days=2), lambda: self._publish(meeting, list(made.values())))
        for item in story["recommendation"]:
            self._plan(made[item["key"]], item, held_on)

    def _plan(self, recommendation: Recommendation, item: dict[str, Any], held_on: dt.date) -> None:
        if "response" in item:
            self._at(self._day(item["responded"]), lambda: self._respond(recommendation, item))
        if "closure" in item:
            self._at(self._day(item["closed"]), lambda: self._close(recommendation, item))
        for number, action in enumerate(item.get("action", ())):
            days = [parse(line).on for line in action["story"]]
            made_on = self._day(days[0]) if days else held_on + dt.timedelta(days=10 + number)
            self._at(made_on, self._making(recommendation, action))

    def _publish(self, meeting: Meeting, made: list[Recommendation]) -> None:
        meetings.publish(self.session, self.actor("amina"), meeting)
        for recommendation in made:
            recommendations.publish(self.session, self.actor("amina"), recommendation)

    def _draft_elsewhere(self, facts: dict[str, Any]) -> None:
        """What the outsider works on, and nobody else sees."""
        meetings.create(
            self.session,
            self.actor(OUTSIDER),
            self.ground.other,
            titles=facts["titles"],
            held_on=self._held_on(facts),
            region=facts["region"],
        )

    def _respond(self, recommendation: Recommendation, item: dict[str, Any]) -> None:
        recommendations.respond(
            self.session,
            self.actor("amina"),
            recommendation,
            Response(item["response"]),
            reason=item.get("reason", ""),
            organisation_id=self.ground.organisations[item["by"]],
            referred_to=item.get("referred_to", ""),
            merged_into=self.recommendations.get(item.get("merged_into", "")),
        )

    def _close(self, recommendation: Recommendation, item: dict[str, Any]) -> None:
        closure = Closure(item["closure"])
        recommendation_closures.close(
            self.session, self.actor("amina"), recommendation, closure, reason=item["closure_reason"]
        )

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
            due_on = self._day(step["due"])
            done_on = self._working(due_on) if step.get("done") else None
            milestones.add(self.session, amina, action, titles=titles_of(step), due_on=due_on, done_on=done_on)
        for line in facts["story"]:
            self._at(self._day(parse(line).on), self._acting(action, facts, line))

    def _acting(self, action: Action, facts: dict[str, Any], line: str) -> Doing:
        return lambda: self._act(action, facts, line)

    def _act(self, action: Action, facts: dict[str, Any], line: str) -> None:
        act = parse(line)
        perform(self._scene(action), act)
        if act.verb == "assign" and facts.get("published", True):
            actions.publish(self.session, self.actor("amina"), action)

    def _holding(self, post: str) -> Actor:
        return self.actor(self.ground.holders[self.ground.posts[post]])

    def _scene(self, action: Action) -> Scene:
        owner = self.ground.holders.get(action.owner_post_id or 0, "")
        players = Players(self.actor("amina"), self.actor(owner or "amina"), self.actor("nadia"), self._holding)
        lang = next((member.locale for member in CAST if member.key == owner), LANG)
        return Scene(
            self.session, action, players, self.actions.__getitem__, self.ground.posts.__getitem__, lang, self.today
        )
