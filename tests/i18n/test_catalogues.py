"""Every sentence that the house can say is in both catalogues, whole, and nothing else is."""

import re
from collections.abc import Iterable
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir

from app.config import ROOT
from app.domain.messages import C_, N_, Counted, Message
from app.i18n import catalogues, ngettext, translate
from app.i18n.catalogues import TRANSLATED, compiled, read

# In Python the language comes first, in a template the environment knows it.
IN_PYTHON = {
    "_": None,
    "N_": None,
    "C_": ((1, "c"), 2),
    "Message": None,
    "Refused": None,
    "Counted": (1, 2),
    "ngettext": (2, 3),
}
IN_TEMPLATES = {
    "_": None,
    "N_": None,
    "gettext": None,
    "pgettext": ((1, "c"), 2),
    "ngettext": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA = ("jinja2", {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"})
ARABIC_COUNTS = (0, 1, 2, 3, 11, 100)


Sentence = tuple[str | None, str | tuple[str, str]]  # what it is said of, and its id or its two


def _sentences() -> dict[Sentence, str]:
    python = _extracted("app", "python", IN_PYTHON, {})
    templates = _extracted("templates", JINJA[0], IN_TEMPLATES, JINJA[1])
    return dict([*python, *templates])


def _extracted(
    folder: str, method: str, keywords: dict[str, Any], options: dict[str, str]
) -> Iterable[tuple[Sentence, str]]:
    patterns = [("**.py", "python")] if method == "python" else [("**.html", method), ("**.txt", method)]
    found = extract_from_dir(
        ROOT / folder, patterns, {pattern: options for pattern, _ in patterns}, keywords=keywords, comment_tags=()
    )
    for filename, line, message, _, context in found:
        if message:
            said = message if isinstance(message, str) else (message[0], message[1])
            yield (context, said), f"{folder}/{filename}:{line}"


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


@pytest.fixture(scope="module")
def sentences() -> dict[Sentence, str]:
    return _sentences()


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_sentence_is_translated(lang: str, sentences: dict[Sentence, str]) -> None:
    catalog = read(lang)
    missing = []
    for (context, msgid), where in sentences.items():
        entry = catalog.get(msgid if isinstance(msgid, str) else msgid[0], context)
        # Of a counted sentence that says what it is said of, the extractor sees C_ alone: `ngettext(lang, C_(…), …)`.
        same_kind = entry is not None and (bool(context) or isinstance(entry.id, str) == isinstance(msgid, str))
        if not same_kind or entry is None or not all(_forms(entry.string)):
            missing.append(f"{where}: {msgid}")
    assert missing == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_translation_is_left_over(lang: str, sentences: dict[Sentence, str]) -> None:
    wanted = {(context or "", msgid if isinstance(msgid, str) else msgid[0]) for context, msgid in sentences}
    known = {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        for message in read(lang)
        if message.id
    }
    assert sorted(known - wanted) == []


@pytest.mark.parametrize(("lang", "count"), [("ar", 6), ("fr", 2)])
def test_every_plural_has_all_its_forms_and_placeholders(lang: str, count: int) -> None:
    for message in read(lang):
        if not message.id:
            continue
        ids = (message.id,) if isinstance(message.id, str) else message.id
        forms = _forms(message.string)
        assert len(forms) == (1 if len(ids) == 1 else count), message.id
        allowed = set().union(*map(_placeholders, ids))
        if len(ids) == 1:
            assert _placeholders(forms[0]) == allowed, message.id
        for form in forms:
            # "one" and "two" may be words of their own in Arabic: only the count may be left out.
            assert _placeholders(form) <= allowed, message.id
            assert allowed - _placeholders(form) <= {"num", "count"}, message.id


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_translation_reorders_text_with_invisible_characters(lang: str) -> None:
    for message in read(lang):
        for form in _forms(message.string):
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", form), message.id


def test_arabic_counts_in_six_forms_and_an_hour_late_never_reads_as_two() -> None:
    said = [ngettext("ar", "%(num)s day", "%(num)s days", count) for count in ARABIC_COUNTS]
    assert said == ["%(num)s يوم", "يوم واحد", "يومان", "%(num)s أيام", "%(num)s يوما", "%(num)s يوم"]


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_compiled_catalogue_says_what_the_source_says(lang: str) -> None:
    translations = GNUTranslations(BytesIO(compiled(lang)))
    assert translations.gettext("In progress") == translate(lang, Message("In progress"))


def test_the_source_is_read_where_nothing_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text('msgid "In progress"\nmsgstr "En marche"\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    catalogues.catalogue.cache_clear()
    try:
        assert translate("fr", "In progress") == "En marche"
    finally:
        catalogues.catalogue.cache_clear()


def test_english_is_its_own_catalogue() -> None:
    assert translate("en", Message("Blocked: %(reason)s", reason=Message("Land"))) == "Blocked: Land"


def test_a_word_is_said_of_what_it_is_said_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgctxt "action"\nmsgid "Late"\nmsgstr "متأخر"\n\nmsgid "Late"\nmsgstr "متأخرة"\n\n'
        'msgctxt "action"\nmsgid "%(num)s late"\nmsgid_plural "%(num)s late"\n'
        + "".join(f'msgstr[{form}] "{word}"\n' for form, word in enumerate(["0", "1", "2", "3", "11", "100"])),
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    catalogues.catalogue.cache_clear()
    try:
        assert translate("ar", Message(C_("action", "Late"))) == "متأخر"
        assert translate("ar", Message(N_("Late"))) == "متأخرة"
        assert translate("ar", Counted(C_("action", "%(num)s late"), "%(num)s late", 2)) == "2"
        assert translate("en", Message(C_("action", "Late"))) == "Late"
        assert translate("en", Counted(C_("action", "%(num)s late"), "%(num)s late", 2)) == "2 late"
        assert str(Counted("%(num)s day", "%(num)s days", 3)) == "3 days"
    finally:
        catalogues.catalogue.cache_clear()


def test_values_in_a_sentence_are_translated_and_can_be_isolated() -> None:
    message = Message("Blocked: %(reason)s", reason=Message("Land"))
    assert translate("fr", message) == "Bloquée\u202f: Foncier"
    assert translate("fr", message, isolate=True) == "Bloquée\u202f: \u2068Foncier\u2069"


def _forms(string: str | Iterable[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ("",))
