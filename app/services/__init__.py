"""Writes: one function per verb. Whichever is imported, what it writes is followed by counts and public pages."""

from app.services.kernel import counts, translations  # noqa: F401 - listen to every transaction
