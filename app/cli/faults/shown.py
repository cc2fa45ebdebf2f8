"""How much of a value a line may repeat: enough to recognise it, nothing that may be a password."""

_LONGEST = 60


def shown(value: object) -> str:
    """Short, on one line, in ASCII; of what looks like an address with a login, the scheme alone."""
    text = str(value)
    scheme, is_url, _ = text.partition("://")
    return ascii(f"{scheme[-10:]}://…" if is_url else text[:_LONGEST]).replace("\\u2026", "…")
