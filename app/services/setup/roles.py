"""Roles: giving and taking them back. Whoever holds a post is owner, contributor or manager by that post alone."""

from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import permissions, regions
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.permissions import Role
from app.models.meetings import Programme
from app.models.people import Organisation, Person, RoleGrant
from app.queries.scope import locks
from app.services.kernel import audit
from app.services.kernel.audit import Actor

GRANTABLE = (Role.SECRETARIAT, Role.VERIFIER, Role.OBSERVER, Role.ADMINISTRATOR)


class RoleScope(TypedDict, total=False):
    """Where a role holds; without a programme in every one."""

    programme_id: int | None
    organisation_id: int | None
    region: str | None


def grant(session: Session, actor: Actor, person: Person, role: Role, **scope: Unpack[RoleScope]) -> RoleGrant:
    """Give a role: administrators alone do."""
    require_administrator(actor)
    programme_id, organisation_id = scope.get("programme_id"), scope.get("organisation_id")
    region = scope.get("region")
    _require_sense(session, role, programme_id, organisation_id, region)
    granted = RoleGrant(
        person_id=person.id,
        role=role,
        programme_id=programme_id,
        organisation_id=organisation_id,
        region=region or None,
        created_at=clock.now(),
    )
    if session.scalars(_same(granted)).first():
        raise Refused(N_("This person has the role already"), "role")
    session.add(granted)
    session.flush()
    _record(session, actor, "grant", granted)
    return granted


def require_grantable(session: Session, actor: Actor, role: Role, programme_id: int | None) -> None:
    """Whether the actor could give it now."""
    require_administrator(actor)
    _require_sense(session, role, programme_id, None, None)


def revoke(session: Session, actor: Actor, granted: RoleGrant) -> None:
    require_administrator(actor)
    person = session.get_one(Person, granted.person_id)
    if granted.role == Role.ADMINISTRATOR:
        keep_an_administrator(session, person)
    session.delete(granted)
    session.flush()
    _record(session, actor, "revoke", granted)


def require_administrator(actor: Actor) -> None:
    permissions.require_administrator(actor.viewer)


def keep_an_administrator(session: Session, leaving: Person) -> None:
    """Nobody could let anybody in any more. Whoever leaves at the same time waits for the grants, then counts anew."""
    granted = sa.select(col(RoleGrant.id)).where(col(RoleGrant.role) == Role.ADMINISTRATOR)
    session.execute(granted.order_by(col(RoleGrant.id)).with_for_update(**locks.ROW))
    others = (
        sa.select(col(RoleGrant.person_id))
        .join(Person, col(Person.id) == col(RoleGrant.person_id))
        .where(col(RoleGrant.role) == Role.ADMINISTRATOR, col(Person.is_active))
    )
    administrators = set(session.scalars(others))
    if administrators == {leaving.id}:
        raise Refused(N_("This is the last administrator: name another one first"))


def _require_sense(
    session: Session, role: Role, programme_id: int | None, organisation_id: int | None, region: str | None
) -> None:
    if role not in GRANTABLE:
        raise Refused(N_("Owners, contributors and managers have their role by the post they hold"), "role")
    if role == Role.ADMINISTRATOR and programme_id is not None:
        raise Refused(N_("An administrator is one everywhere: leave the programme empty"), "programme_id")
    if role != Role.OBSERVER and (organisation_id is not None or region):
        raise Refused(N_("Only an observer can be limited to a region or an organisation"), "role")
    if programme_id is not None and session.get(Programme, programme_id) is None:
        raise Refused(N_("Choose a programme of the list"), "programme_id")
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        raise Refused(N_("Choose an organisation of the list"), "organisation_id")
    if region and regions.find(region) is None:
        raise Refused(N_("Choose one of the twelve regions"), "region")


def _same(granted: RoleGrant) -> sa.Select[int | None]:
    columns = ("person_id", "role", "programme_id", "organisation_id", "region")
    same = [col(getattr(RoleGrant, name)).is_not_distinct_from(getattr(granted, name)) for name in columns]
    return sa.select(col(RoleGrant.id)).where(*same)


def _record(session: Session, actor: Actor, verb: str, granted: RoleGrant) -> None:
    audit.record(
        session,
        actor,
        verb,
        "person",
        granted.person_id,
        granted.programme_id,
        role=granted.role,
        organisation_id=granted.organisation_id,
        region=granted.region,
    )
