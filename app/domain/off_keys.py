"""The key that switches off mails of one kind: it says whose they are, and is signed.

Nothing of it is kept, so it lives as long as the mail that holds it, and one person's is the same in every mail.
"""

import base64
import binascii
import hmac

_HEAD = b"tatbiq off "
_ID, _SIGNATURE = 4, 32  # bytes: together no rest of a base64 group, so each key has one spelling
LENGTH = (_ID + _SIGNATURE) * 4 // 3


def made(secret: bytes, person_id: int, purpose: str) -> str:
    """256 bits that only whoever has the secret can tell."""
    named = person_id.to_bytes(_ID)
    return base64.urlsafe_b64encode(named + _signature(secret, named, purpose)).decode()


def person_of(secret: bytes, key: str, purpose: str) -> int | None:
    """Whose mails it switches off; None for a key that was not made so."""
    if len(key) != LENGTH or not key.isascii():
        return None
    try:
        raw = base64.b64decode(key, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    named, signature = raw[:_ID], raw[_ID:]
    if not hmac.compare_digest(signature, _signature(secret, named, purpose)):
        return None
    return int.from_bytes(named)


def _signature(secret: bytes, named: bytes, purpose: str) -> bytes:
    """Under a key of its own for each purpose: what is signed elsewhere with the same secret says nothing here."""
    own = hmac.digest(secret, _HEAD + purpose.encode(), "sha256")
    return hmac.digest(own, named, "sha256")
