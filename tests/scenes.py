"""The cast of one programme and what they work on, made by the verbs of the house; rows made directly: builders."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.on_behalf import CameBy
from app.domain.permissions import Role, Viewer
from app.domain.workflow import BlockReason, PartState, State
from app.models.access import AuthSession
from app.models.actions import Action, ActionSupport
from app.models.meetings import Meeting, Programme
from app.models.notifications import Envelope, Purpose
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.models.proposers import Proposer
from app.models.recommendations import Recommendation
from app.models.updates import Update, Via
from app.queries.followup import update_keys
from app.queries.followup import voices as voice_queries
from app.queries.mailing import letters as letter_queries
from app.queries.scope import viewers
from app.services.followup import actions, closures, part_days, updates, verifications, voices
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from app.services.kernel import update_links, voice_links
from app.services.kernel.audit import SERVICE, Actor
from app.services.kernel.update_links import Bound
from app.services.mailing.letters.case import Case, LetterCache, QueuedMessage
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes

TITLES = {
    "ar": "دليل الشهادات المطلوبة في الأسواق",
    "fr": "Guide des certificats exigés",
    "en": "Guide to certificates",
}
SENTENCE = "يواكب المركز المقاولات في الحصول على الشهادات."


@dataclass
class Scene:
    """A programme of Fez with its people: Amina (secretariat), Karim (owner), Salma (contributor), Leila (manager),
    Youssef (verifier), Nadia (observer), Omar (the secretariat of another programme, a stranger here)."""

    session: Session
    people: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    programme: Programme = field(init=False)
    other: Programme = field(init=False)
    meeting: Meeting = field(init=False)
    recommendation: Recommendation = field(init=False)

    def within(self, session: Session) -> "Scene":
        """The same people and things in another transaction."""
        self.session = session
        self.programme = session.get_one(Programme, self.ids["programme"])
        self.meeting = session.get_one(Meeting, self.ids["meeting"])
        self.recommendation = session.get_one(Recommendation, self.ids["recommendation"])
        return self

    def actor(self, name: str, via: Via = Via.WORKSPACE) -> Actor:
        return Actor(self.viewer(name), via)

    def viewer(self, name: str) -> Viewer:
        found = viewers.by_person(self.session, self.people[name])
        assert found
        return found


def scene(session: Session, *, published: bool = False) -> Scene:
    """The cast, a meeting and one accepted recommendation without actions; `published` down to the recommendation.

    The secretariat made its bodies and posts itself.
    """
    made = Scene(session)
    made.programme = programmes.create(session, SERVICE, titles={"ar": "برنامج فاس", "fr": "Programme de Fès"})
    made.other = programmes.create(session, SERVICE, titles={"fr": "Programme de Rabat"})
    for name, home in (("centre", made.programme), ("chamber", made.programme), ("agency", made.other)):
        made.organisations[name] = organisation(session, name, owner_programme_id=home.id)
    _posts(made)
    _people(made)
    made.meeting = meetings.create(
        session, made.actor("amina"), made.programme,
        titles={"ar": "لقاء فاس", "fr": "Rencontre de Fès"}, held_on=dt.date(2026, 9, 28), region="FM",
    )  # fmt: skip
    made.recommendation = recommendation(made)
    if published:
        programmes.publish(session, SERVICE, made.programme)
        meetings.publish(session, made.actor("amina"), made.meeting)
        recommendations.publish(session, made.actor("amina"), made.recommendation)
    things: dict[str, Programme | Meeting | Recommendation] = {
        "programme": made.programme,
        "meeting": made.meeting,
        "recommendation": made.recommendation,
    }
    made.ids = {name: getattr(thing, "id", None) or 0 for name, thing in things.items()}
    return made


def proposer(session: Session, recommendation_id: int, **changes: object) -> Proposer:
    """Whoever proposed it, and agreed to be written to; another one each time."""
    number = session.scalars(sa.select(sa.func.count()).select_from(Proposer)).one()
    made = Proposer(
        recommendation_id=recommendation_id, name=f"Zarqa Coopérative {number}", email=f"zarqa{number}@coop.invalid",
        locale="fr", agreed_on=dt.date(2026, 9, 1), created_at=clock.now(),
    )  # fmt: skip
    _added(session, made, changes)
    return made


def voice_link(session: Session, one: Proposer, action: Action) -> str:
    """The key that asks them about the verification in force."""
    token = secrets.token_urlsafe(32)
    voice_links.keep(session, token, one.id, voice_queries.verification(session, action) or 0, action.id)
    return token


def dispute(session: Session, actor: Actor, action: Action, *, text: str) -> Update:
    """Somebody who proposed it says on paper that it is not so."""
    one = proposer(session, action.recommendation_id)
    said = voices.Spoken(
        one.id, is_so=False, came_by=CameBy.LETTER, came_on=in_days(0), words=Words(public_summary=text)
    )
    return voices.record(session, actor, action, said)


def organisation(session: Session, slug: str, **changes: object) -> int:
    made = Organisation(slug=slug, titles={"fr": slug.title(), "ar": f"هيئة {slug}"}, created_at=clock.now())
    return _added(session, made, changes)


def post(session: Session, slug: str, organisation_id: int, **changes: object) -> int:
    made = Post(slug=slug, organisation_id=organisation_id, titles={"fr": f"Poste {slug}"}, created_at=clock.now())
    return _added(session, made, changes)


def person(session: Session, name: str, **changes: object) -> int:
    email = f"{name.lower()}@tatbiq.invalid"
    return _added(session, Person(email=email, name=name.title(), created_at=clock.now()), changes)


def holds(session: Session, person_id: int, post_id: int) -> int:
    made = Holding(post_id=post_id, person_id=person_id, since_on=dt.date(2026, 1, 1), created_at=clock.now())
    return _added(session, made, {})


def administrator(session: Session, made: Scene, locale: str = "fr") -> int:
    """Sara, who runs the installation, among the people of the scene."""
    sara = made.people["sara"] = person(session, "sara", locale=locale)
    grant(session, sara, Role.ADMINISTRATOR)
    return sara


def grant(session: Session, person_id: int, role: Role, programme: Programme | None = None) -> int:
    programme_id = programme.id if programme else None
    made = RoleGrant(person_id=person_id, role=role, programme_id=programme_id, created_at=clock.now())
    return _added(session, made, {})


def recommendation(made: Scene, **changes: object) -> Recommendation:
    words: dict[str, object] = {
        "titles": {"ar": "مواكبة المقاولات نحو الشهادات", "fr": "Aider les entreprises à se certifier"},
        "source_text": SENTENCE, "source_lang": "ar",
    }  # fmt: skip
    return recommendations.create(made.session, made.actor("amina"), made.meeting, **(words | changes))  # type: ignore[arg-type]


def elsewhere(made: Scene, *, published: bool = True) -> Recommendation:
    """One of an earlier meeting of the programme, without an action."""
    session, amina = made.session, made.actor("amina")
    held = meetings.create(
        session, amina, made.programme, titles={"fr": "Rencontre de 2024"}, held_on=in_days(-700), region="FM"
    )
    other = recommendations.create(
        session, amina, held, titles={"fr": "Aider à certifier"}, source_text=SENTENCE, source_lang="ar"
    )
    if published:
        meetings.publish(session, amina, held)
        recommendations.publish(session, amina, other)
    return other


def draft(made: Scene, **changes: object) -> Action:
    words: dict[str, object] = {"titles": TITLES, "owner_post_id": made.posts["karim"], "due_on": in_days(20)}
    return actions.create(made.session, made.actor("amina"), made.recommendation, **(words | changes))  # type: ignore[arg-type]


def action(made: Scene, state: State = State.IN_PROGRESS, **changes: object) -> Action:
    """An action in any state, by the verbs that lead there; of Karim's post, which Leila manages."""
    found = draft(made, **changes)
    for act in WAY[state]:
        act(made, found)
    assert found.state == state
    return found


