"""What public pages show, as names: a page says which it shows, a change says which it touches."""

ALL = "all"  # titles of bodies and programmes, a meeting that appears: rare, and shown in too many places to name
NEWS = "news"  # what moved, who is waited for: the side of the first page
COUNTS = "counts"  # totals of the whole site


def of(kind: str, row_id: int | None) -> str:
    """One item and what is listed below it."""
    return f"{kind}:{row_id}"
