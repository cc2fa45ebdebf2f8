"""What a day brings to posts: another holder, nobody, somebody who acts for the holder; planned, taken back, done."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import NotFound, Refused
from app.domain.messages import N_
from app.domain.texts import many_lines
from app.models.people import Person, PlannedSeat, Post
from app.queries.scope import locks
from app.services.kernel import audit
from app.services.kernel.audit import SERVICE, Actor
from app.services.kernel.conflicts import expect
from app.services.setup import posts, substitutes


def plan_change(
    session: Session, actor: Actor, post: Post, person: Person | None, *, since_on: dt.date, note: str = "",
    version: int | None = None,
) -> PlannedSeat:  # fmt: skip
    """Another holder, or nobody, from a day to come; until then nothing moves."""
    posts.require_reach(session, actor, post)
    expect(post, version, ())
    if session.scalars(sa.select(col(PlannedSeat.id)).where(_waiting(post.id))).first() is not None:
        raise Refused(N_("A change of this post is planned already: take it back first"), "since_on")
    if person and not person.is_active:
        raise Refused(N_("This person's access is disabled: choose another"), "person_id")
    plan = PlannedSeat(
        post_id=post.id, person_id=person.id if person else None, is_acting=False, from_on=since_on,
        note=many_lines(note), planned_by_id=actor.person_id, created_at=clock.now(),
    )  # fmt: skip
    session.add(plan)
    post.version += 1
    session.flush()
    _record(session, actor, "plan_change", plan)
    return plan


def take_back(session: Session, actor: Actor, plan: PlannedSeat) -> None:
    """What has not come yet comes no more; whoever acts already stops. Whoever may decide it is asked before."""
    if plan.ended_at is not None:
        raise Refused(N_("This is over already"))
    if plan.is_acting:
        substitutes.finish(session, actor, plan)
        return
    plan.ended_at = clock.now()
    session.flush()
    _record(session, actor, "take_back_change", plan)


def due(session: Session, today: dt.date) -> list[int]:
    """What this day brings: whoever has acted to the end, then changes of holder, then whoever begins to act."""
    begins = sa.and_(col(PlannedSeat.begun_at).is_(None), col(PlannedSeat.from_on) <= today)
    is_over = sa.and_(col(PlannedSeat.begun_at).is_not(None), col(PlannedSeat.until_on) < today)
    order = sa.case((is_over, 0), (~col(PlannedSeat.is_acting), 1), else_=2)
    living = sa.select(col(PlannedSeat.id)).where(col(PlannedSeat.ended_at).is_(None), sa.or_(begins, is_over))
    return [found for found in session.scalars(living.order_by(order, col(PlannedSeat.id))) if found]


def carry_out(session: Session, plan_id: int, today: dt.date) -> bool:
    """One of these, by whichever pass comes first; whether it was this one."""
    plan = session.get(PlannedSeat, plan_id)
    if plan is None:
        raise NotFound
    of_post = sa.select(Post).where(col(Post.id) == plan.post_id).with_for_update(**locks.ROW)
    post = session.scalars(of_post, execution_options=locks.FRESH).one()
    session.refresh(plan)
    if plan_id not in due(session, today):
        return False
    if not plan.is_acting:
        _change(session, plan, post)
    elif plan.begun_at is None and (plan.until_on or today) >= today:
        substitutes.begin(session, SERVICE, plan)
    else:
        substitutes.finish(session, SERVICE, plan)
    return True


def _change(session: Session, plan: PlannedSeat, post: Post) -> None:
    """What was done by hand in the meantime may have made it senseless: then it lapses, and the record says why."""
    person = session.get(Person, plan.person_id) if plan.person_id else None
    plan.begun_at = plan.ended_at = clock.now()
    lapsed = ""
    try:
        with session.begin_nested():
            posts.hand_over(session, SERVICE, post, person, since_on=plan.from_on, note=plan.note)
    except Refused as refusal:
        lapsed = str(refusal)
    _record(session, SERVICE, "carry_out_change", plan, lapsed=lapsed)


def _waiting(post_id: int) -> sa.ColumnElement[bool]:
    is_change = sa.and_(col(PlannedSeat.post_id) == post_id, ~col(PlannedSeat.is_acting))
    return sa.and_(is_change, col(PlannedSeat.ended_at).is_(None))


def _record(session: Session, actor: Actor, verb: str, plan: PlannedSeat, **data: object) -> None:
    whom = {"person_id": plan.person_id, "plan_id": plan.id, "from_on": plan.from_on}
    audit.record(session, actor, verb, "post", plan.post_id, None, **whom, **data)
