"""What servers say of a mail that came back, whatever form they give it, is understood or left alone: never a fault."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.bounces import Weight
from app.mail.inbound import mime, reports
from app.mail.inbound.mime import Unreadable
from app.mail.inbound.reports import DeliveryFate, RecipientTold
from tests.mail.inbound import dsns

INTERNATIONAL = dsns.postfix().replace(b"message/delivery-status", b"message/global-delivery-status")
HARD, SOFT, POLICY = Weight.HARD, Weight.SOFT, Weight.POLICY


def told(raw: bytes) -> tuple[RecipientTold, ...]:
    return reports.read(mime.read(raw))


def the_one(raw: bytes) -> RecipientTold:
    [one] = told(raw)
    return one


@pytest.mark.parametrize(
    ("raw", "status", "weight"),
    [
        (dsns.postfix(), "5.1.1", HARD),
        (INTERNATIONAL, "5.1.1", HARD),
        (dsns.exchange(), "5.1.10", HARD),
        (dsns.gmail_full(), "5.2.2", SOFT),
        (dsns.report(dsns.HEAD, dsns.block(status="5.7.1", said="550 5.7.1 Message blocked as spam")), "5.7.1", POLICY),
        (dsns.report(dsns.HEAD, dsns.block(status="5.4.7", said="delivery time expired")), "5.4.7", SOFT),
        (dsns.report(dsns.HEAD, dsns.block(status="4.4.1", said="timed out")), "4.4.1", SOFT),
        (dsns.report(dsns.HEAD, dsns.block(status="5.0.0", said="550 no such user here")), "5.0.0", HARD),
        (dsns.report(dsns.HEAD, dsns.block(status="5.0.0", said="554 nothing to tell")), "5.0.0", SOFT),
        (dsns.report(dsns.HEAD, dsns.block(status="", said="550 5.1.1 gone")), "5.1.1", HARD),
        (dsns.report(dsns.HEAD, dsns.block(status="", said="550 User unknown")), "5.0.0", HARD),
    ],
)
def test_a_failure_is_read_with_its_code_and_weight(raw: bytes, status: str, weight: Weight) -> None:
    one = the_one(raw)

    assert (one.fate, one.status, one.weight) == (DeliveryFate.FAILED, status, weight)
    assert one.address == dsns.TO


@pytest.mark.parametrize("raw", [dsns.postfix(), INTERNATIONAL])
def test_the_words_of_the_server_are_on_one_line(raw: bytes) -> None:
    assert the_one(raw).words.endswith("Recipient address rejected: User unknown in virtual mailbox table")


@pytest.mark.parametrize(
    ("raw", "fate"), [(dsns.delayed(), DeliveryFate.DELAYED), (dsns.relayed(), DeliveryFate.PASSED)]
)
def test_what_is_no_failure_is_not_called_one(raw: bytes, fate: DeliveryFate) -> None:
    assert the_one(raw).fate is fate


def test_each_recipient_has_a_fate_of_its_own() -> None:
    found = told(dsns.report(dsns.HEAD, dsns.block(), dsns.block("delivered", "2.0.0", to="leila@example.ma")))

    assert [(one.address, one.fate) for one in found] == [
        ("karim@example.ma", DeliveryFate.FAILED),
        ("leila@example.ma", DeliveryFate.PASSED),
    ]


def test_the_recipient_is_the_one_that_we_wrote_to_wherever_the_mail_went_from_there() -> None:
    block = "Final-Recipient: rfc822; k@elsewhere.ma\nOriginal-Recipient: rfc822; Karim@example.ma\nAction: failed"

    assert the_one(dsns.report(dsns.HEAD, block)).address == dsns.TO


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("", "5.1.1", DeliveryFate.FAILED),
        ("", "4.4.1", DeliveryFate.DELAYED),
        ("", "", DeliveryFate.DELAYED),
        ("Failed (mailbox gone)", "5.1.1", DeliveryFate.FAILED),
        ("FAILURE", "", DeliveryFate.FAILED),
        ("échec", "5.1.1", DeliveryFate.FAILED),
        ("expanded", "2.0.0", DeliveryFate.PASSED),
    ],
)
def test_missing_and_strange_actions_are_judged_by_the_code(action: str, status: str, fate: DeliveryFate) -> None:
    assert the_one(dsns.report(dsns.HEAD, dsns.block(action, status))).fate is fate


@pytest.mark.parametrize(
    ("subject", "text", "weight"),
    [
        ("failure notice", f"<{dsns.TO}>:\nSorry, no such user here. (#5.1.1)", HARD),
        ("Échec de la remise", "Votre message n'a pas pu être remis : adresse introuvable.", HARD),
        ("Message non distribué", "La boîte de votre correspondant est pleine.", SOFT),
        ("Undeliverable", "550 5.7.1 rejected by policy", POLICY),
        ("تعذر تسليم الرسالة", "550 5.1.1 user unknown", HARD),
        ("Mail delivery failed", "It went wrong.", SOFT),
    ],
)
def test_servers_that_write_sentences_are_understood(subject: str, text: str, weight: Weight) -> None:
    one = the_one(dsns.without_a_report(subject, text))

    assert (one.fate, one.weight) == (DeliveryFate.FAILED, weight)


@pytest.mark.parametrize(
    "text",
    [
        "Le serveur ne répond pas. La remise de votre message est retardée, une nouvelle tentative aura lieu.",
        "Your message could not be delivered yet: user unknown for now. We will keep trying.",
    ],
)
def test_a_sentence_that_it_is_still_being_tried_is_no_failure(text: str) -> None:
    assert the_one(dsns.without_a_report("Remise", text)).fate is DeliveryFate.DELAYED


@pytest.mark.parametrize(
    "raw", [dsns.vacation(), dsns.vacation("Out of office: Due in 7 days"), dsns.vacation("رد تلقائي")]
)
def test_somebody_who_is_away_is_not_somebody_who_is_gone(raw: bytes) -> None:
    assert told(raw) == ()


def test_a_person_who_writes_about_an_unknown_user_reports_nothing() -> None:
    raw = f"From: {dsns.TO}\nTo: suivi@example.ma\nSubject: Undeliverable\n\nuser unknown\n".encode()

    assert told(raw) == ()


EVIL = {
    "empty": b"",
    "zeros": b"\0" * 10_000,
    "a hundred kilobytes of header": b"Subject: " + b"a" * 100_000 + b"\nFrom: mailer-daemon@x.ma\n\nfailed",
    "a hundred thousand headers": b"X-A: 1\n" * 100_000,
    "no such alphabet": b"From: postmaster@x.ma\nContent-Type: text/plain; charset=klingon\n\nuser unknown \xff\xfe",
    "a slow alphabet": b"From: postmaster@x.ma\nContent-Type: text/plain; charset=punycode\n\n" + b"a-" * 50_000,
    "a thousand levels": b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (level, level) for level in range(1000)
    ),
    "reports in reports": b"Content-Type: message/rfc822\n\n" * 2000,
    "encoded words without end": b"Subject: " + b"=?utf-8?q?=" * 9000 + b"\n\n.",
    "one long line": b"From: mailer-daemon@x.ma\nSubject: x\n\n" + b"delivery " * 20_000,
    "addresses without end": b"To: " + b"<" * 50_000 + b"@" * 50_000 + b"\n\n",
    "brackets": b"To: " + b"(" * 50_000 + b"\nFrom: " + b'"' * 50_000 + b"\n\n",
    "blocks without end": dsns.report(*(dsns.block() for _ in range(20_000))),
}


@pytest.mark.parametrize("name", EVIL)
def test_evil_mails_end_in_a_second_and_without_a_fault(name: str) -> None:
    began = time.process_time()
    with suppress(Unreadable):
        letter = mime.read(EVIL[name])
        reports.read(letter)
        letter.addresses("to", "from")

    assert time.process_time() - began < 1


@given(st.binary(max_size=3000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_called_unreadable(raw: bytes) -> None:
    for some in (raw, b"Content-Type: message/delivery-status\n\n" + raw, b"From: mailer-daemon@x\n" + raw):
        try:
            letter = mime.read(some)
            letter.addresses("to", "from", "delivered-to")
            reports.read(letter)
        except Unreadable:
            continue


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_words_in_any_field_are_read(words: str) -> None:
    for field in ("Action", "Status", "Diagnostic-Code", "Final-Recipient"):
        reports.read(mime.read(dsns.report(dsns.HEAD, f"{field}: {words}")))
