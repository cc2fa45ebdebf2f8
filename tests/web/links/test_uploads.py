"""A photo or a document sent with an answer, from a phone or in the workspace; and what is refused, in clear words."""

import errno
import gc
import re
import threading
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import private
from app.config import settings
from app.db import Database
from app.domain.documents import MOST_BYTES
from app.domain.workflow import State, Verb
from app.files import store
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.updates import Update
from app.services.followup import evidence, updates
from tests import scenes, uploads
from tests.files import samples
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
OWN = {"Sec-Fetch-Site": "same-origin"}


class Mail:
    """An action of Karim's post, the key that his mail carried, and his session."""

    def __init__(self, database: Database, **changes: object) -> None:
        self.database = database
        with database.write() as session:
            self.made: Scene = scenes.scene(session, published=True)
            action = scenes.action(self.made, State.IN_PROGRESS, **changes)
            scenes.publish(self.made, action)
            self.token, self.ref = scenes.link(self.made, action), action.ref
            self.cookies = {name: scenes.signed_in(self.made, name) for name in ("karim", "amina", "youssef", "omar")}
        self.path = f"/fr/u/{self.token}"
        self.room = f"/fr/workspace/actions/{self.ref}"

    def pieces(self) -> list[EvidenceItem]:
        with self.database.read() as session:
            return list(session.scalars(sa.select(EvidenceItem).order_by(col(EvidenceItem.id))))


def test_a_photo_sent_with_done_from_a_phone_is_kept_without_its_place(database: Database, client: TestClient) -> None:
    mail = Mail(database, is_priority=True)

    answer = client.post(
        mail.path, data={"s": "done", "note": "Voilà."}, files=uploads.sent(samples.photo(), "IMG.HEIC")
    )

    assert answer.status_code == 303
    [piece] = mail.pieces()
    assert (piece.title, piece.file_name, piece.file_kind) == ("IMG.HEIC.jpg",) * 2 + ("jpg",)
    assert piece.released_at is None
    assert uploads.kept() == [piece.file_key]
    assert samples.PLACE not in store.path(piece.file_key or "").read_bytes()
    with database.read() as session:
        assert session.scalars(sa.select(col(Update.verb)).order_by(col(Update.id).desc())).first() == Verb.SUBMIT
    assert uploads.left() == []


