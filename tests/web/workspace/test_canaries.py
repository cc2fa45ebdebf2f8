"""The secretariat of one programme opens every page of the workspace: nothing unpublished of another is on any."""

import datetime as dt

import pytest
from sqlmodel import Session
from starlette.types import ASGIApp

from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.people import Person, Post
from app.services.followup import evidence, milestones, questions, updates
from app.services.followup.transitions import Words
from app.services.intake import reports
from app.services.kernel.audit import SERVICE, Actor
from app.services.meetings import meetings
from app.services.setup import posts, programmes
from tests import grounds, scenes
from tests.fixtures.pages import TestClient
from tests.registry import registered
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
CANARY = "kanari"  # in every title, note, name of a document and address


def words(text: str) -> dict[str, str]:
    return dict.fromkeys(("ar", "fr", "en"), f"{text} {CANARY}")


def hide(session: Session) -> Scene:
    """An unpublished programme with everything in it, whose post was handed over with a note."""
    made = Scene(session)
    made.programme = programmes.create(session, SERVICE, titles=words("Programme"))
    made.people["amina"] = scenes.person(session, "hiba", email=f"hiba@{CANARY}.invalid")
    made.people["karim"] = scenes.person(session, "mehdi", email=f"mehdi@{CANARY}.invalid")
    made.people["youssef"] = scenes.person(session, "sanae", email=f"sanae@{CANARY}.invalid")
    former = scenes.person(session, "rachid", email=f"rachid@{CANARY}.invalid")
    made.programme.slug = "hidden-programme"  # what was asked for is repeated on the page that says there is nothing
    scenes.grant(session, made.people["amina"], Role.SECRETARIAT, made.programme)
    for name in ("karim", "youssef"):
        scenes.grant(session, made.people[name], Role.VERIFIER, made.programme)
    body = scenes.organisation(session, "other-body")
    made.posts["karim"] = scenes.post(session, "other-post", body, mailbox=f"post@{CANARY}.invalid")
    made.meeting = meetings.create(
        session, made.actor("amina"), made.programme, titles=words("Rencontre"), held_on=dt.date(2026, 9, 1),
        region="OR", place=words("Lieu"),
    )  # fmt: skip
    made.meeting.slug = "hidden-meeting"
    made.recommendation = scenes.recommendation(made, titles=words("Recommandation"), source_text=f"Phrase {CANARY}.")
    act(made, former)
    reports.add(session, made.actor("amina"), made.meeting, text=f"Il faut que la {CANARY} soit faite.", lang="fr")
    return made


def act(made: Scene, former: int) -> None:
    session, post = made.session, made.session.get_one(Post, made.posts["karim"])
    scenes.holds(session, former, post.id)
    action = scenes.action(made, State.ASSIGNED, titles=words("Action"), description=f"Description {CANARY}")
    today = scenes.in_days(0)
    karim = session.get_one(Person, made.people["karim"])
    posts.hand_over(session, SERVICE, post, karim, since_on=today, note=f"Note {CANARY}")
    updates.report(session, made.actor("karim"), action, words=Words(f"Note {CANARY}", f"Public {CANARY}"))
    milestones.add(session, made.actor("amina"), action, titles=words("Étape"))
    evidence.attach(session, made.actor("karim"), action, title=f"Document {CANARY}")
    dispute(made)
    question = questions.ask(session, made.actor("karim"), action, text=f"Question {CANARY}")
    questions.answer(session, made.actor("amina"), action, question, text=f"Réponse {CANARY}")
    updates.decline(session, Actor(made.viewer("karim")), scenes.action(made, State.ASSIGNED, titles=words("Autre")),
                    reason=f"Refus {CANARY}")  # fmt: skip


def dispute(made: Scene) -> None:
    """Whoever proposed it, and what they said of what was done."""
    done = scenes.action(made, State.VERIFIED, titles=words("Action faite"))
    email = f"coop@{CANARY}.invalid"
    scenes.proposer(made.session, made.recommendation.id, name=f"Coopérative {CANARY}", email=email)
    scenes.dispute(made.session, made.actor("amina"), done, text=f"Rien {CANARY}")


@pytest.mark.parametrize("role", ["secretariat", "outsider", "owner", "manager", "verifier", "observer"])
def test_nothing_unpublished_of_another_programme_is_on_any_page(
    role: str, database: Database, application: ASGIApp
) -> None:
    with database.write() as session:
        ground = grounds.lay(session)
        hidden = hide(session)
        asked = (
            f"actions?meeting={hidden.meeting.slug}", "actions?state=all", "actions/filters", "setup/people?q=kan",
            "setup/people?q=mehdi", "setup/posts/other-post", "setup/posts/other-post/holder",
            "setup/organisations/other-body", f"setup/people/{hidden.people['karim']}", "outgoing",
            f"setup/people/{hidden.people['amina']}", f"setup/programmes/{hidden.programme.slug}",
            f"recommendations/{hidden.recommendation.ref}/proposers", f"recommendations/{hidden.recommendation.ref}",
            f"meetings/{hidden.meeting.slug}",
        )  # fmt: skip
    routes = [route for method, route in registered(application) if method == "GET" and "/workspace/" in route]
    paths = [ground.path(route, scope) for route in routes for scope in ("own", "foreign")]
    paths += [f"/fr/workspace/{path}" for path in asked]
    with TestClient(application, base_url="http://127.0.0.1", follow_redirects=False) as client:
        client.cookies.update(ground.cookies[role])
        found = [path for path in sorted(set(paths)) if CANARY in client.get(path).text]

    assert found == []
