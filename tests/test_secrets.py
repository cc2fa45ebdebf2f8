"""No key, token or code that the service gave out stands in a column or a backup: both are searched for all of them."""

import datetime as dt
import re
import tarfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from app import clock, demo
from app.config import settings
from app.db import Database
from app.domain import off_keys
from app.jobs import run_pass
from app.mail import signed_addresses
from app.mail.signed_addresses import AddressUse
from app.models import metadata
from app.services.upkeep import backups
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure

_HERE = {"Origin": "http://127.0.0.1"}
_KEYS = re.compile(r"/(?:u|sign-in/link|off|confirm|voice)/([\w-]{20,})")
_ANSWERS = {"": {"s": "on_track"}, "/evidence": {"evidence_title": "PV"}, "/refusal": {"reason": "Non."}}
_INBOUND = {"reply_address": "suivi@example.ma", "bounce_address": "suivi@example.ma", "authserv_id": "mx.example.ma"}
_DOORS = (
    "/fr/u/{}", "/fr/u/{}/reply", "/fr/u/{}/question", "/fr/u/{}/milestone", "/fr/off/{}", "/fr/voice/{}",
    "/calendars/me/{}.ics",  "/fr/sign-in/invitation/{}", 
)  # fmt: skip
_CODE = re.compile(r"\b(\d{4}) (\d{4})\b")


@pytest.fixture(autouse=True)
def on_a_working_day() -> Iterator[None]:
    """Monday at noon: the demonstration's last mails are of this morning."""
    with time_machine.travel(dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC), tick=True):
        yield


def test_nothing_stored_opens_anything(
    database: Database, client: TestClient, configure: Configure, tmp_path: Path
) -> None:
    configure(demo="1", secret_key="k" * 40, **_INBOUND)
    demo.load(database)
    told = _answer(client) | _stop(client) | _sign_in(client, "link") | _sign_in(client, "code") | _calendar(client)
    told |= _invite(client) | _reply_addresses()
    given = {"k" * 40, *told}
    archive = tmp_path / "all.tar.gz"
    backups.backup(database, archive)

    assert len(given) > 20
    assert not [place for place, text in _columns(database) for secret in given if secret in text]
    assert not [place for place, text in _members(archive) for secret in given if secret in text]
    _thief(database, client, given)


def _thief(database: Database, client: TestClient, given: set[str]) -> None:
    """Whoever has the file, and not SECRET_KEY: no byte of it was told to anybody, and no word of it opens a page.

    The keys that switch off mails and the addresses that replies and bounces come to are kept nowhere: they are
    signed, and without the secret there is nothing to tell one from another.
    """
    copy = _copy(database)
    assert not [secret for secret in given if secret.encode() in copy]
    words = {one.decode() for one in re.findall(rb"(?<![\w-])[\w-]{20,128}(?![\w-])", copy)} or set(_stored(database))
    for word in _stored(database):
        for way in _DOORS:
            assert client.get(way.format(word)).status_code in {404, 410}, way
        assert client.post(f"/fr/sign-in/link/{word}", headers=_HERE).status_code != 303
    for use in AddressUse:
        forged = signed_addresses.made("suivi@example.ma", use, 1, b"")
        assert signed_addresses.read(forged, settings().key) is None
    assert not [word for word in words if _is_signed(word)]


def _is_signed(word: str) -> bool:
    whole = f"suivi+{word.lower()}@example.ma"
    return off_keys.person_of(settings().key, word, "digest") is not None or bool(
        signed_addresses.read(whole, settings().key)
    )


def _copy(database: Database) -> bytes:
    """The file and what was not moved into it yet."""
    name = database.url.database or ""
    files = [Path(f"{name}{suffix}") for suffix in ("", "-wal")] if database.url.drivername.startswith("sqlite") else []
    return b"".join(file.read_bytes() for file in files if file.exists())


def _stored(database: Database) -> set[str]:
    """What is kept of keys, each to be tried as if it were one."""
    kept = ("hash", "token", "handle", "key")
    return {
        text
        for place, text in _columns(database)
        if any(part in place.partition(".")[2] for part in kept) and re.fullmatch(r"[\w-]{20,128}", text)
    }


