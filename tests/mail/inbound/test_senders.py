"""Only what our own server found out about a sender counts, and only where it is about the writer's own domain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.inbound import mime, senders
from app.mail.inbound.mime import InboundMail

OURS = "mx.example.ma"


def mail(*results: str, sender: str = "Karim <karim@industrie.gov.ma>") -> InboundMail:
    head = "".join(f"Authentication-Results: {one}\n" for one in results)
    return mime.read(f"{head}From: {sender}\nSubject: Re\n\nwords\n".encode())


@pytest.mark.parametrize(
    "results",
    [
        f"{OURS}; dmarc=pass (p=reject) header.from=industrie.gov.ma",
        f"{OURS}; dmarc=pass",
        f"{OURS} 1; spf=fail smtp.mailfrom=x.ma; dmarc=pass header.from=industrie.gov.ma",
        f"{OURS}; dkim=pass header.d=industrie.gov.ma header.s=key",
        f"{OURS}; dkim=pass header.i=@gov.ma; spf=none",
        f"{OURS}; spf=pass smtp.mailfrom=karim@industrie.gov.ma",
        f"{OURS}; dkim=fail header.d=industrie.gov.ma; dkim=pass header.d=industrie.gov.ma",
        f"{OURS.upper()};\n dkim=pass (2048-bit key; unprotected)\n header.d=industrie.gov.ma",
        f'{OURS}; dkim=pass (a (b) "c; \\) d) header.d="industrie.gov.ma"',
    ],
)
def test_what_our_server_has_proven_is_believed(results: str) -> None:
    assert senders.is_proven(mail(results), OURS)


@pytest.mark.parametrize(
    "results",
    [
        [],
        ["mx.attacker.example; dmarc=pass header.from=industrie.gov.ma"],
        [f"{OURS}.attacker.example; dmarc=pass"],
        [f"{OURS}; none"],
        [f"{OURS}; dmarc=fail header.from=industrie.gov.ma; dkim=pass header.d=industrie.gov.ma"],
        [f"{OURS}; dmarc=pass header.from=attacker.example"],
        [f"{OURS}; dkim=pass header.d=attacker.example; spf=pass smtp.mailfrom=attacker.example"],
        [f"{OURS}; dkim=pass header.d=ma"],
        [f"{OURS}; dkim=pass header.d=evilindustrie.gov.ma"],
        [f"{OURS}; dkim=pass header.d=sub.industrie.gov.ma"],
        [f"{OURS}; dkim=pass header.d=trie.gov.ma"],
        [f"{OURS}; dkim=pass"],
        [f"{OURS}; spf=softfail smtp.mailfrom=industrie.gov.ma"],
        [f"{OURS}; x=y (dmarc=pass; dkim=pass header.d=industrie.gov.ma)"],
        # What a sender's address says is no result, however it is quoted, encoded or put into a comment.
        [f'{OURS}; spf=pass smtp.mailfrom="x; dkim=pass header.d=industrie.gov.ma "@attacker.example'],
        [f'{OURS}; spf=pass smtp.mailfrom="x\\"; dkim=pass header.d=industrie.gov.ma "@attacker.example'],
        [f'{OURS}; spf=pass smtp.mailfrom="industrie.gov.ma"@attacker.example'],
        [f'{OURS}; spf=pass (of "a; dkim=pass header.d=industrie.gov.ma"@x.example) smtp.mailfrom=x.example'],
        [f"{OURS}; spf=pass smtp.mailfrom==?utf-8?q?x=3B_dkim=3Dpass_header.d=3Dindustrie.gov.ma_?=@attacker.example"],
        [f"{OURS};", f"{OURS}; dmarc=pass header.from=industrie.gov.ma"],
        [f'{OURS}; x="', f"{OURS}; dmarc=pass header.from=industrie.gov.ma"],
        # What came with the mail stands below what our server has put above it.
        [f"{OURS}; dmarc=fail header.from=industrie.gov.ma", f"{OURS}; dmarc=pass header.from=industrie.gov.ma"],
    ],
)
def test_everything_else_is_not(results: list[str]) -> None:
    assert not senders.is_proven(mail(*results), OURS)


@pytest.mark.parametrize(
    ("sender", "writer"),
    [
        ("Karim <Karim@Industrie.gov.ma>", "karim@industrie.gov.ma"),
        ("a@b.ma, c@d.ma", ""),
        ("a@b.ma\nFrom: c@d.ma", ""),
        ("nobody", ""),
        ("", ""),
        ('"karim@industrie.gov.ma" <x@attacker.example>', "x@attacker.example"),
        ("=?utf-8?q?=3Ckarim=40gmail.com=3E_=28?= <x@gmail.com>", "x@gmail.com"),
        ("=?utf-8?q?karim=40gmail=2Ecom=2C?= <x@gmail.com>", "x@gmail.com"),
    ],
)
def test_the_writer_is_one_address_or_none(sender: str, writer: str) -> None:
    assert senders.writer(mail(sender=sender)) == writer


def test_without_a_trusted_name_nothing_is_believed() -> None:
    assert not senders.is_proven(mail("; dmarc=pass"), "")


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_is_judged(results: str, sender: str) -> None:
    assert not senders.is_proven(mail(results.replace("\n", " "), sender=sender.replace("\n", " ")), OURS)