def publish(made: Scene, item: Action) -> None:
    actions.publish(made.session, made.actor("amina"), item)


def support(made: Scene, item: Action, due_on: dt.date | None = None, state: PartState = PartState.UNDER_WAY) -> None:
    """Salma's post supports the action, perhaps with a date of its own."""
    row = ActionSupport(
        action_id=item.id,
        organisation_id=made.organisations["chamber"],
        post_id=made.posts["salma"],
        due_on=due_on,
        baseline_on=due_on,
        asked_at=item.assigned_at,
        part_state=state,
    )
    made.session.add(row)
    part_days.settle(made.session, item)
    made.session.flush()


def link(
    made: Scene, item: Action, name: str = "karim", *, purpose: Purpose = Purpose.REPORT, days: int = 20,
    milestone_id: int | None = None,
) -> str:  # fmt: skip
    """The key of a mail to the person about the action, or about one milestone of it."""
    bound = Bound(made.people[name], made.posts[name], item.id, milestone_id, purpose)
    return issue(made.session, bound, clock.now() + dt.timedelta(days=days))


def issue(session: Session, bound: Bound, expires_at: dt.datetime) -> str:
    """A key as a mail is given it: drawn, and kept once the mail is written."""
    token, row = update_links.drawn(next(update_links.secret_bytes()), bound, expires_at)
    update_links.keep(session, [row])
    return token


def is_revoked(session: Session, token: str) -> bool:
    session.expire_all()
    return update_keys.find(session, token).revoked_at is not None


