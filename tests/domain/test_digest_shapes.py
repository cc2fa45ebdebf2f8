"""How many rows of each section a weekly mail carries: two of each, then what is asked, then the news."""

from app.domain.digest_shapes import ROWS, shown


def test_there_are_at_most_ten_of_a_section_where_all_fit() -> None:
    assert shown([("overdue", [1] * 40), ("due", [1] * 3), ("changed", [])], 1_000) == (ROWS, 3, 0)


def test_what_is_asked_takes_what_is_left_before_the_news_do() -> None:
    assert shown([("overdue", [10] * 9), ("changed", [10] * 9), ("due", [10] * 9)], 100) == (4, 2, 4)
    assert shown([("overdue", [10] * 3), ("changed", [10] * 9), ("due", [10] * 9)], 170) == (3, 5, 9)


def test_every_section_has_its_first_row_before_one_has_its_second() -> None:
    assert shown([("overdue", [10] * 9), ("due", [10] * 9), ("changed", [10] * 9)], 40) == (2, 1, 1)
    assert shown([("overdue", [10] * 9), ("due", [10] * 9), ("changed", [10] * 9)], 20) == (1, 1, 0)


def test_a_row_that_does_not_fit_ends_its_section_alone() -> None:
    """None is left out between two that stand there: the order says what is most urgent."""
    assert shown([("overdue", [5, 90, 5]), ("due", [5, 5, 5])], 40) == (1, 3)


def test_nothing_is_shown_where_there_is_no_room() -> None:
    assert shown([("overdue", [5]), ("due", [5])], -3) == (0, 0)
    assert shown([], 10) == ()
