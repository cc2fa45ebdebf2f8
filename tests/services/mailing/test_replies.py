"""A reply waits for its writer's one tap and changes nothing by itself; whoever else sends one is never answered."""

import datetime as dt
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.config import settings
from app.domain.errors import Refused
from app.domain.permissions import Viewer
from app.domain.replies import DELIMITER, DELIMITERS, ReplyState, own_words
from app.domain.workflow import State
from app.mail import signed_addresses
from app.mail.inbound.outcomes import TakenAs
from app.mail.policy import compose
from app.mail.signed_addresses import AddressUse
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.people import Holding, Person, Post
from app.models.replies import PendingReply, ReplyLine
from app.models.updates import Update, Via
from app.queries.followup import replies as waiting
from app.queries.followup import update_keys
from app.queries.mailing.letters import recipients
from app.services.kernel import update_links
from app.services.kernel.audit import Actor
from app.services.kernel.update_links import Bound
from app.services.mailing import inbound, replies
from app.services.mailing.letters import KINDS, Case, LetterCache, QueuedMessage
from tests import builders, passes
from tests.builders import instant
from tests.fixtures.settings import Configure
from tests.mail.inbound import dsns

NOW = instant("2026-12-07")
DAY = dt.timedelta(days=1)
OURS = "mx.example.ma"
WORDS = "Le guide est imprimé.\nIl sera distribué lundi."


class Desk:
    """Karim owes an action that a mail has reminded him of."""

    def __init__(self, session: Session) -> None:
        self.session = session
        programme = builders.programme(session)
        self.post: Post = builders.post(session, mailbox="suivi@industrie.gov.ma")
        self.karim: Person = builders.person(session, "Karim", holds=self.post, email="karim@industrie.gov.ma")
        parent = builders.recommendation(session, builders.meeting(session, programme))
        self.action: Action = builders.action(session, parent, self.post)
        self.message = Envelope(
            key="k", person_id=self.karim.id, kind="reminder", period="2026-12-07", message_id="<x@y>",
            due_at=NOW, created_at=NOW, address=self.karim.email,
        )  # fmt: skip
        session.add(self.message)
        session.flush()
        line = {"person_id": self.karim.id, "post_id": self.post.id, "action_id": self.action.id}
        self.line = ReplyLine(message_id=self.message.id, expires_at=NOW + 30 * DAY, **line)
        session.add(self.line)
        session.flush()

    @property
    def address(self) -> str:
        return signed_addresses.made("suivi@example.ma", AddressUse.REPLY, self.message.id, settings().key)

    def take(self, raw: bytes, at: dt.datetime = NOW + DAY) -> TakenAs:
        with clock.at(at):
            return inbound.take(self.session, raw, [self.address])

    @property
    def pending(self) -> list[PendingReply]:
        return list(self.session.scalars(select(PendingReply).order_by(col(PendingReply.id))))

    @property
    def mails(self) -> list[int | None]:
        return list(self.session.scalars(select(Envelope.person_id).where(col(Envelope.kind) != "reminder")))

    def key(self, at: dt.datetime = NOW + DAY) -> update_keys.OpenedKey:
        bound = Bound(self.karim.id, self.post.id, self.action.id)
        token, row = update_links.drawn(next(update_links.secret_bytes()), bound, at + DAY)
        update_links.keep(self.session, [row])
        return update_keys.opened(self.session, token)


def written(
    text: str = WORDS, sender: str = "karim@industrie.gov.ma", result: str = "dmarc=pass", **headers: str
) -> bytes:
    message = EmailMessage()
    message["Authentication-Results"] = f"{OURS}; {result} header.from={sender.rpartition('@')[2]}"
    message["From"], message["To"], message["Subject"] = sender, "suivi@example.ma", "Re: Due in 7 days"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"{text}\n\n{DELIMITER}\n> what the mail said\n")
    return message.as_bytes()


@pytest.fixture
def desk(session: Session, configure: Configure) -> Desk:
    configure(reply_address="suivi@example.ma", authserv_id=OURS)
    return Desk(session)


def test_a_reply_waits_and_its_writer_is_asked(desk: Desk, session: Session) -> None:
    before = desk.action.state

    assert desk.take(written()) is TakenAs.WAITING

    [reply] = desk.pending
    assert (reply.text, reply.lang, reply.state) == (WORDS, "en", ReplyState.WAITING)
    assert reply.expires_at == NOW + 15 * DAY
    assert desk.mails == [desk.karim.id]
    session.refresh(desk.action)
    assert desk.action.state is before
    assert session.scalars(select(Update)).all() == []


