"""The week of whoever holds posts: what is late, due and waiting for them, and what others did to it."""

import datetime as dt
from collections.abc import Collection

from app.domain.workflow import State
from app.queries.mailing import digest_posts
from app.queries.mailing.digest_posts import PostFacts
from app.queries.mailing.digest_rows import DigestReader, Week, first

SOON_DAYS = 7
_WHOLE = (None,) * 5  # of a row that is asked about: neither a part nor a date of its own


def week(one: DigestReader, posts: Collection[int], facts: PostFacts) -> Week:
    """An action is told once, where it is most urgent: what is only news comes last."""
    mine = digest_posts.owed(facts, posts)
    soon = one.today + dt.timedelta(SOON_DAYS)
    by_date = sorted((row for row in mine if row[2] and row[2] <= soon), key=lambda row: (row[2], row[0]))
    later = [row for row in mine if row[1] == State.ASSIGNED and (row[2] is None or row[2] > soon)]
    questions = [row[0] for post_id in posts for row in facts.questions[post_id]]
    dated, asked = {row[0] for row in by_date}, frozenset(questions)
    later.sort(key=lambda row: (row[3], row[0]))
    waiting = {row[0]: row for row in [*((one_id, *_WHOLE) for one_id in questions), *later]}
    order = [one_id for one_id in dict.fromkeys([*(row[0] for row in later), *questions]) if one_id not in dated]
    told, happened = dated.union(order), digest_posts.happened(facts, posts, one)
    beside = {"news": happened.news, "came": happened.came, "asked": asked}
    return Week(
        overdue=first((row for row in by_date if row[2] < one.today), **beside),
        due=first((row for row in by_date if row[2] >= one.today), **beside),
        waiting=first((waiting[one_id] for one_id in order), **beside),
        changed=happened.rest(told),
        told=frozenset(told.union(happened.news)),
    )
