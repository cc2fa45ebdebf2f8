"""The SMTP dialogue of the standard library, with answers that end: each within its time, and none that is no answer.

Its own waits anew for every byte, listens to continued lines for ever, and blames whoever was named for a line that is
too long.
"""

import io
import smtplib
import time

from app.mail.patience import WithinTime

_LONGEST = 8192  # bytes of one line
_MOST = 200  # lines of one answer
_MOMENT = 60.0  # seconds, where a connection has no patience of its own


class Dialogue(smtplib.SMTP):
    """What is no answer ends it, as if the other side had hung up."""

    def getreply(self) -> tuple[int, bytes]:
        """The code, and the words of all of its lines."""
        words: list[bytes] = []
        try:
            reading = self._reading()
            while len(words) < _MOST:
                line = reading.readline(_LONGEST + 1)
                code = _code(line)
                words.append(line[4:].strip(b" \t\r\n"))
                if line[3:4] != b"-":
                    return code, b"\n".join(words)
        except smtplib.SMTPServerDisconnected:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"Connection unexpectedly closed: {error}") from error
        self.close()
        raise smtplib.SMTPServerDisconnected("The relay does not end its answer")

    def _reading(self) -> io.BufferedReader:
        """What was buffered before the connection became secret is not heard: the library forgets `file` then."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        if self.file is None:
            self.file = io.BufferedReader(WithinTime(self.sock))
        self.file.raw.until = time.monotonic() + (self.sock.gettimeout() or _MOMENT)
        reading: io.BufferedReader = self.file
        return reading


class SecretDialogue(Dialogue, smtplib.SMTP_SSL):
    """TLS from the first byte."""


def _code(line: bytes) -> int:
    """Raises where it is no answer (RFC 5321, 4.2)."""
    if not line:
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
    if len(line) > _LONGEST or not line[:3].isdigit() or len(line[:3]) < 3 or line[3:4] not in b" -\r\n":
        shown = line[:60].decode("ascii", "replace")
        raise smtplib.SMTPServerDisconnected(f"What the relay says is no SMTP: {shown}")
    return int(line[:3])
