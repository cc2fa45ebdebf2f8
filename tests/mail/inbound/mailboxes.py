"""A small IMAP server on a real socket: one mailbox, in which mails are unread until they are marked."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class FakeMailbox:
    """`broken`: commands that are answered with these words instead of what they ask for; "" hangs up."""

    port: int = 0
    mails: dict[int, bytes] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    offers_starttls: bool = False

    @property
    def url(self) -> str:
        return f"imap://suivi:secret@127.0.0.1:{self.port}/INBOX"

    def answer(self, tag: str, line: str) -> bytes | None:
        name = re.sub(r"^UID ", "", line).split(" ")[0].upper()
        self.commands.append(name)
        if name in self.broken:
            return f"{self.broken[name].replace('TAG', tag)}\r\n".encode() if self.broken[name] else None
        done = f"{tag} OK done\r\n".encode()
        return self._said(name, line) + done

    def _said(self, name: str, line: str) -> bytes:
        if name == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" if self.offers_starttls else b"* CAPABILITY IMAP4rev1\r\n"
        if name == "SELECT":
            return f"* {len(self.mails)} EXISTS\r\n".encode()
        if name == "SEARCH":
            unread = " ".join(str(one) for one in self.mails if one not in self.seen or "UNSEEN" not in line)
            return f"* SEARCH {unread}\r\n".encode()
        number = int((re.findall(r"\d+", line) or ["0"])[0])
        if name == "FETCH":
            raw = self.mails[number]
            if ".PEEK" not in line:
                self.seen.append(number)
            return b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%b)\r\n" % (number, len(raw), raw)
        if name == "STORE" and re.search(r"\+FLAGS.*\\Seen", line):
            self.seen.append(number)
        return b""


@contextmanager
def serving(box: FakeMailbox, secret: ssl.SSLContext | None = None) -> Iterator[FakeMailbox]:
    """`secret`: from the first byte where the box offers no STARTTLS, else once that is asked for."""

    class Conversation(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self._handle(secret if secret and not box.offers_starttls else None)

        def _handle(self, context: ssl.SSLContext | None) -> None:
            link = context.wrap_socket(self.request, server_side=True) if context else self.request
            link.sendall(b"* OK ready\r\n")
            heard = link.makefile("rb")
            while raw := heard.readline():
                tag, _, line = raw.decode().strip().partition(" ")
                answer = box.answer(tag, line)
                if answer is None:
                    return
                link.sendall(answer)
                if line == "STARTTLS" and secret:
                    link = secret.wrap_socket(link, server_side=True)
                    heard = link.makefile("rb")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Conversation) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()


@contextmanager
def talking(greeting: bytes, words: bytes) -> Iterator[int]:
    """A server that says the same without an end and answers nothing; its port."""

    class Conversation(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request.sendall(greeting)
                while not is_over.wait(0.05):
                    self.request.sendall(words)

    is_over = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            is_over.set()
            server.shutdown()
