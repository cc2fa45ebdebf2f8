"""The manager's page: what the posts of one's organisations owe, and what waits for their manager, as rows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import schedule, workflow
from app.domain.errors import InvalidQuery
from app.domain.extensions import RIGHTS, RequestFacts
from app.domain.messages import N_, Message
from app.domain.permissions import Viewer, managed
from app.domain.texts import Titles
from app.domain.workflow import BlockReason, Part, Verb
from app.models.people import Organisation, Post
from app.queries.followup import organisation_posts, organisation_sections
from app.queries.followup.actions import ActionRow
from app.queries.followup.organisation_posts import PostPage
from app.queries.followup.organisation_sections import OF_ONE_POST, TOGETHER, WIDTH, OrganisationSection
from app.queries.scope import cursors, ranges
from app.statements import Statement

FEW, MANY = 6, 20  # of each section together, of one alone
_MANAGER = frozenset({Part.MANAGER})


@dataclass(frozen=True, slots=True)
class ManagedLine:
    """An action that the organisation leads or supports; `is_mine`: the viewer holds its post and answers as such."""

    row: ActionRow
    organisation: Titles | None
    post: Titles | None
    block_reason: BlockReason | None
    who_can_unblock: str
    is_mine: bool

    @property
    def can(self) -> frozenset[Verb]:
        return workflow.possible(self.row.state, _MANAGER)


@dataclass(frozen=True, slots=True)
class ManagedRequest:
    """More time that a post of the organisation asks for, with what the viewer may do about it."""

    line: ManagedLine
    id: int
    asked_at: dt.datetime
    from_on: dt.date | None
    to_on: dt.date
    reason: str
    endorsed_at: dt.datetime | None
    part_of_id: int | None
    asker: Titles
    can: frozenset[Verb]


@dataclass
class OrganisationPage:
    """`only` and `post` narrow it to one section, of one post or of all; `next` is the cursor of that one."""

    organisations: list[Titles]
    posts: PostPage
    counts: dict[OrganisationSection, int]
    lines: dict[OrganisationSection, list[ManagedLine]] = field(default_factory=dict)
    requests: list[ManagedRequest] = field(default_factory=list)
    post: Titles | None = None
    next: str = ""

    @property
    def places(self) -> dict[str, str]:
        """Of everything that is done where it stands the name of what follows it."""
        names = [f"r{asked.id}" for asked in self.requests]
        names += [line.row.ref for lines in self.lines.values() for line in lines]
        return dict(zip(names, [*names[1:], *names[-2:-1]], strict=False))


@dataclass(frozen=True)
class OrganisationFilters:
    """As the address says it; empty: not asked for."""

    only: str = ""
    post: str = ""
    after: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in (("only", self.only), ("post", self.post)) if value}


def of(session: Session, viewer: Viewer, today: dt.date, wanted: OrganisationFilters) -> OrganisationPage:
    """Five statements for the page of all, four for one section; raises InvalidQuery for what is none of theirs."""
    bodies = sorted(managed(viewer))
    given: dict[str, object] = {"today": today, "silent": clock.start(schedule.fresh_from(today), settings().zone)}
    given |= ranges.put("body", bodies)
    if wanted.only or wanted.post:
        return _one(session, viewer, bodies, given, wanted)
    posts = organisation_posts.of_bodies(session, bodies, given, wanted.after)
    page = OrganisationPage(_named(session, bodies), posts, _counts(session, bodies, given))
    for section in TOGETHER:
        if page.counts[section]:
            _fill(session, viewer, page, section, (len(bodies), "", given), FEW)
    return page


def _one(
    session: Session, viewer: Viewer, bodies: list[int], given: dict[str, object], wanted: OrganisationFilters
) -> OrganisationPage:
    section = _section(wanted)
    post = _post(session, bodies, wanted) if wanted.post else None
    page = OrganisationPage(_named(session, bodies), PostPage([], ""), {}, post=post[1] if post else None)
    scope = 0 if post else len(bodies)
    given |= {"post": post[0]} if post else {}
    after, values = organisation_sections.point(section, wanted.after, wanted.chosen)
    _fill(session, viewer, page, section, (scope, after, given | values), MANY)
    return page


def _section(wanted: OrganisationFilters) -> OrganisationSection:
    only = wanted.only or OrganisationSection.OWED
    if only not in list(OrganisationSection) or (only == OF_ONE_POST and not wanted.post):
        kept = {"post": wanted.post} if wanted.post else {}
        raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), kept)
    return OrganisationSection(only)


def _post(session: Session, bodies: Sequence[int], wanted: OrganisationFilters) -> tuple[int, Titles]:
    found = sa.select(col(Post.id), col(Post.titles)).where(
        col(Post.slug) == wanted.post, col(Post.organisation_id).in_(bodies)
    )
    row = session.execute(found).first() if "\0" not in wanted.post else None
    if row is None:
        kept = {"only": wanted.only} if wanted.only and wanted.only != OF_ONE_POST else {}
        raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), kept)
    return row[0], row[1]


def _named(session: Session, bodies: Sequence[int]) -> list[Titles]:
    return list(session.scalars(sa.select(col(Organisation.titles)).where(col(Organisation.id).in_(bodies))))


def _counts(session: Session, bodies: Sequence[int], given: dict[str, object]) -> dict[OrganisationSection, int]:
    return dict(zip(TOGETHER, _counted(len(bodies)).first(session, given) or (), strict=True))


@lru_cache(maxsize=16)
def _counted(bodies: int) -> Statement:
    return Statement(sa.select(*(organisation_sections.counted(section, bodies) for section in TOGETHER)))


def _fill(
    session: Session, viewer: Viewer, page: OrganisationPage, section: OrganisationSection,
    asked: tuple[int, str, dict[str, object]], limit: int,
) -> None:  # fmt: skip
    """One row more than is shown tells that there are others."""
    scope, after, given = asked
    rows = organisation_sections.listed(section, scope, limit + 1, after).rows(session, given)
    if section is OrganisationSection.REQUESTS:
        page.requests = [_request(viewer, row[1:]) for row in rows[:limit]]
    else:
        page.lines[section] = [_line(viewer, row[1:]) for row in rows[:limit]]
    page.next = cursors.following(rows, limit, lambda last: (last[0] or ranges.LAST, last[1]))


def _line(viewer: Viewer, row: Sequence[Any]) -> ManagedLine:
    action = ActionRow(*row[:WIDTH])
    organisation, post, reason, unblocker = row[WIDTH:]
    is_mine = action.owner_post_id in viewer.post_ids
    return ManagedLine(action, organisation, post, reason, unblocker, is_mine)


def _request(viewer: Viewer, row: Sequence[Any]) -> ManagedRequest:
    number, asked_at, from_on, to_on, reason, endorsed_at, part_of_id = row[:7]
    person_id, post_id, asker, body, extended, managers = row[7:13]
    line = _line(viewer, row[13:])
    about = RequestFacts(
        person_id=person_id, post_id=post_id, organisation_id=body, is_priority=line.row.is_priority,
        extensions=extended, managers_decide=managers,
    )  # fmt: skip
    verbs = {verb for verb, right in RIGHTS.items() if verb in line.can and right(viewer, _MANAGER, about)}
    verbs -= {Verb.GRANT_PART if part_of_id is None else Verb.GRANT_TIME}
    verbs -= {Verb.ENDORSE_TIME} if endorsed_at else set()
    told = asked_at, from_on, to_on, reason, endorsed_at, part_of_id
    return ManagedRequest(line, number, *told, asker, frozenset(verbs))
