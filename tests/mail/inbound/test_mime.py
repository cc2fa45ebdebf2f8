"""A mail is taken apart within limits, and what it says is read as it was meant, by whatever program it was written."""

import pytest

from app.mail.inbound import mime
from app.mail.inbound.mime import Unreadable

NESTED = b"From: a@b.ma\n" + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(40)
)


def letter(*headers: str, body: str = "words") -> bytes:
    return "\n".join(["From: a@b.ma", *headers, "", body, ""]).encode()


def test_the_words_are_the_first_text_that_is_not_attached() -> None:
    parts = (("attachment", "the file"), ("inline", "the words"), ("inline", "the foot"))
    body = "".join(f"--x\nContent-Type: text/plain\nContent-Disposition: {how}\n\n{text}\n" for how, text in parts)

    found = mime.read(letter("Content-Type: multipart/mixed; boundary=x", body=f"{body}--x--"))

    assert found.text().strip() == "the words"


def test_parts_within_parts_end_somewhere() -> None:
    with pytest.raises(Unreadable, match="too many parts"):
        mime.read(NESTED)


def test_all_parts_together_have_so_much_room() -> None:
    part = f"--x\nContent-Type: text/plain\n\n{'a' * 90_000}\n"

    found = mime.read(letter("Content-Type: multipart/mixed; boundary=x", body=f"{part * 5}--x--"))

    assert sum(len(one.text) for one in found.parts) == 200_000


def test_a_line_of_an_old_mailbox_before_the_header_is_none_of_it() -> None:
    found = mime.read(b"From mailer-daemon Mon Dec  7 08:00:00 2026\n" + letter("Subject: Re"))

    assert found.headers == (("from", "a@b.ma"), ("subject", "Re"))


def test_only_alphabets_are_believed() -> None:
    assert mime.alphabet("été".encode("latin-1"), "iso-8859-1") == "été"
    assert mime.alphabet("été".encode(), "idna") == "été"
    assert mime.alphabet(b"+AGE-", "utf-7") == "+AGE-"


def test_an_encoded_subject_in_two_words_is_one() -> None:
    assert mime.decoded("=?utf-8?q?Ech=C3=A9?=\n =?utf-8?q?ance?= 7") == "Echéance 7"
