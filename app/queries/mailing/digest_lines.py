"""The sections of a week as lines in the reader's language, for the mail and for the page; nobody's keys are here."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session

from app.domain import mail_sentences
from app.domain.digest_shapes import DigestShape
from app.domain.messages import N_
from app.domain.sentences import weeks
from app.domain.texts import Titles, pick
from app.domain.workflow import State
from app.i18n import labels
from app.i18n.catalogues import gettext
from app.mail.digest_letters import DigestPart
from app.mail.letters import Item, LetterSection
from app.queries.mailing import failed_mails
from app.queries.mailing.digest_rows import DigestRows, ObservedFigures, Week
from app.queries.mailing.letters import item_of, room_address
from app.queries.mailing.told import ToldAction
from app.wording import say_text

Line = Callable[[str, DigestRows, ToldAction], Item]
QUESTION = N_("The secretariat has asked you something about it, and waits for your answer.")
_OURS, _OURS_NAMED = N_("The part of your organisation"), N_("The part of your organisation: %(what)s")
_ROOMS = {
    **dict.fromkeys(("overdue", "due", "waiting", "changed"), "mine"),
    "body_requests": "organisation?only=requests",
    "body_blocked": "organisation?only=blocked",
    "body_overdue": "organisation?only=late",
    "body_due": "organisation?only=owed",
    "vacant": "organisation",
    "body_changed": "organisation",
    "verification": "desk?only=to_verify",
    "requests": "desk?only=requests",
    "silence": "desk?only=silent",
    "failures": "outgoing",
    "stuck": "actions?state=blocked",
    "long_overdue": "actions?overdue=1",
    "moved": "overview",
}


def parts(
    session: Session, week: Week, lang: str, today: dt.date, told: Mapping[int, ToldAction], line: Line | None = None
) -> tuple[DigestPart, ...]:
    """Of each shape that has something to say; `line`: of an action, where it is told with more than its facts."""
    plain = line or (lambda _, rows, row: of_action(rows, row, lang, today))
    found = []
    for shape in DigestShape:
        sections = {
            name: _section(session, name, rows, lang, [plain(name, rows, told[one]) for one in rows.ids if one in told])
            if name not in _OTHERS
            else _OTHERS[name](session, rows, lang)
            for name, rows in week.of(shape).items()
        }
        says = _says(week.figures) if shape is DigestShape.OBSERVER else ()
        if sections or (says and week.figures and week.figures.has_moved):
            found.append(DigestPart(shape=shape, sections=sections, says=says))
    return tuple(found)


def of_action(rows: DigestRows, row: ToldAction, lang: str, today: dt.date, **changes: Any) -> Item:
    """What happened to it, and what is asked about it, stand below it."""
    said = noted(rows, row.id, lang)
    if part := rows.parts.get(row.id):
        said = " · ".join(filter(None, [_ours(part.titles, lang), said]))
        changes = own(part.state, part.due_on) | changes
    return item_of(row, lang, today, **({"note": said} | changes))


def own(state: State, due_on: dt.date | None) -> dict[str, Any]:
    """Of a part: what holds the whole action up is its lead's to tell."""
    return {"state": state, "due_on": due_on, "waiting_days": 0, "block_reason": None, "unblocker": ""}


def noted(rows: DigestRows, action_id: int, lang: str) -> str:
    said = [gettext(lang, QUESTION)] if action_id in rows.asked else []
    if verb := rows.news.get(action_id):
        said.append(labels.label(verb, lang))
    if action_id in rows.came:
        said.append(say_text(rows.came[action_id], lang))
    if asked := rows.times.get(action_id):
        said.append(say_text(mail_sentences.time_asked(pick(asked.asker, lang)[0], asked.to_on), lang))
    return " · ".join(said)


def _ours(titles: Titles, lang: str) -> str:
    return gettext(lang, _OURS_NAMED) % {"what": pick(titles, lang)[0]} if titles else gettext(lang, _OURS)


def _section(session: Session, name: str, rows: DigestRows, lang: str, lines: list[Item]) -> LetterSection:
    return LetterSection(items=tuple(lines), total=rows.total, page=room_address(lang, _ROOMS[name]))


def _failures(session: Session, rows: DigestRows, lang: str) -> LetterSection:
    page = room_address(lang, "outgoing")
    failed = failed_mails.told(session, rows.ids)
    lines = [Item(title=one.address, note=gettext(lang, one.reason), page=page) for one in failed]
    return _section(session, "failures", rows, lang, lines)


def _vacant(session: Session, rows: DigestRows, lang: str) -> LetterSection:
    lines = [
        Item(
            title=pick(post.titles, lang)[0],
            note=say_text(mail_sentences.heading("open", post.open), lang),
            page=room_address(lang, "organisation"),
        )
        for post in rows.posts.values()
    ]
    return _section(session, "vacant", rows, lang, lines)


_OTHERS = {"failures": _failures, "vacant": _vacant}  # whose rows are no actions


def _says(figures: ObservedFigures | None) -> tuple[Any, ...]:
    if figures is None:
        return ()
    before = None if figures.before is None else (figures.before, figures.of_before or 0)
    return tuple(weeks.figures(figures.done, figures.of, is_of_actions=figures.is_of_actions, before=before))