def _invite(client: TestClient) -> set[str]:
    """Of whoever is invited by who is signed in, as the mail told it."""
    before = set(_mails())
    fields = {"name": "Nadia", "email": "nadia.new@example.ma", "locale": "fr", "once": "invite"}
    fields |= {"post_id": "1"}
    answer = client.post("/fr/workspace/setup/invitations", data=fields, headers=_HERE)
    assert answer.status_code == 303
    run_pass(clock.now())
    text = "\n".join(text for name, text in _mails().items() if name not in before)
    found = set(re.findall(r"/invitation/([\w-]{20,})", text))
    assert found
    return found


def _reply_addresses() -> set[str]:
    """What tells that an address is ours: the same for whoever reads the mail, and kept nowhere."""
    raw = b"".join(path.read_bytes() for path in (settings().data_dir / "mail").glob("*.eml"))
    found = {one.decode() for one in re.findall(rb"\+(r-[0-9a-z]+-[a-z2-7]{16})@", raw)}
    assert found, "reminders can be answered"
    return found


def _answer(client: TestClient) -> set[str]:
    """Use every link of the demonstration's mails, each form twice: the keys that were told."""
    told = [match for text in _mails().values() for match in re.finditer(r"/(\w\w)/u/([\w-]{20,})", text)]
    for lang, token in {match.groups() for match in told}:
        for way, typed in _ANSWERS.items():
            page = client.get(f"/{lang}/u/{token}")
            once = re.search(r'name="once" value="([^"]+)"', page.text)
            fields = typed | {"once": once[1] if once else ""}
            first, second = (client.post(f"/{lang}/u/{token}{way}", data=fields) for _ in range(2))
            assert first.headers.get("location") == second.headers.get("location")
    return {match[2] for match in told}


def _stop(client: TestClient) -> set[str]:
    """The keys of the weekly mails, each pressed and taken back."""
    told = {match.groups() for text in _mails().values() for match in re.finditer(r"/(\w\w)/off/([\w-]{20,})", text)}
    assert told, "the demonstration has sent its digests"
    for lang, token in told:
        assert client.post(f"/{lang}/off/{token}").status_code == 200
        assert client.post(f"/{lang}/off/{token}/return").status_code == 303
    return {token for _, token in told}


def _calendar(client: TestClient) -> set[str]:
    """The key of the own calendar of whoever is signed in by now, as the page told it once."""
    client.post("/fr/workspace/profile/calendar", data={"once": "feed"}, headers=_HERE)
    found = re.search(r"/calendars/me/([\w-]{43})\.ics", client.get("/fr/workspace/profile").text)
    assert found
    assert client.get(found[0]).status_code == 200
    return {found[1]}


def _sign_in(client: TestClient, way: str) -> set[str]:
    """Through the mail, by its link or by its code: what the mail told, and the session's own key."""
    before = set(_mails())
    asked = client.post("/fr/sign-in", data={"email": demo.CAST[0].email, "once": way}, headers=_HERE)
    run_pass(clock.now())
    text = "\n".join(text for name, text in _mails().items() if name not in before)
    keys, codes = set(_KEYS.findall(text)), {f"{a}{b}" for a, b in _CODE.findall(text)}
    if way == "link":
        address = re.search(r"/\w\w/sign-in/link/[\w-]+", text)
        assert address
        answer = client.post(address[0], headers=_HERE)
    else:
        code = next(iter(codes))
        answer = client.post(asked.headers["location"], data={"code": code, "once": "x"}, headers=_HERE)
    session = client.cookies.get(settings().cookie_name)
    assert (answer.status_code, bool(session)) == (303, True)
    return keys | codes | {f"{code[:4]} {code[4:]}" for code in codes} | {session or ""}


def _mails() -> dict[str, str]:
    """What was written to people, by the file's name."""
    texts = {}
    for path in (settings().data_dir / "mail").glob("*.eml"):
        plain = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
        texts[path.name] = str(plain.get_content()) if plain else ""
    return texts


def _columns(database: Database) -> Iterator[tuple[str, str]]:
    with database.read() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(sa.select(table)).mappings():
                yield from ((f"{table.name}.{name}", _text(value)) for name, value in row.items())


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _members(archive: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as found:
        for member in found:
            content = found.extractfile(member)
            yield member.name, content.read().decode("utf-8", "replace") if content else ""
