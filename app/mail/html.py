"""From a folder of templates to the two bodies of a mail: text, and HTML whose styles stand on the elements."""

import re

from css_inline import CSSInliner

from app.rendering import render

# 3 MB and 20 ms at import: not worth loading by name. Style tags stay for what cannot be inlined: the dark scheme.
_INLINER = CSSInliner(keep_style_tags=True, minify_css=True, load_remote_stylesheets=False)


def bodies(name: str, lang: str, **context: object) -> tuple[str, str]:
    """The text part and the HTML part of `templates/mail/<name>`."""
    text = render(f"mail/{name}/body.txt", lang, **context)
    html = render(f"mail/{name}/body.html", lang, **context)
    return _spaced(text), _INLINER.inline(html)


def _spaced(text: str) -> str:
    """Blocks that said nothing leave no gaps."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
