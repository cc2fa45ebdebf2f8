"""Values that make no sense: in hosts, addresses, queries and forms, each is told so and nothing breaks."""

import re
from collections.abc import Iterator
from itertools import cycle, islice
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from app.db import Database
from app.services.kernel import limits
from tests import grounds
from tests.fixtures import markup
from tests.fixtures.markup import PageForm
from tests.fixtures.pages import TestClient
from tests.grounds import Ground
from tests.registry import registered

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ORIGIN = {"Origin": "http://127.0.0.1"}
HUGE = ["9223372036854775808", "-9223372036854775809", "1" * 400, "-1", "0", "99999999999", "٣", "1e9", "NaN"]
DAYS = [
    "0001-01-01",
    "9999-12-31",
    "1900-01-01",
    "2157-01-01",
    "2026-02-30",
    "10000-01-01",
    "-2026-01-01",
    "2026-13-01",
]
NONSENSE = [
    *HUGE,
    *DAYS,
    " ",
    "x" * 9000,
    "\u202e\x00",
    "http://[::1",
    "javascript:x",
    "a@b",
    "bogus",
    "%(x)s{0}",
    "🎉" * 50,
]
NUMBERED = re.compile(r"\{(\w+_id)\}")


@pytest.fixture
def ground(database: Database) -> Ground:
    with database.write() as session:
        return grounds.lay(session)


@pytest.fixture
def amina(application: ASGIApp, ground: Ground) -> Iterator[TestClient]:
    with TestClient(application, base_url="http://127.0.0.1", follow_redirects=False) as client:
        client.cookies.update(ground.cookies["administrator"] | ground.cookies["secretariat"])
        yield client


def paths(application: ASGIApp, ground: Ground, method: str) -> list[tuple[str, str]]:
    routes = sorted(route for known, route in registered(application) if known == method and "sign-out" not in route)
    return [(route, ground.path(route, "own")) for route in routes]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("host", ["[", "[::1", "]", "a:b:c", "[::1]]", "127.0.0.1:99999999", "évil", "\x7f", "[v1.x]"])
def test_a_host_that_makes_no_sense_is_a_bad_request_with_our_headers(client: TestClient, host: str) -> None:
    answer = client.get("/fr/", headers={"Host": host.encode("utf-8")})

    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.sqlite_only
@FEW
@given(host=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30))
def test_no_host_at_all_breaks_the_service(client: TestClient, host: str) -> None:
    assert client.get("/fr/about", headers={"Host": host}).status_code in {200, 400}
    assert client.get("/healthz", headers={"Host": host or "x"}).status_code == 200


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "path", ["/robots.txt", "/metrics", "/favicon.ico", "/xx", "/xx/", "/fr/nothing", "/fr/%00", "/%ff"]
)
def test_what_is_nowhere_is_told_so_and_led_nowhere(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.sqlite_only
def test_a_forgotten_stroke_is_forgiven(client: TestClient) -> None:
    for path in ("/fr", "/fr/meetings", "/fr/meetings?before=x"):
        answer = client.get(path)
        assert answer.status_code == 308
        assert answer.headers["location"].partition("?")[0] == path.partition("?")[0] + "/"


@pytest.mark.parametrize("number", HUGE)
def test_numbers_beyond_any_row_in_the_address_are_not_found(
    amina: TestClient, application: ASGIApp, ground: Ground, number: str
) -> None:
    for method in ("GET", "POST"):
        for route, _ in paths(application, ground, method):
            if not NUMBERED.search(route):
                continue
            path = ground.path(NUMBERED.sub(quote(number), route), "own")
            answer = amina.request(method, path, data={} if method == "POST" else None, headers=ORIGIN)
            assert answer.status_code in {404, 401, 410}, (method, route, answer.status_code)


@pytest.mark.parametrize("role", ["administrator", "secretariat", "manager", "owner", "contributor", "public"])
def test_no_field_of_any_form_breaks_on_nonsense(
    application: ASGIApp, ground: Ground, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """One field at a time, of every form on every page that they are shown; what is refused is said in the page."""
    monkeypatch.setattr(limits, "_count", lambda *_: 0)
    with TestClient(application, base_url="http://127.0.0.1", follow_redirects=False) as client:
        for _, page in paths(application, ground, "GET"):
            client.cookies.clear()  # a page of signing in may have made somebody else of the client
            client.cookies.update(ground.cookies[role])
            for form in markup.forms(client.get(page).text):
                for name, value in _nonsense(form):
                    given = {"params" if form.method == "get" else "data": _filled(form) | {name: value}}
                    answer = client.request(form.method, form.action or page, headers=ORIGIN, **given)
                    assert answer.status_code < 500, (page, form.action, name, value[:40])
                    is_said = any(mark in answer.text for mark in ("aria-invalid", 'role="alert"', 'id="report"'))
                    assert is_said or answer.status_code != 422, (page, form.action, name, value[:40])


def _nonsense(form: PageForm) -> Iterator[tuple[str, str]]:
    """A number beyond any row for each field, and of the rest a few in turn, so that a page has them all."""
    rest = cycle(NONSENSE)
    for name in sorted(form.names):
        yield from ((name, value) for value in (HUGE[0], *islice(rest, 3)))


def _filled(form: PageForm) -> dict[str, str]:
    """As somebody sends it who leaves nothing empty."""
    return {name: value or ("2027-12-12" if name.endswith("_on") else "Texte") for name, value in form.fields.items()}


@pytest.mark.parametrize("day", DAYS)
def test_dates_that_nobody_means_mark_their_field(
    amina: TestClient, application: ASGIApp, ground: Ground, day: str
) -> None:
    ref, slug = ground.of("own")["actions"], ground.of("own")["meetings"]
    for path, name in (
        (f"/fr/workspace/actions/{ref}/deadline", "due_on"),
        (f"/fr/workspace/actions/{ref}/milestones", "due_on"),
        (f"/fr/workspace/meetings/{slug}", "held_on"),
    ):
        answer = amina.post(path, data={name: day, "reason": "x", "titles.fr": "x", "region": "MA-03"}, headers=ORIGIN)
        assert answer.status_code == 422
        assert day in answer.text
        assert "aria-invalid" in answer.text


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/fr/workspace/outgoing", "kind=bogus"),
        ("/fr/workspace/outgoing", "ref=bogus"),
        ("/fr/workspace/outgoing", "who=9223372036854775808"),
        ("/fr/workspace/outgoing", "after=bogus"),
        ("/fr/workspace/meetings", "after=bogus"),
        ("/fr/workspace/meetings/new", "programme=bogus"),
        ("/fr/workspace/actions", "state=bogus"),
        ("/fr/workspace/mine", "later=bogus"),
        ("/fr/meetings/", "before=bogus"),
        ("/fr/u/{token}", "s=bogus"),
        ("/fr/", "x=%ff"),
        ("/fr/", "x=%00"),
    ],
)
def test_a_query_that_makes_no_sense_is_a_bad_request(amina: TestClient, ground: Ground, path: str, query: str) -> None:
    assert amina.get(f"{path.format(**ground.of('own'))}?{query}").status_code == 400


