"""Where somebody stood when they pressed a button in a list: its room, the section shown alone, what is next in it."""

from typing import Annotated

from pydantic import Field

from app.web.page import led_to

# "desk", or "desk:to_verify:FM-2024-03.2": what is next is named as the list names its acts.
_ROOM, _NEXT = "(mine|desk|outgoing|review|recommendation)?", "(:[a-z_]{0,20}:[A-Za-z0-9_.-]{0,40})?"
Place = Annotated[str, Field(pattern=f"^{_ROOM}{_NEXT}$")]


def back_to(lang: str, place: str, said: str) -> str:
    """The list as it was, at the act that is next: what can be focused is, where an address points at it."""
    room, _, rest = place.partition(":")
    only, _, following = rest.partition(":")
    at = f"#act-{following}" if following else ""
    return led_to(f"/{lang}/workspace/{room}{at}", **({"only": only} if only else {}), said=said)
