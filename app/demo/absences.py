"""Who is away and who is asked to come: somebody acts for a holder these days, and a vacant post has its invitation."""

import datetime as dt

from sqlmodel import Session

from app.demo.setup import StageIds
from app.models.people import Person, Post
from app.queries.scope import viewers
from app.services.kernel.audit import Actor
from app.services.setup import invitations, substitutes
from app.services.setup.invitations import Wish

_AWAY, _ACTS, _POST = "driss", "hind", "chamber_or_support"
_EMPTY = "guarantee_products"
_GUEST: Wish = {"name": "Widad Sqalli", "email": "widad@demo.invalid", "locale": "fr"}
_WORD = "ملف المعرض لدى الكاتبة، والاجتماع مع الغرف يوم الخميس."


def play(session: Session, ground: StageIds, until_on: dt.date, today: dt.date) -> None:
    """From the day on which it is played."""
    post, acting = session.get_one(Post, ground.posts[_POST]), session.get_one(Person, ground.people[_ACTS])
    away = _actor(session, ground.people[_AWAY])
    substitutes.choose(session, away, post, acting, from_on=today, until_on=until_on, note=_WORD)
    secretary = _actor(session, ground.people["amina"])
    empty = session.get_one(Post, ground.posts[_EMPTY])
    invitations.invite(session, secretary, **(_GUEST | {"post": empty}))


def _actor(session: Session, person_id: int) -> Actor:
    viewer = viewers.by_person(session, person_id)
    assert viewer is not None
    return Actor(viewer)
