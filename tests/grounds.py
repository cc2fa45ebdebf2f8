"""Three programmes to try every door on: the cast's own, a foreign one, and one that is published."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col

from app import assets, clock
from app.domain.permissions import Role
from app.domain.workflow import State
from app.mail import sayings
from app.models.access import Invitation
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from app.models.handovers import HandoverLine, HandoverNote
from app.models.notifications import Envelope
from app.models.people import Holding, Person, Post
from app.models.updates import Update
from app.models.wordings import Wording
from app.queries.intake import intake
from app.queries.mailing import off_keys
from app.services.followup import actions, evidence, indicators, milestones, questions, updates
from app.services.followup.evidence import Document
from app.services.followup.indicators import Measured
from app.services.intake import reports
from app.services.kernel.audit import SERVICE
from app.services.kernel.update_links import Bound
from app.services.meetings import meetings, recommendation_themes, recommendations
from app.services.setup import feeds, invitations, programmes, substitutes, team_channels, themes
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
    scenes.administrator(session, made)
    made.people[ROLELESS] = scenes.person(session, ROLELESS)
    cookies = {role: scenes.signed_in(made, name) if name else {} for role, name in WHO.items()}
    cookies[ROLELESS] = scenes.signed_in(made, ROLELESS)
    items = {"any": _shared(made), "own": _own(made)}
    for scope in ("foreign", "published"):
        items[scope] = _elsewhere(made, scope)
    return Ground(items, cookies)


def _shared(made: Scene) -> Items:
    """What belongs to no programme, or stands for something of one's own whatever is asked."""
    return {
        "lang": "fr",
        "role": "owner",
        "group": "ordinary",
        "name": assets.url("app.css").rpartition("/")[2],
        "handle": "unknown",
        "act": "publications",
        "kind": "action",
        "of": "fr",
        "mail": "action_assigned",
        "sentence": sayings.of("action_assigned")[0].key,
        "wording_id": _outdated(made),
        "invitation_token": _offered(made),
        "post_id": str(made.posts["leila"]),
        "body_id": str(made.organisations["chamber"]),
    }


def _outdated(made: Scene) -> str:
    """Words for a sentence that mails say no more."""
    row = Wording(lang="fr", text="As it was", forms=["Comme avant"], edited_at=clock.now(), version=1)
    made.session.add(row)
    made.session.flush()
    return str(row.id)


def _own(made: Scene) -> Items:
    """Karim's action, which Salma's post supports and Leila manages, in an unpublished programme; both made by it."""
    action = scenes.action(made)
    scenes.support(made, action)
    last = updates.on_track(made.session, made.actor("karim"), action)
    step = milestones.add(made.session, made.actor("amina"), action, titles={"fr": "Première maquette"})
    piece = evidence.add(made.session, made.actor("karim"), action, Document(file=uploads.arrived()))
    return (
        _reviewed(made)
        | _measured(made)
        | {
            "actions": action.ref,
            "key": str(action.id),
            "organisations": "centre",
            "posts": "follow-up",
            "update_id": str(last.id),
            "request_id": _request(made, action, made.people["karim"]),
            "question_id": _question(made, action),
            "message_id": _message(made, action),
            "milestone_id": str(step.id),
            "evidence_id": str(piece.id),
            "plan_id": _planned(made, "follow-up"),
            "note_id": _handed_over(made, action),
            "invitation_id": str(_invited(made, action, "own").id),
            "channel_id": _chat(made),
            **_asked(made),
            **_person(made, "spare"),
            "token": scenes.link(made, action),
            "milestone_token": scenes.link(made, action, milestone_id=step.id),
            "question_token": _question_key(made, action),
            "feed_token": feeds.make(
                made.session, made.actor("karim"), made.session.get_one(Person, made.people["karim"])
            ),
            "off_token": off_keys.address("fr", made.people["karim"]).rpartition("/")[2],
        }
    )


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
    return (
        _reviewed(other)
        | _measured(other, post_id)
        | {
            "actions": action.ref,
            "key": str(action.id),
            "organisations": f"body-{name}",
            "posts": f"post-{name}",
            "update_id": str(last),
            "request_id": _request(other, action, other.people["amina"]),
            "question_id": _question(other, action),
            "message_id": _message(made, action),
            "milestone_id": str(step.id),
            "evidence_id": str(piece.id),
            "plan_id": _planned(made, f"post-{name}"),
            "note_id": _handed_over(made, action),
            "invitation_id": str(_invited(other, action, name).id),
            "channel_id": _chat(made),
            "voice_token": "unknown" * 6,
            "proposer_id": str(scenes.proposer(made.session, other.recommendation.id).id),
            **_person(other, f"spare-of-{name}"),
            "token": "unknown" * 6,
            "milestone_token": "unknown" * 6,
            "question_token": "unknown" * 6,
            "off_token": "unknown" * 6,
            "feed_token": "unknown" * 6,
        }
    )


def _measured(made: Scene, post_id: int = 0) -> Items:
    """An indicator that Karim's post keeps, or another, with one value."""
    own = indicators.create(
        made.session, made.actor("amina"), made.programme.id, titles={"fr": "Exportations"}, target=Decimal("3.5"),
        target_on=dt.date(2030, 12, 31), post_id=post_id or made.posts["karim"],
    )  # fmt: skip
    value = Measured(dt.date(2026, 6, 30), Decimal("2.6"), "Office des changes")
    row = indicators.measure(made.session, made.actor("amina"), own, value)
    return {"indicator_id": str(own.id), "value_id": str(row.id)}


