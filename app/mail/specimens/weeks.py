"""Examples of the weekly digest: each shape's part of it, and all of them in one."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.domain.digest_shapes import SECTIONS, DigestShape
from app.domain.permissions import Role
from app.domain.sentences import weeks
from app.domain.workflow import State
from app.mail import digests
from app.mail.digest_letters import Digest, DigestPart
from app.mail.letters import Item, LetterSection
from app.mail.policy import Mail
from app.mail.specimens.facts import BASE, NOTES, POSTS, TITLES, TODAY, item, reader


def digest(lang: str) -> Mail:
    return digest_of(lang, *every_part(lang, 2), head="0f" * 32)


def sections(lang: str, rows: int = 3) -> list[LetterSection]:
    late = tuple(item(lang, n, -n, waiting_days=30 + n) for n in range(1, rows + 1))
    due = tuple(item(lang, n, n % 7) for n in range(11, 11 + rows))
    waiting = tuple(item(lang, n, 40, state=State.ASSIGNED, waiting_days=n) for n in range(21, 21 + rows))
    changed = tuple(item(lang, n, 90, answers=None, note=NOTES[lang]) for n in range(31, 31 + rows))
    return [LetterSection(items=late, total=rows + 4), *(LetterSection(items=rest) for rest in (due, waiting, changed))]


def digest_of(lang: str, *parts: DigestPart, role: Role | None = None, **more: str) -> Mail:
    to = replace(reader(lang), post="", role=role, of=(TITLES[lang][0],)) if role else reader(lang)
    return digests.digest(Digest(to=to, today=TODAY, parts=parts, **more))


def digest_owner(lang: str, rows: int = 3) -> Mail:
    return digest_of(lang, own_part(lang, rows), unsubscribe=f"{BASE}/{lang}/off/{'u' * 43}")


def own_part(lang: str, rows: int = 3) -> DigestPart:
    shown = dict(zip(SECTIONS[DigestShape.OWNER], sections(lang, rows), strict=True))
    return DigestPart(shape=DigestShape.OWNER, sections=shown)


def body_part(lang: str, rows: int = 3) -> DigestPart:
    plain = LetterSection(items=tuple(item(lang, n, n - 5, answers=None) for n in range(1, rows + 1)), total=rows + 2)
    post = LetterSection(items=(Item(title=POSTS[lang][0], note=NOTES[lang], page=f"{BASE}/{lang}/workspace/"),))
    shown = dict.fromkeys(SECTIONS[DigestShape.MANAGER], plain) | {"vacant": post}
    return DigestPart(shape=DigestShape.MANAGER, sections=shown)


def desk_part(lang: str, rows: int = 3) -> DigestPart:
    silence, verification, requests, _ = map(_unanswered, sections(lang, rows))
    failures = LetterSection(items=(Item(title="omar@example.ma", note="550 5.1.1 no such user"),))
    shown = {"verification": verification, "requests": requests, "silence": silence, "failures": failures}
    return DigestPart(shape=DigestShape.SECRETARIAT, sections=shown)


def _unanswered(section: LetterSection) -> LetterSection:
    """What others owe is theirs to answer."""
    return replace(section, items=tuple(replace(one, answers=None) for one in section.items))


def observed_part(lang: str, rows: int = 3) -> DigestPart:
    stuck = tuple(
        item(lang, n, -40 - n, answers=None, state=State.BLOCKED, unblocker=POSTS[lang][1]) for n in range(1, rows + 1)
    )
    late = LetterSection(items=tuple(item(lang, n, -30 - n, answers=None) for n in range(11, 11 + rows)), total=40)
    shown = {"stuck": LetterSection(items=stuck), "long_overdue": late, "moved": sections(lang, rows)[3]}
    says = tuple(weeks.figures(12, 60, is_of_actions=False, before=(10, 58)))
    return DigestPart(shape=DigestShape.OBSERVER, sections=shown, says=says)


def every_part(lang: str, rows: int = 3) -> list[DigestPart]:
    return [made(lang, rows) for made in (own_part, body_part, desk_part, observed_part)]


# What somebody reads who has one shape alone.
LETTERS: Mapping[str, Callable[[str], Mail]] = {
    "digest_owner": digest_owner,
    "digest_manager": lambda lang: digest_of(lang, body_part(lang)),
    "digest_secretariat": lambda lang: digest_of(lang, desk_part(lang), head="0f" * 32),
    "digest_observer": lambda lang: digest_of(lang, observed_part(lang), role=Role.OBSERVER, head="0f" * 32),
}
