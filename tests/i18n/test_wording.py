"""One word for one thing, one register, one apostrophe: what the glossary of docs/developers.md promises."""

import re
from collections.abc import Iterator

import pytest

from app.i18n.catalogues import TRANSLATED, gettext, ngettext, read

# The words that the glossary decided against.
REJECTED = {
    "ar": {
        "digest": r"ملخص أسبوعي|الملخص الأسبوعي|الرسالة الأسبوعية",
        "theme": r"المواضيع|موضوعات",
        "obstacle": r"عقبة|معيق|عراقيل",
        "report": r"محضر|تقارير اللقاء",
        "list": r"(?<!\w)ال?قائمة|القوائم",
        "form": r"النموذج",
        "secretariat": r"(?<!\w)[وفل]?الكتابة(?!\w)",
        "story": r"القصة",
        "administrator": r"المسؤول عن النظام|المشرف على المنصة",
    },
    "fr": {
        "digest": r"[Rr]ésumé hebdomadaire|du résumé",
        "theme": r"\b[Aa]xe\b",
        "obstacle": r"\b[Oo]bstacle|\b[Ff]rein",
        "report": r"\b[Rr]apport",
        "milestone": r"\b[ÉéEe]tape (?:ajoutée|franchie)",
        "withhold": r"sauf (?:retenue|s’ils? )",
    },
}
# Readers are addressed in the plural of respect; these speak to one person.
_TO_ONE = """
    اختر أدخل حدد اكتب انتظر أعد افتح ألصق ألصقه ألصقها اذكر راجع عد قارن صححه أشر انسخ انسخها استعمل احذف أرسل عين
    أضف اضغط املأ أسند أبلغ عدّله أغلقه أنشئ اتصل اطلع احفظه حاول كرر اطلب ابدأ ادخل اطبع ائذن اترك اتركه
    بريدك صفحتك منصبك صلاحياتك أدوارك موقعك شبكتك قرارك إليك منك عليك لك
"""
SINGULAR = re.compile(rf"(?<![\w\u064b-\u0652])[وف]?(?:{'|'.join(_TO_ONE.split())})(?![\w\u064b-\u0652])")
# Verbal nouns of the longer forms begin without hamza; the particles and إجراء with it; مسؤول on waw.
HAMZA = re.compile(
    r"(?<!\w)(?:ال)?إ(?:نتظار|ختيار|سترجاع|ستعمال|طلاع|جتماع|عتذار|ستمارة|قتراح)|"
    r"(?<!\w)(?:ال)?اجراء|مسئول|شئون|(?<!\w)(?:الى|او|اذا|اي|اذن)(?!\w)"
)
# Digits around a hyphen turn about after an Arabic letter, and a sign goes to their other end; a mark keeps them.
TURNED = re.compile(r"(?<![\u200e\w./-])[+-]?\d+-\d+|(?<!\u200e)[+]\d")


def spoken(lang: str) -> Iterator[tuple[str, str]]:
    """Every form of every sentence, with its message id."""
    for entry in read(lang):
        if entry.id:
            one = entry.id if isinstance(entry.id, str) else entry.id[0]
            forms = (entry.string,) if isinstance(entry.string, str) else entry.string or ()
            yield from ((one, form) for form in forms)


def against(lang: str, pattern: str | re.Pattern[str]) -> list[str]:
    return [f"{one}: {form}" for one, form in spoken(lang) if re.search(pattern, form)]


@pytest.mark.parametrize(("lang", "thing"), [(lang, thing) for lang in TRANSLATED for thing in REJECTED[lang]])
def test_a_thing_has_one_name(lang: str, thing: str) -> None:
    assert against(lang, REJECTED[lang][thing]) == []


def test_arabic_addresses_its_readers_in_the_plural_of_respect() -> None:
    assert against("ar", SINGULAR) == []


def test_arabic_writes_its_hamza_in_one_way() -> None:
    assert against("ar", HAMZA) == []


def test_digits_that_would_turn_about_beside_arabic_letters_are_marked() -> None:
    assert against("ar", TURNED) == []


def test_french_has_one_apostrophe_and_a_narrow_space_before_its_double_signs() -> None:
    assert against("fr", "'") == []
    without_addresses = [re.sub(r"\w+://\S*|\?\w+=\S+", "", form) for _, form in spoken("fr")]
    assert [form for form in without_addresses if re.search(r"[^\u202f][;!?:](?!\d)", form)] == []


def test_english_is_typed_with_the_apostrophe_of_keyboards_and_read_with_the_round_one() -> None:
    typed = [one for one, _ in spoken("fr") if "'" in one]
    assert typed
    assert [one for one in typed if "'" in gettext("en", one) or "'" in ngettext("en", one, one, 2)] == []
