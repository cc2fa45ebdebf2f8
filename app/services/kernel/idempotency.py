"""One effect for one form, however often it is sent."""

from functools import cache

import sqlalchemy as sa
from sqlmodel import Session

from app import clock, db
from app.domain.errors import AlreadyDone
from app.models.access import FormOnce
from app.models.base import table_of
from app.statements import Statement

HIDDEN = "{token}"  # braces stand in no address of ours: what is typed into one is quoted


def claim(session: Session, key: str) -> None:
    """Take the form's key; raises AlreadyDone with the way the first submit was led. A rival waits for its end."""
    claim = _claim(db.insert(session, FormOnce))
    if not claim.rows(session, {"key": key, "location": "", "at": clock.now()}):
        raise AlreadyDone(session.execute(_LOCATION, {"form": key}).scalar_one())


def remember(session: Session, key: str, location: str, hidden: str = "") -> None:
    """Where the sender was led. `hidden` is the key in a mailed link: a mark stands for it, here and in every copy."""
    kept = location.replace(hidden, HIDDEN) if hidden else location
    _REMEMBER.rows(session, {"form": key, "location": kept})


def led(location: str, hidden: str = "") -> str:
    """The way again, with the key that the second sender has as well."""
    return location.replace(HIDDEN, hidden)


# Every form runs these: made once, on the table itself.
_FORMS = table_of(FormOnce)
_THIS = _FORMS.c.key == sa.bindparam("form")
_LOCATION = sa.select(_FORMS.c.location).where(_THIS)
_REMEMBER = Statement(sa.update(_FORMS).where(_THIS))


@cache
def _claim(insert: db.Insert) -> Statement:
    return Statement(insert.on_conflict_do_nothing(index_elements=["key"]).returning(_FORMS.c.key))
