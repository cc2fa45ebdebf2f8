"""A backup taken while people write, restored elsewhere: what was acknowledged is there, and all of it is whole."""

import re
import secrets
import sqlite3
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.fixtures.servers import LiveServer, StartServer, run_tatbiq

KARIM = "كريم التازي"


def test_every_acknowledged_write_is_in_the_restored_backup(start_server: StartServer, tmp_path: Path) -> None:
    service = start_server(demo="1")
    acknowledged: list[str] = []
    stop = threading.Event()
    writer = threading.Thread(target=_write, args=(service, acknowledged, stop))
    writer.start()
    try:
        _wait_for(acknowledged, 15)
        before = set(acknowledged)
        service.tatbiq("backup", str(tmp_path / "all.tar.gz"), "--with-key")
        _wait_for(acknowledged, len(acknowledged) + 5)
    finally:
        stop.set()
        writer.join()

    elsewhere = service.environment | {"TATBIQ_DATA_DIR": str(tmp_path / "elsewhere")}
    run_tatbiq(elsewhere, "migrate")
    run_tatbiq(elsewhere, "restore", str(tmp_path / "all.tar.gz"))
    assert before <= _kept(tmp_path / "elsewhere" / "tatbiq.db")
    assert "head" in run_tatbiq(elsewhere, "audit", "verify")
    (held,) = run_tatbiq(elsewhere, "check", "--deep", code=1).splitlines()
    assert held.startswith("mail: The mails are held")


def _write(service: LiveServer, acknowledged: list[str], stop: threading.Event) -> None:
    """Karim says "on track" again and again; a word is acknowledged once its answer has come."""
    with httpx.Client(base_url=service.url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=30) as browser:
        sign_in = browser.get("/fr/sign-in").text
        person = re.search(rf'name="person_id" value="(\d+)"(?:(?!person_id).)*{KARIM}', sign_in, re.DOTALL)
        assert person
        browser.post("/fr/sign-in/cast", data={"person_id": person[1], "next": ""})
        mine = browser.get("/fr/workspace/mine").text
        action = re.search(r'action="(/fr/workspace/mine/[^"]+|/fr/workspace/actions/[^"]+/updates)"', mine)
        assert action
        while not stop.is_set():
            word = secrets.token_hex(8)
            said = {"once": secrets.token_urlsafe(18), "s": "on_track", "note": word}
            if browser.post(action[1], data=said).status_code == 303:
                acknowledged.append(word)


def _wait_for(acknowledged: list[str], count: int) -> None:
    deadline = time.monotonic() + 60
    while len(acknowledged) < count:
        if time.monotonic() > deadline:
            pytest.fail(f"only {len(acknowledged)} writes were acknowledged")
        time.sleep(0.02)


def _kept(path: Path) -> set[str]:
    with sqlite3.connect(path) as database:
        return {row[0] for row in database.execute("SELECT note FROM progress_update")}
