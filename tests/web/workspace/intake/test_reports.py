"""Pasting and uploading a report: what is read, what is refused with nothing kept, and what is replaced."""

import html

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.models.intake import Proposal, Report
from tests.house import House
from tests.web.workspace.intake.reviewer import REPORT, Reviewer

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("  \n ", None),
        ("é" * (2 * 1024 * 1024 + 700_000), None),
        ("", b"%PDF-1.7 "),
        ("", bytes(range(256)) * 40),
        ("", b"\x81\x8d\x8f" * 500),
    ],
    ids=["empty", "blank", "five megabytes", "document", "binary", "no encoding"],
)
def test_what_cannot_be_read_gets_a_clear_answer_and_leaves_nothing(
    house: House, text: str, data: bytes | None
) -> None:
    reviewer = Reviewer(house)
    answer = reviewer.paste(text) if data is None else reviewer.upload(data)
    assert answer.status_code == 422
    assert 'class="problems"' in answer.text
    with house.database.read() as session:
        assert session.scalars(sa.select(Report)).all() == []
        assert session.scalars(sa.select(Proposal)).all() == []


def test_a_paste_that_no_form_takes_is_too_large(house: House) -> None:
    assert Reviewer(house).paste("é" * (3 * 1024 * 1024 + 1)).status_code == 413


def test_what_was_pasted_is_still_there_when_it_is_refused(house: House) -> None:
    answer = Reviewer(house).paste("Mon compte rendu à moi.", lang="de")
    assert answer.status_code == 422
    assert "Mon compte rendu à moi." in answer.text


def test_a_file_in_an_old_code_page_is_read(house: House) -> None:
    reviewer = Reviewer(house)
    reviewer.follow(reviewer.upload(REPORT.encode("cp1252")))
    assert html.unescape(reviewer.texts()) == REPORT


def test_an_uploaded_file_keeps_its_name_and_a_pasted_text_has_none(house: House) -> None:
    reviewer = Reviewer(house)
    for is_file, name in ((True, "rapport.txt"), (False, "")):
        reviewer.follow(reviewer.upload(REPORT.encode()) if is_file else reviewer.paste())
        with house.database.read() as session:
            assert session.scalars(sa.select(col(Report.filename))).all() == [name]


def test_a_report_in_two_languages_gives_each_title_its_own(house: House) -> None:
    reviewer = Reviewer(house)
    reviewer.follow(reviewer.paste(REPORT + "\nأوصى المشاركون بتسريع وتيرة نمو الصادرات.\n"))
    reviewer.look(list(reviewer.rows())[-1])
    assert 'name="titles.ar" lang="ar" dir="rtl" value="تسريع وتيرة نمو الصادرات"' in reviewer.page


def test_nothing_found_is_said_and_can_be_added_by_hand(house: House) -> None:
    reviewer = Reviewer(house)
    page = reviewer.follow(reviewer.paste("Le soleil brillait sur la médina. Les oiseaux chantaient."))
    assert reviewer.rows() == {}
    assert 'class="empty"' in page
    reviewer.follow(reviewer.press("/additions", ident="add", sentence="1"))
    assert len(reviewer.rows()) == 1


def test_a_report_is_replaced_only_while_nothing_was_accepted(house: House) -> None:
    amina = Reviewer(house)
    amina.follow(amina.paste())
    amina.follow(amina.paste("Autre compte rendu. " + REPORT))
    row = amina.open()
    amina.follow(amina.press(f"/proposals/{row}", f"{amina.home}/review/proposals/{row}/acceptance"))
    page = amina.client.get(f"{amina.home}/report").text
    assert "<textarea" not in page
