"""Writes: one function per verb. Whichever is imported, what it writes is followed by counts and public pages."""

from app.services.kernel import counts  # noqa: F401 - listens for the end of every transaction
