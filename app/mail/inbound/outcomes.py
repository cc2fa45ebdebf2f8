"""What can become of a mail that comes in, in a word for logs, counts and doors; nothing is decided here."""

from enum import StrEnum


class TakenAs(StrEnum):
    RECORDED = "recorded"
    KNOWN = "known"  # told before, or of a mail that has been sent again since
    DELAYED = "delayed"  # a report that it is still being tried
    PASSED = "passed"  # a report that it arrived, or went on
    LATER = "later"  # to be brought again in a minute: nothing was done with it
    UNCLEAR = "unclear"  # to the right address, and says nothing that is understood
    UNKNOWN = "unknown"  # about a mail that is not there
    UNSIGNED = "unsigned"  # to no address that we made
    FORGED = "forged"  # to one that looks like it
    UNREADABLE = "unreadable"