def test_the_other_filters_are_kept(amina: TestClient) -> None:
    answer = amina.get("/fr/workspace/outgoing?kind=reminder&ref=bogus")

    assert 'href="/fr/workspace/outgoing?kind=reminder"' in answer.text


@pytest.mark.parametrize("charset", ["punycode", "idna", "rot13", "utf-7", "nonsense", "utf-16", "\x00", "base64"])
def test_a_form_is_utf8_whatever_it_claims(amina: TestClient, ground: Ground, charset: str) -> None:
    path = f"/fr/workspace/actions/{ground.of('own')['actions']}/withdrawal"
    body = '--b\r\nContent-Disposition: form-data; name="reason"\r\n\r\nprêt\r\n--b--\r\n'.encode()
    kind = f"multipart/form-data; boundary=b; charset={charset}".encode()

    assert amina.post(path, content=body, headers={**ORIGIN, "Content-Type": kind}).status_code in {303, 422}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"reason=%ff%fe"),
        ("application/x-www-form-urlencoded", b"reason=\xff"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="reason"\r\n\r\n\xff\r\n--b--\r\n',
        ),
        ("multipart/form-data; boundary=b", b"no parts at all"),
        ("multipart/form-data", b"--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(amina: TestClient, ground: Ground, kind: str, body: bytes) -> None:
    path = f"/fr/workspace/actions/{ground.of('own')['actions']}/withdrawal"

    assert amina.post(path, content=body, headers={**ORIGIN, "Content-Type": kind}).status_code == 422


def test_more_fields_than_any_form_has_are_refused_before_they_are_read(amina: TestClient, ground: Ground) -> None:
    path = f"/fr/workspace/actions/{ground.of('own')['actions']}/withdrawal"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    assert amina.post(path, content=b"&" * (11 * 1024 * 1024), headers=ORIGIN | kind).status_code == 413


def test_a_reason_has_a_length(amina: TestClient, ground: Ground) -> None:
    ref = ground.of("own")["actions"]
    for verb in ("withdrawal", "reopening", "refusal", "deadline", "ending"):
        answer = amina.post(f"/fr/workspace/actions/{ref}/{verb}", data={"reason": "x" * 8001}, headers=ORIGIN)
        assert answer.status_code in {422, 403}


def test_another_language_of_a_strange_address_is_the_same_address(amina: TestClient) -> None:
    page = amina.get("/fr/nulle%3Fpart/%D9%87%D9%86%D8%A7%23?q=a")

    assert page.status_code == 404
    assert 'href="/ar/nulle%3Fpart/%D9%87%D9%86%D8%A7%23?q=a"' in page.text


@FEW
@given(text=st.text(max_size=60))
def test_whatever_is_typed_is_kept_or_refused(amina: TestClient, ground: Ground, text: str) -> None:
    path = f"/fr/workspace/actions/{ground.of('own')['actions']}/milestones"

    answer = amina.post(path, data={"titles.fr": text.encode("utf-8", "surrogatepass"), "due_on": ""}, headers=ORIGIN)

    assert answer.status_code in {303, 422}
