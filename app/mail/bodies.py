"""From a folder of templates to the two bodies of a mail: text, and HTML whose frame carries its styles itself.

Styles are put on the elements once, on a specimen; running css-inline over each mail cost more than writing it, and
repeated them on every row. What is said of rows stays in the style tag, as the dark scheme does; nothing is in both.

Of actions mails speak thousands of times a morning: each macro is run once for each set of things to say, kept with
gaps in it, and filled for every action that has the same things to say.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache, partial
from itertools import product
from types import SimpleNamespace
from typing import Any

from css_inline import CSSInliner
from markupsafe import Markup, escape

from app.domain import mail_sentences
from app.domain.mail_sentences import waiting
from app.domain.messages import Message
from app.i18n.locales import LANGS
from app.i18n.voices import remembered
from app.mail.letters import Answers, Item
from app.rendering import environment, render
from app.wording import say_isolated, say_text

# 3 MB and 20 ms at import: not worth loading by name.
_INLINER = CSSInliner(keep_style_tags=True, minify_css=True, load_remote_stylesheets=False)
_PIECE = re.compile(r'<\w+ class="[\w ]+" id="(\w+)"(?: style="([^"]*)")?|<a id="(\w+)" style="([^"]*)"')
_BLANKS, _AIR = re.compile(r"\s+"), re.compile(r" ?([{};:,!+]) ?")
# What the macros may ask of a row.
_NAMES = (
    "title",
    "page",
    "ref",
    "unblocker",
    "note",
    "recommendation",
    "programme",
    "entrusted",
    "on_track",
    "blocked",
    "done",
    "reached",
    "news",
    "key",
    "milestone_of",
    "documents",
    "is_late",
    "deadline",
    "mark",
    "waiting",
    "copies",
)
_GAP = 0xE000  # of Unicode's private use: no macro says it by itself
_GAPS = re.compile(f"[{chr(_GAP)}-{chr(_GAP + len(_NAMES) - 1)}]")
_BETWEEN = re.compile(r">\s*\n\s*<")  # lines of the template, which a row would repeat
_MARKS = "&<>\"'"
Shape = Callable[..., str]
Saying = Callable[..., str]


class Rows:
    """The macros of one language and one part of a mail, `txt` or `html`."""

    def __init__(self, lang: str, ending: str) -> None:
        self.macros: Any = environment(lang).get_template(f"mail/macros.{ending}").module
        self._is_html = ending == "html"
        self._deadline, self._mark, self._waiting, self._who = _words(lang, ending)
        self._shape = lru_cache(maxsize=512)(self._shape_of)

    def __call__(self, macro: str, item: Item, today: date) -> str:
        filled = self._filled(macro, item, today)
        return Markup(filled) if self._is_html else filled  # noqa: S704 - what was filled in is escaped

    def each(self, macro: str, items: Iterable[Item], today: date) -> str:
        filled = "".join([self._filled(macro, item, today) for item in items])
        return Markup(filled) if self._is_html else filled  # noqa: S704 - what was filled in is escaped

    def _filled(self, macro: str, item: Item, today: date) -> str:
        typed, late = _typed(item), item.days_late(today)
        said = (
            *(_escaped(typed) if self._is_html else typed),
            "▲" if late else "",
            self._deadline(item.due_on, late, today),
            self._mark(late, item.state, item.block_reason, bool(item.milestone_of)),
            self._waiting(item.state, item.waiting_days),
            self._who(item.copies) if item.copies else "",
        )
        return self._shape(macro, tuple(map(bool, said)))(*said)

    def _shape_of(self, macro: str, is_said: tuple[bool, ...]) -> Shape:
        gaps = {name: chr(_GAP + i) if is_said[i] else "" for i, name in enumerate(_NAMES)}
        whole = str(getattr(self.macros, macro)(SimpleNamespace(**gaps)))
        if self._is_html:
            whole = _BETWEEN.sub("><", whole.strip())
        braced = whole.replace("{", "{{").replace("}", "}}")
        return _GAPS.sub(lambda gap: f"{{{ord(gap[0]) - _GAP}}}", braced).format


def bodies(name: str, lang: str, why: Message | None, **context: object) -> tuple[str, str]:
    """The text part and the HTML part of `templates/mail/<name>`, and why it comes, at the foot of both."""
    reason = say_isolated(why, lang) if why else ""
    text = _part(name, lang, "txt", {"why": reason, **context})
    shown = Markup(_marked_up(reason))  # noqa: S704 - escaped there
    return _spaced(text), _part(name, lang, "html", {"why": shown, **context})


def _part(name: str, lang: str, ending: str, context: Mapping[str, object]) -> str:
    rows = _ready(lang)[ending]
    return render(f"mail/{name}/body.{ending}", lang, m=rows.macros, row=rows.__call__, rows=rows.each, **context)


def make_ready(names: Iterable[str]) -> None:
    """Compile what these mails are written with, in every language: a process that is forked then finds it."""
    for name, lang in product(names, LANGS):
        for ending in _ready(lang):
            environment(lang).get_template(f"mail/{name}/body.{ending}")


@remembered(len(LANGS))
def _ready(lang: str) -> Mapping[str, Rows]:
    """What the templates of mails find beside their letter: styles, headings. And what they say of actions, by part."""
    environment(lang).globals.update(css=styles(lang), heading=partial(_heading, lang))
    return {ending: Rows(lang, ending) for ending in ("txt", "html")}


@remembered(4096)
def _heading(lang: str, what: str, number: int) -> str:
    return say_text(mail_sentences.heading(what, number), lang)


@lru_cache(maxsize=len(LANGS))
def styles(lang: str) -> Mapping[str, Markup]:
    """By piece of the specimen what stands in its style attribute; `style`: the sheet itself, as short as it gets."""
    inlined = _INLINER.inline(render("mail/specimen.html", lang))
    pieces = {first or second: one or other for first, one, second, other in _PIECE.findall(inlined)}
    pieces["style"] = _AIR.sub(r"\1", _BLANKS.sub(" ", render("mail/style.html", lang))).replace(";}", "}").strip()
    return {name: Markup(text) for name, text in pieces.items()}  # noqa: S704 - our own files


def _spaced(text: str) -> str:
    """Blocks that said nothing leave no gaps."""
    lines = "\n".join(map(str.rstrip, text.splitlines()))
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines.strip() + "\n"


def _typed(item: Item) -> tuple[str, ...]:
    """What is not made of our own words, in the order of its names."""
    given = item.answers
    answers = _answers(given) if given else _NO_ANSWERS
    entrusted = (
        f"{item.post} · {item.organisation}" if item.post and item.organisation else item.post or item.organisation
    )
    return (
        item.title,
        item.page,
        item.ref,
        item.unblocker,
        item.note,
        item.recommendation,
        item.programme,
        entrusted,
        *answers,
        item.milestone_of,
        item.documents,
    )


def _answers(given: Answers) -> tuple[str, ...]:
    key = (given.on_track or given.news).partition("?")[0]
    return given.on_track, given.blocked, given.done, given.reached, given.news, key


_NO_ANSWERS = ("",) * 6


def _escaped(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Asked of a whole row at once whether anything in it has to be: hardly ever."""
    whole = "".join(texts)
    return tuple(str(escape(one)) for one in texts) if any(mark in whole for mark in _MARKS) else texts


