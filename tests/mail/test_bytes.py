"""Every kind of mail in every language as it leaves, read by a second parser and by hand: what relays and readers need.

Nothing of `app.mail.policy` is used to judge it: lines are split and encoded words decoded here, by RFC 2047 and 5322.
"""

import base64
import datetime as dt
import email
import email.policy
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from app.mail import messages
from app.mail.letters import Assigned, Reassigned
from app.mail.policy import Mail, compose, message_id
from app.mail.specimens.facts import POSTS, TODAY, item, reader
from tests.mail.every import LETTERS

WHEN = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
every = pytest.mark.parametrize("lang", ["ar", "fr", "en"])
letter = pytest.mark.parametrize("name", sorted(LETTERS))
WORD = re.compile(r"=\?([\w-]+)\?([BbQq])\?([!->@-~]*)\?=")
# A host as long as a name may be (RFC 1035), and the longest key of ours.
LONGEST = f"https://{'.'.join(['suivi-des-recommandations' * 2] * 4)}.gov.ma:65535/ar/off/{'u' * 48}"
# Brought by no post: asked for, offered, agreed to, or by several of one's parts.
ORDINARY = {"sign_in", "invitation", "proposal_moved", "digest", "digest_observer"}


def left(name: str, lang: str) -> tuple[Mail, bytes]:
    """As it leaves where everything is long: the base address, the sender's name, the mailbox for answers."""
    mail = replace(LETTERS[name](lang), reply_to=f"{'كتابة البرنامج ' * 6} <secretariat@example.ma>")
    if name.startswith("digest"):
        mail = replace(mail, unsubscribe=LONGEST)
    identity = message_id(b"k" * 32, f"{name}|{lang}", "suivi.example.ma")
    return mail, compose(mail, sender="تتبع التوصيات <suivi@example.ma>", message_id=identity, date=WHEN)


def fields(raw: bytes) -> dict[str, str]:
    """The head unfolded by hand; each field once."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    found: dict[str, str] = {}
    for line in re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n"):
        name, colon, value = line.partition(": ")
        assert colon, line
        assert name not in found, f"{name} twice"
        found[name] = value
    return found


def plain(value: str) -> str:
    """Encoded words decoded by hand: between two of them the white space is none (RFC 2047, 6.2)."""
    joined = re.sub(rf"({WORD.pattern})[ \t]+(?={WORD.pattern})", r"\1", value)
    assert "?==?" not in value

    def decoded(found: re.Match[str]) -> str:
        assert (found[1].lower(), found[2].upper()) == ("utf-8", "B")
        return base64.b64decode(found[3], validate=True).decode()

    return WORD.sub(decoded, joined)


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@every
@letter
def test_every_line_and_every_encoded_word_is_legal(name: str, lang: str) -> None:
    _, raw = left(name, lang)

    assert raw.isascii()
    assert len(raw) < 90_000
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None
    for line in raw.split(b"\r\n"):
        assert len(line) <= 998
    for physical in raw.partition(b"\r\n\r\n")[0].decode().split("\r\n"):
        words = [found[0] for found in WORD.finditer(physical)]
        assert all(len(word) <= 75 for word in words)
        assert not words or len(physical) <= 76
        assert not re.search(r"=\?", WORD.sub("", physical)), "a word that is none"


@every
@letter
def test_what_is_said_in_the_head_comes_back(name: str, lang: str) -> None:
    mail, raw = left(name, lang)
    said = fields(raw)

    assert plain(said["Subject"]) == mail.subject
    shown, _, address = plain(said["From"]).rpartition(" ")
    assert address == "<suivi@example.ma>"
    assert shown.strip('"').replace(r"\"", '"') == (mail.sender_name or "تتبع التوصيات")
    assert plain(said["Reply-To"]).endswith("<secretariat@example.ma>")
    assert said["Auto-Submitted"] == "auto-generated"
    if name.startswith("digest"):
        assert said["List-Unsubscribe"] == f"<{LONGEST}>"
        assert said["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert f"\r\nList-Unsubscribe: <{LONGEST}>\r\n".encode() in raw, "on one line, as many readers want it"
    else:
        assert "List-Unsubscribe" not in said


@every
@letter
def test_another_parser_finds_both_parts_whole(name: str, lang: str) -> None:
    mail, raw = left(name, lang)
    message = email.message_from_bytes(raw, policy=email.policy.SMTPUTF8)

    assert not message.defects
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    text, html = (part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in parts)  # type: ignore[union-attr]
    assert text == mail.text
    assert len(text.split()) > 10
    way = "rtl" if lang == "ar" else "ltr"
    for tag, attrs in Elements(html).found:
        if tag in {"html", "table", "td"} and attrs.get("class") != "gap":
            assert (attrs.get("lang"), attrs.get("dir")) == (lang, way), (tag, attrs)


@every
@letter
def test_the_foot_says_the_post_and_its_organisation(name: str, lang: str) -> None:
    """The reader of the cast holds one post: whatever brings the mail, its foot names both."""
    mail = LETTERS[name](lang)
    foot = mail.text.rpartition("\n--\n")[2]
    in_html = mail.html.rpartition('class="foot"')[2]

    for part in POSTS[lang]:
        assert (part in foot) == (name not in ORDINARY)
        assert (part.replace("'", "&#39;") in in_html) == (name not in ORDINARY)


@every
def test_the_secretariat_digest_names_what_it_can_be_stopped_by(lang: str) -> None:
    for name in ("digest_owner", "digest_secretariat"):
        mail = LETTERS[name](lang)
        if mail.unsubscribe:
            assert f'href="{mail.unsubscribe}"' in mail.html
            assert re.search(rf"^{re.escape(mail.unsubscribe)}$", mail.text.rpartition("\n--\n")[2], re.M)


BUTTON = re.compile(r'class="(?:button|answer)"[^>]*>\s*<a [^>]*href="([^"]+)"')


def bare() -> dict[str, object]:
    """The kinds whose button hangs on what may be absent: an action that can be answered no more, or was confirmed."""
    return {
        "action_reassigned": lambda lang: messages.action_reassigned(
            Reassigned(to=reader(lang), today=TODAY, item=item(lang, answers=None))
        ),
        "action_assigned": lambda lang: messages.action_assigned(
            Assigned(to=reader(lang), today=TODAY, item=item(lang, answers=None), acknowledge="https://a.ma/k",
                     decline="https://a.ma/d")
        ),
    }  # fmt: skip


@every
@pytest.mark.parametrize("name", sorted(bare()))
def test_there_is_a_button_also_where_nothing_can_be_answered(name: str, lang: str) -> None:
    mail: Mail = bare()[name](lang)  # type: ignore[operator]

    assert BUTTON.findall(mail.html)


@every
@letter
def test_the_first_button_leads_to_where_the_thing_is_done(name: str, lang: str) -> None:
    """A page about this very thing, or where several are, the page that has them all; never the first page of all."""
    first = BUTTON.findall(LETTERS[name](lang).html)[0]
    place = first.partition(f"/{lang}/")[2]

    inside = r"workspace/(?:actions/|posts/|handovers/|outgoing|$)"
    assert re.match(rf"u/|voice/|sign-in/|recommendations/|{inside}", place), first
