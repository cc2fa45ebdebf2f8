"""Which translations are outdated: rules by table, and whatever is typed in whatever order by invented histories."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.texts import LANGS, Titles
from app.domain.translations import MadeOf, authority, due, first_written, follow, outdated, still_right

ALL = {"ar": "قديم", "fr": "ancien", "en": "old"}
NEW = {"ar": "جديد", "fr": "nouveau", "en": "new"}


class Case(NamedTuple):
    what: str
    after: Titles
    outdated: set[str]
    before: Titles = ALL
    made_of: MadeOf = {}  # noqa: RUF012 - never changed
    was: str = "fr"
    original: str = "fr"


CASES = [
    Case("nothing changed", ALL, set()),
    Case("the original changed", ALL | {"fr": "nouveau"}, {"ar", "en"}),
    Case("the original changed and one translation with it", ALL | {"fr": "nouveau", "ar": "جديد"}, {"en"}),
    Case("everything changed in one save", NEW, set()),
    Case("a translation changed alone", ALL | {"ar": "جديد"}, set()),
    Case(
        "an outdated translation is rewritten",
        ALL | {"fr": "nouveau", "ar": "جديد"},
        {"en"},
        before=ALL | {"fr": "nouveau"},
        made_of={"ar": ["fr", "ancien"], "en": ["fr", "ancien"]},
    ),
    Case(
        "an outdated translation is emptied: it is missing now",
        {"fr": "nouveau", "en": "old"},
        {"en"},
        before=ALL | {"fr": "nouveau"},
        made_of={"ar": ["fr", "ancien"], "en": ["fr", "ancien"]},
    ),
    Case(
        "the original says again what it said",
        ALL,
        set(),
        before=ALL | {"fr": "nouveau"},
        made_of={"ar": ["fr", "ancien"], "en": ["fr", "ancien"]},
    ),
    Case("the original is emptied: there is nothing to follow", {"ar": "قديم", "en": "old"}, set()),
    Case(
        "the original comes back with other words",
        ALL | {"fr": "nouveau"},
        {"ar", "en"},
        before={"ar": "قديم", "en": "old"},
        made_of={"ar": ["fr", "ancien"], "en": ["fr", "ancien"]},
    ),
    Case("without the original the first that is there leads", {"ar": "جديد", "en": "old"}, {"en"},
         before={"ar": "قديم", "en": "old"}),
    Case("the original is written for the first time", ALL, set(), before={"ar": "قديم", "en": "old"}),
    Case("another original is named", ALL, set(), original="ar"),
    Case(
        "the one named was outdated itself",
        ALL | {"fr": "nouveau"},
        {"en"},
        before=ALL | {"fr": "nouveau"},
        made_of={"ar": ["fr", "ancien"], "en": ["fr", "ancien"]},
        original="ar",
    ),
    Case("another original is named and rewritten in one save", ALL | {"ar": "جديد"}, {"fr", "en"}, original="ar"),
    Case("the first words of all", ALL, set(), before={}, was="", original="fr"),
    Case("a language more", ALL, set(), before={"fr": "ancien"}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_translation_is_outdated_when_its_original_says_something_else_than_when_it_was_made(case: Case) -> None:
    made_of = follow(case.before, case.after, case.made_of, case.was, case.original)
    assert {lang for lang in LANGS if outdated(case.after, made_of, lang)} == case.outdated


def test_what_the_original_said_first_is_kept_however_often_it_changes() -> None:
    once = follow(ALL, ALL | {"fr": "b"}, {}, "fr", "fr")
    twice = follow(ALL | {"fr": "b"}, ALL | {"fr": "c"}, once, "fr", "fr")
    assert once == twice == {"ar": ["fr", "ancien"], "en": ["fr", "ancien"]}


def test_whoever_says_that_a_translation_is_still_right_says_it_of_that_one() -> None:
    made_of = follow(ALL, ALL | {"fr": "nouveau"}, {}, "fr", "fr")
    assert still_right(made_of, "ar") == {"en": ["fr", "ancien"]}


def test_of_what_the_original_said_nobody_knows_it_is_outdated_until_rewritten() -> None:
    assert outdated(ALL, {"ar": ["fr", ""]}, "ar") == "fr"
    assert follow(ALL, ALL, {"ar": ["fr", ""]}, "fr", "fr") == {"ar": ["fr", ""]}


@pytest.mark.parametrize(
    ("titles", "preferred", "original"),
    [
        ({"en": "old"}, ("fr",), "en"),
        (ALL, ("fr",), "fr"),
        (ALL, ("", "en"), "en"),
        (ALL, (), "ar"),
        ({}, ("fr",), ""),
    ],
)
def test_the_original_of_new_words_stands_alone_or_is_that_of_what_they_belong_to(
    titles: Titles, preferred: tuple[str, ...], original: str
) -> None:
    assert first_written(titles, *preferred) == original


def test_to_do_is_what_is_outdated_before_what_is_missing() -> None:
    texts = {"titles": ALL | {"fr": "nouveau"}, "place": {"fr": "Fès"}, "chair": {}}
    assert due(texts, {"titles": {"ar": ["fr", "ancien"]}}) == {"ar": True, "en": False}
    assert due({"titles": ALL}, {}) == {}


TEXT = st.dictionaries(st.sampled_from(LANGS), st.sampled_from("abc"))
STEP = st.tuples(TEXT, st.sampled_from(LANGS))


@given(st.lists(STEP, min_size=1, max_size=12))
def test_whatever_is_typed_the_flag_says_what_the_original_said_when_the_words_were_last_written(
    steps: list[tuple[Titles, str]],
) -> None:
    titles: Titles = {}
    original, made_of = "fr", MadeOf()
    for after, named in steps:
        made_of = follow(titles, after, made_of, original, named)
        flagged = {lang for lang in LANGS if outdated(after, made_of, lang)}
        rewritten = {lang for lang in after if after[lang] != titles.get(lang)}
        leads = authority(after, named)
        assert leads not in flagged or named != leads
        assert named not in flagged  # the original never is
        assert not flagged & rewritten  # whatever was just written is up to date
        assert flagged <= after.keys()  # what was emptied is missing
        if named == original and after.get(named) and titles.get(named) and after[named] != titles[named]:
            stood = {lang for lang in after if lang != named and after[lang] == titles.get(lang)}
            back = {lang for lang in stood if made_of.get(lang, [named, None])[1] is None and lang not in made_of}
            assert flagged >= stood - back  # a changed original flags all that stood, but what it now says again
            assert all(_is_of(made_of, lang, titles, named) for lang in stood - back)
        assert follow(after, after, made_of, named, named) == made_of  # judged twice is judged once
        titles, original = after, named


def _is_of(made_of: MadeOf, lang: str, before: Titles, original: str) -> bool:
    """What is remembered is what stood before, or what was remembered already."""
    of, said = made_of[lang]
    return of != lang and (of != original or said != "" or before[of] == said)