def _asked(made: Scene) -> Items:
    """Somebody who proposed it, with the key that asks them about an action that the public knows."""
    done = scenes.action(made, State.VERIFIED)
    done.is_public = True
    made.session.flush()
    one = scenes.proposer(made.session, done.recommendation_id)
    return {"voice_token": scenes.voice_link(made.session, one, done), "proposer_id": str(one.id)}


def _person(made: Scene, name: str) -> Items:
    """Somebody with a role in this programme alone."""
    person_id = scenes.person(made.session, name)
    granted = scenes.grant(made.session, person_id, Role.OBSERVER, made.programme)
    return {"person_id": str(person_id), "grant_id": str(granted)}


def _planned(made: Scene, slug: str) -> str:
    """Somebody shall act for the holder of the post one day."""
    post = made.session.scalars(sa.select(Post).where(col(Post.slug) == slug)).one()
    salma, day = made.session.get_one(Person, made.people["salma"]), dt.date(2040, 1, 2)
    return str(substitutes.name(made.session, made.actor("sara"), post, salma, from_on=day, until_on=day).id)


def _handed_over(made: Scene, action: Action) -> str:
    """The note of a change of holder that is over."""
    past, post_id = dt.date(2026, 1, 5), action.owner_post_id or 0
    held = Holding(post_id=post_id, person_id=made.people["omar"], since_on=past, until_on=past, created_at=clock.now())
    made.session.add(held)
    made.session.flush()
    note = HandoverNote(holding_id=held.id, post_id=post_id, made_on=past, created_at=clock.now())
    made.session.add(note)
    made.session.flush()
    line = HandoverLine(
        note_id=note.id, position=1, action_id=action.id, is_part=False, state=action.state, is_late=False
    )
    made.session.add(line)
    made.session.flush()
    return str(note.id)


def _invited(made: Scene, action: Action, name: str) -> Invitation:
    """Somebody whom the secretariat asks to hold the post."""
    made.session.flush()
    invited = Invitation(
        person_id=scenes.person(made.session, f"guest-of-{name}", is_active=False), created_at=clock.now(),
        invited_by_id=made.people["amina"], post_id=action.owner_post_id,
    )  # fmt: skip
    made.session.add(invited)
    made.session.flush()
    return invited


def _chat(made: Scene) -> str:
    """Chats belong to no programme; one for each scope, since whoever may removes it."""
    address = "ntfys://ntfy.example.org/suivi"
    return str(team_channels.add(made.session, made.actor("sara"), name="Suivi", address=address, lang="fr").id)


def _offered(made: Scene) -> str:
    """The key of an administrator's invitation to a role."""
    guest = {"name": "Guest", "email": "guest@tatbiq.invalid", "locale": "fr", "role": Role.OBSERVER}
    invited = invitations.invite(made.session, made.actor("sara"), **guest)  # type: ignore[arg-type]
    token = invitations.fresh_key()
    invitations.arm(made.session, invited.id, token, clock.now() + dt.timedelta(days=7))
    return token


def _request(made: Scene, action: Action, person_id: int) -> str:
    """More time that its owner asks for."""
    asked = ExtensionRequest(
        action_id=action.id, programme_id=action.programme_id, post_id=action.owner_post_id or 0, person_id=person_id,
        asked_at=action.created_at, from_on=action.due_on, to_on=scenes.in_days(60), reason="L'imprimeur est fermé.",
    )  # fmt: skip
    made.session.add(asked)
    made.session.flush()
    return str(asked.id)


def _question(made: Scene, action: Action) -> str:
    """That the secretariat asks its owner."""
    return str(questions.ask(made.session, made.actor("amina"), action, text="Quand est-il imprimé ?").id)


def _question_key(made: Scene, action: Action) -> str:
    """Of the mail that brought a question to its owner."""
    question = questions.ask(made.session, made.actor("amina"), action, text="Combien d'exemplaires ?")
    bound = Bound(made.people["karim"], question.post_id, action.id, question_id=question.id)
    return scenes.issue(made.session, bound, clock.now() + dt.timedelta(days=45))


def _message(made: Scene, action: Action) -> str:
    """The mail that told somebody of the assignment."""
    about = sa.and_(col(Envelope.about_kind) == "action", col(Envelope.about_id) == action.id)
    return str(made.session.scalars(sa.select(col(Envelope.id)).where(about).order_by(col(Envelope.id))).first())


def _theme(made: Scene) -> str:
    """Of this programme alone, carried by its recommendation."""
    theme = themes.create(made.session, made.actor("amina"), titles={"fr": f"Thème {made.programme.slug}"})
    recommendation_themes.set_themes(made.session, made.actor("amina"), made.recommendation, [theme.id])
    return theme.slug


def _reviewed(made: Scene) -> Items:
    """Programme, meeting with its report and a proposal, recommendation."""
    report = reports.add(made.session, made.actor("amina"), made.meeting, text=LETTER, lang="fr")
    return {
        "programmes": made.programme.slug,
        "meetings": made.meeting.slug,
        "recommendations": made.recommendation.ref,
        "proposal_id": str(intake.proposals(made.session, report)[0].id),
        "themes": _theme(made),
        "other": made.recommendation.ref,
    }
