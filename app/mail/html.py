"""From a folder of templates to the two bodies of a mail: text, and HTML whose frame carries its styles itself.

Styles are put on the elements once, on a specimen; running css-inline over each mail cost more than writing it, and
repeated them on every row. What it says of rows stays in the style tag, as the dark scheme does.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from css_inline import CSSInliner
from markupsafe import Markup

from app.i18n.locales import LANGS
from app.rendering import environment, render

# 3 MB and 20 ms at import: not worth loading by name.
_INLINER = CSSInliner(keep_style_tags=True, minify_css=True, load_remote_stylesheets=False)
_PIECE = re.compile(r'<\w+ class="\w+" id="(\w+)"(?: style="([^"]*)")?|<a id="(\w+)" style="([^"]*)"')
_BLANKS, _AIR = re.compile(r"\s+"), re.compile(r" ?([{};:,]) ?")
_GAPS = re.compile(r"\n{3,}")


def bodies(name: str, lang: str, **context: object) -> tuple[str, str]:
    """The text part and the HTML part of `templates/mail/<name>`."""
    _ready(lang)
    text = render(f"mail/{name}/body.txt", lang, **context)
    return _spaced(text), render(f"mail/{name}/body.html", lang, **context)


@lru_cache(maxsize=len(LANGS))
def _ready(lang: str) -> None:
    """What the templates of mails find beside their letter: styles, and words that are said of thousands of rows."""
    known = environment(lang).globals
    known["css"], known["told"], known["told_html"] = styles(lang), _told(lang, "txt"), _told(lang, "html")


def _told(lang: str, ending: str) -> SimpleNamespace:
    """The macros of a file of words, remembered: a day brings the same deadlines and states to everybody."""
    words: Any = environment(lang).get_template(f"mail/words.{ending}").module
    names = [name for name in ("mark", "waiting", "deadline") if hasattr(words, name)]
    return SimpleNamespace(**{name: _remembered(getattr(words, name)) for name in names})


def _remembered(macro: Callable[..., str]) -> Callable[..., str]:
    return lru_cache(maxsize=4096)(lambda *given: type(found := macro(*given))(found.strip()))


@lru_cache(maxsize=len(LANGS))
def styles(lang: str) -> Mapping[str, Markup]:
    """By piece of the specimen what stands in its style attribute; `style`: the sheet itself, as short as it gets."""
    inlined = _INLINER.inline(render("mail/specimen.html", lang))
    pieces = {first or second: one or other for first, one, second, other in _PIECE.findall(inlined)}
    pieces["style"] = _AIR.sub(r"\1", _BLANKS.sub(" ", render("mail/style.html", lang))).strip()
    return {name: Markup(text) for name, text in pieces.items()}  # noqa: S704 - our own files


def _spaced(text: str) -> str:
    """Blocks that said nothing leave no gaps."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _GAPS.sub("\n\n", lines).strip() + "\n"
