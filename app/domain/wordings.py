"""A sentence of a mail in an administrator's words: the variables it must keep, and what makes it unfit to be sent."""

import re
from collections.abc import Mapping, Sequence

from app.domain.errors import Problems, Refused
from app.domain.messages import N_
from app.domain.texts import one_line

LONGEST = 400
# By language, a number for each of its plural forms in the order of the catalogues, and all the numbers that it is for.
NUMBERS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "ar": (
        (0, "0"),
        (1, "1"),
        (2, "2"),
        (3, "3–10, 103–110, …"),
        (11, "11–99, 111–199, …"),
        (100, "100–102, 200–202, …"),
    ),
    "fr": ((1, "0–1"), (2, "2, 3, 4, …")),
    "en": ((1, "1"), (2, "0, 2, 3, 4, …")),
}
_VARIABLE = re.compile(r"%\((\w+)\)s")
_APART = re.compile(r"(%\(\w+\)s)")
_SIGNS = re.compile(r"[<>&{}]")
NUMBER = "num"
VARIABLES: Mapping[str, str] = {  # in plain words; one that is not here stands by its name alone
    NUMBER: N_("a number"),
    "title": N_("a title"),
    "titles": N_("titles of documents"),
    "day": N_("a date"),
    "when": N_("how far the date is"),
    "since": N_("the first day"),
    "until": N_("the last day"),
    "asked": N_("the date that was asked for"),
    "counts": N_("how many of what"),
    "who": N_("persons or bodies"),
    "names": N_("names of posts, bodies or programmes"),
    "post": N_("the name of the post"),
    "body": N_("the name of the body"),
    "what": N_("what is asked of it"),
    "asker": N_("who asks"),
    "answerer": N_("who answers"),
    "reason": N_("the reason"),
    "how": N_("how it came, and when"),
    "said": N_("what was said"),
    "ref": N_("a reference"),
    "head": N_("a fingerprint of the record"),
}


def variables(text: str) -> list[str]:
    """In the order in which it names them."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def pieces(text: str) -> list[tuple[str, bool]]:
    """Words and variables (True) in turn: a variable reads from left to right in any line."""
    return [(piece, _VARIABLE.fullmatch(piece) is not None) for piece in _APART.split(text) if piece]


def typeable(text: str) -> str:
    """For a field: variables are set apart by signs that nobody sees, and that are taken away when it is saved."""
    return "".join(f"\u2066{piece}\u2069" if is_variable else piece for piece, is_variable in pieces(text))


def may_lack(lang: str, form: int, ours: str) -> set[str]:
    """A form for one number alone may say it in words; nothing else may be left out, but where ours leaves it out."""
    is_one_number = NUMBERS[lang][form][1].isdecimal()
    return {NUMBER} if is_one_number or NUMBER not in variables(ours) else set()


def checked(lang: str, ours: Sequence[str], typed: Mapping[str, str]) -> list[str]:
    """One line for each of our forms; raises Problems that say of each field what is wrong with it."""
    problems, lines = list[Refused](), list[str]()
    names = {name for form in ours for name in variables(form)}
    for number, form in enumerate(ours):
        line = one_line(typed.get(str(number), ""))
        lacking = may_lack(lang, number, form) if len(ours) > 1 else set[str]()
        refused = _refused(line, f"forms.{number}", set(variables(form)) - lacking, names)
        lines.append(line)
        problems += [refused] if refused else []
    if unknown := typed.keys() - {str(number) for number in range(len(ours))}:
        problems.append(Refused(N_("The language has no such form"), f"forms.{min(unknown)}"))
    if problems:
        raise Problems(problems)
    return lines


def _refused(line: str, field: str, needed: set[str], known: set[str]) -> Refused | None:
    named = set(variables(line))
    if not line:
        return Refused(N_("Write the sentence, or go back to the original"), field)
    if len(line) > LONGEST:
        return Refused(N_("This is too long: use at most %(max_length)s characters"), field, max_length=LONGEST)
    if unknown := named - known:
        return Refused(N_("No variable is called so here: %(name)s"), field, name=min(unknown))
    if lacking := needed - named:
        return Refused(N_("This variable must stay in the sentence: %(name)s"), field, name=f"%({min(lacking)})s")
    if "%" in _VARIABLE.sub("", line):
        return Refused(N_("A percent sign may only begin a variable, written as beside the field"), field)
    if sign := _SIGNS.search(line):
        return Refused(N_("This sign can't stand in a mail's wording: %(sign)s"), field, sign=sign[0])
    return None
