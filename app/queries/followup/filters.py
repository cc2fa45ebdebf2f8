"""What a list of actions is narrowed to: as an address says it, and under which names it is shown."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import regions
from app.domain.errors import InvalidQuery
from app.domain.messages import N_, Message
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.people import Organisation
from app.queries.scope import visible

OPEN_ONES, ALL = "open", "all"
_EVERY = (OPEN_ONES, ALL, *State)


@dataclass(frozen=True)
class Filters:
    """As the address has them; empty: not asked for. Without a state: what is open."""

    state: str = OPEN_ONES
    organisation: str = ""
    meeting: str = ""
    overdue: str = ""
    text: str = ""  # words of the title, or a reference
    region: str = ""  # of its meeting

    @property
    def chosen(self) -> dict[str, str]:
        given = {"state": self.state, "organisation": self.organisation, "meeting": self.meeting}
        given |= {"overdue": self.overdue, "text": self.text, "region": self.region}
        return {key: value for key, value in given.items() if value and (key, value) != ("state", OPEN_ONES)}

    def without(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.chosen.items() if key != name}

    def checked(self) -> "Filters":
        """Raises InvalidQuery for a value that is none of ours."""
        for name, known in (("state", _EVERY), ("overdue", ("", "1")), ("region", ("", *regions.CODES))):
            if getattr(self, name) not in known:
                raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), self.without(name))
        return self


def named(session: Session, viewer: Viewer, filters: Filters) -> dict[str, Titles]:
    """The titles of what the filters name; raises InvalidQuery where they name nothing that the viewer may know of."""
    found: dict[str, Titles] = {}
    for name, table, known in (("organisation", Organisation, _anybody), ("meeting", Meeting, _meets)):
        slug = getattr(filters, name)
        if not slug:
            continue
        query = sa.select(col(table.titles)).where(col(table.slug) == slug, known(viewer))
        titles = session.scalars(query).first()
        if titles is None:
            raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), filters.without(name))
        found[name] = titles
    return found


def _anybody(_viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.true()


def _meets(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A meeting that the viewer may know of, or where one of their own actions comes from."""
    holds_mine = sa.exists().where(col(Action.meeting_id) == col(Meeting.id), visible.in_workspace(viewer))
    return sa.or_(visible.meetings(viewer), holds_mine)
