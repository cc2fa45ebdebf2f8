"""Organisations: making and editing; their posts have a room of their own."""

from typing import Any, Required, TypedDict, Unpack

from sqlmodel import Session

from app import clock
from app.domain import permissions, regions, shared
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import Titles, named
from app.models.people import Organisation
from app.queries.setup import ownership
from app.services.kernel import audit, slugs
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect

_EDITABLE = ("titles", "region", "is_partner")


class NewBody(TypedDict, total=False):
    titles: Required[Titles]
    slug: str
    region: str | None
    is_partner: bool


def create(session: Session, actor: Actor, **new: Unpack[NewBody]) -> Organisation:
    """An organisation, by whoever sets up: an administrator for all, a secretariat for its programme."""
    require_set_up(actor)
    titles, slug, region = named(new["titles"]), new.get("slug", ""), new.get("region")
    is_partner = new.get("is_partner", False)
    organisation = Organisation(
        slug=slugs.check(session, Organisation, slug) if slug else slugs.give(session, Organisation, titles),
        titles=titles,
        region=_region(region),
        is_partner=is_partner,
        owner_programme_id=shared.home(actor.viewer),
        created_at=clock.now(),
    )
    session.add(organisation)
    session.flush()
    _record(session, actor, "create", organisation, titles=titles, region=region, is_partner=is_partner)
    return organisation


def edit(
    session: Session, actor: Actor, organisation: Organisation, *, version: int | None = None, **changes: Any
) -> None:
    """Change the titles or the region; raises Stale when somebody else did in the meantime."""
    shared.require_change(actor.viewer, ownership.on_organisation(session, organisation))
    expect(organisation, version, _EDITABLE)
    if "titles" in changes:
        changes["titles"] = named(changes["titles"])
    if "region" in changes:
        changes["region"] = _region(changes["region"])
    for name in _EDITABLE:
        if name in changes:
            setattr(organisation, name, changes[name])
    organisation.version += 1
    session.flush()
    _record(session, actor, "edit", organisation, **changes)


def require_set_up(actor: Actor) -> None:
    permissions.require_set_up(actor.viewer)


def _region(code: str | None) -> str | None:
    if code and regions.find(code) is None:
        raise Refused(N_("Choose one of the twelve regions"), "region")
    return code or None


def _record(session: Session, actor: Actor, verb: str, organisation: Organisation, **data: object) -> None:
    audit.record(session, actor, verb, "organisation", organisation.id, None, **data)
