"""A list as spreadsheets save it: separators, quotes, and each thing that is wrong with a line."""

import pytest

from app.domain.errors import Refused
from app.domain.roster_lines import MOST_LINES, RosterLine, parse

HEAD = "organisation_fr;post_fr;name;email;language"
LINE = "Centre;Chargé du suivi;Karim;karim@exemple.ma;fr"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_it_is_separated_by_what_its_first_line_is_separated_by(separator: str) -> None:
    text = f'{HEAD}\n"Centre|Fès";Suivi;Karim;karim@exemple.ma;fr'.replace(";", separator).replace("|", separator)

    found = parse(text)

    assert not found.problems
    assert found.lines[0].titles("organisation") == {"fr": f"Centre{separator.replace(chr(9), ' ')}Fès"}


def test_columns_come_in_any_order_and_case_and_empty_lines_are_passed_over() -> None:
    found = parse(f"Email; NAME \n\n;;\nk@exemple.ma;Karim\n{' ' * 3}\n")

    assert [(line.number, line["name"], line["email"]) for line in found.lines] == [(4, "Karim", "k@exemple.ma")]


def test_a_cell_of_two_lines_keeps_the_number_of_its_first() -> None:
    found = parse(f'{HEAD}\n"Centre\nrégional";Suivi;;;\nAutre;=1+1;;;')

    assert found.lines[0].titles("organisation") == {"fr": "Centre régional"}
    assert [problem.number for problem in found.problems] == [4]


@pytest.mark.parametrize(
    ("text", "number", "said"),
    [
        ("", 1, "The file is empty"),
        ("organisation_fr;telephone\nA;B", 1, "Unknown column “telephone”"),
        ("name;name\nA;B", 1, "stands there twice"),
        (f"{HEAD}\n{LINE};more", 2, "6 cells, but 5 columns"),
        (f"{HEAD}\n=cmd|'/c calc'!A1;Suivi;;;", 2, "like a formula"),
        (f"{HEAD}\n@SUM(A1);Suivi;;;", 2, "like a formula"),
        (f"{HEAD}\n{'a' * 301};Suivi;;;", 2, "longer than 300"),
        (f'{HEAD}\nCentre;Suivi;;;\n"Centre;Suivi;;;', 3, "not closed"),
        (f"{HEAD}\n{LINE}\n{LINE}", 3, "The same as line 2"),
        (f"{HEAD}\n{LINE}\nCentre;Autre;Omar;KARIM@exemple.ma;fr", 3, "Line 2 gives this address another name"),
    ],
    ids=lambda value: value[-30:] if isinstance(value, str) else str(value),
)
def test_what_is_wrong_is_said_with_its_line(text: str, number: int, said: str) -> None:
    [problem] = parse(text).problems

    assert problem.number == number
    assert said in str(problem.message)


def test_more_lines_than_are_taken_are_said_once() -> None:
    lines = "\n".join(f"{number}@exemple.ma" for number in range(MOST_LINES + 5))

    found = parse(f"email\n{lines}")

    assert len(found.lines) == MOST_LINES
    assert [problem.number for problem in found.problems] == [MOST_LINES + 2]


@pytest.mark.parametrize(("typed", "meant"), [("oui", True), ("نعم", True), ("NO", False), ("0", False), ("", None)])
def test_a_manager_is_said_in_three_languages(typed: str, meant: bool | None) -> None:
    assert RosterLine(2, {"manager": typed}).is_manager is meant


def test_another_word_for_a_manager_is_refused() -> None:
    with pytest.raises(Refused):
        _ = RosterLine(2, {"manager": "maybe"}).is_manager
