"""The overview as anybody would write it first: straight queries over the tables, no counts kept anywhere."""

import datetime as dt
from typing import Any

_OWED = "('acknowledged', 'assigned', 'blocked', 'declined', 'in_progress')"
_TEN = "(SELECT id FROM meeting WHERE is_public ORDER BY held_on DESC, id DESC LIMIT 10)"
Work = list[tuple[str, list[Any]]]


def overview(today: dt.date) -> Work:
    """The same numbers as on our page: progress, lateness, ten meetings, what moved, who is waited for, growth."""
    day, week = today.isoformat(), (today - dt.timedelta(days=7)).isoformat()
    return [
        ("SELECT public_status, count(*) FROM recommendation WHERE is_public GROUP BY public_status", []),
        (f"SELECT count(*) FROM action WHERE is_public AND state IN {_OWED} AND due_on < ?", [day]),
        (
            "SELECT slug, titles, held_on, place, region FROM meeting "
            "WHERE is_public ORDER BY held_on DESC, id DESC LIMIT 11",
            [],
        ),
        (
            "SELECT meeting_id, public_status, count(*) FROM recommendation "
            f"WHERE is_public AND meeting_id IN {_TEN} GROUP BY meeting_id, public_status",
            [],
        ),
        (
            "SELECT meeting_id, count(DISTINCT recommendation_id) FROM action "
            f"WHERE is_public AND state IN {_OWED} AND due_on < ? AND meeting_id IN {_TEN} GROUP BY meeting_id",
            [day],
        ),
        (
            "SELECT action.ref, action.titles, progress_update.verb, max(progress_update.at) FROM progress_update "
            "JOIN action ON action.id = progress_update.action_id WHERE action.is_public AND progress_update.at >= ? "
            "GROUP BY action.id ORDER BY max(progress_update.at) DESC LIMIT 5",
            [week],
        ),
        (
            "SELECT organisation.slug, organisation.titles, min(coalesce(last_word_at, assigned_at)), count(*), "
            "sum(due_on < ?) FROM action JOIN organisation ON organisation.id = action.lead_organisation_id "
            f"WHERE is_public AND state IN {_OWED} GROUP BY organisation.id ORDER BY 3 LIMIT 5",
            [day],
        ),
        *(
            (f"SELECT date({column}), count(*) FROM recommendation WHERE is_public GROUP BY date({column})", [])
            for column in ("published_at", "planned_on", "implemented_on")
        ),
    ]
