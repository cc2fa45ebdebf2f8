"""Days as the bytes of a calendar in one language: what stands in each square, below it, and where it leads."""

import hashlib
from collections.abc import Iterable

from app.config import settings
from app.domain.calendar_days import CalendarDay, DayKind, said
from app.domain.messages import N_
from app.domain.texts import pick
from app.formats import ics
from app.formats.ics import DayEvent
from app.i18n.catalogues import gettext
from app.wording import say_text

_SHOWN = N_("These days are shown, nothing more: a calendar is no reminder.")
_NO_REMINDER = N_("These days are shown, nothing more: a calendar is no reminder. Reminders come by mail.")


def written(name: str, days: Iterable[CalendarDay], lang: str, *, is_own: bool = False) -> bytes:
    """`is_own`: of somebody who gets reminders."""
    about = gettext(lang, _NO_REMINDER if is_own else _SHOWN)
    return ics.calendar(name, about, lang, [_event(day, lang) for day in days])


def tag(name: str, days: Iterable[CalendarDay], lang: str) -> str:
    """The name of what would be written, told without writing it."""
    given = repr((ics.VERSION, settings().base, settings().mail_domain, name, lang, list(days)))
    return f'"{hashlib.sha256(given.encode()).hexdigest()[:24]}"'


def is_known(wanted: str, etag: str) -> bool:
    """RFC 9110 §13.1.2: any of a list, weak or not, or `*`."""
    return any(one.strip().removeprefix("W/") in {etag, "*"} for one in wanted.split(","))


def _in_the_square(kind: DayKind, title: str, lang: str) -> str:
    sentence = said(kind, title)
    return sentence if isinstance(sentence, str) else say_text(sentence, lang)


def _event(day: CalendarDay, lang: str) -> DayEvent:
    title = pick(day.titles, lang)[0]
    url = f"{settings().base}/{lang}/{day.path}"
    lines = (day.ref, *(pick(titles, lang)[0] for titles in day.about if titles), url)
    return DayEvent(
        uid=f"{day.uid}@{settings().mail_domain}",
        on=day.on,
        summary=_in_the_square(day.kind, title, lang),
        lines=tuple(line for line in lines if line),
        url=url,
        sequence=day.version,
        changed_at=day.changed_at,
    )
