"""What a mail server may answer that means nothing, or never ends, at each step of the dialogue: `more_at_rcpt`."""

import asyncio

AT_THE_DOOR = ("banner", "ehlo", "starttls")  # before any message is named
_WORDS = {
    "binary": bytes(range(256)) * 4 + b"\r\n",
    "silence": b"\r\n",
    "html": b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<h1>\r\n",
    "yes": b"250 yes\r\n",  # where 220 or 354 is due
}
_ENDLESS = {  # piece by piece, and how often
    "line": (b"2" * 4096, 0.01),  # no end of a line
    "more": (b"250-there is more\r\n" * 50, 0.01),
    "drip": (b"2", 0.1),  # each byte soon enough for somebody who waits for bytes alone
}


def step_of(mode: str) -> str:
    return mode.partition("_at_")[2]


async def answered(mode: str, step: str, writer: asyncio.StreamWriter) -> bool:
    """Whether this mode has its own answer at this step."""
    what, _, at = mode.partition("_at_")
    if at != step:
        return False
    if what == "hang":
        await asyncio.sleep(60)
    if what in _ENDLESS:
        piece, pause = _ENDLESS[what]
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
    if what in _WORDS:
        writer.write(_WORDS[what])
        await writer.drain()
    return what in _WORDS or what == "hang"
