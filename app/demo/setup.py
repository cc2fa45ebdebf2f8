"""The ground the stories stand on: programmes, themes, bodies, posts, and the cast with its roles and seats."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app import clock
from app.config import settings
from app.demo.cast import CAST, OUTSIDER
from app.domain.periods import Rhythm
from app.domain.permissions import Role
from app.models.meetings import Programme
from app.models.people import Organisation, Person, Post
from app.services.kernel.audit import SERVICE
from app.services.setup import organisations, people, posts, programmes, roles, themes

_LANGS = ("ar", "fr", "en")


@dataclass(frozen=True)
class StageIds:
    """Ids by the keys of the stories; `holders` says which of the cast sits on which post."""

    programme: Programme
    other: Programme
    people: dict[str, int]
    organisations: dict[str, int]
    posts: dict[str, int]
    themes: dict[str, int]
    holders: dict[int, str]


def titles_of(facts: dict[str, Any]) -> dict[str, str]:
    return {lang: facts[lang] for lang in _LANGS}


def lay(session: Session, bodies: dict[str, Any]) -> StageIds:
    """Everything by the verbs of the house, as an administrator would on the first day."""
    programme = programmes.create(session, SERVICE, titles=titles_of(bodies["programme"]), word_every=Rhythm.QUARTER)
    other = programmes.create(session, SERVICE, titles=titles_of(bodies["other"]))
    programmes.publish(session, SERVICE, programme)
    cast = _cast(session, programme, other)
    houses = _organisations(session, bodies["organisation"])
    seats = _posts(session, bodies["post"], houses, cast)
    return StageIds(
        programme=programme,
        other=other,
        people={key: person.id for key, person in cast.items()},
        organisations={key: house.id for key, house in houses.items()},
        posts={key: post.id for key, post in seats.items()},
        themes={facts["key"]: _theme(session, facts) for facts in bodies["theme"]},
        holders={seats[facts["key"]].id: facts["holder"] for facts in bodies["post"] if facts["holder"]},
    )


def _cast(session: Session, programme: Programme, other: Programme) -> dict[str, Person]:
    cast = {}
    for member in CAST:
        person = people.create(session, SERVICE, email=member.email, name=member.name, locale=member.locale)
        for role in member.roles:
            everywhere = role is Role.ADMINISTRATOR
            roles.grant(session, SERVICE, person, role, programme_id=None if everywhere else programme.id)
        cast[member.key] = person
    roles.grant(session, SERVICE, cast[OUTSIDER], Role.SECRETARIAT, programme_id=other.id)
    return cast


def _organisations(session: Session, bodies: list[dict[str, Any]]) -> dict[str, Organisation]:
    return {
        facts["key"]: organisations.create(
            session,
            SERVICE,
            titles=titles_of(facts),
            region=facts["region"] or None,
            is_partner=facts.get("partner", False),
        )
        for facts in bodies
    }


def _posts(
    session: Session, bodies: list[dict[str, Any]], houses: dict[str, Organisation], cast: dict[str, Person]
) -> dict[str, Post]:
    seats = {}
    since_on = clock.today(settings().zone) - dt.timedelta(days=1)
    for facts in bodies:
        house, manager = houses[facts["organisation"]], facts.get("manager", False)
        post = posts.create(session, SERVICE, house, titles=titles_of(facts), is_manager=manager)
        if facts["holder"]:
            posts.hand_over(session, SERVICE, post, cast[facts["holder"]], since_on=since_on)
        seats[facts["key"]] = post
    return seats


def _theme(session: Session, facts: dict[str, Any]) -> int:
    return themes.create(session, SERVICE, titles=titles_of(facts)).id