def test_confirmed_it_is_a_note_that_waits_for_its_release(desk: Desk, session: Session) -> None:
    desk.take(written())
    with clock.at(NOW + DAY):
        key = desk.key()
        [reply] = waiting.waiting(session, key)
        update = replies.confirm(session, Actor(key.viewer, Via.MAIL_LINK), key.action, reply.id)

    assert (update.note, update.public_summary, update.via) == (WORDS, WORDS, Via.MAIL_LINK)
    assert update.released_at is None
    assert (reply.state, reply.text, reply.update_id) == (ReplyState.CONFIRMED, "", update.id)
    with clock.at(NOW + DAY), pytest.raises(Refused):
        replies.confirm(session, Actor(key.viewer, Via.MAIL_LINK), key.action, reply.id)


def test_thrown_away_nothing_is_left_of_it(desk: Desk, session: Session) -> None:
    desk.take(written())
    with clock.at(NOW + DAY):
        key = desk.key()
        replies.discard(session, Actor(key.viewer, Via.MAIL_LINK), key.action, desk.pending[0].id)
        assert waiting.waiting(session, key) == []

    assert (desk.pending[0].state, desk.pending[0].text) == (ReplyState.DISCARDED, "")
    assert session.scalars(select(Update)).all() == []


def test_unconfirmed_it_is_forgotten_after_fourteen_days(desk: Desk, session: Session) -> None:
    desk.take(written())

    with clock.at(NOW + 16 * DAY):
        assert replies.expire(session, NOW + 14 * DAY) == 0
        assert replies.expire(session, NOW + 15 * DAY) == 1

    assert (desk.pending[0].state, desk.pending[0].text) == (ReplyState.EXPIRED, "")
    assert session.scalars(select(AuditEvent.subject_id).where(col(AuditEvent.verb) == "expire")).all() == [
        desk.pending[0].id
    ]


def test_a_fortnight_after_a_mail_takes_no_reply_its_line_is_forgotten(desk: Desk, session: Session) -> None:
    for days, lines in ((43, 1), (44, 0)):
        replies.expire(session, NOW + days * DAY)
        assert len(session.scalars(select(ReplyLine.message_id)).all()) == lines


def test_what_waits_is_shown_to_its_writer_alone_and_no_longer_than_it_waits(desk: Desk, session: Session) -> None:
    desk.take(written())
    mine, colleague = (Viewer(one, post_ids=frozenset({desk.post.id})) for one in (desk.karim.id, desk.karim.id + 1))

    for viewer, days, found in ((mine, 14, 1), (mine, 15, 0), (colleague, 1, 0)):
        with clock.at(NOW + days * DAY):
            assert len(waiting.own(session, viewer)) == found


def test_confirmed_on_the_pages_it_came_by_mail_all_the_same(desk: Desk, session: Session) -> None:
    desk.take(written())
    viewer = Viewer(desk.karim.id, post_ids=frozenset({desk.post.id}))
    with clock.at(NOW + DAY):
        update = replies.confirm(session, Actor(viewer, Via.WORKSPACE), desk.action, desk.pending[0].id)

    assert (update.via, update.released_at) == (Via.MAIL_LINK, None)


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (written(sender="x@attacker.example"), TakenAs.FOREIGN),
        (written(sender="leila@industrie.gov.ma"), TakenAs.FOREIGN),
        (written(result="dmarc=fail"), TakenAs.UNPROVEN),
        (written().replace(OURS.encode(), b"mx.attacker.example"), TakenAs.UNPROVEN),
        (written(Auto_Submitted="auto-replied"), TakenAs.AUTOMATIC),
        (written(X_Autoreply="yes"), TakenAs.AUTOMATIC),
        (written(Precedence="bulk"), TakenAs.AUTOMATIC),
        (written(List_Id="<agents.example.ma>"), TakenAs.AUTOMATIC),
        (written(Return_Path="<>"), TakenAs.AUTOMATIC),
        (dsns.vacation(), TakenAs.AUTOMATIC),
        (dsns.postfix(), TakenAs.AUTOMATIC),
        (written(text=""), TakenAs.EMPTY),
    ],
)
def test_what_is_not_the_word_of_its_reader_is_counted_and_nobody_is_told(
    desk: Desk, raw: bytes, outcome: TakenAs
) -> None:
    assert desk.take(raw) is outcome
    assert desk.pending == []
    assert desk.mails == []


