"""A connection that is listened to until a moment, however slowly its bytes come; whose words they are is not known."""

import io
import socket
import time


class WithinTime(io.RawIOBase):
    """Its bytes; between two of them no longer than the connection's own patience."""

    def __init__(self, sock: socket.socket, until: float = 0.0) -> None:
        self.sock, self.until = sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed asks for any buffer
        left, patience = self.until - time.monotonic(), self.sock.gettimeout()
        if left <= 0:
            raise TimeoutError("timed out")
        self.sock.settimeout(left if patience is None else min(left, patience))
        try:
            return self.sock.recv_into(buffer)
        finally:
            self.sock.settimeout(patience)
