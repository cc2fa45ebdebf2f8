"""The verbs of calling in one sentence: who speaks, to whom, and where what is called for begins and ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.intake.lexicon import Cue, Lexicon

_LINK_WITHIN = 300
# Only a verb this sure may announce a list without its preposition.
_SURE = 0.8
_PLURAL = re.compile(r"(?:وا|ين|ون|اوصيا)$|^[وف]?ن|^تمت|^تم |^جر|^تقرر")
_SINGLE_PARTICIPLE = re.compile(r"^م\w+[اه]$|^داعي")
_LIST_OPENER = re.compile(r"[:：]\s*$")
_CLAUSE_EDGE = re.compile(r"[;:.!?()]|,\s(?:et|mais|and|but)\s")
_PREPOSITION = re.compile(
    r"\s*(?:egalement |aussi |donc |instamment |vivement |also |therefore )?"
    r"(?:(?:a|au|aux|du|des|de|upon|on)\s(?=\w)|d')?"
)
_VERB_AFTER_OWNER = re.compile(r"\s(?:ensures?|should|must|shall|to|takes?|doi\w+|veillent?)\b.*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """What is called for, in offsets of the page; `opens_list` when it follows below."""

    start: int
    end: int
    owner: tuple[int, int] | None
    confidence: float
    opens_list: bool


@dataclass(slots=True)
class Speaking:
    """Who spoke last, the meeting ("many"), one person ("one") or nobody yet (""); whether the meeting has called."""

    speaker: str = ""
    has_called: bool = False


def calls(plain: str, start: int, end: int, words: Lexicon, voice: Speaking) -> Iterator[Call]:
    """The calls of a sentence that the meeting makes; what one speaker wishes is passed over."""
    heard = list(_heard(plain, start, end, words, voice))
    for place, (match, cue) in enumerate(heard):
        if cue is None:
            continue
        stop = heard[place + 1][0].start() if place + 1 < len(heard) else end
        call = _call(plain, match, stop, cue, words)
        if call is not None:
            voice.has_called = True
            yield call


def _heard(
    plain: str, start: int, end: int, words: Lexicon, voice: Speaking
) -> Iterator[tuple[re.Match[str], Cue | None]]:
    """The cues that count, and with None those of a single speaker: they end what the meeting said before."""
    in_list_of = False
    for match, cue in _cues(plain, start, end, words):
        if _link(cue, plain[match.end() : min(end, match.end() + _LINK_WITHIN)]) is None and not _LIST_OPENER.search(
            plain, match.end(), end
        ):
            in_list_of = in_list_of or cue.name == "among_recommendations"
            continue
        speaker = _speaker(plain, start, match, words)
        if _is_heard(cue, speaker, voice) or (in_list_of and cue.speaker == "carried"):
            voice.speaker = "many" if speaker == "many" else voice.speaker
            yield match, cue
        elif speaker == "one" and cue.speaker != "carried":
            voice.speaker = "one"
            yield match, None


def _cues(plain: str, start: int, end: int, words: Lexicon) -> Iterator[tuple[re.Match[str], Cue]]:
    guarded = [match.span() for match in words["guard"].finditer(plain, start, end)]
    found = [(match, cue) for cue in words.cues for match in cue.pattern.finditer(plain, start, end)]
    last = -1
    for match, cue in sorted(found, key=lambda pair: (pair[0].start(), -pair[0].end())):
        if match.start() < last or any(a <= match.start() < b for a, b in guarded):
            continue
        last = match.end()
        yield match, cue


def _is_heard(cue: Cue, speaker: str, voice: Speaking) -> bool:
    if cue.speaker == "any":
        return True
    if cue.speaker == "carried":
        return voice.speaker == "many" or voice.has_called
    return speaker == "many" or (speaker == "carried" and voice.speaker != "one")


def _speaker(plain: str, start: int, match: re.Match[str], words: Lexicon) -> str:
    """Arabic names its subject after the verb, French and English before."""
    if words.lang == "ar":
        return _arabic_speaker(plain, start, match, words)
    before = plain[max(start, match.start() - 160) : match.start()]
    edges = [edge.end() for edge in _CLAUSE_EDGE.finditer(before)]
    clause = before[edges[-1] :] if edges else before
    if not clause.strip(" -–\n\t"):
        return "many" if match.start() - start < 3 or edges else "carried"
    many, one = words["collective"].search(clause), words["person"].search(clause + " ")
    if many and (one is None or many.start() <= one.start()):
        return "many"
    return "one" if one else ("carried" if clause.strip() in ("et", "and", "also", "egalement") else "one")


def _arabic_speaker(plain: str, start: int, match: re.Match[str], words: Lexicon) -> str:
    after = " ".join(plain[match.end() : match.end() + 60].split()[:3])
    verb = match[0].strip()
    many, one = words["collective"].search(after), words["person"].search(after)
    if many and (one is None or many.start() < one.start()):
        return "many"
    if _PLURAL.search(verb) or words["collective"].search(verb):
        return "many"
    if one:
        return "one"
    if words["collective"].search(plain, max(start, match.start() - 30), match.start()):
        return "many"
    before = plain[max(start, match.start() - 8) : match.start()]
    follows = after.split(" ")[0]
    is_bare = any(link.match(follows + " ") for link in words.cues[1].link) or follows[:1] in "بل:"
    return "carried" if _SINGLE_PARTICIPLE.search(verb) or "فإنه" in before or is_bare else "one"


def _call(plain: str, match: re.Match[str], stop: int, cue: Cue, words: Lexicon) -> Call | None:
    region = plain[match.end() : stop]
    link = _link(cue, region[:_LINK_WITHIN])
    if link is None:
        opens = cue.confidence >= _SURE and bool(_LIST_OPENER.search(region)) and len(region) < _LINK_WITHIN
        return Call(stop, stop, None, cue.confidence, opens_list=True) if opens else None
    start, end = match.end() + link[1], stop
    cut = words["stop"].search(plain, start, stop)
    if cut:
        end = cut.start()
    owner = _owner(plain, match.end(), match.end() + link[0], words, match[0]) if cue.owner else None
    content = plain[start:end]
    if not content.strip(" :\n«") or (_LIST_OPENER.search(content) and len(content.split()) <= 9):
        if owner is None and cue.owner and content.strip(" :\n"):
            owner = _leading(plain, start, end)
        return Call(stop, stop, owner, cue.confidence, opens_list=True)
    return Call(start, end, owner, cue.confidence, bool(_LIST_OPENER.search(content)))


def _link(cue: Cue, region: str) -> tuple[int, int] | None:
    """The earliest of the links; the last one of the list only where there is no other."""
    matches = [match for link in cue.link[:-1] if (match := link.search(region))]
    if not matches and (match := cue.link[-1].search(region)):
        matches = [match]
    return min((match.span() for match in matches), default=None)


def _owner(plain: str, start: int, end: int, words: Lexicon, verb: str) -> tuple[int, int] | None:
    """The addressee between the verb and what is called for."""
    if words.lang == "ar":
        subject = words["collective"].search(plain, start, min(end, start + 30))
        if subject is None or _PLURAL.search(verb.strip()):
            return _bounded(plain, start, end, words)
        start = subject.end()
        body = words["bodies"].search(plain, start, end)
        return _bounded(plain, body.start(), end, words) if body else None
    prefix = _PREPOSITION.match(plain, start, end)
    start = prefix.end() if prefix else start
    return _bounded(plain, start, end, words)


def _bounded(plain: str, start: int, end: int, words: Lexicon) -> tuple[int, int] | None:
    while start < end and not plain[start].isalnum():
        start += 1
    stop = words["owner_stop"].search(plain, start, end)
    end = stop.start() if stop else end
    while end > start and not plain[end - 1].isalnum() and plain[end - 1] not in ".)":
        end -= 1
    text = plain[start:end]
    if not 3 <= len(text) <= 120 or (words.lang == "ar" and not words["bodies"].search(text)):
        return None
    return start, end


def _leading(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The body named between "that" and a colon: "recommends that the Authority ensures that:"."""
    text = _VERB_AFTER_OWNER.sub("", plain[start:end]).rstrip(" :\n\t")
    start += len(text) - len(text.lstrip())
    text = text.strip()
    return (start, start + len(text)) if 3 <= len(text) <= 120 else None
