"""A sentence that is taken back is in no public byte of the next answer, packed or not, and found by no stranger."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from sqlmodel import Session
from starlette.types import ASGIApp

from app.db import Database
from app.domain.on_behalf import CameBy
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.indicators import Indicator
from app.models.updates import Update
from app.services.followup import actions, evidence, indicators, on_behalf, updates
from app.services.followup.evidence import Document
from app.services.followup.indicators import Measured
from app.services.followup.on_behalf import Arrival, Said
from app.services.followup.transitions import Words
from app.services.kernel.audit import Actor
from app.services.meetings import meetings, recommendation_themes, recommendations
from app.services.setup import programmes, themes
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.published import TODAY
from tests.registry import registered
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
SAID = "kanari"
LANGS, PACKED = ("ar", "fr", "en"), ("identity", "gzip")
Made = Callable[[Scene, Action], object]


def amina(made: Scene) -> tuple[Session, Actor]:
    return made.session, made.actor("amina")


def word(made: Scene, action: Action) -> int:
    """Said in public by whoever holds the post."""
    return updates.report(made.session, made.actor("karim"), action, words=Words("Note", f"Le guichet {SAID}.")).id


def letter(made: Scene, action: Action) -> int:
    """The same, by a letter that the secretariat recorded, released at once."""
    arrival = Arrival(action.owner_post_id, CameBy.LETTER, scenes.in_days(0))
    said = Said(Verb.REPORT, Words("Note", f"La lettre dit {SAID}."), document=Document(f"Lettre {SAID}", "2026/17"))
    told = on_behalf.record(*amina(made), action, arrival, said)
    return told.id


def withheld(made: Scene, number: int) -> None:
    updates.withhold(*amina(made), made.session.get_one(Update, number), reason="Un nom y figure.")


def paper(made: Scene, action: Action) -> int:
    return evidence.attach(made.session, made.actor("karim"), action, title=f"Le guide {SAID}").id


def paper_withheld(made: Scene, number: int) -> None:
    item = made.session.get_one(EvidenceItem, number)
    action = made.session.get_one(Action, item.action_id)
    evidence.withhold(*amina(made), action, item, reason="Un nom y figure.")


def titled(made: Scene, action: Action) -> int:
    actions.edit(*amina(made), action, titles=dict.fromkeys(LANGS, f"Ouvrir le guichet {SAID}"))
    return action.id


def action_withdrawn(made: Scene, number: int) -> None:
    actions.withdraw(*amina(made), made.session.get_one(Action, number), reason="Erreur.")


def above(made: Scene, _: Action) -> int:
    recommendations.edit(*amina(made), made.recommendation, titles=dict.fromkeys(LANGS, f"Certifier {SAID}"))
    return 0


def recommendation_withdrawn(made: Scene, _: int) -> None:
    recommendations.withdraw(*amina(made), made.recommendation, reason="Erreur.")


def meeting(made: Scene, _: Action) -> int:
    meetings.edit(*amina(made), made.meeting, titles=dict.fromkeys(LANGS, f"Rencontre {SAID}"))
    return 0


def meeting_withdrawn(made: Scene, _: int) -> None:
    meetings.withdraw(*amina(made), made.meeting, reason="Erreur.")


def programme(made: Scene, _: Action) -> int:
    programmes.edit(*amina(made), made.programme, titles=dict.fromkeys(LANGS, f"Programme {SAID}"))
    return 0


def programme_withdrawn(made: Scene, _: int) -> None:
    programmes.withdraw(*amina(made), made.programme, reason="Erreur.")


def figure(made: Scene, _: Action) -> int:
    own = indicators.create(
        *amina(made), made.programme.id, titles=dict.fromkeys(LANGS, f"Exportations {SAID}"), target=Decimal("3.5"),
        target_on=scenes.in_days(900), post_id=made.posts["karim"],
    )  # fmt: skip
    indicators.measure(*amina(made), own, Measured(TODAY, Decimal("2.6"), f"Office {SAID}"))
    indicators.publish(*amina(made), own)
    return own.id


def figure_withdrawn(made: Scene, number: int) -> None:
    indicators.withdraw(*amina(made), made.session.get_one(Indicator, number), reason="Erreur.")


TAKEN_BACK: dict[str, tuple[Made, Callable[[Scene, int], None]]] = {
    "word": (word, withheld),
    "letter": (letter, withheld),
    "document": (paper, paper_withheld),
    "action": (titled, action_withdrawn),
    "recommendation": (above, recommendation_withdrawn),
    "meeting": (meeting, meeting_withdrawn),
    "programme": (programme, programme_withdrawn),
    "indicator": (figure, figure_withdrawn),
}


def paths(application: ASGIApp, made: dict[str, str]) -> list[str]:
    """Every address that needs nobody, filled with what there is, in every language."""
    closed = ("/workspace", "/u/", "/voice/", "/sign-in", "/sign-out", "/static/")
    routes = [route for method, route in registered(application) if method == "GET"]
    public = [route for route in routes if not any(part in route for part in closed)]
    filled = [re.sub(r"(\w+)/\{(?:slug|ref)\}", lambda found: f"{found[1]}/{made[found[1]]}", one) for one in public]
    filled = [one.replace("{evidence_id}", made.get("evidence_id", "1")) for one in filled]
    return sorted({one.replace("{lang}", lang) for one in filled for lang in LANGS})


def showing(client: TestClient, asked: list[str]) -> set[str]:
    """Where it stands, in what is sent plain and in what is sent packed."""
    return {
        path
        for path in asked
        for how in PACKED
        if SAID.encode() in client.get(path, headers={"Accept-Encoding": how}).content
    }


@pytest.mark.parametrize("name", sorted(TAKEN_BACK))
def test_what_is_taken_back_is_gone_from_every_public_byte_of_the_next_answer(
    name: str, application: ASGIApp, client: TestClient, database: Database
) -> None:
    say, take_back = TAKEN_BACK[name]
    with database.write() as session:
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.IN_PROGRESS)
        scenes.publish(made, action)
        theme = themes.create(*amina(made), titles=dict.fromkeys(LANGS, "Exportation"))
        recommendation_themes.set_themes(*amina(made), made.recommendation, [theme.id])
        number = say(made, action) or 0
        items = {
            "programmes": made.programme.slug, "meetings": made.meeting.slug, "actions": action.ref,
            "recommendations": made.recommendation.ref, "organisations": "centre", "themes": theme.slug,
            "evidence_id": str(number),
        }  # fmt: skip
        stranger = scenes.signed_in(made, "omar")
    asked = paths(application, items)
    before = showing(client, asked)
    assert before, "it was public"
    assert all(showing(client, [path]) for path in before), "and lies in memory"

    with database.write() as session:
        take_back(made.within(session), int(str(number)))

    assert showing(client, asked) == set()
    client.cookies.update(stranger)
    for path in inside(action.ref):
        assert SAID not in client.get(path).text, path


def inside(ref: str) -> Iterator[str]:
    """What somebody signed in reads, who has no part in it."""
    yield from (f"/{lang}/workspace/{page}" for lang in LANGS for page in (f"search?q={SAID[:-1]}", f"actions/{ref}"))
