"""How people get in: invitations, sign-in challenges, sessions, counted attempts, and forms that were already sent."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.permissions import Role
from app.models.base import Table, choice, instant, maybe_instant


class SignIn(Table, table=True):
    """A challenge: a link and a code that open one session. Only hashes are kept; ten minutes run from sending."""

    id: int = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=64)  # names the challenge in the form; opens nothing
    person_id: int = Field(foreign_key="person.id", index=True)
    link_hash: str | None = Field(default=None, unique=True, max_length=64)  # made when the mail is written
    code_hash: str | None = Field(default=None, max_length=64)
    next_path: str = ""
    created_at: dt.datetime = instant()
    expires_at: dt.datetime | None = maybe_instant()  # set at sending
    used_at: dt.datetime | None = maybe_instant()
    wrong_codes: int = 0


class AuthSession(Table, table=True):
    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: dt.datetime = instant()
    last_seen_at: dt.datetime = instant()
    expires_at: dt.datetime = instant(index=True)


class Attempt(Table, table=True):
    """One counted request under a key such as `code:42`; old rows are swept."""

    __table_args__ = (sa.Index("ix_attempt_key_at", "key", "at"),)
    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=160)
    at: dt.datetime = instant()


class FormOnce(Table, table=True):
    """A form that was carried out, and where its sender was led: a second submit is led there too."""

    key: str = Field(primary_key=True, max_length=64)
    location: str  # `{token}` stands for the key of a mailed link, which is kept nowhere
    at: dt.datetime = instant(index=True)


class Invitation(Table, table=True):
    """Somebody asked to join, who has no access until they accept; then the role or the post becomes theirs.

    Of the key only the hash is kept, made when the mail is written: sent again, the key before is void.
    """

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    invited_by_id: int | None = Field(default=None, foreign_key="person.id")  # whose rights count at acceptance, too
    role: Role | None = Field(default=None, sa_type=choice(Role), nullable=True)
    programme_id: int | None = Field(default=None, foreign_key="programme.id")
    post_id: int | None = Field(default=None, foreign_key="post.id")
    token_hash: str | None = Field(default=None, unique=True, max_length=64)
    sendings: int = 1  # how often it was asked to be sent
    created_at: dt.datetime = instant()
    sent_at: dt.datetime | None = maybe_instant()
    expires_at: dt.datetime | None = maybe_instant()  # set at sending
    accepted_at: dt.datetime | None = maybe_instant()
    withdrawn_at: dt.datetime | None = maybe_instant()
