"""What may come in as the text of a report, in which encodings, and what is told to those who send something else."""

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.files.text import MAX_REPORT_BYTES, clean_text, decode

ARABIC = "التأم الفاعلون بطنجة، وأوصوا بإحداث شباك موحد للمصدرين قبل نهاية شهر دجنبر."
FRENCH = "Réunis à Tétouan, les exportateurs ont demandé « un guichet unique » dès l’été, à coût réduit."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_arabic_is_read_in_every_encoding_that_offices_use(encoding: str) -> None:
    assert decode(ARABIC.encode(encoding)) == ARABIC


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_french_is_read_in_every_encoding_that_offices_use(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding)) == FRENCH


def test_line_ends_become_unix_and_letters_composed() -> None:
    assert decode("re\u0301union\r\nde Fe\u0300s\rfin".encode()) == "réunion\nde Fès\nfin"


def test_control_characters_are_left_out_and_tabs_stay() -> None:
    assert clean_text("un\x07 deux\ttrois\x1b") == "un deux\ttrois"


@pytest.mark.parametrize("data", [b"", b"  \r\n\t ", b"\xef\xbb\xbf", "\u00a0\u2003".encode(), b"\xff\xfe"])
def test_an_empty_report_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="empty"):
        decode(data)


def test_a_report_of_the_largest_size_is_taken_and_one_byte_more_is_refused() -> None:
    assert len(decode(b"a" * MAX_REPORT_BYTES)) == MAX_REPORT_BYTES
    with pytest.raises(Refused, match="larger than 5 MB"):
        decode(b"a" * (MAX_REPORT_BYTES + 1))


def test_the_limit_of_a_pasted_text_counts_bytes_not_letters() -> None:
    with pytest.raises(Refused, match="larger than 5 MB"):
        clean_text("ت" * (MAX_REPORT_BYTES // 2 + 1))


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 text", b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1doc", b"{\\rtf1 a}"]
)
def test_a_document_is_told_to_be_pasted_as_text(data: bytes) -> None:
    with pytest.raises(Refused, match="copy its text and paste"):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0", b"abc\0def\0\0", bytes(range(256))]
)
def test_a_binary_file_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="not text"):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"\x81\x8d\x8f\x90\x9d" * 40, b"\xfe\xff\xd8\x00", "会議の勧告を実施する".encode("shift-jis") * 5]
)
def test_what_no_known_encoding_explains_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="encoding"):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_clean_text_or_a_clear_refusal(data: bytes) -> None:
    with contextlib.suppress(Refused):
        text = decode(data)
        assert text.strip()
        assert text == unicodedata.normalize("NFC", text)
        assert "\r" not in text
        assert "\0" not in text


@given(st.text(max_size=300))
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    try:
        once = clean_text(text)
    except Refused:
        return
    assert clean_text(once) == once
