"""Posts of organisations: making, editing, and the change of their holder."""

import datetime as dt
from typing import Any, Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import addresses, shared
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import Titles, many_lines, named
from app.models.people import Holding, Organisation, Person, PlannedSeat, Post
from app.queries.scope import locks, seats
from app.queries.setup import ownership
from app.services.kernel import audit, slugs, update_links
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.setup import handovers, substitutes, vacancies
from app.services.setup.organisations import require_set_up

_EDITABLE = ("titles", "mailbox", "is_manager")


class PostWords(TypedDict, total=False):
    """What a new post is made of; without a slug it is given one."""

    titles: Required[Titles]
    slug: str
    mailbox: str
    is_manager: bool


def create(session: Session, actor: Actor, organisation: Organisation, **new: Unpack[PostWords]) -> Post:
    """A post without a holder; the first one comes by `hand_over`."""
    require_set_up(actor)
    titles, slug, is_manager = named(new["titles"]), new.get("slug", ""), new.get("is_manager", False)
    post = Post(
        slug=slugs.check(session, Post, slug) if slug else slugs.give(session, Post, titles),
        organisation_id=organisation.id,
        titles=titles,
        mailbox=_mailbox(new.get("mailbox", "")),
        is_manager=is_manager,
        owner_programme_id=shared.home(actor.viewer),
        created_at=clock.now(),
    )
    session.add(post)
    session.flush()
    _record(session, actor, "create", post, titles=titles, organisation_id=organisation.id, is_manager=is_manager)
    return post


def edit(session: Session, actor: Actor, post: Post, *, version: int | None = None, **changes: Any) -> None:
    """Change titles, mailbox or whether its holder manages the organisation; Stale when somebody else did.

    A secretariat makes a manager only where it sees all that the body owes.
    """
    becomes_manager = changes.get("is_manager", post.is_manager) and not post.is_manager
    claim = ownership.on_manager(session, post) if becomes_manager else ownership.on_post(session, post)
    shared.require_change(actor.viewer, claim)
    expect(post, version, _EDITABLE)
    if "titles" in changes:
        changes["titles"] = named(changes["titles"])
    if "mailbox" in changes:
        changes["mailbox"] = _mailbox(changes["mailbox"])
    for name in _EDITABLE:
        if name in changes:
            setattr(post, name, changes[name])
    post.version += 1
    session.flush()
    _record(session, actor, "edit", post, changed=[name for name in _EDITABLE if name in changes])


def hand_over(
    session: Session,
    actor: Actor,
    post: Post,
    person: Person | None,
    *,
    since_on: dt.date,
    note: str = "",
    version: int | None = None,
) -> Holding | None:
    """Change the holder; None leaves the post empty. Open actions, reminders and links go with the post.

    The former holder's links die; the new one gets a note of what is open, by mail and kept.
    """
    require_reach(session, actor, post)
    expect(post, version, ())
    former = _close(session, post, person, since_on)
    post.version += 1
    _end_acting(session, actor, post, former, person)
    holding = _seat(session, post, person, since_on, note) if person else None
    _record(
        session, actor, "hand_over", post, former_id=former, person_id=person.id if person else None, since_on=since_on
    )
    if holding and vacancies.owes(session, post.id):
        handovers.pass_on(session, holding, former)
    vacancies.alert(session, post, clock.today(settings().zone))
    return holding


def leave_all(session: Session, actor: Actor, person: Person) -> None:
    """Whatever somebody holds or shall hold is theirs no more, and whoever acts for them goes with it."""
    today = clock.today(settings().zone)
    held = sa.select(Post).join(Holding, col(Holding.post_id) == col(Post.id))
    mine = held.where(seats.HOLDER, col(Holding.person_id) == person.id).order_by(col(Post.id))
    for post in session.scalars(mine).all():
        hand_over(session, actor, post, None, since_on=today)
    substitutes.finish_all(session, actor, col(PlannedSeat.person_id) == person.id)
    theirs = sa.and_(col(PlannedSeat.person_id) == person.id, col(PlannedSeat.ended_at).is_(None))
    session.execute(sa.update(PlannedSeat).where(theirs).values(ended_at=clock.now()))


def _end_acting(session: Session, actor: Actor, post: Post, former: int | None, person: Person | None) -> None:
    """Whom the former holder chose goes with them, and whoever becomes the holder acts for nobody there."""
    chosen, itself = (
        col(PlannedSeat.planned_by_id) == former,
        col(PlannedSeat.person_id) == (person.id if person else 0),
    )
    mine = sa.and_(col(PlannedSeat.post_id) == post.id, sa.or_(chosen, itself))
    substitutes.finish_all(session, actor, mine)


def _close(session: Session, post: Post, person: Person | None, since_on: dt.date) -> int | None:
    """End the present holding; the id of whose it was."""
    if since_on > clock.today(settings().zone):
        raise Refused(N_("The change takes effect at once: give today or an earlier date"), "since_on")
    present = sa.select(Holding).where(col(Holding.post_id) == post.id, seats.HOLDER)
    former = session.scalars(present.with_for_update(**locks.ROW)).first()
    if former is None:
        return None
    if person and former.person_id == person.id:
        raise Refused(N_("This person holds the post already: choose another"), "person_id")
    if since_on < former.since_on:
        raise Refused(N_("The present holder began later than this date"), "since_on")
    former.until_on = since_on
    session.flush()  # before the next holding: only one may be open
    update_links.revoke_for_person(session, former.person_id, post.id)
    return former.person_id


def _seat(session: Session, post: Post, person: Person, since_on: dt.date, note: str) -> Holding:
    if not person.is_active:
        raise Refused(N_("This person's access is disabled: choose another"), "person_id")
    holding = Holding(
        post_id=post.id,
        person_id=person.id,
        since_on=since_on,
        handover_note=many_lines(note),
        created_at=clock.now(),
    )
    session.add(holding)
    session.flush()
    return holding


def require_reach(session: Session, actor: Actor, post: Post) -> None:
    shared.require_seat(actor.viewer, ownership.on_seat(session, post))


def _mailbox(typed: str | None) -> str | None:
    return addresses.email(typed, "mailbox") if typed else None


def _record(session: Session, actor: Actor, verb: str, post: Post, **data: object) -> None:
    audit.record(session, actor, verb, "post", post.id, None, **data)
