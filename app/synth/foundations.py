"""The ground that meetings stand on: a programme, bodies with posts and their holders, themes, who runs it."""

import datetime as dt
import random
from dataclasses import dataclass
from functools import lru_cache

from app import clock
from app.config import settings
from app.domain.permissions import Role
from app.domain.regions import REGIONS
from app.domain.texts import LANGS
from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.models.recommendations import Theme
from app.models.updates import Via
from app.synth import words
from app.synth.bulk import InventedRows

ORGANISATIONS = 200
AGE = dt.timedelta(days=1200)  # of the ground; all meetings are younger


@dataclass(frozen=True)
class Owner:
    """A post, the organisation it belongs to, and who holds it."""

    post_id: int
    organisation_id: int
    person_id: int
    lang: str


@dataclass(frozen=True)
class Foundations:
    programme_id: int
    secretariat_id: int
    verifier_id: int
    owners: tuple[Owner, ...]
    theme_ids: tuple[int, ...]


def lay(rows: InventedRows, chance: random.Random, today: dt.date) -> Foundations:
    at = instant(today - AGE, 9)
    programme_id = rows.add(
        Programme, slug="regional-meetings", titles=words.titles(words.PROGRAMME), published_at=at, created_at=at
    )
    secretariat_id = _person(rows, at, "secretariat", "Amina Zitouni", "ar")
    verifier_id = _person(rows, at, "verifier", "Nadia Haddad", "fr")
    administrator_id = _person(rows, at, "administrator", "Sara Najjar", "en")
    _grant(rows, at, secretariat_id, Role.SECRETARIAT, programme_id)
    _grant(rows, at, verifier_id, Role.VERIFIER, programme_id)
    _grant(rows, at, administrator_id, Role.ADMINISTRATOR, None)
    who, about = (administrator_id, Via.COMMAND), ("programme", programme_id, programme_id)
    for verb in ("create", "publish"):
        rows.event(at, who, verb, about)
    owners = [owner for number in range(ORGANISATIONS) for owner in _body(rows, chance, at, number)]
    theme_ids = [rows.add(Theme, slug=slug, titles=words.titles(name)) for slug, name in words.THEMES]
    return Foundations(programme_id, secretariat_id, verifier_id, tuple(owners), tuple(theme_ids))


@lru_cache(maxsize=65536)
def instant(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """That time of day in the service's own zone."""
    return dt.datetime.combine(day, dt.time(hour, minute), settings().zone).astimezone(dt.UTC)


def _body(rows: InventedRows, chance: random.Random, at: dt.datetime, number: int) -> list[Owner]:
    """One organisation with its follow-up officer; every second one with a director too."""
    region = REGIONS[number % len(REGIONS)]
    slug, kind = words.BODIES[number // len(REGIONS)]
    names = region.names["ar"], region.names["fr"], region.names["en"]
    slug = f"{slug}-{region.code.lower()}"
    titles = words.titles(kind, ("-", "-", "-"), names)
    organisation_id = rows.add(Organisation, slug=slug, titles=titles, region=region.code, created_at=at)
    return [_owner(rows, chance, at, slug, organisation_id, place) for place in range(1 + number % 2)]


def _owner(
    rows: InventedRows, chance: random.Random, at: dt.datetime, organisation: str, organisation_id: int, place: int
) -> Owner:
    slug = f"{organisation}-{place + 1}"
    post_id = rows.add(
        Post,
        slug=slug,
        organisation_id=organisation_id,
        titles=words.titles(words.POSTS[place]),
        is_manager=place > 0,
        created_at=at,
    )
    lang = chance.choices(LANGS, (70, 25, 5))[0]
    first, family = chance.choice(words.FIRST_NAMES), chance.choice(words.FAMILY_NAMES)
    script = 0 if lang == "ar" else 1
    person_id = _person(rows, at, slug, f"{first[script]} {family[script]}", lang)
    rows.add(Holding, post_id=post_id, person_id=person_id, since_on=clock.day(at, settings().zone), created_at=at)
    return Owner(post_id, organisation_id, person_id, lang)


def _person(rows: InventedRows, at: dt.datetime, key: str, name: str, lang: str) -> int:
    return rows.add(Person, email=f"{key}@synth.invalid", name=name, locale=lang, created_at=at)


def _grant(rows: InventedRows, at: dt.datetime, person_id: int, role: Role, programme_id: int | None) -> None:
    rows.add(RoleGrant, person_id=person_id, role=role, programme_id=programme_id, created_at=at)
