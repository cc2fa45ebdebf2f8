"""From the text of a report to the recommendations it may hold, each with place, owner, time limit and honest doubt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.intake.deadlines import due_on
from app.intake.languages import detect
from app.intake.page import Page, page
from app.intake.reading import FoundItem, PageReader

MAX_PROPOSALS = 500
# Some five hundred printed pages; what lies beyond is kept in the reading and can be marked by hand.
MAX_READ = 1_000_000


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, verbatim: `text` is the reading's text[start:end]; `owner` and `deadline` are its words, or None."""

    text: str
    start: int
    end: int
    owner: str | None
    deadline: str | None
    due_on: date | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as read: its language, its text as given, and the proposals in reading order, never overlapping."""

    lang: str
    text: str
    proposals: tuple[Measure, ...]


def propose(text: str, lang: str | None = None, today: date | None = None) -> Reading:
    """Read a report. `lang` is detected when not given; "in six months" counts from `today`, the meeting's day."""
    main = lang or detect(text)
    sheet = page(text[:MAX_READ])
    found = _apart(PageReader(sheet, main).read(), sheet)
    return Reading(main, text, tuple(_proposal(sheet, item, today) for item in found))


def as_json(reading: Reading) -> dict[str, object]:
    """The reading in the form the command line prints."""
    proposals = [
        {
            "text": p.text,
            "start": p.start,
            "end": p.end,
            "owner": p.owner,
            "deadline": p.deadline,
            "due_on": p.due_on.isoformat() if p.due_on else None,
            "confidence": p.confidence,
        }
        for p in reading.proposals
    ]
    return {"lang": reading.lang, "text": reading.text, "proposals": proposals}


def _apart(found: Iterable[FoundItem], sheet: Page) -> Iterator[FoundItem]:
    """The surest of what overlaps, and each wording once."""
    kept: list[FoundItem] = []
    seen: set[str] = set()
    for item in found:
        wording = " ".join(sheet.plain[item.start : item.end].split())
        if wording in seen:
            continue
        if kept and item.start < kept[-1].end:
            if item.confidence <= kept[-1].confidence:
                continue
            kept.pop()
        seen.add(wording)
        kept.append(item)
        if len(kept) >= MAX_PROPOSALS:
            break
    yield from kept


def _proposal(sheet: Page, item: FoundItem, today: date | None) -> Measure:
    span = sheet.original(item.start, item.end)
    deadline = _verbatim(sheet, item.deadline)
    return Measure(
        text=sheet.text[span.start : span.end],
        start=span.start,
        end=span.end,
        owner=_verbatim(sheet, item.owner),
        deadline=deadline,
        due_on=due_on(deadline, today, item.lang) if deadline else None,
        confidence=item.confidence,
    )


def _verbatim(sheet: Page, place: tuple[int, int] | None) -> str | None:
    if place is None:
        return None
    span = sheet.original(*place)
    return sheet.text[span.start : span.end].strip() or None
