"""The week of whoever manages organisations: what waits for them, is stuck or late there, and what moved."""

import datetime as dt
from collections.abc import Set
from typing import Any

from app.domain.digest_shapes import ROWS
from app.domain.permissions import Viewer, managed
from app.domain.workflow import State
from app.queries.mailing import digest_posts
from app.queries.mailing.digest_bodies import BodyFacts, OpenRequest
from app.queries.mailing.digest_owners import SOON_DAYS
from app.queries.mailing.digest_posts import PostFacts
from app.queries.mailing.digest_rows import DigestReader, DigestRows, EmptyPost, Week, first


def week(one: DigestReader, viewer: Viewer, facts: PostFacts, bodies: BodyFacts, told: Set[int]) -> Week:
    """`told`: what stands in the reader's own part. What is asked comes first, then what is stuck, late and due."""
    posts = bodies.of(managed(viewer))
    asked = _asked(viewer, posts, bodies, told)
    owed = [row for row in digest_posts.owed(facts, posts) if row[0] not in told and row[0] not in asked]
    owed.sort(key=lambda row: (row[2] or dt.date.max, row[0]))
    blocked = [row for row in owed if row[1] == State.BLOCKED]
    soon = one.today + dt.timedelta(SOON_DAYS)
    dated = [row for row in owed if row[1] != State.BLOCKED and row[2] and row[2] <= soon]
    happened = digest_posts.happened(facts, posts, one)
    mine = told | asked.keys() | {row[0] for row in [*blocked, *dated]}
    beside: dict[str, Any] = {"news": happened.news, "came": happened.came}
    return Week(
        body_requests=_requests(asked),
        body_blocked=first(blocked, **beside),
        body_overdue=first((row for row in dated if row[2] < one.today), **beside),
        body_due=first((row for row in dated if row[2] >= one.today), **beside),
        vacant=_vacant(facts, posts, bodies),
        body_changed=happened.rest(mine),
        told=frozenset(mine.union(happened.news)),
    )


def _asked(viewer: Viewer, posts: list[int], bodies: BodyFacts, told: Set[int]) -> dict[int, OpenRequest]:
    """By action, the request about it that has waited longest."""
    waiting = [asked for post_id in posts for asked in bodies.requests[post_id] if asked.waits_for(viewer)]
    return {asked.action_id: asked for asked in reversed(waiting) if asked.action_id not in told}


def _requests(asked: dict[int, OpenRequest]) -> DigestRows:
    ids = sorted(asked, key=lambda action_id: (asked[action_id].asked.to_on, action_id))
    shown = tuple(ids[:ROWS])
    return DigestRows(shown, len(ids), times={action_id: asked[action_id].asked for action_id in shown})


def _vacant(facts: PostFacts, posts: list[int], bodies: BodyFacts) -> DigestRows:
    """Posts that owe something and have nobody to answer for it."""
    open_ones = {post_id: len(facts.owed[post_id]) for post_id in posts if post_id in bodies.unheld}
    ids = [post_id for post_id, count in open_ones.items() if count]
    shown = {post_id: EmptyPost(bodies.titles[post_id], open_ones[post_id]) for post_id in ids[:ROWS]}
    return DigestRows(tuple(shown), len(ids), posts=shown)
