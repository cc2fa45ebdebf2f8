"""What mails weigh in bytes: a relay and a slow line carry each of them, a reader clips what is long."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from app.domain.ladder import Audience
from app.mail import letters, messages
from app.mail.acting_letters import Handover
from app.mail.policy import Mail, compose, message_id
from app.mail.specimens.facts import NOTES, TODAY, item, reader, several, whole
from app.mail.specimens.weeks import digest_owner
from tests.mail.every import LETTERS

WHEN = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
every = pytest.mark.parametrize("lang", ["ar", "fr", "en"])
letter = pytest.mark.parametrize("name", sorted(LETTERS))


def weight(mail: Mail) -> int:
    """In bytes, as it leaves."""
    identity = message_id(b"k", mail.kind, "example.ma")
    return len(compose(mail, sender="suivi@example.ma", message_id=identity, date=WHEN))


@every
@letter
def test_it_is_light(name: str, lang: str) -> None:
    assert weight(LETTERS[name](lang)) <= (50_000 if name == "digest" else 25_000)  # all four shapes at once


@every
def test_a_list_of_ten_is_light(lang: str) -> None:
    rows = tuple(replace(whole(lang), ref=f"FM-2024-03.{n}", waiting_days=40) for n in range(1, 11))
    given = {"to": reader(lang), "today": TODAY, "items": rows}
    part = letters.LetterSection(items=(several(lang) * 3)[:10])
    for mail in (
        messages.escalation(letters.Escalation(**given, audience=Audience.SECRETARIAT)),  # type: ignore[arg-type]
        messages.verification_waiting(letters.Several(**given)),  # type: ignore[arg-type]
        messages.handover(Handover(to=reader(lang), today=TODAY, open=part, note=NOTES[lang], former="Omar")),
    ):
        assert weight(mail) <= 25_000, mail.kind


@every
def test_the_longest_digest_stays_under_the_size_that_is_clipped(lang: str) -> None:
    mail = digest_owner(lang, rows=40)
    assert weight(mail) <= 70_000
    assert len(re.findall(r"u/k+\?s=done", mail.html)) == 30


@every
def test_a_morning_of_many_actions_is_light_and_has_the_answers_of_each(lang: str) -> None:
    rows = tuple(item(lang, n, -n, programme="2025", recommendation=item(lang).title) for n in range(1, 7))
    mail = messages.reminder(letters.Several(to=reader(lang), today=TODAY, items=rows))
    assert weight(mail) <= 25_000
    for state in ("on_track", "blocked", "done"):
        assert mail.html.count(f"?s={state}") == mail.text.count(f"?s={state}") == 6


@every
@letter
def test_what_stands_on_an_element_is_not_repeated_in_the_sheet_of_the_mail(name: str, lang: str) -> None:
    html = LETTERS[name](lang).html
    sheet = html.partition("<style>")[2].partition("</style>")[0]
    framed = set(re.findall(r'class="([^" ]+)[^"]*" style=', html))
    light = sheet.partition("@media (prefers-color-scheme")[0]
    assert framed
    assert [piece for piece in framed if f".{piece}" in light] == []
