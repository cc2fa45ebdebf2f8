"""Three programmes to try every door on: the cast's own, a foreign one, and one that is published."""

import datetime as dt
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import assets
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from app.models.notifications import Envelope
from app.models.people import Person, Post
from app.models.updates import Update
from app.queries.intake import intake
from app.services.followup import actions, evidence, milestones, updates
from app.services.followup.evidence import Document
from app.services.intake import reports
from app.services.kernel.audit import SERVICE
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes, substitutes
from tests import scenes, uploads
from tests.scenes import Scene
from tests.services.reviewing import LETTER

# The roles of docs/access.csv and who plays them. Omar runs another programme: what he sees here has leaked.
WHO = {
    "public": "",
    "outsider": "omar",
    "owner": "karim",
    "contributor": "salma",
    "manager": "leila",
    "secretariat": "amina",
    "verifier": "youssef",
    "observer": "nadia",
    "administrator": "sara",
}
ROLELESS = "roleless"  # somebody signed in who has neither role nor post: for tests that count who may write
Items = dict[str, str]


@dataclass
class Ground:
    """What the addresses of a scope are filled with, and the cookie of everybody."""

    items: dict[str, Items]
    cookies: dict[str, dict[str, str]]

    def of(self, scope: str) -> Items:
        """What stands for `{slug}` and `{ref}` behind a noun, and for every other name in braces."""
        items = self.items["any"] | self.items.get(scope, self.items["own"])
        return items | {"mine": items["actions"]}

    def path(self, route: str, scope: str) -> str:
        """The address with an item of that scope."""
        items = self.of(scope)
        named = re.sub(r"(\w+)/\{(?:slug|ref)\}", lambda found: f"{found[1]}/{items[found[1]]}", route)
        return re.sub(r"\{(\w+)(?::path)?\}", lambda found: items[found[1]], named)


def lay(session: Session) -> Ground:
    made = scenes.scene(session)
    made.people["sara"] = scenes.person(session, "sara", locale="fr")
    scenes.grant(session, made.people["sara"], Role.ADMINISTRATOR)
    made.people[ROLELESS] = scenes.person(session, ROLELESS)
    cookies = {role: scenes.signed_in(made, name) if name else {} for role, name in WHO.items()}
    cookies[ROLELESS] = scenes.signed_in(made, ROLELESS)
    items = {"any": _shared(made), "own": _own(made)}
    for scope in ("foreign", "published"):
        items[scope] = _elsewhere(made, scope)
    return Ground(items, cookies)


def _shared(made: Scene) -> Items:
    """What belongs to no programme."""
    spare = scenes.person(made.session, "spare")
    granted = scenes.grant(made.session, spare, Role.OBSERVER, made.programme)
    return {
        "lang": "fr",
        "role": "owner",
        "name": assets.url("app.css").rpartition("/")[2],
        "handle": "unknown",
        "act": "publications",
        "person_id": str(spare),
        "grant_id": str(granted),
        "post_id": str(made.posts["leila"]),
    }


def _own(made: Scene) -> Items:
    """Karim's action, which Salma's post supports and Leila manages, in an unpublished programme; both made by it."""
    action = scenes.action(made)
    scenes.support(made, action)
    last = updates.on_track(made.session, made.actor("karim"), action)
    step = milestones.add(made.session, made.actor("amina"), action, titles={"fr": "Première maquette"})
    piece = evidence.add(made.session, made.actor("karim"), action, Document(file=uploads.arrived()))
    return _reviewed(made) | {
        "actions": action.ref,
        "organisations": "centre",
        "posts": "follow-up",
        "update_id": str(last.id),
        "request_id": _request(made, action, made.people["karim"]),
        "message_id": _message(made, action),
        "milestone_id": str(step.id),
        "evidence_id": str(piece.id),
        "plan_id": _planned(made, "follow-up"),
        "token": scenes.link(made, action),
        "milestone_token": scenes.link(made, action, milestone_id=step.id),
    }


def _elsewhere(made: Scene, name: str) -> Items:
    """The same in another programme, where none of the cast has a part; published if it is called so."""
    other = Scene(made.session, dict(made.people), dict(made.posts), dict(made.organisations))
    other.programme = programmes.create(made.session, SERVICE, titles={"fr": f"Programme {name}"})
    other.people["amina"] = scenes.person(made.session, f"secretary-of-{name}")
    scenes.grant(made.session, other.people["amina"], Role.SECRETARIAT, other.programme)
    organisation = scenes.organisation(made.session, f"body-{name}")
    other.meeting = meetings.create(
        made.session, other.actor("amina"), other.programme,
        titles={"fr": f"Rencontre {name}"}, held_on=made.meeting.held_on, region="OR",
    )  # fmt: skip
    other.recommendation = scenes.recommendation(other)
    post_id = scenes.post(made.session, f"post-{name}", organisation)
    action = scenes.action(other, State.ASSIGNED, owner_post_id=post_id)
    last = made.session.scalars(sa.select(col(Update.id)).where(col(Update.action_id) == action.id)).first()
    step = milestones.add(made.session, other.actor("amina"), action, titles={"fr": "Étape"})
    piece = evidence.add(made.session, other.actor("amina"), action, Document(file=uploads.arrived()))
    if name == "published":
        programmes.publish(made.session, SERVICE, other.programme)
        meetings.publish(made.session, other.actor("amina"), other.meeting)
        recommendations.publish(made.session, other.actor("amina"), other.recommendation)
        actions.publish(made.session, other.actor("amina"), action)
    return _reviewed(other) | {
        "actions": action.ref,
        "organisations": f"body-{name}",
        "posts": f"post-{name}",
        "update_id": str(last),
        "request_id": _request(other, action, other.people["amina"]),
        "message_id": _message(made, action),
        "milestone_id": str(step.id),
        "evidence_id": str(piece.id),
        "plan_id": _planned(made, f"post-{name}"),
        "token": "unknown" * 6,
        "milestone_token": "unknown" * 6,
    }


def _planned(made: Scene, slug: str) -> str:
    """Somebody shall act for the holder of the post one day."""
    post = made.session.scalars(sa.select(Post).where(col(Post.slug) == slug)).one()
    salma, day = made.session.get_one(Person, made.people["salma"]), dt.date(2040, 1, 2)
    return str(substitutes.name(made.session, made.actor("sara"), post, salma, from_on=day, until_on=day).id)


def _request(made: Scene, action: Action, person_id: int) -> str:
    """More time that its owner asks for."""
    asked = ExtensionRequest(
        action_id=action.id, programme_id=action.programme_id, post_id=action.owner_post_id or 0, person_id=person_id,
        asked_at=action.created_at, from_on=action.due_on, to_on=scenes.in_days(60), reason="L'imprimeur est fermé.",
    )  # fmt: skip
    made.session.add(asked)
    made.session.flush()
    return str(asked.id)


def _message(made: Scene, action: Action) -> str:
    """The mail that told somebody of the assignment."""
    about = sa.and_(col(Envelope.about_kind) == "action", col(Envelope.about_id) == action.id)
    return str(made.session.scalars(sa.select(col(Envelope.id)).where(about).order_by(col(Envelope.id))).first())


def _reviewed(made: Scene) -> Items:
    """Programme, meeting with its report and a proposal, recommendation."""
    report = reports.add(made.session, made.actor("amina"), made.meeting, text=LETTER, lang="fr")
    return {
        "programmes": made.programme.slug,
        "meetings": made.meeting.slug,
        "recommendations": made.recommendation.ref,
        "proposal_id": str(intake.proposals(made.session, report)[0].id),
    }
