import base64
import datetime as dt
import email
import re
from email import policy as stock
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import unquote
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.texts import one_line
from app.mail.policy import Mail, compose, encoded, message_id, thread_root

WHEN = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
IDENTITY = message_id(b"k" * 32, "karim|mail|reminder|2026-11-23", "suivi.example.ma")

letters = st.sampled_from(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي ءأإآةى،؛؟ abcdefgXYZ éèêàçœ«» 0123456789-.:,;()<>@\"'\\=?_ 😀🇲🇦👩‍🔬"
)
words = st.one_of(st.text(letters, max_size=300), st.text(max_size=200))


def mail(**changes: Any) -> Mail:
    plain: dict[str, Any] = {
        "to": "karim@cri.example.ma", "to_name": "Karim", "subject": "Due in 7 days", "text": "Hello\n",
        "html": "<p>Hello</p>\n", "lang": "en", "kind": "reminder",
    }  # fmt: skip
    return Mail(**{**plain, **changes})


def made(**changes: Any) -> bytes:
    return compose(mail(**changes), sender="تطبيق <suivi@example.ma>", message_id=IDENTITY, date=WHEN)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=stock.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def phrase(raw: bytes, header: str) -> str:
    """The name before the address. The stock policy's parser puts a space between two encoded words of it, against
    RFC 2047; the older one is right."""
    name = str(email.message_from_bytes(raw)[header]).rpartition("<")[0].strip()
    return str(make_header(decode_header(unquote(name))))


def well_formed(raw: bytes) -> None:
    assert raw.isascii()
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None, "a bare line end"
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert b"?==?" not in raw.partition(b"\r\n\r\n")[0]
    for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        found = re.findall(rb"=\?[^?]+\?[BQ]\?[^?]*\?=", line)
        assert all(len(word) <= 75 for word in found)
        assert not found or len(line) <= 76


@settings(max_examples=2000, deadline=None)
@given(words)
@example("أجل بعد 7 أيام: شهادات التصدير · FM-2024-03.2")
@example("=?utf-8?B?aGVsbG8=?= is not decoded twice")
@example("a" * 500)
@example("Échéance " * 40)
@example("م" * 400)
def test_any_subject_comes_back_as_it_was(subject: str) -> None:
    raw = made(subject=subject)
    well_formed(raw)
    assert read(raw)["Subject"] == one_line(subject)


@settings(max_examples=700, deadline=None)
@given(words)
@example('Karim "the quick" \\ Alaoui')
@example("Karim\r\nBcc: everybody@example.ma")
def test_any_name_comes_back_as_it_was(name: str) -> None:
    raw = made(to_name=name)
    well_formed(raw)
    [address] = read(raw)["To"].addresses
    assert address.addr_spec == "karim@cri.example.ma"
    assert phrase(raw, "To") == one_line(name)


@settings(max_examples=300, deadline=None)
@given(words)
@example("برنامج اللقاءات الجهوية 2025: التصدير")
@example('Rencontres "2025" \\ <x@evil.example>\r\nBcc: y@evil.example')
@example("م" * 300)
def test_any_programme_stands_as_the_name_before_the_installations_own_address(programme: str) -> None:
    raw = made(sender_name=programme)
    well_formed(raw)
    [address] = read(raw)["From"].addresses
    assert address.addr_spec == "suivi@example.ma"
    assert phrase(raw, "From") == (one_line(programme) or "تطبيق")


@settings(max_examples=700, deadline=None)
@given(st.text(letters | st.just("\n"), max_size=400))
@example(".\n..\n.dot\n")
@example("From here\n--=_boundary\n")
@example("trailing space \n\ttab\t\n" + "long" * 500)
def test_any_body_comes_back_as_it_was(body: str) -> None:
    raw = made(text=body, html=f"<p>{body}</p>")
    well_formed(raw)
    message = read(raw)
    assert content(message, "plain") == body
    assert content(message, "html") == f"<p>{body}</p>"


def test_no_character_is_split_between_two_encoded_words() -> None:
    folded = encoded("é" + "ش😀" * 60, used=9)
    words = re.findall(r"=\?utf-8\?B\?([^?]*)\?=", folded)
    assert len(words) > 3
    for word in words:
        base64.b64decode(word).decode("utf-8")


def test_it_is_marked_as_sent_by_a_machine_and_belongs_to_a_list() -> None:
    message = read(made(lang="ar", kind="action_assigned"))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == "<action-assigned.suivi.example.ma>"
    assert message["Content-Language"] == "ar"
    assert message["Date"].datetime == WHEN
    assert message["Message-ID"] == IDENTITY
    assert message["From"].addresses[0].display_name == "تطبيق"
    assert message.get_content_type() == "multipart/alternative"
    assert "List-Unsubscribe" not in message


def test_a_long_unsubscribe_address_stays_on_one_line() -> None:
    link = "https://suivi.example.ma/ar/off/" + "x" * 400 + "?kind=digest"
    raw = made(unsubscribe=link)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_a_mail_about_one_action_answers_its_root() -> None:
    root = thread_root("FM-2024-03.2", "suivi.example.ma")
    message = read(made(threads=("FM-2024-03.2",)))
    assert (message["In-Reply-To"], message["References"]) == (root, root)


def test_a_mail_about_several_refers_to_all_and_answers_none() -> None:
    refs = tuple(f"FM-2024-{n:02}.1" for n in range(40))
    message = read(made(threads=refs))
    assert "In-Reply-To" not in message
    assert message["References"].split() == [thread_root(ref, "suivi.example.ma") for ref in refs]


def test_the_same_mail_is_the_same_bytes() -> None:
    assert made(subject="شهادات") == made(subject="شهادات")


def test_the_message_id_is_fixed_by_key_and_message_and_tells_nothing() -> None:
    again = message_id(b"k" * 32, "karim|mail|reminder|2026-11-23", "suivi.example.ma")
    other = message_id(b"K" * 32, "karim|mail|reminder|2026-11-23", "suivi.example.ma")
    assert again == IDENTITY != other
    assert "karim" not in IDENTITY


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "karim@example.ma\r\nBcc: all@example.ma"},
        {"to": "karim@example.ma>, <all@example.ma"},
        {"to": "karim"},
        {"to": ""},
        {"kind": "x>\r\nBcc: all@example.ma"},
        {"lang": "ar\r\nX: y"},
        {"unsubscribe": "https://suivi.example.ma/\r\nBcc: all@example.ma"},
        {"unsubscribe": "javascript:alert(1)"},
        {"unsubscribe": "https://suivi.example.ma/" + "x" * 1000},
        {"threads": ("FM-2024-03\r\nBcc: all@example.ma",)},
    ],
)
def test_what_could_forge_a_header_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        made(**changes)


@given(st.sampled_from(["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x00"]))
def test_a_line_end_in_a_subject_or_name_makes_no_header(end: str) -> None:
    message = read(made(subject=f"Due{end}Bcc: all@example.ma", to_name=f"Karim{end}Bcc: all@example.ma"))
    assert "Bcc" not in message
