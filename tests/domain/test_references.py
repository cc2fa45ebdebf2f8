"""References that never change, and slugs that anybody can type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.references import (
    MAX_SLUG,
    Reference,
    check_prefix,
    for_action,
    for_recommendation,
    parse,
    slugify,
    unique,
)

WELL_FORMED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def test_a_counter_has_at_least_two_digits() -> None:
    assert for_recommendation("FM", 2024, 3) == "FM-2024-03"
    assert for_recommendation("FM", 2024, 123) == "FM-2024-123"
    assert for_action("FM-2024-03", 2) == "FM-2024-03.2"


@pytest.mark.parametrize("text", ["FM-2024-03.2", "fm-2024-03.2", "Fm-2024-03.2"])
def test_any_letter_case_leads_to_the_canonical_form(text: str) -> None:
    found = parse(text)
    assert found == Reference("FM", 2024, 3, 2)
    assert str(found) == "FM-2024-03.2"


def test_an_action_knows_its_recommendation() -> None:
    found = parse("TTA-2026-11.4")
    assert found is not None
    assert str(found.recommendation) == "TTA-2026-11"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FM",
        "FM-2024",
        "FM-2024-3",
        "FM-2024-00",
        "FM-2024-003",
        "FM-24-03",
        "FM-2024-03.0",
        "FM-2024-03.",
        "FM-2024-03.02",
        "FM-2024-03 ",
        "FM-2024-03\n",
        "F-2024-03",
        "2F-2024-03",
        "فم-2024-03",
        "FM-٢٠٢٤-٠٣",
        "ſM-2024-03",
        "FM-2024-9999999",
        "FM-2024-03.2.1",
    ],
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse(text) is None


@given(
    st.from_regex(r"[A-Z][A-Z0-9]{1,7}", fullmatch=True),
    st.integers(1900, 2999),
    st.integers(1, 999_999),
    st.none() | st.integers(1, 99_999),
)
def test_every_reference_reads_back_as_itself(prefix: str, year: int, number: int, action: int | None) -> None:
    made = Reference(prefix, year, number, action)
    assert parse(str(made)) == parse(str(made).lower()) == made


@pytest.mark.parametrize(("text", "prefix"), [("fm", "FM"), (" RSK ", "RSK"), ("EXP26", "EXP26")])
def test_a_prefix_is_kept_in_capitals(text: str, prefix: str) -> None:
    assert check_prefix(text) == prefix


@pytest.mark.parametrize("text", ["", "F", "2FM", "F-M", "FÈS", "فاس", "ABCDEFGHI", "ßa", "F M"])
def test_a_prefix_that_would_break_a_reference_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_prefix(text)
    assert refusal.value.field == "prefix"


@pytest.mark.parametrize(
    ("title", "lang", "slug"),
    [
        ("Échéance de l’été à Fès", "fr", "echeance-de-l-ete-a-fes"),
        ("Cœur & œuvre", "fr", "coeur-et-oeuvre"),
        ("Skills & jobs", "en", "skills-and-jobs"),
        ("لقاء فاس حول التصدير", "ar", "lqa-fas-houl-altsdir"),
        ("جهة الشَّرْق", "ar", "jha-alchrq"),
        ("مـــراكش 2026", "ar", "mrakch-2026"),
        ("أكادير ٢٠٢٧", "ar", "akadir-2027"),
        ("ﻻ", "ar", "la"),
        ("  --Export--  2030 ", "en", "export-2030"),
        ("日本", "en", "untitled"),
        ("", "ar", "untitled"),
        ("…", "fr", "untitled"),
    ],
)
def test_texts_become_addresses_that_can_be_typed(title: str, lang: str, slug: str) -> None:
    assert slugify(title, lang) == slug


def test_a_long_title_is_cut_between_words() -> None:
    slug = slugify("accompagner les entreprises de la région " * 4, "fr")
    assert slug == "accompagner-les-entreprises-de-la-region-accompagner-les"
    assert len(slugify("x" * 500, "en")) == MAX_SLUG
    assert slugify(f"{'x' * 30} {'y' * 29} z", "en") == f"{'x' * 30}-{'y' * 29}"


@given(st.text(max_size=200), st.sampled_from(("ar", "fr", "en")))
def test_a_slug_is_ascii_short_and_never_empty(title: str, lang: str) -> None:
    slug = slugify(title, lang)
    assert WELL_FORMED.fullmatch(slug)
    assert len(slug) <= MAX_SLUG


def test_a_second_thing_of_the_same_name_gets_a_number() -> None:
    assert unique("fes", set()) == "fes"
    assert unique("fes", {"fes"}) == "fes-2"
    assert unique("fes", {"fes", "fes-2", "fes-3"}) == "fes-4"


def test_a_numbered_slug_is_no_longer_than_another() -> None:
    slug = "x" * MAX_SLUG
    second = unique(slug, {slug})
    assert second.endswith("-2")
    assert len(second) == MAX_SLUG