def _words(lang: str, ending: str) -> tuple[Saying, ...]:
    """What is said in words, remembered: a day brings the same deadlines and states to everybody."""
    plain: Any = environment(lang).get_template("mail/macros.txt").module
    finish, marks = (_marked_up, _apart) if ending == "html" else (str, str)
    sayings = (
        (partial(_sentence, mail_sentences.deadline, lang), finish),
        (plain.mark, marks),
        (partial(_sentence, waiting, lang), finish),
        (plain.who, finish),
    )
    return tuple(_remembered(saying, finished) for saying, finished in sayings)


def _apart(marks: str) -> str:
    """Each mark stays on one line; two of them may need two on a phone."""
    return _marked_up(marks).replace(" · ", "</b> · <b>")


def _sentence(sentence: Callable[..., Message | None], lang: str, *facts: Any) -> str:
    message = sentence(*facts)
    return say_isolated(message, lang) if message else ""


def _marked_up(text: str) -> str:
    """What is set apart by characters in plain text is set apart by elements in HTML."""
    return str(escape(text)).replace("\u2068", "<bdi>").replace("\u2069", "</bdi>")


def _remembered(saying: Saying, finish: Callable[[str], str]) -> Saying:
    return lru_cache(maxsize=4096)(lambda *given: finish(saying(*given).strip()))