def test_the_mailbox_of_the_post_may_answer_too(desk: Desk) -> None:
    desk.post.mailbox = "Suivi@Industrie.gov.ma"
    assert desk.take(written(sender="suivi@industrie.gov.ma")) is TakenAs.WAITING
    assert desk.mails == [desk.karim.id]  # and the holder confirms


def test_a_program_that_says_that_it_is_no_machine_is_believed(desk: Desk) -> None:
    assert desk.take(written(Auto_Submitted="no")) is TakenAs.WAITING


def test_brought_twice_it_waits_once_and_a_loop_ends(desk: Desk) -> None:
    assert [desk.take(written()) for _ in range(2)] == [TakenAs.WAITING, TakenAs.KNOWN]
    taken = [desk.take(written(f"again {number}")) for number in range(6)]

    assert taken == [TakenAs.WAITING] * 4 + [TakenAs.TOO_MANY] * 2


def test_too_late_closed_or_anothers_it_is_not_taken(desk: Desk, session: Session) -> None:
    assert desk.take(written(), at=NOW + 31 * DAY) is TakenAs.LATE

    desk.action.state = State.VERIFIED
    assert desk.take(written()) is TakenAs.MOVED_ON
    desk.action.state = State.IN_PROGRESS
    desk.karim.is_active = False
    assert desk.take(written()) is TakenAs.MOVED_ON
    desk.karim.is_active = True
    desk.action.owner_post_id = builders.post(session).id
    assert desk.take(written()) is TakenAs.MOVED_ON
    desk.action.owner_post_id = desk.post.id
    session.execute(sa.update(Holding).where(col(Holding.post_id) == desk.post.id).values(until_on=NOW.date()))
    assert desk.take(written()) is TakenAs.MOVED_ON
    assert desk.pending == []


def test_a_key_to_something_else_opens_no_reply(desk: Desk, session: Session) -> None:
    desk.take(written())
    other = builders.action(session, owner=desk.post)
    bound = Bound(desk.karim.id, desk.post.id, other.id)
    with clock.at(NOW + DAY):
        token, row = update_links.drawn(next(update_links.secret_bytes()), bound, NOW + 2 * DAY)
        update_links.keep(session, [row])
        key = update_keys.opened(session, token)
        assert waiting.waiting(session, key) == []
        with pytest.raises(Refused):
            replies.confirm(session, Actor(key.viewer, Via.MAIL_LINK), key.action, desk.pending[0].id)


def test_switched_off_nothing_is_taken(desk: Desk, configure: Configure) -> None:
    configure(reply_address="")

    assert desk.take(written()) is TakenAs.OFF
    assert desk.pending == []


@pytest.mark.parametrize("actions", [1, 2])
def test_only_a_reminder_about_one_action_takes_a_reply(session: Session, configure: Configure, actions: int) -> None:
    config = configure(reply_address="suivi@example.ma", authserv_id=OURS)
    post = builders.post(session)
    karim = builders.person(session, "Karim", holds=post)
    for _ in range(actions):
        builders.action(session, owner=post, due_on=NOW.date())
    with clock.at(NOW):
        passes.plan_reminders(session, NOW)
        session.flush()
        row = session.scalars(select(Envelope).where(col(Envelope.person_id) == karim.id)).one()
        envelope = QueuedMessage(row.id, karim.id, row.kind, row.period, row.about_kind, row.about_id or 0, row.params)
        case = Case(LetterCache(session, NOW), envelope, recipients(session, [karim.id])[karim.id])
        mail = KINDS["reminder"].message(KINDS["reminder"].load(case))
        for work in case.later:
            work(session)

    is_one = actions == 1
    assert (DELIMITER in mail.text) is (DELIMITERS["ar"] in mail.html) is is_one
    assert bool(mail.reply_to) is (session.get(ReplyLine, row.id) is not None) is is_one
    if is_one:
        assert signed_addresses.read(mail.reply_to, config.key) == (AddressUse.REPLY, row.id)
        raw = compose(mail, sender="suivi@example.ma", message_id="<x@example.ma>", date=NOW)
        assert f"Reply-To: {mail.reply_to}\r\n".encode() in raw
        assert own_words(f"Fait.\n\n{mail.text}") == "Fait."
