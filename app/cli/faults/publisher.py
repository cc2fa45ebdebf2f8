"""Faults of what every page says of who publishes it, and how to write to them."""

import re
from collections.abc import Iterator

from app.config import Settings
from app.domain.texts import one_line

_LONGEST = 200
_MAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PAGE = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[!-~]*)?")


def name(config: Settings) -> Iterator[str]:
    given = config.publisher
    if given != one_line(given) or len(given) > _LONGEST:
        yield f"TATBIQ_PUBLISHER: it is not one line of at most {_LONGEST} characters; write the institution's name"


def contact(config: Settings) -> Iterator[str]:
    """It stands in a link on every page: nothing but a plain address of mail or of a page."""
    given = config.contact
    if given and (len(given) > _LONGEST or not (_MAIL.fullmatch(given) or _PAGE.fullmatch(given))):
        yield "TATBIQ_CONTACT: it is no plain address; write suivi@example.ma or https://example.ma/contact"
