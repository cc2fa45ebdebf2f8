"""Mailboxes and local paths as people and links bring them: what may be followed is a page of our own workspace."""

import pytest

from app.domain import addresses
from app.domain.errors import Refused

EVIL = [
    "https://evil.example", "http://evil.example/fr/workspace/", "//evil.example", "///evil.example",
    "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "https:evil.example",
    "https:/evil.example", "http:\\\\evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "vbscript:x", "ftp://evil.example", "file:///etc/passwd", "mailto:x@evil.example", "//evil.example/fr/workspace/",
    "/fr/workspace/\\evil.example", "/fr/workspace//evil.example", "/fr/workspace/../../../evil.example",
    "/fr/workspace/..//evil.example", "/fr/workspace/./x", "/fr/workspace/%2e%2e/x", "/fr/workspace/%2f%2fevil.example",
    "/fr/workspace/%5cevil.example", "/fr/workspace/\r\nSet-Cookie: a=b", "/fr/workspace/%0d%0aSet-Cookie:a=b",
    "/fr/workspace/\tx", "/fr/workspace/\x00", "\t//evil.example", " //evil.example", "\n//evil.example",
    "/\t/evil.example", "/\n/evil.example", "/%09/evil.example", "/%2f/evil.example", "/%5c/evil.example",
    "/fr/workspace@evil.example", "/fr/workspace/@evil.example", "/fr/workspace:80@evil.example", "@evil.example",
    "https://127.0.0.1@evil.example", "https://evil.example#/fr/workspace/", "https://evil.example?/fr/workspace/",
    "/fr/workspace/#@evil.example", "/de/workspace/", "/fr/sign-out", "/fr/u/token", "/", "/fr/", "/fr/workspace",
    "fr/workspace/", "./fr/workspace/", "/FR/workspace/", "/fr/workspace/۱", "/fr/workspace/\u202e", "//fr/workspace/",
    "/fr/workspace/ x", "/fr/workspace/x y", "/fr/workspace/?next=//evil.example", "/fr/workspace/" + "a" * 600,
]  # fmt: skip
OURS = [
    "/fr/workspace/", "/ar/workspace/desk", "/en/workspace/actions/FM-2024-03.2", "/fr/workspace/setup/people?q=karim",
    "/fr/workspace/setup/people?after=WyJhIiwxXQ&q=%D9%83", "/ar/workspace/meetings/fes-2024/",
]  # fmt: skip


@pytest.mark.parametrize("path", EVIL)
def test_no_path_leads_away_from_the_workspace(path: str) -> None:
    assert addresses.workspace_path(path, "/home") == "/home"


def test_there_are_sixty_ways_tried() -> None:
    assert len(set(EVIL)) >= 60


@pytest.mark.parametrize("path", OURS)
def test_a_page_of_the_workspace_is_followed(path: str) -> None:
    assert addresses.workspace_path(path, "/home") == path


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Amina@Exemple.MA", "amina@exemple.ma"),
        (" karim.tazi+suivi@centre.regional.ma ", "karim.tazi+suivi@centre.regional.ma"),
        ("sara@demo.invalid", "sara@demo.invalid"),
        ("o'brien@xn--mgbc0a.xn--mgbc0a", "o'brien@xn--mgbc0a.xn--mgbc0a"),
    ],
)
def test_an_address_is_made_canonical(typed: str, address: str) -> None:
    assert addresses.email(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "amina", "@exemple.ma", "amina@", "amina@exemple", "a@b@c.ma", "amina @exemple.ma", "amina@exemple..ma",
     "amina@-exemple.ma", "amina@exemple.ma\nBcc: x@y.ma", "amina@exemple.ma,x@y.ma", "<amina@exemple.ma>",
     "أمينة@exemple.ma", "a" * 65 + "@exemple.ma", "a@" + "b" * 250 + ".ma"],
)  # fmt: skip
def test_what_is_no_address_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        addresses.email(typed, "mailbox")

    assert refusal.value.field == "mailbox"
