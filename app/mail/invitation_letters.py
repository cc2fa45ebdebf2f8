"""What the mail is told that invites somebody."""

from dataclasses import dataclass
from datetime import date

from app.domain.permissions import Role
from app.mail.letters import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLetter:
    """To a post, a role (in a programme or in all of them), or both; `until`: the last day of the link."""

    to: Reader
    link: str
    until: date
    post: str = ""
    offered: Role | None = None
    programme: str = ""
