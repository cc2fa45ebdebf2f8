"""Reports as mail servers of several makes write them: made up here, on their forms, about a mail of ours."""

TO = "karim@example.ma"


def report(*blocks: str, subject: str = "Undelivered Mail Returned to Sender", text: str = "", to: str = "") -> bytes:
    """A multipart/report whose second part holds these blocks."""
    said = "\n\n".join(blocks)
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.ma (Mail Delivery System)
To: {to or "suivi@example.ma"}
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b/1"

--b/1
Content-Type: text/plain; charset=us-ascii

{text or "The mail system at mx.example.ma has given up on your message."}

--b/1
Content-Type: message/delivery-status

{said}

--b/1
Content-Type: message/rfc822

From: suivi@example.ma
To: {TO}
Subject: Due in 7 days

The words of the mail.
--b/1--
""".encode()


HEAD = "Reporting-MTA: dns; mx.example.ma\nArrival-Date: Mon, 7 Dec 2026 08:00:00 +0000"


def block(action: str = "failed", status: str = "5.1.1", said: str = "", to: str = TO) -> str:
    lines = [f"Final-Recipient: rfc822; {to}"]
    lines += [f"Action: {action}"] if action else []
    lines += [f"Status: {status}"] if status else []
    lines += [f"Diagnostic-Code: smtp; {said}"] if said else []
    return "\n".join(lines)


def postfix(to: str = "") -> bytes:
    said = f"550 5.1.1 <{TO}>: Recipient\n    address rejected: User unknown in virtual mailbox table"
    return report(HEAD, f"Original-Recipient: rfc822;{TO}\n{block(said=said)}\nRemote-MTA: dns; mx.example.ma", to=to)


def exchange() -> bytes:
    said = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
    return report(HEAD, block(status="5.1.10", said=said), subject="Undeliverable: Due in 7 days")


def gmail_full() -> bytes:
    said = "552-5.2.2 The recipient's inbox is out of storage space.\n 552 5.2.2 Please try later."
    return report(HEAD, block(status="5.2.2", said=said), subject="Delivery Status Notification (Failure)")


def delayed() -> bytes:
    said = "connect to mx.example.ma[192.0.2.1]:25: Connection timed out"
    return report(HEAD, block("delayed", "4.4.1", said) + "\nWill-Retry-Until: Sat, 12 Dec 2026 08:00:00 +0000")


def relayed() -> bytes:
    return report(HEAD, block("relayed", "2.6.0"), subject="Successful Mail Delivery Report")


def without_a_report(subject: str, text: str, sender: str = "MAILER-DAEMON@mx.example.ma") -> bytes:
    head = f"Return-Path: <>\nFrom: {sender}\nTo: suivi@example.ma\nSubject: {subject}\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def vacation(subject: str = "Réponse automatique : Due in 7 days") -> bytes:
    return without_a_report(subject, "Je suis absent. Ma boîte n'existe pas pour vous.", TO)
