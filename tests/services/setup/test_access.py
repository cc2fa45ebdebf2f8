"""Signing in: one answer for everybody, keys that serve once and for ten minutes, guesses that run out."""

import datetime as dt
import hashlib

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import Gone, NotFound, Refused, TooMany
from app.models.access import AuthSession, SignIn
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.people import Person
from app.queries.scope import viewers
from app.services.kernel.audit import SERVICE
from app.services.setup import access
from tests import builders
from tests.fixtures.settings import Configure

NOON = builders.instant("2026-11-23T12:00")
AMINA = "amina@exemple.ma"


@pytest.fixture(autouse=True)
def cast(session: Session) -> None:
    builders.person(session, email=AMINA, name="Amina", locale="fr")
    builders.person(session, email="adil@exemple.ma", name="Adil", is_active=False)


def test_a_request_queues_one_mail_before_all_others(session: Session) -> None:
    access.request_sign_in(session, " Amina@Exemple.ma ", "", "192.0.2.1")

    message = session.scalars(sa.select(Envelope)).one()
    challenge = session.scalars(sa.select(SignIn)).one()
    assert (message.kind, message.about_kind, message.about_id) == ("sign_in", "sign_in", challenge.id)
    assert message.priority == 0


@pytest.mark.parametrize("email", ["nobody@exemple.ma", "adil@exemple.ma"])
def test_an_unknown_or_disabled_address_gets_the_same_answer_and_no_mail(session: Session, email: str) -> None:
    known = access.request_sign_in(session, AMINA, "", "192.0.2.1")
    handle = access.request_sign_in(session, email, "", "192.0.2.1")

    assert len(handle) == len(known)
    assert session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == 1
    assert session.scalars(sa.select(SignIn).where(col(SignIn.handle) == handle)).first() is None


def test_an_unknown_address_costs_the_same_statements(session: Session) -> None:
    access.request_sign_in(session, AMINA, "", "192.0.2.1")

    assert _statements(session, AMINA) == _statements(session, "nobody@exemple.ma")


def test_a_thousand_requests_send_three_mails(session: Session) -> None:
    with clock.at(NOON):
        for number in range(1000):
            access.request_sign_in(session, AMINA, "", f"198.51.{number // 250}.{number % 250}")

    assert session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == 3


def test_a_quarter_of_an_hour_later_mails_leave_again(session: Session) -> None:
    for minutes in (0, 0, 0, 0, 16):
        with clock.at(NOON + dt.timedelta(minutes=minutes)):
            access.request_sign_in(session, AMINA, "", "192.0.2.1")

    assert session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == 4


def test_one_network_asks_twenty_times_a_quarter_of_an_hour(session: Session) -> None:
    with clock.at(NOON):
        for number in range(20):
            access.request_sign_in(session, f"somebody{number}@exemple.ma", "", f"2001:db8::{number:x}")

        with pytest.raises(TooMany):
            access.request_sign_in(session, AMINA, "", "2001:db8::ffff")
        access.request_sign_in(session, AMINA, "", "2001:db8:1::1")


def test_what_is_no_address_is_refused_before_anything_is_counted(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        access.request_sign_in(session, "amina", "", "192.0.2.1")

    assert refusal.value.field == "email"


def test_the_link_opens_one_session_and_keeps_no_secret(session: Session) -> None:
    token, _ = _armed(session)

    opened = access.open_by_link(session, token)

    assert opened is not None
    found = viewers.by_session(session, _sha(opened.token), clock.now())
    assert found is not None
    assert found.name == "Amina"
    stored = [*session.scalars(sa.select(SignIn)), *session.scalars(sa.select(AuthSession))]
    assert not any(secret in repr(row.model_dump()) for row in stored for secret in (token, opened.token))


def test_the_way_asked_for_comes_back(session: Session) -> None:
    _, code, handle = _asked(session, going="/fr/workspace/desk")

    opened = access.open_by_code(session, handle, code, "192.0.2.1")

    assert opened is not None
    assert opened.next_path == "/fr/workspace/desk"


def test_a_link_serves_once(session: Session) -> None:
    token, _ = _armed(session)

    assert access.open_by_link(session, token)
    assert access.open_by_link(session, token) is None


def test_link_and_code_are_one_key(session: Session) -> None:
    token, code, handle = _asked(session)

    assert access.open_by_link(session, token)
    assert access.open_by_code(session, handle, code, "192.0.2.1") is None


def test_ten_minutes_run_from_the_sending(session: Session) -> None:
    with clock.at(NOON):
        access.request_sign_in(session, AMINA, "", "192.0.2.1")
    with clock.at(NOON + dt.timedelta(minutes=25)):
        token, _ = access.arm(session, _last(session))

    with clock.at(NOON + dt.timedelta(minutes=34, seconds=59)):
        assert access.open_by_link(session, token)


def test_after_ten_minutes_the_key_is_dead(session: Session) -> None:
    with clock.at(NOON):
        token, code, handle = _asked(session)

    with clock.at(NOON + dt.timedelta(minutes=10)):
        assert access.open_by_link(session, token) is None
        assert access.open_by_code(session, handle, code, "192.0.2.1") is None


def test_a_challenge_that_was_never_sent_opens_nothing(session: Session) -> None:
    handle = access.request_sign_in(session, AMINA, "", "192.0.2.1")

    assert access.open_by_code(session, handle, "", "192.0.2.1") is None


def test_a_second_sending_voids_the_first(session: Session) -> None:
    first, _ = _armed(session)
    second, _ = access.arm(session, _last(session))

    assert access.open_by_link(session, first) is None
    assert access.open_by_link(session, second)


def test_nothing_is_sent_for_a_challenge_already_answered(session: Session) -> None:
    token, _ = _armed(session)
    access.open_by_link(session, token)

    with pytest.raises(Gone):
        access.arm(session, _last(session))


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "{1}", "{2}"])
def test_a_code_is_read_however_it_is_typed(session: Session, spelling: str) -> None:
    _, code, handle = _asked(session)
    eastern = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert access.open_by_code(session, handle, spelling.format(code, code.replace(" ", ""), eastern), "192.0.2.1")


