"""What is said of translations: to the public and to whoever brings them up to date."""

from app.domain.sentences import translations
from tests.sentences.table import Rows, situations


@situations("the original has changed since")
def changed() -> Rows:
    for lang, word in (("ar", "Arabic"), ("fr", "French"), ("en", "English")):
        said = f"The original in {word} has changed since this was translated:"
        yield f"{word}, to the public", translations.changed_since(lang), said


@situations("an original beside its translations")
def beside() -> Rows:
    for lang, word in (("ar", "Arabic"), ("fr", "French"), ("en", "English")):
        yield f"{word} leads", translations.original_in(lang), f"The original, in {word}"
        yield f"{word} follows", translations.into(lang), f"Into {word}"
        said = f"What changed in the {word} since this was written:"
        yield f"{word} moved", translations.moved_since(lang, is_known=True), said
    unknown = "The original has changed since this was written. What it said then was not kept."
    yield "nobody kept what it said", translations.moved_since("fr", is_known=False), unknown


@situations("what is to be done in a language")
def states() -> Rows:
    yield "outdated", translations.state(is_outdated=True, missing=2), "To be brought up to date"
    yield "one is missing", translations.state(is_outdated=False, missing=1), "1 text to translate"
    yield "several are missing", translations.state(is_outdated=False, missing=3), "3 texts to translate"
    yield "nothing", translations.state(is_outdated=False, missing=0), "Up to date"
