"""What a list of actions is narrowed to, read from an address."""

from typing import Annotated

from fastapi import Depends, Query

from app.queries.followup.filters import OPEN_ONES, Filters


async def _narrowed(
    state: str = "",
    organisation: str = "",
    meeting: str = "",
    overdue: str = "",
    text: Annotated[str, Query(max_length=100)] = "",
    region: str = "",
) -> Filters:
    return Filters(state or OPEN_ONES, organisation, meeting, overdue, text.strip(), region)


Narrowed = Annotated[Filters, Depends(_narrowed)]
