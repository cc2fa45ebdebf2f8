"""Addresses of chats: known services, encrypted, and no inside network however it is spelled."""

import socket

import pytest

from app.channels import addresses
from app.channels.apprise import child
from app.domain.errors import Refused

INSIDE = (
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "app.localhost", "127.1", "0.0.0.0", "2130706433",
    "0x7f000001", "017700000001", "10.0.0.5", "172.16.3.4",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "[2002:7f00:1::]", "chat", "chat.local", "chat.internal",
    "chat.lan", "chat.intranet", "metadata.internal.",
)  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_an_inside_network_is_refused_however_it_is_spelled(host: str) -> None:
    with pytest.raises(Refused):
        addresses.read(f"jsons://{host}/hook")


@pytest.mark.parametrize(
    "address",
    [
        "", "x" * 501, "ntfys://a b/c", "ntfys://ntfy.example.org/\nx",
        "ntfy://ntfy.example.org/x", "json://example.org/x",
        "file:///etc/passwd", "syslog://", "dbus://", "exec://x", "https://example.org", "ntfys://", "ntfys://[", "é",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_known_service_or_not_encrypted_is_refused(address: str) -> None:
    with pytest.raises(Refused) as refused:
        addresses.read(address)
    assert refused.value.field == "address"
    assert address not in str(refused.value) or not address


def test_known_services_are_taken() -> None:
    assert addresses.read("ntfys://ntfy.example.org/suivi").service == "ntfy"
    assert addresses.read("slack://TokenA/TokenB/TokenC/#ch").service == "Slack"
    assert addresses.read("mmosts://chat.example.org/token").service == "Mattermost"


@pytest.mark.parametrize(
    ("address", "is_outside"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("169.254.169.254", False), ("::1", False), ("::ffff:10.0.0.1",
        False), ("fe80::1%eth0", False), ("224.0.0.1", False),
        ("2002:a00:1::", False), ("0.0.0.0", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_what_a_name_resolves_to_is_judged_where_it_is_connected_to(address: str, is_outside: bool) -> None:
    assert child.is_outside(address) is is_outside


def test_a_name_of_which_one_address_lies_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, 0, 0, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.5")]
    monkeypatch.setattr(child, "_resolve", lambda *_, **__: found)

    with pytest.raises(socket.gaierror):
        child._outside_only("chat.example.org", 443)
