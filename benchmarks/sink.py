"""The smallest SMTP server that takes all and keeps nothing: the receiver must not be what is measured.

Runs alone: `python benchmarks/sink.py PORT`.
"""

import asyncio
import sys

_SAYS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 SIZE 52428800\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Sink(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.kept, self.is_data = transport, b"", False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.kept += data
        while self._step():
            pass

    def _step(self) -> bool:
        end = b"\r\n.\r\n" if self.is_data else b"\r\n"
        line, found, rest = self.kept.partition(end)
        if not found:
            return False
        self.kept = rest
        if self.is_data:
            self.is_data = False
            self.transport.write(b"250 2.0.0 taken\r\n")
        else:
            verb = line[:4].upper()
            self.is_data = verb == b"DATA"
            self.transport.write(_SAYS.get(verb, b"250 ok\r\n"))
        return True


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
