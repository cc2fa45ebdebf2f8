"""What a public page says beside an action of its supporting institutions, while they owe something."""

import datetime as dt
from collections.abc import Sequence

from app.domain.messages import Message
from app.domain.sentences import parts
from app.domain.workflow import OPEN, State
from app.queries.followup.actions import ActionRow
from app.queries.followup.support_rows import SupportRow


def of(row: ActionRow, supports: Sequence[SupportRow], today: dt.date) -> list[Message]:
    if row.state not in OPEN or row.state is State.DECLINED:
        return []
    return parts.together([support.situation for support in supports], today)
