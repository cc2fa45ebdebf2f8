"""Translations and the original that they follow: which of them still say what it said before, which are missing."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from enum import StrEnum

from app.domain.texts import LANGS, Titles

# By language of the translation: of which language it was made, and what that said then; only where it changed since.
MadeOf = dict[str, list[str]]


class TextKind(StrEnum):
    """What has words in several languages."""

    PROGRAMME = "programme"
    MEETING = "meeting"
    RECOMMENDATION = "recommendation"
    ACTION = "action"
    PART = "part"
    MILESTONE = "milestone"
    INDICATOR = "indicator"
    THEME = "theme"
    ORGANISATION = "organisation"
    POST = "post"


SHARED = frozenset({TextKind.THEME, TextKind.ORGANISATION, TextKind.POST})


def authority(titles: Mapping[str, str], original: str) -> str:
    """The language that the others follow; where the original says nothing, the first that says something."""
    return next((lang for lang in (original, *LANGS) if titles.get(lang)), original)


def first_written(titles: Mapping[str, str], *preferred: str) -> str:
    """The original of new words: the language that stands alone, else the first of those preferred that is there."""
    return next((lang for lang in (*preferred, *LANGS) if titles.get(lang)), "")


def follow(before: Titles, after: Titles, made_of: MadeOf, was: str, original: str) -> MadeOf:
    """What is known of the translations once the words changed; `was`, `original`: the original before and now.

    Whatever was rewritten is up to date, and so is a translation of what the original says again. What the original
    said first is kept however often it changes after that, and while it is empty.
    """
    followed = (authority(after, original), authority(before, was))
    kept: MadeOf = {}
    for lang, text in after.items():
        if lang == original or text != before.get(lang):
            continue
        entry = made_of.get(lang) or _moved(before, after, [of for of in followed if of != lang])
        if entry and after.get(entry[0]) != entry[1]:
            kept[lang] = list(entry)
    return kept


def _moved(before: Titles, after: Titles, followed: Iterable[str]) -> list[str]:
    """The first of these languages that says something else now, with what it said."""
    return next(([of, before[of]] for of in followed if before.get(of) and before[of] != after.get(of)), [])


def outdated(titles: Mapping[str, str], made_of: Mapping[str, list[str]], lang: str) -> str:
    """The language of the original that has changed since these words were written; empty: they are up to date."""
    of, said = made_of.get(lang) or ("", "")
    return of if titles.get(lang) and titles.get(of) and titles[of] != said else ""


def still_right(made_of: MadeOf, lang: str) -> MadeOf:
    """Somebody read the translation beside the original: it says the same."""
    return {other: list(entry) for other, entry in made_of.items() if other != lang}


def due(texts: Mapping[str, Titles], made_of: Mapping[str, MadeOf]) -> dict[str, bool]:
    """By language in which something is to be done: whether words there are outdated, or only missing."""
    found: dict[str, bool] = {}
    for lang in LANGS:
        if any(outdated(titles, made_of.get(field, {}), lang) for field, titles in texts.items()):
            found[lang] = True
        elif any(titles and not titles.get(lang) for titles in texts.values()):
            found[lang] = False
    return found


def moved(before: str, after: str) -> list[tuple[str, str]]:
    """Word by word what stayed, what went and what came: runs of "same", "gone" and "new"."""
    old, new = before.split(), after.split()
    runs: list[tuple[str, str]] = []
    for tag, start, stop, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(("same", " ".join(old[start:stop])))
            continue
        runs += [
            (kind, " ".join(words)) for kind, words in (("gone", old[start:stop]), ("new", new[first:last])) if words
        ]
    return runs
