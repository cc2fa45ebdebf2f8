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
    # Of replies:
    WAITING = "waiting"  # for its writer to confirm it
    OFF = "off"  # replies are not taken in this house
    AUTOMATIC = "automatic"  # no person wrote it
    FOREIGN = "foreign"  # from another address than the mail went to
    UNPROVEN = "unproven"  # nothing shows that it comes from that address
    LATE = "late"  # the mail takes no reply any more
    MOVED_ON = "moved_on"  # the action is closed, or the post is another's
    EMPTY = "empty"
    TOO_MANY = "too_many"
