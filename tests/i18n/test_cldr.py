"""The few words and separators that were written down are those of the CLDR for Morocco, as Babel knows them."""

import pytest
from babel import Locale
from babel.numbers import format_decimal

from app.i18n.cldr import MONTHS, WEEKDAYS, decimal

# Moroccan months (نونبر, غشت, دجنبر) and Western digits come with the territory.
LOCALES = {"ar": Locale("ar", "MA"), "fr": Locale("fr", "MA"), "en": Locale("en", "GB")}


@pytest.mark.parametrize("lang", LOCALES)
def test_months_and_weekdays_are_babels(lang: str) -> None:
    locale = LOCALES[lang]

    assert MONTHS[lang] == tuple(locale.months["format"]["wide"][number] for number in range(1, 13))
    assert WEEKDAYS[lang] == tuple(locale.days["format"]["wide"][number] for number in range(7))


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("value", [0, 7, 999, 1000, 12345, 2_600_000, -1234, 0.5, 2.6, 1.0, 1234.5678, 0.0004, 34.05])
def test_numbers_are_babels(lang: str, value: int | float) -> None:
    assert decimal(value, lang) == format_decimal(value, locale=LOCALES[lang])