def test_only_the_service_may_open_what_is_kept(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    client.post(f"{mail.path}/evidence", files=uploads.sent(samples.PDF))

    [key] = uploads.kept()
    assert store.path(key).stat().st_mode & 0o777 == 0o600
    assert store.home().stat().st_mode & 0o777 == store.incoming().stat().st_mode & 0o777 == 0o700


BAD = {name: (422, data) for name, data in samples.BAD.items() if "bomb" not in name}
BAD |= {name: (415, data) for name, data in samples.UNKNOWN.items()}
BAD |= {"one byte too large": (413, samples.PDF + b"\n" * (MOST_BYTES + 1 - len(samples.PDF)))}


@pytest.mark.parametrize("name", ["bomb", "entity", "macro renamed", "PDF and page", "page", "one byte too large"])
def test_a_bad_file_is_refused_at_its_field_and_what_was_typed_is_kept(
    database: Database, client: TestClient, name: str
) -> None:
    mail = Mail(database)
    status, data = BAD.get(name) or (422, samples.BAD[name])

    for path, more in (
        (mail.path, {"s": "done"}),
        (f"{mail.room}/updates", {"s": "done"}),
        (f"{mail.room}/evidence", {}),
    ):
        files = uploads.sent(data, "../../../tmp/rapport.pdf", "application/pdf")
        form = {"evidence_title": "Le rapport", **({"note": "Tout est prêt."} if more else {}), **more}
        cookies = mail.cookies["karim"] if "workspace" in path else {}
        answer = client.post(path, data=form, files=files, headers=OWN, cookies=cookies)
        assert answer.status_code == status, path
        assert re.search(r'class="error" id="e-[a-z-]*evidence_file"', answer.text)
        assert "Tout est prêt." in answer.text or not more

    gc.collect()
    assert (mail.pieces(), uploads.kept(), uploads.left()) == ([], [], [])


def test_exactly_twenty_megabytes_are_taken(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    data = samples.PDF + b"\n" * (MOST_BYTES - len(samples.PDF))

    assert client.post(f"{mail.path}/evidence", files=uploads.sent(data)).status_code == 303
    assert mail.pieces()[0].file_size == MOST_BYTES


def test_a_body_far_too_large_is_refused_before_anybody_reads_it(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    answer = client.post(mail.path, data={"s": "done"}, files=uploads.sent(b"%PDF-" + b"\n" * (MOST_BYTES + 600_000)))

    assert answer.status_code == 413
    assert "20" in answer.text
    assert client.post(f"{mail.path}/refusal", files=uploads.sent(b"x" * 300_000)).status_code == 413


@pytest.mark.parametrize("step", ["opened", "sync_directory"])
def test_a_full_disk_is_said_and_leaves_nothing(
    database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    mail = Mail(database)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(private, step, full)
    answer = client.post(mail.path, data={"s": "done", "note": "Voilà."}, files=uploads.sent(samples.PDF))

    gc.collect()
    assert answer.status_code == 507
    assert "Voilà." in answer.text
    assert (mail.pieces(), uploads.left()) == ([], [])


def test_who_may_not_answer_starts_no_reader(
    database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = Mail(database)
    monkeypatch.setattr(store, "arrive", lambda *_: pytest.fail("read for somebody without a right"))

    for name in ("omar", "youssef"):
        files = uploads.sent(samples.PDF)
        answer = client.post(f"{mail.room}/evidence", files=files, headers=OWN, cookies=mail.cookies[name])
        assert answer.status_code == 403
    assert client.post("/fr/u/" + "x" * 43, files=uploads.sent(samples.PDF)).status_code == 404


def attached(mail: Mail, name: str = "guide.pdf", *, is_internal: bool = False) -> int:
    with mail.database.write() as session:
        made, action = mail.made.within(session), scenes_action(session, mail)
        document = evidence.Document(file=uploads.arrived(name=name), is_internal=is_internal)
        return evidence.add(session, made.actor("karim"), action, document).id


def scenes_action(session: Session, mail: Mail) -> Action:
    return session.scalars(sa.select(Action).where(col(Action.ref) == mail.ref)).one()


def test_a_file_is_given_to_be_saved_and_never_shown(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    piece = attached(mail, "تقرير.pdf")

    public = client.get(f"/fr/actions/{mail.ref}/evidence/{piece}")
    inside = client.get(f"{mail.room}/evidence/{piece}/file", cookies=mail.cookies["youssef"])

    for answer in (public, inside):
        assert (answer.status_code, answer.content) == (200, samples.PDF)
        assert answer.headers["content-disposition"] == f"attachment; filename*=utf-8''{quote('تقرير.pdf')}"
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert inside.headers["cache-control"] == "private, no-store"
    again = client.get(f"/fr/actions/{mail.ref}/evidence/{piece}", headers={"If-None-Match": public.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert f"/fr/actions/{mail.ref}/evidence/{piece}" in client.get(f"/fr/actions/{mail.ref}").text
    assert f"{mail.room}/evidence/{piece}/file" in client.get(mail.room, cookies=mail.cookies["youssef"]).text


def test_a_withheld_file_is_gone_from_the_next_answer(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    piece = attached(mail)
    path, tag = f"/fr/actions/{mail.ref}/evidence/{piece}", f'"{mail.pieces()[0].file_sha256}"'
    assert client.get(path).status_code == 200

    with database.write() as session:
        made = mail.made.within(session)
        action = scenes_action(session, mail)
        item = session.get_one(EvidenceItem, piece)
        evidence.withhold(session, made.actor("amina"), action, item, reason="Un nom y figure.")

    assert client.get(path).status_code == 404
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 404
    assert str(piece) not in client.get(f"/fr/actions/{mail.ref}").text.partition("evidence/")[2][:5]
    assert client.get(f"{mail.room}/evidence/{piece}/file", cookies=mail.cookies["amina"]).status_code == 200


def test_what_is_internal_is_never_public(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    piece = attached(mail, "interne.pdf", is_internal=True)

    answer = client.post(f"{mail.room}/evidence/{piece}/release", headers=OWN, cookies=mail.cookies["amina"])

    assert answer.status_code == 422
    assert mail.pieces()[0].released_at is None
    assert client.get(f"/fr/actions/{mail.ref}/evidence/{piece}").status_code == 404
    assert "interne.pdf" not in client.get(f"/fr/actions/{mail.ref}").text


def test_internal_stays_internal_when_its_words_are_released(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    client.post(
        mail.path, data={"s": "done", "note": "Voilà.", "evidence_internal": "1"}, files=uploads.sent(samples.PDF)
    )
    with database.write() as session:
        made = mail.made.within(session)
        update = session.scalars(sa.select(Update).order_by(col(Update.id).desc())).first()
        assert update
        updates.release(session, made.actor("amina"), update)

    assert update.released_at is not None
    assert mail.pieces()[0].released_at is None


def test_fifty_at_once_are_all_there_or_told_to_come_again(database: Database, client: TestClient) -> None:
    """In real threads: a row has its file; who was stopped on the way may leave a file without one, to be swept."""
    mail = Mail(database)
    seen: list[int] = []

    def send() -> None:
        seen.append(client.post(f"{mail.path}/evidence", files=uploads.sent(samples.PDF)).status_code)

    senders = [threading.Thread(target=send) for _ in range(50)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert set(seen) <= {303, 503}
    assert seen.count(303) > 0
    rows, files = {piece.file_key or "" for piece in mail.pieces()}, set(uploads.kept())
    assert len(rows) == seen.count(303)
    assert rows <= files
    assert len(files - rows) <= seen.count(503)
    gc.collect()
    assert uploads.left() == []


def test_a_name_that_leads_elsewhere_leads_nowhere(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    client.post(f"{mail.path}/evidence", files=uploads.sent(samples.PDF, "../../tatbiq-evil.pdf"))

    assert not list(settings().data_dir.parent.glob("**/tatbiq-evil*"))
    assert mail.pieces()[0].file_name == "tatbiq-evil.pdf"
