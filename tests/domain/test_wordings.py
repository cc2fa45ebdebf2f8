"""A sentence in an administrator's words: what it must keep, and what is refused, field by field."""

import pytest

from app.domain import wordings
from app.domain.errors import Problems

DUE = ("%(num)s action due: %(title)s", "%(num)s actions due: %(title)s")
ARABIC = ("لا إجراء", "إجراء واحد", "إجراءان", "%(num)s إجراءات", "%(num)s إجراء", "%(num)s إجراء")


def typed(*forms: str) -> dict[str, str]:
    return {str(number): form for number, form in enumerate(forms)}


def wrong(lang: str, ours: tuple[str, ...], *forms: str) -> dict[str | None, str]:
    with pytest.raises(Problems) as refused:
        wordings.checked(lang, ours, typed(*forms))
    return {problem.field: str(problem.message) for problem in refused.value.problems}


def test_words_change_and_variables_stay() -> None:
    said = wordings.checked("en", DUE, typed("One to do: %(title)s", "%(num)s to do (%(title)s)"))

    assert said == ["One to do: %(title)s", "%(num)s to do (%(title)s)"]


def test_a_form_for_one_number_may_say_it_in_words_and_one_for_many_may_not() -> None:
    assert wordings.checked("ar", ARABIC, typed(*ARABIC)) == list(ARABIC)
    assert set(wrong("ar", ARABIC, *ARABIC[:3], "إجراءات", *ARABIC[4:])) == {"forms.3"}
    assert set(wrong("fr", DUE, "une action : %(title)s", DUE[1])) == {"forms.0"}, "French says 0 with it, too"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "Write the sentence"),
        (" \u202e ", "Write the sentence"),
        ("Due", "must stay in the sentence: %(title)s"),
        ("%(title)s %(name)s", "No variable is called so here: name"),
        ("%(title)s at 5 %", "percent sign"),
        ("%(title)s %s", "percent sign"),
        ("%(title)d", "must stay in the sentence"),
        ("%(title) s", "must stay in the sentence"),
        ("%(title)s %(title", "percent sign"),
        ("%(title)s %%", "percent sign"),
        ("<b>%(title)s</b>", "can't stand in a mail's wording: <"),
        ("%(title)s &copy;", "can't stand in a mail's wording: &"),
        ("{{ %(title)s }}", "can't stand in a mail's wording: {"),
        ("%(title)s " + "x" * 400, "at most 400 characters"),
    ],
)
def test_what_is_unfit_is_refused_at_its_field(line: str, says: str) -> None:
    assert says in wrong("en", ("Due: %(title)s",), line)["forms.0"]


def test_line_breaks_and_reordering_signs_are_taken_away() -> None:
    assert wordings.checked("en", ("Due",), typed(" To\r\n\u202edo\u2066 \x07now\ue000 ")) == ["To do now"]


def test_every_form_must_be_given_and_none_that_the_language_lacks() -> None:
    assert set(wrong("ar", ARABIC, *ARABIC[:2])) == {"forms.2", "forms.3", "forms.4", "forms.5"}
    assert set(wrong("en", ("Due",), "Due", "Dues")) == {"forms.1"}
    with pytest.raises(Problems):
        wordings.checked("en", ("Due",), {"0": "Due", "x" * 900: "Dues"})


def test_in_a_field_variables_are_set_apart_and_saved_as_they_were() -> None:
    shown = wordings.typeable(ARABIC[3])

    assert shown == "\u2066%(num)s\u2069 إجراءات"
    assert wordings.checked("ar", ("%(num)s إجراءات",), typed(shown)) == [ARABIC[3]]


def test_pieces_are_words_and_variables_in_turn() -> None:
    assert wordings.pieces("%(num)s due: %(title)s") == [("%(num)s", True), (" due: ", False), ("%(title)s", True)]
