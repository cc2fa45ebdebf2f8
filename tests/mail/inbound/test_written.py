"""What a person wrote is read from the text, or where there is none from the HTML, without what is quoted or hidden."""

import pytest

from app.mail.inbound import mime, written


def html(source: str, text: str = "") -> str:
    parts = (("text/plain", text), ("text/html", source))
    body = "".join(f"--x\nContent-Type: {kind}; charset=utf-8\n\n{words}\n" for kind, words in parts if words)
    head = "From: a@b.ma\nContent-Type: multipart/alternative; boundary=x\n\n"
    return written.own_words(mime.read(f"{head}{body}--x--\n".encode()))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Le guide est&nbsp;imprim&eacute;.</p><p>Il part lundi.</p>", "Le guide est imprimé.\nIl part lundi."),
        ("Fait.<br>Demain\n  la suite.", "Fait.\nDemain la suite."),
        ("<head><title>Re</title></head><body>Fait.</body>", "Fait."),
        ("<style>p {color: red}</style>Fait.<script>alert(1)</script>", "Fait."),
        ("Fait.<style>p {color: red}", "Fait."),
        ('Fait.<div class="gmail_quote">On Monday we wrote</div>', "Fait."),
        ("Fait.<blockquote>Reminder</blockquote>", "Fait."),
        ("1 &lt; 2 &amp; <b>fait</b>", "1 < 2 & fait"),
    ],
)
def test_html_alone_is_read_as_it_is_seen_without_what_it_quotes(source: str, words: str) -> None:
    assert html(source) == words


def test_where_both_are_there_the_text_is_read() -> None:
    assert html("<p>Autrement.</p>", "Fait.") == "Fait."
    assert html("<p>Fait.</p>", "  \n") == "Fait."
