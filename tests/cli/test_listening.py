"""The socket that `serve` takes before anything else."""

import socket

from app.cli import listening


def test_answers_leave_at_once_and_never_wait_for_an_acknowledgement() -> None:
    with listening.bound("127.0.0.1", 0) as own:
        listening.listen(own, "127.0.0.1", 0)
        with socket.create_connection(own.getsockname()), own.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert accepted.proto == socket.IPPROTO_TCP
