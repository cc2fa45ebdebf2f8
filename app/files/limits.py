"""How large a file or a pasted text may be; nothing about what is in it."""

from app.domain.errors import Refused

MAX_REPORT_BYTES = 5 * 1024 * 1024


def check_size(size: int) -> None:
    """Refuse what is larger than a report may be, before anybody spends work on it."""
    if size > MAX_REPORT_BYTES:
        raise Refused(
            "The report is larger than %(limit)s MB. Keep only the part that holds the recommendations.",
            field="report",
            limit=MAX_REPORT_BYTES // (1024 * 1024),
        )
