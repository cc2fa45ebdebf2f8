"""A mail that may be answered by a reply: where the reply goes, and the line above which it is written."""

from dataclasses import replace

from app.domain.replies import DELIMITER, DELIMITERS
from app.mail.policy import Mail

_FRAME = '<table class="sheet"'
_LINES = "<br>".join(f'<span lang="{lang}"><bdi>— {words} —</bdi></span>' for lang, words in DELIMITERS.items())
_ABOVE = (
    '<p style="margin:0 auto;max-width:600px;padding:8px 16px;text-align:center;font-size:14px;color:#4A5157">'
    f"{_LINES}</p>"
)


def inviting(mail: Mail, address: str) -> Mail:
    """The same with the address and the line; as it was where it takes no reply."""
    if not address:
        return mail
    html = mail.html.replace(_FRAME, f"{_ABOVE}\n{_FRAME}", 1)
    return replace(mail, reply_to=address, text=f"{DELIMITER}\n\n{mail.text}", html=html)
