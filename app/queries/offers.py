"""What the filters of the list of actions offer: bodies and meetings of which the viewer has actions, a few of them.

Where there are more, words of the name find the others.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.permissions import Viewer
from app.domain.titles import Titles
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.people import Organisation
from app.queries import visible, worded

MOST = 60
_NEWEST = (col(Meeting.held_on).desc(), col(Meeting.id).desc())


def bodies(session: Session, viewer: Viewer, words: str = "") -> list[tuple[str, Titles]]:
    """The organisations that lead such actions, one more than MOST where there are others."""
    leads = sa.exists().where(col(Action.lead_organisation_id) == col(Organisation.id), visible.in_workspace(viewer))
    query = sa.select(col(Organisation.slug), col(Organisation.titles)).where(leads.correlate(Organisation))
    named = query.where(*worded.conditions(words, col(Organisation.titles), col(Organisation.slug)))
    return [(row[0], row[1]) for row in session.execute(named.order_by(col(Organisation.slug)).limit(MOST + 1))]


def meetings(session: Session, viewer: Viewer, words: str = "") -> list[tuple[str, Titles]]:
    """The latest meetings of such actions, one more than MOST where there are others."""
    of_it = sa.exists().where(col(Action.meeting_id) == col(Meeting.id), visible.in_workspace(viewer))
    query: Any = sa.select(col(Meeting.slug), col(Meeting.titles)).where(of_it.correlate(Meeting))
    named = query.where(*worded.conditions(words, col(Meeting.titles), col(Meeting.slug)))
    return [(row[0], row[1]) for row in session.execute(named.order_by(*_NEWEST).limit(MOST + 1))]
