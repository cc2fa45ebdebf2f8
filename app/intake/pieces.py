"""What a report calls for, cut into the measures a tracker would follow apart; who calls for it is not known here."""

import re

from app.intake.lexicon import Lexicon

_EDGE = " \t\n\r،,;؛:.«»\"“”'()[]-–—*+/"
_CLOSERS = {")": "(", "]": "[", "»": "«"}
_STRONG = re.compile(r"\bthat\b|\bque\b|\bqu'|وان\b")
_COMMA = re.compile("[,،;؛+]")
_ARTICLE = re.compile(r"(?:la|le|les|l'|une?|des|the|an?|to|de|d'|que|that)\s")
_MIN_LETTERS = 8


def pieces(plain: str, start: int, end: int, words: Lexicon) -> list[tuple[int, int]]:
    """The measures in plain[start:end]: cut where another action begins, not in a purpose or before "and ... it"."""
    cuts = [(start, start)]
    for match in words["join"].finditer(plain, start + 1, end):
        if _is_cut(plain, cuts[-1][1], match, end, words):
            cuts.append((match.start(), match.end()))
    ends = [cut[0] for cut in cuts[1:]] + [end]
    trimmed = [_without_tail(plain, cut[1], stop, words) for cut, stop in zip(cuts, ends, strict=True)]
    return [(a, b) for a, b in trimmed if is_enough(plain[a:b])]


def _is_cut(plain: str, start: int, match: re.Match[str], end: int, words: Lexicon) -> bool:
    before, after = plain[start : match.start()], plain[match.end() : min(end, match.end() + 80)]
    if before.count("(") > before.count(")"):
        return False
    if len(_ARTICLE.sub("", before.strip(_EDGE) + " ").split()) < 2:
        return False
    first_words = [word.strip(_EDGE) for word in after.split()[:2]]
    if any(words["anaphora"].fullmatch(" ".join(first_words[:count])) for count in (1, 2)):
        return False
    if not words["needed_before"].search(before):
        return False
    if _COMMA.search(match[0]) or _STRONG.search(match[0]):
        return True
    return not words["purpose"].search(before, _second_word(before))


def _second_word(text: str) -> int:
    """Where the third word begins: an opening "measures to" is no purpose."""
    found = list(re.finditer(r"\S+\s+", text[:80]))[:2]
    return found[-1].end() if found else 0


def _without_tail(plain: str, start: int, end: int, words: Lexicon) -> tuple[int, int]:
    """Without the conjunction that led to the next."""
    start, end = trim(plain, start, end)
    tail = words["tail"].search(plain[start:end])
    return trim(plain, start, start + tail.start()) if tail else (start, end)


def trim(plain: str, start: int, end: int) -> tuple[int, int]:
    """Without the punctuation around it; a bracket that was opened inside stays closed."""
    while (
        start < end
        and plain[start] in _EDGE
        and not (plain[start] in "([«" and plain.find(_closing(plain[start]), start, end) > 0)
    ):
        start += 1
    while end > start and plain[end - 1] in _EDGE:
        opener = _CLOSERS.get(plain[end - 1])
        if opener and plain.rfind(opener, start, end) >= 0:
            break
        end -= 1
    return start, end


def _closing(opener: str) -> str:
    return {"(": ")", "[": "]", "«": "»"}[opener]


def is_enough(plain: str) -> bool:
    """A measure has at least two words."""
    return len(plain.split()) >= 2 and sum(map(str.isalpha, plain)) >= _MIN_LETTERS
