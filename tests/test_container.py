"""The image and the compose file as they are written: pinned, hashed, without root, with a relay."""

import re
from fnmatch import fnmatch

import pytest

from app.cli.faults import KNOWN
from app.config import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()
_TAG = re.compile(r"[\w./-]+:v?\d+\.\d+(?:\.\d+)?(?:-\w+)?")


def test_what_the_image_copies_is_in_its_context_and_nothing_else_is() -> None:
    copied = [word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M) for word in line.split()[:-1]]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert set(copied) == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_is_installed_by_hash_and_runs_without_root() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]

    assert re.search(r"pip install --require-hashes --requirement \S+requirements\.lock", DOCKERFILE)
    assert not re.search(r"pip install (?!--require-hashes|--no-deps)", DOCKERFILE)
    assert re.findall(r"^USER (\S+)$", last, re.M) == ["tatbiq"]
    assert "HEALTHCHECK" in last


def test_every_image_has_a_version() -> None:
    images = [*re.findall(r"^ARG PYTHON=(\S+)", DOCKERFILE, re.M), *re.findall(r"^    image: (\S+)", COMPOSE, re.M)]

    assert len(images) == 3
    assert not [image for image in images if not _TAG.fullmatch(image)]


def test_compose_sets_known_settings_alone_and_asks_for_a_relay() -> None:
    given = dict(re.findall(r"^    (TATBIQ_\w+): (.+)$", COMPOSE, re.M))

    assert set(given) <= set(KNOWN)
    for name in ("TATBIQ_SECRET_KEY", "TATBIQ_SMTP_URL", "TATBIQ_MAIL_FROM"):
        assert fnmatch(given[name], f"${{{name}:[?]*}}"), name
    assert {name for name in KNOWN if name not in given} == {
        "TATBIQ_DATA_DIR",
        "TATBIQ_DEMO",
        "TATBIQ_HOST",
        "TATBIQ_PORT",
    }


@pytest.mark.parametrize("word", ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "profiles: [trial]"])
def test_compose_gives_as_little_as_it_can(word: str) -> None:
    assert word in COMPOSE
