"""The word lists of one language, read from their file when first needed and made into patterns; no rule is here."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.intake.page import fold

_WORDS = Path(__file__).with_name("words")
_NAMED = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb of calling for something: who must be speaking, how its content begins, how sure it makes us."""

    name: str
    pattern: re.Pattern[str]
    speaker: str
    link: tuple[re.Pattern[str], ...]
    owner: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class SentenceForm:
    """A whole sentence that is an action item by its form; groups `what` and perhaps `owner`."""

    name: str
    pattern: re.Pattern[str]
    needs: str
    case: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything one language knows; `tables` are its months, numbers, ordinals, units and duals."""

    lang: str
    patterns: Mapping[str, re.Pattern[str]]
    tables: Mapping[str, Mapping[str, Any]]
    cues: tuple[Cue, ...]
    forms: tuple[SentenceForm, ...]
    own: tuple[re.Pattern[str], ...]

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self.patterns[name]


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of ar, fr or en."""
    data = tomllib.loads((_WORDS / f"{lang}.toml").read_text(encoding="utf-8"))
    tables = {name: {fold(word): value for word, value in data[name].items()} for name in _TABLES}
    parts = {part: _any_of(tables[name]) for name, part in _TABLES.items()}
    own = data["words"].pop("own", [])
    for name, words in data["words"].items():
        parts[name] = "(?:" + "|".join(_fill(word, parts) for word in words) + ")"
    patterns = {name: re.compile(part, re.DOTALL) for name, part in parts.items()}
    cues = tuple(_cue(entry, parts) for entry in data["cues"])
    forms = tuple(_form(entry, word, parts) for entry in data.get("patterns", ()) for word in entry["words"])
    return Lexicon(lang, patterns, tables, cues, forms, tuple(_joined([word], parts) for word in own))


_TABLES = {"months": "month", "numbers": "number", "ordinals": "ordinal", "units": "unit", "duals": "dual"}


def _any_of(table: Mapping[str, object]) -> str:
    longest_first = sorted(table, key=len, reverse=True)
    return r"(?:(?:" + "|".join(_fill(re.escape(word), {}) for word in longest_first) + r")\b)" if table else "(?!)"


def _fill(word: str, parts: Mapping[str, str]) -> str:
    """`{name}` stands for an earlier list, a blank for any white space; hamza below an alef may be missing."""
    folded = "".join(piece if piece.startswith("\\") else fold(piece) for piece in re.split(r"(\\.)", word))
    open_hamza = folded.replace("(?p<", "(?P<").replace("[إا]", "إ").replace("إ", "[إا]")
    spaced = open_hamza.replace("\\ ", " ").replace(" ", r"\s{1,9}")
    return _NAMED.sub(lambda match: parts[match[1]], spaced)


def _joined(words: list[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(_fill(word, parts) for word in words), re.DOTALL)


def _cue(entry: Mapping[str, Any], parts: Mapping[str, str]) -> Cue:
    return Cue(
        name=entry["name"],
        pattern=_joined(entry["words"], parts),
        speaker=entry.get("speaker", "any"),
        link=tuple(_joined([word], parts) for word in entry["links"]),
        owner=entry.get("owner", False),
        confidence=entry["confidence"],
    )


def _form(entry: Mapping[str, Any], word: str, parts: Mapping[str, str]) -> SentenceForm:
    return SentenceForm(
        name=entry["name"],
        pattern=_joined([word], parts),
        needs=entry.get("needs", ""),
        case=entry.get("case", ""),
        confidence=entry["confidence"],
    )
