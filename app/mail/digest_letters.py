"""What the weekly digest is told: the parts of one week, each with its sections; no rows, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.digest_shapes import DigestShape
from app.domain.messages import Message
from app.mail.letters import LetterSection, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPart:
    """Of one shape; `says`: what stands above its sections. Sections without rows are left out."""

    shape: DigestShape
    sections: Mapping[str, LetterSection]
    says: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    to: Reader
    today: date
    parts: tuple[DigestPart, ...]
    head: str = ""  # of the record, newest link: mails that are kept prove it
    print_page: str = ""  # the same as a page
    unsubscribe: str = ""

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        return tuple((name, one.count) for part in self.parts for name, one in part.sections.items())
