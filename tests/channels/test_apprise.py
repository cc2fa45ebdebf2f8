"""A notice really sent by the library, from a child that ends in time and reaches no inside network."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from app.channels import NotDelivered, Notice, apprise
from app.channels.apprise import AppriseCourier

NOTICE = Notice("Tatbiq : un essai", "https://suivi.example.ma/fr/workspace/setup/health")


class Chat(BaseHTTPRequestHandler):
    received: list[Any] = []  # noqa: RUF012 - of the one server of a test
    status, wait = 200, 0.0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(json.loads(body))
        time.sleep(type(self).wait)
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[str]:
    Chat.received, Chat.status, Chat.wait = [], 200, 0.0
    server = HTTPServer(("127.0.0.1", 0), Chat)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/hook"
    server.shutdown()


def test_a_chat_gets_the_title_and_the_link_and_nothing_else(chat: str) -> None:
    AppriseCourier(is_inside_open=True).send(chat, NOTICE)

    [got] = Chat.received
    assert (got["title"], got["message"]) == (NOTICE.title, NOTICE.link)


def test_an_inside_network_is_reached_by_no_name_that_leads_there(chat: str) -> None:
    for address in (chat, chat.replace("127.0.0.1", "localhost"), chat.replace("127.0.0.1", "2130706433")):
        with pytest.raises(NotDelivered):
            AppriseCourier().send(address, NOTICE)

    assert Chat.received == []


def test_what_a_chat_refuses_is_not_delivered_and_the_reason_names_no_address(chat: str) -> None:
    Chat.status = 500
    with pytest.raises(NotDelivered) as refused:
        AppriseCourier(is_inside_open=True).send(chat, NOTICE)
    assert str(refused.value) == "the chat did not take it"
    with pytest.raises(NotDelivered, match="not understood"):
        AppriseCourier(is_inside_open=True).send("nonsense", NOTICE)


def test_a_chat_that_hangs_is_left_in_time(chat: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise, "SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(NotDelivered, match="in time"):
        AppriseCourier(is_inside_open=True).send(chat, NOTICE)
    assert time.monotonic() - began < 10
