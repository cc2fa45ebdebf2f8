"""The weekly mail: one function, from its letter to a `Mail`; a page says the same words."""

from typing import NamedTuple

from app.domain import digest_shapes
from app.domain.sentences import weeks
from app.mail import digest_weights, subject_lines
from app.mail.bodies import bodies
from app.mail.digest_letters import Digest
from app.mail.policy import Mail
from app.wording import say_text

_COUNTS = 5  # in the first sentence: what is read in ten seconds


class WeekWords(NamedTuple):
    """What must I do, as counts; of each part its title, where there are several, and what stands above its lists."""

    opening: str
    titles: list[str]
    says: list[list[str]]


def digest(letter: Digest) -> Mail:
    """It carries no thread: it would tie everything a person ever got into one conversation."""
    letter = digest_weights.fitted(letter)
    to, counts = letter.to, digest_shapes.urgent(letter.counts)
    subject, words = subject_lines.counted("digest", to.lang, counts, _instead(to.lang)), said(letter)
    why = weeks.why_of_several() if len(letter.parts) > 1 else to.why
    text, html = bodies(
        "digest", to.lang, why, letter=letter, to=to, subject=subject, opening=words.opening,
        titles=words.titles, says=words.says, most=digest_shapes.ROWS,
    )  # fmt: skip
    return Mail(
        to.address, subject, text, html, to.lang, "digest", to.name,
        unsubscribe=letter.unsubscribe, sender_name=_programme(letter),
    )  # fmt: skip


def said(letter: Digest) -> WeekWords:
    counts = digest_shapes.urgent(letter.counts)
    some = subject_lines.said(letter.to.lang, counts[:_COUNTS]) or _instead(letter.to.lang)
    opening = weeks.opening(some, is_all=len(counts) <= _COUNTS)
    return WeekWords(say_text(opening, letter.to.lang), _titles(letter), _says(letter))


def _instead(lang: str) -> str:
    return say_text(weeks.only_figures(), lang)


def _titles(letter: Digest) -> list[str]:
    """Of several parts; one alone needs none."""
    several = len(letter.parts) > 1
    return [say_text(weeks.part(part.shape), letter.to.lang) if several else "" for part in letter.parts]


def _says(letter: Digest) -> list[list[str]]:
    return [[say_text(one, letter.to.lang) for one in part.says] for part in letter.parts]


def _programme(letter: Digest) -> str:
    """The one programme that all of it belongs to, or nothing; what is only counted may belong to any."""
    sections = [section for part in letter.parts for section in part.sections.values()]
    found = {item.programme for section in sections for item in section.items if item.ref}
    is_all = all(section.count == len(section.items) for section in sections)
    return found.pop() if is_all and len(found) == 1 else ""
