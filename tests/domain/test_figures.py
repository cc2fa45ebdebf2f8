"""Figures as people type them: exact, in three languages, and never read in two ways."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import figures
from app.domain.errors import Refused
from app.i18n.cldr import decimal

exact = st.decimals(
    min_value=Decimal("-99999999999.999999"), max_value=Decimal("99999999999.999999"), places=6, allow_nan=False
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2.6", "2.6"), ("2,6", "2.6"), ("2600", "2600"), ("2 600", "2600"), ("2\u202f600\u202f000,5", "2600000.5"),
        ("٢٫٦", "2.6"), ("٢٦٠٠", "2600"), ("1,234,567", "1234567"), ("1,234.5", "1234.5"), ("1.234,56", "1234.56"),
        ("1.234.567", "1234567"), ("1.234.567,8", "1234567.8"), ("-3", "-3"), ("−3,5", "-3.5"), ("0.125", "0.125"),
        ("0,125", "0.125"), ("12'500", "12500"), ("0.10", "0.1"), ("007", "7"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written_here(typed: str, value: str) -> None:
    assert figures.canonical(figures.parse(typed, "value")) == value


@pytest.mark.parametrize("typed", ["2,600", "2.600", "999.999", "-1,234"])
def test_what_can_be_read_in_two_ways_is_asked_back(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        figures.parse(typed, "value")
    assert refused.value.field == "value"
    assert "2600" in str(refused.value.message)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "1e5", "NaN", "inf", "1..2", "1,2,3", "12%", "२", "--1", "1.2.3", "9" * 16, "0." + "1" * 7, "1,23,456"],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        figures.parse(typed, "value")


@given(exact)
def test_what_stands_in_a_field_is_read_again_as_the_same_number(value: Decimal) -> None:
    assert figures.parse(figures.typed(value), "value") == value


@given(exact)
def test_equal_numbers_are_one_text_without_an_exponent(value: Decimal) -> None:
    assert Decimal(figures.canonical(value)) == value
    assert figures.canonical(value.normalize()) == figures.canonical(value)


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "1\u202f234\u202f567,891234"), ("en", "1,234,567.891234"), ("ar", "1.234.567,891234")]
)
def test_an_exact_number_is_said_with_all_its_digits(lang: str, said: str) -> None:
    assert decimal(Decimal("1234567.891234"), lang) == said
