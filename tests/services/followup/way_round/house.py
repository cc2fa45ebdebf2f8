"""The house in which things are tried: its people and actions, the keys as they were mailed, and what it shows then."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import DomainError, Gone, NotFound
from app.domain.permissions import Role, Viewer
from app.domain.workflow import Evidence
from app.models.actions import Action, ActionSupport
from app.models.extensions import ExtensionRequest
from app.models.people import Organisation, Post
from app.models.updates import Update, Via
from app.queries.followup import update_keys
from app.queries.public import story_entries
from app.queries.scope import seats
from app.services.kernel.audit import Actor
from app.services.kernel.update_links import Bound
from tests import scenes
from tests.scenes import Scene
from tests.services.followup.way_round.expected import PROPOSER, STALE, Expected
from tests.services.followup.way_round.tries import POSTS, Try
from tests.services.followup.way_round.world import Key, World


@dataclass(repr=False)
class House:
    """`world` is asked for nothing but the number of a key and what somebody says."""

    made: Scene
    items: list[Action]
    world: World
    tokens: list[str] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.made.session

    def item(self, one: Try) -> Action:
        return self.items[one.number]

    def actor(self, one: Try) -> Actor:
        """With the rights that their door gives; raises Gone where the key opens nothing."""
        if one.by_key:
            key = self.world.key(one)
            if key is None:
                raise NotFound
            token = self.tokens[self.world.keys.index(key)]
            return Actor(update_keys.of_action(self.session, token, lock=True).viewer, Via.MAIL_LINK)
        if one.name in (PROPOSER, STALE):
            return Actor(Viewer(None, proposes_id=self.item(one).recommendation_id), Via.MAIL_LINK)
        return self.made.actor(one.name)

    def signed_in(self, one: Try) -> Actor:
        return self.actor(replace(one, by_key=False))

    def post(self, one: Try) -> Post:
        return self.session.get_one(Post, self.made.posts[one.seat])

    def is_done(self, act: Callable[["House", Try], object], one: Try) -> bool:
        nested = self.session.begin_nested()
        try:
            act(self, one)
        except DomainError:
            nested.rollback()
            return False
        nested.commit()
        return True

    def mail(self, keys: list[Key]) -> None:
        for key in keys:
            bound = Bound(self.made.people[key.person], self.made.posts[key.post], self.items[key.number].id)
            self.tokens.append(scenes.issue(self.session, bound, key.until))


@dataclass(frozen=True, repr=False)
class Stage:
    """Where every walk begins; what one of them changes is undone before the next."""

    made: Scene
    item_ids: list[int]

    def house(self, session: Session, world: World) -> House:
        made = self.made.within(session)
        made.programme.managers_decide = world.managers_decide
        if world.partner:
            session.get_one(Organisation, made.organisations[world.partner]).is_partner = True
        session.flush()
        return House(made, [session.get_one(Action, number) for number in self.item_ids], world)


def build(session: Session, world: World) -> Stage:
    """As the expected ones begin."""
    made = scenes.scene(session, published=True)
    made.people["hind"], made.people["samir"] = (
        scenes.person(session, name, locale="fr") for name in ("hind", "samir")
    )
    chamber, own = made.organisations["chamber"], made.programme.id
    made.posts["samir"] = scenes.post(session, "president", chamber, is_manager=True, owner_programme_id=own)
    scenes.holds(session, made.people["samir"], made.posts["samir"])
    scenes.grant(session, made.people["hind"], Role.SECRETARIAT, made.programme)
    for name in ("karim", "amina", "hind"):
        scenes.grant(session, made.people[name], Role.VERIFIER, made.programme)
    items = [scenes.action(made, one.state, is_priority=one.is_priority) for one in world.actions]
    for item, its in zip(items, world.actions, strict=True):
        scenes.support(made, item, its.part.due_on if its.part else None)
        if its.is_public:
            scenes.publish(made, item)
    made.ids["proposer"] = scenes.proposer(session, made.recommendation.id).id
    made.ids["successor"] = scenes.draft(made).id
    return Stage(made, [item.id for item in items])


def seen(house: House, item: Action) -> dict[str, object]:
    """What stands in the house."""
    made, part = house.made, house.session.get(ActionSupport, (item.id, house.made.organisations["chamber"]))
    names = {number: name for name, number in made.posts.items()}
    asked = sa.select(ExtensionRequest).where(col(ExtensionRequest.action_id) == item.id)
    return {
        "state": item.state,
        "owner": names[item.owner_post_id or 0],
        "deadline": (item.due_on, item.baseline_on, item.extensions),
        "part": part and (part.part_state, part.due_on, part.baseline_on, part.extensions),
        "requests": [
            (names[one.post_id], one.outcome, one.to_on, one.part_of_id is not None, one.endorsed_at is not None)
            for one in house.session.scalars(asked.order_by(col(ExtensionRequest.id)))
        ],
        "is disputed": item.evidence is Evidence.DISPUTED,
        "is public": item.is_public,
    }


def expected(its: Expected) -> dict[str, object]:
    """The same as it ought to be."""
    return {
        "state": its.state,
        "owner": its.owner,
        "deadline": (its.due_on, its.baseline_on, its.extensions),
        "part": its.part and (its.part.state, its.part.due_on, its.part.baseline_on, its.part.extensions),
        "requests": [(one.post, one.outcome, one.to_on, one.of_part, one.is_endorsed) for one in its.requests],
        "is disputed": its.is_disputed,
        "is public": its.is_public,
    }


def seated(house: House) -> dict[str, list[str]]:
    """Whoever may answer as each post, whoever is written to first."""
    names = {number: name for name, number in house.made.people.items()}
    return {post: [names[one] for one in seats.seated(house.session, house.made.posts[post])] for post in POSTS}


def opens(house: House, token: str) -> bool:
    """Whether a key opens anything at all; one that is dead says so, and no more."""
    try:
        update_keys.opened(house.session, token)
    except Gone:
        return False
    return True


def told(house: House, item: Action) -> set[str]:
    """The words that the public reads of the action: in its story, and why it ended."""
    found, before = {item.end_reason} if item.is_public else set[str](), None
    while entries := story_entries.newest(house.session, action_id=item.id, before=before):
        found |= {entry.summary for entry in entries}
        before = entries[-1].at, entries[-1].id
    return found - {""}


def spoke_last(house: House, item: Action) -> set[str]:
    """The post in whose name the last act was done, if it was one's."""
    names = {number: name for name, number in house.made.posts.items()}
    mine = sa.select(col(Update.post_id)).where(col(Update.action_id) == item.id).order_by(col(Update.id).desc())
    post_id = house.session.scalars(mine.limit(1)).first()
    return {names[post_id]} if post_id else set()
