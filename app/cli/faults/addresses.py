"""Faults of what names machines: the address in every link, where to listen, which proxies to believe."""

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from app.cli.faults.shown import shown
from app.config import Settings

_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?")
_BASE = re.compile(r"https?://(?P<host>\[[0-9A-Fa-f:.]+\]|[^/\[\]@:?#\\]*)(?::(?P<port>[^/@:?#\\]*))?/?")
_PORTS = range(1, 65536)
_PORT_DIGITS = 5


def base(config: Settings) -> Iterator[str]:
    """Only scheme, host and port: whatever else stood there would be in every mailed link."""
    given = config.base_url
    if not given:
        return
    why = _wrong_base(given)
    if why:
        yield f"TATBIQ_BASE_URL: {why}; write an address such as https://suivi.example.ma, without a path"


def _wrong_base(given: str) -> str:
    if not given.isascii():
        return "it is not ASCII (a name in other letters has a form that begins with xn--)"
    if "@" in given:
        return "it must name no user"
    found = _BASE.fullmatch(given)
    if not found:
        return f"{shown(given)} is not scheme, host and port alone"
    host, port = found["host"], found["port"]
    if not (_is_address(host[1:-1]) if host.startswith("[") else _NAME.fullmatch(host)):
        return f"{shown(host)} is not a host"
    if port is not None and not (port.isdecimal() and len(port) <= _PORT_DIGITS and int(port) in _PORTS):
        return f"{port!r} is not a port" if len(port) <= _PORT_DIGITS else "what stands behind its : is not a port"
    return ""


def host(config: Settings) -> Iterator[str]:
    given = config.host
    if not is_host(given):
        yield f"TATBIQ_HOST: {shown(given)} is not an address of this machine; write one such as 127.0.0.1 or ::1"


def port(config: Settings) -> Iterator[str]:
    if config.port not in range(65536):  # 0: the system chooses one
        yield f"TATBIQ_PORT: {config.port} is not a port; write a number from 1 to 65535"


def proxies(config: Settings) -> Iterator[str]:
    """What the server can't parse it would keep as a name that nobody has; what names everybody lets everybody lie."""
    for item in config.trusted_proxies.split(",") if config.trusted_proxies else ():
        one = item.strip()
        if one == "*" or one.endswith("/0"):
            yield f"TATBIQ_TRUSTED_PROXIES: {shown(one)} would let anybody choose their address; name the proxy"
        elif not (_is_network(one) if "/" in one else _is_address(one)):
            yield f"TATBIQ_TRUSTED_PROXIES: {shown(one)} is no address or network; write 10.0.0.5 or 10.0.0.0/24"


def is_host(text: str) -> bool:
    return _is_address(text) or (text.isascii() and bool(_NAME.fullmatch(text)))


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _is_network(text: str) -> bool:
    try:
        return bool(ip_network(text))
    except ValueError:
        return False
