"""What mails weigh in bytes: a relay and a slow line carry each of them, a reader clips what is long."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import replace

import pytest

from app.domain.digest_shapes import SECTIONS, DigestShape
from app.domain.ladder import Audience
from app.mail import letters, messages
from app.mail.acting_letters import Handover
from app.mail.digest_letters import DigestPart
from app.mail.letters import LetterSection
from app.mail.policy import Mail, compose, message_id
from app.mail.specimens.facts import BASE, NOTES, TODAY, item, reader, several, whole
from app.mail.specimens.weeks import digest_of, digest_owner, every_part
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
    assert weight(LETTERS[name](lang)) <= (30_000 if name == "digest" else 25_000)  # all four shapes at once


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


def long_part(part: DigestPart, words: int) -> DigestPart:
    """With ten rows of each section, and titles that many times as long."""

    def longer(section: LetterSection) -> LetterSection:
        rows = [replace(one, title=" ".join([one.title] * words)) for one in (section.items * 10)[:10]]
        return replace(section, items=tuple(rows), total=40, page=f"{BASE}/fr/workspace/actions?state=blocked")

    return replace(part, sections={name: longer(one) for name, one in part.sections.items()})


def long_digest(lang: str, shapes: Collection[DigestShape], words: int = 2) -> Mail:
    parts = [long_part(part, words) for part in every_part(lang, 10) if part.shape in shapes]
    way_out = f"https://suivi.example/{lang}/off/{'u' * 43}"
    return digest_of(lang, *parts, head="0f" * 32, unsubscribe=way_out, print_page=way_out)


@every
@pytest.mark.parametrize("shapes", [*([one] for one in DigestShape), list(DigestShape)], ids=str)
def test_a_digest_of_full_sections_is_light_and_counts_what_it_leaves_out(lang: str, shapes: list[DigestShape]) -> None:
    for words in (1, 2, 3, 8):
        mail = long_digest(lang, shapes, words)
        sections = sum(len(SECTIONS[shape]) for shape in shapes)
        assert weight(mail) <= 30_000, (words, weight(mail))
        assert mail.html.count("<h2>") == sections
        assert mail.html.count('<p class="quiet"><a href=') == sections  # and how many more


@every
def test_a_full_digest_is_not_thinner_than_it_must_be(lang: str) -> None:
    for shape in DigestShape:
        mail = long_digest(lang, [shape], 1)
        assert mail.html.count('class="item"') >= {"ar": 12, "fr": 14, "en": 14}[lang], shape
    everything = long_digest(lang, list(DigestShape), 1)  # a row of each section, or of all but one
    assert everything.html.count('class="item"') >= sum(map(len, SECTIONS.values())) - 1


@every
def test_what_one_owes_has_its_answers_in_the_longest_digest(lang: str) -> None:
    mail = digest_owner(lang, rows=40)
    assert weight(mail) <= 30_000
    assert len(re.findall(r"u/k+\?s=done", mail.html)) == mail.text.count("/u/") >= 10
    assert "?s=" not in digest_of(lang, *every_part(lang, 10)[1:]).html  # what others owe is theirs to answer


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
