"""Where somebody stood when they pressed a button in a list: its room, the section shown alone, what is next in it."""

from typing import Annotated

from pydantic import Field

from app.web.page import led_to

# "desk", or "desk:to_verify:FM-2024-03.2": what is next is named as the list names its acts; last the post it is of.
_ROOM, _NEXT = "(mine|desk|outgoing|review|recommendation|organisation)?", "(:[a-z_]{0,20}:[A-Za-z0-9_.-]{0,40})?"
Place = Annotated[str, Field(pattern=f"^{_ROOM}{_NEXT}(:[a-z0-9-]{{0,80}})?$")]
LISTS = ("desk", "mine", "organisation")  # rooms that somebody goes on in, row by row


def back_to(lang: str, place: str, said: str) -> str:
    """The list as it was, at the act that is next: what can be focused is, where an address points at it."""
    room, _, rest = place.partition(":")
    only, following, post = (*rest.split(":"), "", "", "")[:3]
    at = f"#act-{following}" if following else ""
    narrowed = {name: value for name, value in (("only", only), ("post", post)) if value}
    return led_to(f"/{lang}/workspace/{room}{at}", **narrowed, said=said)
