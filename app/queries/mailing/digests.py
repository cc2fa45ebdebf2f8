"""What a week's digest tells: which actions in which section of which shape, and how many; words belong to letters.

One engine for all shapes: an action stands in one section of the whole, the first that has a reason for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.digest_shapes import DigestShape
from app.domain.permissions import Role, Viewer, has_role, managed
from app.models.notifications import DigestWindow, Outcome
from app.queries.mailing import (
    digest_bodies,
    digest_desks,
    digest_managers,
    digest_observers,
    digest_owners,
    digest_posts,
    digest_silent,
    digest_standings,
)
from app.queries.mailing.digest_bodies import BodyFacts
from app.queries.mailing.digest_posts import PostFacts
from app.queries.mailing.digest_rows import DigestReader, ObservedFigures, Week


def week(session: Session, one: DigestReader, shapes: Collection[DigestShape] = tuple(DigestShape)) -> Week:
    return weeks(session, [one], shapes)[one.person_id]


def weeks(
    session: Session, asked: Sequence[DigestReader], shapes: Collection[DigestShape] = tuple(DigestShape)
) -> dict[int, Week]:
    """Of each reader, in the shapes that they have now: a fixed number of statements for whoever holds posts."""
    table = _Table(session, list(asked), digest_standings.of(session, [one.person_id for one in asked]))
    return {one.person_id: table.week(one, shapes) for one in asked}


_NOTHING = Week()


@dataclass
class _Table:
    """What the weeks of a handful share."""

    session: Session
    asked: list[DigestReader]
    viewers: dict[int, Viewer]
    observed: dict[object, Week] = field(default_factory=dict)

    def week(self, one: DigestReader, shapes: Collection[DigestShape]) -> Week:
        viewer, found = self.viewers[one.person_id], _NOTHING
        for shape in digest_standings.shapes(viewer):
            if shape in shapes:
                part = self._part(shape, one, viewer, found)
                found = part if found is _NOTHING else found.joined(part)  # most people have one shape
        return found

    def _part(self, shape: DigestShape, one: DigestReader, viewer: Viewer, before: Week) -> Week:
        if shape is DigestShape.OWNER:
            return digest_owners.week(one, sorted(viewer.post_ids), self.posts)
        if shape is DigestShape.MANAGER:
            return digest_managers.week(one, viewer, self.posts, self.bodies, before.told)
        if shape is DigestShape.SECRETARIAT:
            return digest_desks.week(self.session, one, viewer, before.told)
        return self._observed(one, viewer, before)

    def _observed(self, one: DigestReader, viewer: Viewer, before: Week) -> Week:
        """Whoever reads the same reads the same week, made once."""
        reach = digest_observers.reach(viewer, self.programmes)
        if not reach:
            return Week()
        key = reach, one.today, one.window, before.told
        if key not in self.observed:
            self.observed[key] = digest_observers.week(self.session, one, reach, before.told)
        found = self.observed[key]
        return replace(found, figures=_since(found.figures, self.figures.get(one.person_id)))

    @cached_property
    def posts(self) -> PostFacts:
        held = {post_id for viewer in self.viewers.values() for post_id in viewer.post_ids}
        managed_posts = self.bodies.of({body for viewer in self.viewers.values() for body in managed(viewer)})
        since = min(one.window.start_at for one in self.asked)
        return digest_posts.facts(self.session, sorted(held.union(managed_posts)), since)

    @cached_property
    def bodies(self) -> BodyFacts:
        return digest_bodies.facts(
            self.session, sorted({body for viewer in self.viewers.values() for body in managed(viewer)})
        )

    @cached_property
    def programmes(self) -> list[int]:
        return digest_silent.known(self.session)

    @cached_property
    def figures(self) -> dict[int, dict[str, Any]]:
        """By observer the figures that were told last, before their window began."""
        begins = {
            one.person_id: one.window.start_at
            for one in self.asked
            if has_role(self.viewers[one.person_id], Role.OBSERVER)
        }
        query = sa.select(col(DigestWindow.person_id), col(DigestWindow.end_at), col(DigestWindow.figures)).where(
            col(DigestWindow.person_id).in_(begins),
            col(DigestWindow.outcome).in_({Outcome.SENT, Outcome.EMPTY}),
        )
        rows = self.session.execute(query.order_by(col(DigestWindow.period))).all()
        return {person_id: figures for person_id, end_at, figures in rows if figures and end_at <= begins[person_id]}


def _since(now: ObservedFigures | None, last: dict[str, Any] | None) -> ObservedFigures | None:
    """Beside those of the week before, where they are of the same."""
    if now is None or last is None or (last["scope"], last["is_of_actions"]) != (now.scope, now.is_of_actions):
        return now
    return replace(now, before=last["done"], of_before=last["of"])