def signed_in(made: Scene, name: str) -> dict[str, str]:
    """The cookie of an open session."""
    return session_of(made.session, made.people[name], f"session-of-{name}")


def session_of(session: Session, person_id: int, token: str) -> dict[str, str]:
    now = clock.now()
    session.add(
        AuthSession(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            person_id=person_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + dt.timedelta(hours=12),
        )
    )
    session.flush()
    return {settings().cookie_name: token}


def in_days(days: int) -> dt.date:
    return clock.today(settings().zone) + dt.timedelta(days=days)


def _added(
    session: Session, made: Organisation | Post | Person | Holding | RoleGrant | Proposer, changes: dict[str, object]
) -> int:
    for name, value in changes.items():
        setattr(made, name, value)
    session.add(made)
    session.flush()
    assert made.id
    return made.id


def _posts(made: Scene) -> None:
    centre, chamber, agency = made.organisations.values()
    own, other = made.programme.id, made.other.id
    made.posts["karim"] = post(made.session, "follow-up", centre, owner_programme_id=own)
    made.posts["leila"] = post(made.session, "director", centre, is_manager=True, owner_programme_id=own)
    made.posts["salma"] = post(made.session, "help-desk", chamber, owner_programme_id=own)
    made.posts["omar"] = post(made.session, "stranger", agency, owner_programme_id=other)


def _people(made: Scene) -> None:
    for name in ("amina", "karim", "salma", "leila", "youssef", "nadia", "omar"):
        made.people[name] = person(made.session, name, locale="fr")
    for name in ("karim", "salma", "leila", "omar"):
        holds(made.session, made.people[name], made.posts[name])
    roles = {"amina": Role.SECRETARIAT, "youssef": Role.VERIFIER, "nadia": Role.OBSERVER}
    for name, role in roles.items():
        grant(made.session, made.people[name], role, made.programme)
    grant(made.session, made.people["omar"], Role.SECRETARIAT, made.other)


def _assign(made: Scene, item: Action) -> None:
    actions.assign(made.session, made.actor("amina"), item, is_past=True)


def _acknowledge(made: Scene, item: Action) -> None:
    updates.acknowledge(made.session, made.actor("karim"), item)


def _decline(made: Scene, item: Action) -> None:
    updates.decline(made.session, made.actor("karim"), item, reason="Ce n'est pas de notre ressort.")


def _on_track(made: Scene, item: Action) -> None:
    updates.on_track(made.session, made.actor("karim"), item)


def _block(made: Scene, item: Action) -> None:
    updates.block(
        made.session, made.actor("karim"), item, block_reason=BlockReason.BUDGET, who_can_unblock="Le ministère"
    )


def _submit(made: Scene, item: Action) -> None:
    words = Words(note="Le guide est imprimé.", public_summary="Le guide est paru.")
    updates.submit(
        made.session, made.actor("karim"), item, words=words, document=Document("Le guide", "https://a.ma/guide")
    )


def _verify(made: Scene, item: Action) -> None:
    verifications.verify(made.session, made.actor("youssef"), item)


def _cancel(made: Scene, item: Action) -> None:
    closures.cancel(made.session, made.actor("amina"), item, reason="Le projet est abandonné.")


def _supersede(made: Scene, item: Action) -> None:
    closures.supersede(made.session, made.actor("amina"), item, reason="Voir la suivante.", successor=draft(made))


def _not_applicable(made: Scene, item: Action) -> None:
    closures.not_applicable(made.session, made.actor("amina"), item, reason="La loi a changé.")


WAY = {
    State.DRAFT: (),
    State.ASSIGNED: (_assign,),
    State.ACKNOWLEDGED: (_assign, _acknowledge),
    State.DECLINED: (_assign, _decline),
    State.IN_PROGRESS: (_assign, _on_track),
    State.BLOCKED: (_assign, _block),
    State.SUBMITTED: (_assign, _submit),
    State.VERIFIED: (_assign, _submit, _verify),
    State.CANCELLED: (_assign, _cancel),
    State.SUPERSEDED: (_assign, _supersede),
    State.NOT_APPLICABLE: (_assign, _not_applicable),
}


def declare(made: Scene, action: Action) -> None:
    """Its owner declares it done once more."""
    updates.submit(made.session, made.actor("karim"), action, words=Words(note="Fait de nouveau."))


def case_of(session: Session, mail: Envelope) -> Case:
    """A mail to a proposer, on the table."""
    about = mail.about_kind, mail.about_id or 0, mail.params
    queued = QueuedMessage(mail.id, 0, mail.kind, mail.period, *about, mail.proposer_id or 0)
    whom = letter_queries.proposers(session, [queued.proposer_id])[queued.proposer_id]
    return Case(LetterCache(session, clock.now()), queued, whom)
