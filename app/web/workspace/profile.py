"""One's own profile: language, zone, the hours of reminders and of the weekly digest, and one's calendar."""

import hmac
from typing import Annotated

from pydantic import Field, StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.config import settings
from app.domain import keys
from app.domain.calendar import REMINDER_HOURS
from app.domain.zones import ZONES
from app.i18n.catalogues import gettext
from app.i18n.dates import weekday_name
from app.models.feeds import CalendarFeed
from app.models.people import Person
from app.queries.setup import feeds
from app.queries.setup import people as people_queries
from app.services.setup import people
from app.web import shown_once
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/profile")


class ProfileFields(Fields):
    locale: str
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = None
    reminder_hour: Annotated[int, Field(ge=REMINDER_HOURS[0], le=REMINDER_HOURS[-1])] | None = None
    has_digest: bool = False
    digest_weekday: Annotated[int, Field(ge=0, le=6)]
    digest_hour: Annotated[int, Field(ge=people.HOURS[0], le=people.HOURS[-1])]
    version: int | None = None


@router.get("")
def profile(asked: Asked) -> Response:
    return _page(asked, people_queries.own(asked.session, asked.viewer), Form())


@router.post("")
def choose(press: Press, own: Annotated[Person, signed_in.item(people_queries.own)]) -> Response:
    def verb(sent: ProfileFields) -> str:
        people.choose(*press.by, own, **sent.model_dump(exclude_none=True))
        return led_to(f"/{own.locale}/workspace/profile", said="saved")

    return press.attempt(ProfileFields, verb, lambda form: _page(press, own, form))


def _page(asked: PageRequest, own: Person, form: Form[ProfileFields]) -> Response:
    key = shown_once.take(asked.request)
    response = frame(
        asked,
        "workspace/profile.html",
        status=form.status,
        own=own,
        form=form,
        weekdays=[(number, weekday_name(number, asked.lang)) for number in range(7)],
        clock_hours=[(hour, f"{hour}:00") for hour in people.HOURS],
        reminder_hours=[(hour, f"{hour}:00") for hour in REMINDER_HOURS],
        zones=_zones(own.timezone, asked.lang),
        feed=(feed := feeds.own(asked.session, asked.viewer)),
        feed_address=_address(feed, key),
    )
    if key:
        shown_once.drop(response)
    return response


def _address(feed: CalendarFeed | None, key: str) -> str:
    """Of the calendar that was made just now; whatever else a browser carries there is nobody's."""
    is_own = feed is not None and hmac.compare_digest(feed.token_hash, keys.hashed(key))
    return f"{settings().base}/calendars/me/{key}.ics" if is_own else ""


def _zones(own: str, lang: str) -> list[tuple[str, str]]:
    """Those of the list by their cities, and whichever somebody has beside them by its technical name."""
    known = [(zone, gettext(lang, name)) for zone, name in ZONES.items()]
    return known if own in ZONES else [(own, own), *known]
