"""The keys in mails as plain text: what is kept of one, and how one key leads to another that nobody keeps."""

import base64
import hashlib
import hmac


def hashed(token: str) -> str:
    """All that is ever stored of a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived(token: str, name: str) -> str:
    """Another key, of as many bits, that whoever has this one can tell again: it need not be kept to be shown."""
    return base64.urlsafe_b64encode(hmac.digest(token.encode(), name.encode(), "sha256")).decode().rstrip("=")
