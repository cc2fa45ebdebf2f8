"""What any mail may say besides its own: why its reader gets it, and how far an action is. Told by one plain letter."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.permissions import Role
from app.domain.workflow import State
from app.mail import letters, messages
from app.mail.policy import Mail
from app.mail.specimens.facts import POSTS, TITLES, TODAY, item, reader

PLAIN = "link_moved"  # the mail that tells it
_ROLES = (Role.OWNER, Role.MANAGER, Role.SECRETARIAT, Role.VERIFIER, Role.ADMINISTRATOR)
_FACTS: tuple[dict[str, Any], ...] = (
    {"due_on": None},
    {"days": 90},
    {"days": -4},
    *({"state": state, "waiting_days": 7} for state in (State.ASSIGNED, State.SUBMITTED, State.DECLINED)),
    {"waiting_days": 7},
)


def _to(role: Role) -> Callable[[str], Mail]:
    def letter(lang: str) -> Mail:
        to = replace(reader(lang), role=role, of=(POSTS[lang][1], TITLES[lang][1]))
        return messages.link_moved(letters.Moved(to=to, today=TODAY, item=item(lang)))

    return letter


def _of(facts: dict[str, Any]) -> Callable[[str], Mail]:
    return lambda lang: messages.link_moved(letters.Moved(to=reader(lang), today=TODAY, item=item(lang, 2, **facts)))


LETTERS = (*map(_to, _ROLES), *map(_of, _FACTS))
