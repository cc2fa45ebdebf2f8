"""The walk through a page: which sentences and items are measures, with owner and time limit; offsets of the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.intake import deadlines
from app.intake.calls import Call, Speaking, calls
from app.intake.languages import language_of
from app.intake.lexicon import Lexicon, SentenceForm, lexicon
from app.intake.page import Page
from app.intake.pieces import is_enough, pieces, trim
from app.intake.sentences import Sentence, on_page

# A sentence no writer writes is a table, a listing or an attack: it is read up to here, and not at all with such words.
_MAX_SENTENCE = 3000
_ENDLESS_WORD = re.compile(r"\S{150}")
_HEADING_WORDS = 10
# A numbered item is one measure, unless it is so long that it holds several.
_WHOLE_ITEM = 60
_GOES_ON = re.compile(r"[;؛,،:]$|\b(?:and|et|و)$")
_IN_LIST, _IN_SECTION = 0.0, -0.1


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An action item on the page."""

    start: int
    end: int
    owner: tuple[int, int] | None
    deadline: tuple[int, int] | None
    confidence: float
    lang: str


@dataclass(slots=True)
class _List:
    """The list being read: what its opening said of its items."""

    owner: tuple[int, int] | None
    confidence: float
    is_section: bool
    awaits: bool = True
    depth: int | None = None


class PageReader:
    """Reads one page from top to bottom; keeps who spoke last and the list it is in."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page = page
        self.lang = lang
        self.voice = Speaking()
        self.list: _List | None = None

    def read(self) -> Iterator[FoundItem]:
        """The action items, in reading order; may overlap."""
        for sentence in on_page(self.page):
            short = replace(sentence, end=min(sentence.end, sentence.start + _MAX_SENTENCE))
            plain = self.page.plain[short.start : short.end]
            if _ENDLESS_WORD.search(plain):
                self.list = None
                continue
            words = lexicon(language_of(plain, self.lang))
            if not self._is_heading(short, plain, words):
                yield from self._sentence(short, plain, words)

    def _is_heading(self, sentence: Sentence, plain: str, words: Lexicon) -> bool:
        """A heading opens or closes the list; only what looks like one counts."""
        text = plain.strip(" #*_\t\n")
        looks = sentence.is_heading or (sentence.opens_block and len(text.split()) <= _HEADING_WORDS)
        if words["section"].search(text) and sentence.opens_block and (looks or text.endswith(":")):
            self.list = _List(None, 0.8, is_section=True)
            return True
        closes = words["not_section"].search(text) and not sentence.is_item and not text.endswith(".")
        if sentence.is_heading or (looks and closes):
            self.list = None
            return True
        return False

    def _sentence(self, sentence: Sentence, plain: str, words: Lexicon) -> Iterator[FoundItem]:
        before = self.list
        found = list(self._called(sentence, words)) or list(self._formed(sentence, plain, words))
        if not found and self.list is before and self._belongs(sentence, plain):
            found = list(self._listed(sentence, plain, words))
        if len(found) == 1 and found[0].deadline is None:
            place = deadlines.find(self.page.plain, sentence.start, sentence.end, words)
            found = [replace(found[0], deadline=place)]
        yield from found

    def _called(self, sentence: Sentence, words: Lexicon) -> Iterator[FoundItem]:
        for call in calls(self.page.plain, sentence.start, sentence.end, words, self.voice):
            if call.opens_list:
                self.list = _List(call.owner, min(0.95, call.confidence), is_section=False)
            if call.start < call.end:
                yield from self._pieces(call, words)

    def _formed(self, sentence: Sentence, plain: str, words: Lexicon) -> Iterator[FoundItem]:
        for form in words.forms:
            match = form.pattern.search(plain)
            if match is None or not self._fits(form, match, sentence):
                continue
            groups = match.groupdict()
            owner = _shifted(match.span("owner"), sentence.start) if groups.get("owner") else None
            start, end = _shifted(match.span("what"), sentence.start)
            stop = words["stop"].search(self.page.plain, start, end)
            end = stop.start() if stop else end
            yield from self._pieces(Call(start, end, owner, form.confidence, opens_list=False), words)
            return

    def _fits(self, form: SentenceForm, match: re.Match[str], sentence: Sentence) -> bool:
        if form.needs == "calls" and not self.voice.has_called:
            return False
        if form.needs == "item" and not sentence.is_item:
            return False
        return form.case != "name" or self.page.cased[sentence.start + match.start("what")].isupper()

    def _belongs(self, sentence: Sentence, plain: str) -> bool:
        """Whether this is an item of the open list; closes the list when it is not."""
        here = self.list
        if here is None or not sentence.opens_block:
            return False
        if not sentence.is_item and not here.awaits and not here.is_section:
            self.list = None
            return False
        if sentence.is_item and here.depth is None:
            here.depth = sentence.depth
        if not sentence.is_item and here.depth is not None and not here.is_section:
            self.list = None
            return False
        here.awaits = bool(_GOES_ON.search(plain.rstrip())) and not sentence.is_item
        return here.depth is None or sentence.depth <= here.depth + 1

    def _listed(self, sentence: Sentence, plain: str, words: Lexicon) -> Iterator[FoundItem]:
        here = self.list
        if here is None or plain.endswith(("?", "؟")):
            return
        start = 0
        if here.is_section:
            if not sentence.is_item:
                return
            if not words["item"].match(plain):
                anchor = words["anchor"].search(plain)
                if anchor is None:
                    return
                start = anchor.start() if len(plain) > 150 else 0
        confidence = here.confidence + (_IN_SECTION if here.is_section else _IN_LIST)
        call = Call(sentence.start + start, sentence.end, here.owner, confidence, opens_list=False)
        yield from self._pieces(call, words, whole=here.is_section and len(plain.split()) <= _WHOLE_ITEM)

    def _pieces(self, call: Call, words: Lexicon, *, whole: bool = False) -> Iterator[FoundItem]:
        """The measures of a call; when its first is nothing to follow up, the rest of the sentence is not either."""
        plain = self.page.plain
        for start, end in [(call.start, call.end)] if whole else pieces(plain, call.start, call.end, words):
            if words["reject"].search(plain[start:end]):
                return
            start, end = trim(plain, start, end)
            if is_enough(plain[start:end]):
                owner = self._own(start, end, words) or call.owner
                deadline = deadlines.find(plain, start, end, words)
                yield FoundItem(start, end, owner, deadline, _sure(call.confidence, plain[start:end]), words.lang)

    def _own(self, start: int, end: int, words: Lexicon) -> tuple[int, int] | None:
        """The one charged inside the measure itself."""
        back = 6 if words.lang == "ar" else 0
        start = max(0, start - back)
        text = self.page.plain[start:end]
        for pattern in words.own:
            if match := pattern.search(text):
                return _shifted(match.span("owner"), start)
        return None


def _shifted(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _sure(confidence: float, text: str) -> float:
    """Very short and very long pieces are more often wrong."""
    count = len(text.split())
    return round(min(0.95, max(0.05, confidence - (0.15 if count < 3 else 0.1 if count > 60 else 0))), 2)
