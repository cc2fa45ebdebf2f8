"""An upload is what it holds, not what it is called: good ones of every kind pass, bad ones are refused in words."""

import hashlib
from pathlib import Path

import pytest

from app.domain.documents import FileKind, is_findable, shown_name
from app.domain.errors import Refused, UnknownKind
from app.files import documents, pictures
from tests.files import samples


def looked(tmp_path: Path, data: bytes) -> tuple[documents.Inspected, bytes]:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(data)
    found = documents.look(str(source), str(target))
    return found, target.read_bytes()


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_is_known_by_what_it_holds(tmp_path: Path, kind: FileKind) -> None:
    found, kept = looked(tmp_path, samples.GOOD[kind])
    assert found == (kind, len(kept), hashlib.sha256(kept).hexdigest())
    assert (tmp_path / "target").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", samples.BAD)
def test_a_bad_file_is_refused_and_nothing_of_it_is_kept(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused) as refused:
        looked(tmp_path, samples.BAD[name])
    assert type(refused.value) is Refused
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("name", samples.UNKNOWN)
def test_another_kind_of_file_is_not_taken(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownKind):
        looked(tmp_path, samples.UNKNOWN[name])


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_a_picture_loses_what_the_camera_knows_and_stays_as_it_was_held(tmp_path: Path, kind: str) -> None:
    told = {
        "jpg": samples.photo(6),
        "png": samples.png(
            samples.chunk(b"eXIf", samples.exif(6)), samples.chunk(b"tEXt", b"Author\0Karim"), after=b"<script>"
        ),
        "webp": samples.webp((b"EXIF", samples.exif(6)), (b"XMP ", b"<x>Karim</x>"), (b"oddl", b"Karim")),
    }[kind]
    found, kept = looked(tmp_path, told)
    assert found.kind == kind
    assert samples.PLACE in told
    assert not any(secret in kept for secret in (samples.PLACE, b"Karim", b"<script>"))
    assert pictures._exif(6) in kept
    again, same = looked_again(tmp_path, kept)
    assert (again.sha256, same) == (found.sha256, kept)


def looked_again(tmp_path: Path, data: bytes) -> tuple[documents.Inspected, bytes]:
    further = tmp_path / "again"
    further.mkdir()
    return looked(further, data)


@pytest.mark.parametrize("side", [1, 0, 9])
def test_a_picture_that_stands_upright_says_nothing_of_it(tmp_path: Path, side: int) -> None:
    _, kept = looked(tmp_path, samples.photo(side))
    assert b"Exif" not in kept
    assert b"ICC_PROFILE" in kept


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\k\\rapport.final.PDF", "rapport.final.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe.pdf"),
        ("\r\nSet-Cookie: a=b.pdf", "Set-Cookie a=b.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        ("a" * 500 + ".pdf", "a" * 120 + ".pdf"),
    ],
)
def test_a_name_is_shown_harmless_with_the_ending_of_what_it_is(name: str, shown: str) -> None:
    assert shown_name(name, FileKind.PDF) == shown


@pytest.mark.parametrize(
    ("location", "is_so"),
    [("https://a.ma/g", True), ("2026/17", True), ("Décret n° 2.24.1", True), ("sur mon bureau", False), ("", False)],
)
def test_what_others_can_look_up_is_an_address_or_has_a_number(location: str, is_so: bool) -> None:
    assert is_findable(location) is is_so
