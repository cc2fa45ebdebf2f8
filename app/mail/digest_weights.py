"""What the rows of a weekly mail weigh, and how many of each section it carries; not their words."""

from dataclasses import replace

from app.domain import digest_shapes
from app.mail.digest_letters import Digest, DigestPart
from app.mail.letters import Item, LetterSection

LIMIT = 30_000  # bytes of a digest as it leaves
_FRAME, _SECTION = 7_600, 300  # of them: the mail without rows, and a section's heading and what follows it
# Of a row in both parts, before it is encoded: its elements; deadline and mark; how long it waits; who can unblock it.
_TAGS, _WORDS, _WAITING, _UNBLOCKER = 70, 215, 95, 110
_WAY, _LABELS = 30, 160  # an answer's element; the words of all of them, and the one way that the text part has
_ENCODED = 1.4  # base64 takes four bytes for three, and its lines


def fitted(letter: Digest) -> Digest:
    """Its sections with as many rows as keep it light; the others are counted."""
    sections = [(name, section) for part in letter.parts for name, section in part.sections.items()]
    weights = [(name, [_weight(item) for item in section.items]) for name, section in sections]
    fitting = digest_shapes.shown(weights, LIMIT - _FRAME - sum(_frame(one) for _, one in sections))
    if all(count == len(one.items) for count, (_, one) in zip(fitting, sections, strict=True)):
        return letter
    counts = iter(fitting)
    parts = tuple(_cut(part, {name: next(counts) for name in part.sections}) for part in letter.parts)
    return replace(letter, parts=parts)


def _frame(section: LetterSection) -> int:
    return _SECTION + round(2 * len(section.page) * _ENCODED)


def _cut(part: DigestPart, rows: dict[str, int]) -> DigestPart:
    return replace(part, sections={name: _first(one, rows[name]) for name, one in part.sections.items()})


def _first(section: LetterSection, rows: int) -> LetterSection:
    return replace(section, items=section.items[:rows], total=section.count)


def _weight(item: Item) -> int:
    typed = (item.title, item.page, item.ref, item.unblocker, item.note, item.documents)
    both = 2 * len("".join(typed).encode())
    words = _WORDS * bool(item.ref) + _WAITING * bool(item.waiting_days) + _UNBLOCKER * bool(item.unblocker)
    return round((_TAGS + words + both + _answers(item)) * _ENCODED)


def _answers(item: Item) -> int:
    given = item.answers
    if given is None:
        return 0
    ways = [way for way in (given.on_track, given.blocked, given.done, given.reached, given.news) if way]
    return _LABELS + sum(len(way) + _WAY for way in ways)
