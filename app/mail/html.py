"""From a folder of templates to the two bodies of a mail: text, and HTML whose frame carries its styles itself.

Styles are put on the elements once, on a specimen; running css-inline over each mail cost more than writing it, and
repeated them on every row. What is said of rows stays in the style tag, as the dark scheme does; nothing is in both.
"""

import re
from collections.abc import Mapping
from functools import lru_cache, partial

from css_inline import CSSInliner
from markupsafe import Markup

from app.domain import mail_sentences
from app.domain.messages import Message
from app.i18n.locales import LANGS
from app.mail.action_rows import Rows, marked_up
from app.rendering import environment, render
from app.wording import say_isolated, say_text

# 3 MB and 20 ms at import: not worth loading by name.
_INLINER = CSSInliner(keep_style_tags=True, minify_css=True, load_remote_stylesheets=False)
_PIECE = re.compile(r'<\w+ class="[\w ]+" id="(\w+)"(?: style="([^"]*)")?|<a id="(\w+)" style="([^"]*)"')
_BLANKS, _AIR = re.compile(r"\s+"), re.compile(r" ?([{};:,!+]) ?")
_GAPS = re.compile(r"\n{3,}")


def bodies(name: str, lang: str, why: Message | None, **context: object) -> tuple[str, str]:
    """The text part and the HTML part of `templates/mail/<name>`, and why it comes, at the foot of both."""
    reason = say_isolated(why, lang) if why else ""
    text = _part(name, lang, "txt", {"why": reason, **context})
    shown = Markup(marked_up(reason))  # noqa: S704 - escaped there
    return _spaced(text), _part(name, lang, "html", {"why": shown, **context})


def _part(name: str, lang: str, ending: str, context: Mapping[str, object]) -> str:
    rows = _ready(lang)[ending]
    return render(f"mail/{name}/body.{ending}", lang, m=rows.macros, row=rows.__call__, rows=rows.each, **context)


@lru_cache(maxsize=len(LANGS))
def _ready(lang: str) -> Mapping[str, Rows]:
    """What the templates of mails find beside their letter: styles, headings. And what they say of actions, by part."""
    environment(lang).globals.update(css=styles(lang), heading=partial(_heading, lang))
    return {ending: Rows(lang, ending) for ending in ("txt", "html")}


@lru_cache(maxsize=4096)
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
    return _GAPS.sub("\n\n", lines).strip() + "\n"