def test_five_wrong_codes_end_the_challenge(session: Session) -> None:
    _, code, handle = _asked(session)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"

    for number in range(5):
        assert access.open_by_code(session, handle, wrong, f"192.0.2.{number}") is None
    assert access.open_by_code(session, handle, code, "192.0.2.9") is None


def test_four_wrong_codes_leave_a_fifth_chance(session: Session) -> None:
    _, code, handle = _asked(session)

    for _ in range(4):
        access.open_by_code(session, handle, "", "192.0.2.1")
    assert access.open_by_code(session, handle, code, "192.0.2.1")


def test_one_network_guesses_twenty_times(session: Session) -> None:
    for _ in range(20):
        access.open_by_code(session, "no-such-handle", "00000000", "192.0.2.1")

    with pytest.raises(TooMany):
        access.open_by_code(session, "no-such-handle", "00000000", "192.0.2.1")


def test_a_code_belongs_to_its_own_challenge(session: Session) -> None:
    _, code, _ = _asked(session)
    _, _, other = _asked(session)

    assert access.open_by_code(session, other, code, "192.0.2.1") is None


def test_every_sign_in_has_a_new_key_and_ends_the_one_before(session: Session) -> None:
    first = access.open_by_link(session, _armed(session)[0])
    assert first
    second = access.open_by_link(session, _armed(session)[0], replaced=first.token)

    assert second
    assert second.token != first.token
    assert viewers.by_session(session, _sha(first.token), clock.now()) is None


def test_a_session_ends_after_twelve_hours_whatever_happens(session: Session) -> None:
    with clock.at(NOON):
        opened = access.open_by_link(session, _armed(session)[0])
    assert opened

    assert viewers.by_session(session, _sha(opened.token), NOON + dt.timedelta(hours=11, minutes=59))
    assert viewers.by_session(session, _sha(opened.token), NOON + dt.timedelta(hours=12)) is None


def test_signing_out_ends_the_session_and_is_recorded(session: Session) -> None:
    opened = access.open_by_link(session, _armed(session)[0])
    assert opened

    access.sign_out(session, opened.token)
    access.sign_out(session, opened.token)

    assert session.scalars(sa.select(AuthSession)).first() is None
    verbs = list(session.scalars(sa.select(col(AuditEvent.verb)).order_by(col(AuditEvent.id))))
    assert verbs == ["sign_in", "sign_out"]


def test_throwing_out_ends_sessions_and_what_is_under_way(session: Session) -> None:
    opened = access.open_by_link(session, _armed(session)[0])
    token, _ = _armed(session)
    assert opened

    access.end_sessions(session, _amina(session))

    assert viewers.by_session(session, _sha(opened.token), clock.now()) is None
    assert access.open_by_link(session, token) is None


def test_a_link_by_hand_opens_once(session: Session) -> None:
    address = access.issue_link(session, SERVICE, AMINA)

    path, _, token = address.rpartition("/")
    assert path == "http://127.0.0.1:8000/fr/sign-in/link"
    assert access.open_by_link(session, token)
    assert access.open_by_link(session, token) is None


def test_there_is_no_link_for_the_disabled(session: Session) -> None:
    with pytest.raises(Refused):
        access.issue_link(session, SERVICE, "adil@exemple.ma")


def test_only_the_demo_lets_one_step_into_a_role(session: Session, configure: Configure) -> None:
    with pytest.raises(NotFound):
        access.open_as(session, _amina(session))

    configure(demo="1")
    assert access.open_as(session, _amina(session))


def test_what_is_over_is_forgotten(session: Session) -> None:
    with clock.at(NOON):
        _asked(session)
        access.open_by_link(session, _armed(session)[0])

    with clock.at(NOON + dt.timedelta(days=2)):
        forgotten = access.sweep(session), access.sweep(session)

    assert forgotten == (7, 0)  # a session, a challenge, and what was counted of both
    assert session.scalars(sa.select(SignIn)).first() is None
    assert session.scalars(sa.select(AuthSession)).first() is None


def _asked(session: Session, going: str = "") -> tuple[str, str, str]:
    """Link token, code and handle of a challenge whose mail was sent."""
    handle = access.request_sign_in(session, AMINA, going, "192.0.2.77")
    token, code = access.arm(session, _last(session))
    return token, code, handle


def _armed(session: Session) -> tuple[str, str]:
    return _asked(session)[:2]


def _last(session: Session) -> int:
    return session.scalars(sa.select(col(SignIn.id)).order_by(col(SignIn.id).desc()).limit(1)).one() or 0


def _amina(session: Session) -> int:
    return session.scalars(sa.select(col(Person.id)).where(col(Person.email) == AMINA)).one() or 0


def _sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _statements(session: Session, email: str) -> list[str]:
    """The kinds of statements that a request makes, savepoints aside."""
    seen: list[str] = []
    engine = session.get_bind()

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        seen.append(" ".join(statement.split()[:3]))

    sa.event.listen(engine, "before_cursor_execute", note)
    access.request_sign_in(session, email, "", "192.0.2.1")
    sa.event.remove(engine, "before_cursor_execute", note)
    return [line for line in seen if "SAVEPOINT" not in line]
