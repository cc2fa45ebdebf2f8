"""A part in a morning's and a week's mail: its own date, state, words and key, beside an action that has its time."""

import datetime as dt

from sqlmodel import Session, col, select

from app import clock
from app.domain.digests import Window
from app.domain.workflow import State, Verb
from app.mail.letters import Item
from app.models.actions import Action
from app.models.notifications import Envelope
from app.queries.followup import update_keys
from app.queries.mailing import digests
from app.queries.mailing.digest_rows import DigestReader, OwedPart
from app.queries.mailing.letters import recipients
from app.services.followup import parts, updates
from app.services.followup.transitions import Words
from app.services.kernel import update_links
from app.services.mailing.letters import KINDS, Case, LetterCache, QueuedMessage
from tests import passes, scenes
from tests.builders import instant
from tests.scenes import Scene

ASKED, LATE = instant("2026-10-26"), instant("2026-11-26")  # a Monday, and three days after the date of the part
DUE, ACTION_DUE = dt.date(2026, 11, 23), dt.date(2027, 3, 1)


def test_its_holder_is_reminded_of_the_part_though_the_whole_is_declared_done(session: Session) -> None:
    made = shared(session)
    with clock.at(instant("2026-11-25")):
        updates.submit(session, made.actor("karim"), the(made), words=Words(note="Le guide est paru."))
    item = morning(made, "salma")

    assert (item.due_on, item.state, item.note) == (DUE, State.ACKNOWLEDGED, "Votre part\u202f: Les foires")
    assert item.days_late(LATE.date()) == 3
    assert item.answers
    token = item.answers.on_track.split("/u/")[1].split("?")[0]
    with clock.at(LATE):
        assert update_keys.of_action(session, token).post_id == made.posts["salma"]


def test_a_manager_reads_whose_part_it_is(session: Session) -> None:
    made = shared(session)
    nadia = scenes.post(session, "head", made.organisations["chamber"], is_manager=True)
    scenes.holds(session, made.people["nadia"], nadia)

    assert morning(made, "nadia", instant("2026-11-30")).note == "Part\u202f: Chamber. Les foires"


def test_a_week_tells_the_part_by_its_own_date_and_the_whole_to_who_owns_it(session: Session) -> None:
    made = shared(session)
    window, today = Window(instant("2026-11-16"), instant("2026-11-23")), LATE.date()

    of_salma = digests.week(session, DigestReader(made.people["salma"], today, window))
    of_karim = digests.week(session, DigestReader(made.people["karim"], today, window))

    part = OwedPart(made.posts["salma"], State.ACKNOWLEDGED, DUE, {"fr": "Les foires"})
    assert (of_salma.overdue.ids, of_salma.overdue.parts) == ((made.ids["action"],), {made.ids["action"]: part})
    assert (of_karim.overdue.ids, of_karim.due.ids) == ((), ())


def test_a_part_that_is_done_is_in_no_week(session: Session) -> None:
    made = shared(session)
    parts.say(session, made.actor("salma"), the(made), Verb.PART_DONE, words=Words(note="Remis."))
    window = Window(instant("2026-11-16"), instant("2026-11-23"))

    assert digests.week(session, DigestReader(made.people["salma"], LATE.date(), window)).overdue.ids == ()


def shared(session: Session) -> Scene:
    """Salma's part is confirmed and due long before the action."""
    made = scenes.scene(session)
    with clock.at(ASKED):
        action = scenes.action(made, State.IN_PROGRESS, due_on=ACTION_DUE)
        post_id, titles = made.posts["salma"], {"fr": "Les foires"}
        parts.add(session, made.actor("amina"), action, post_id=post_id, titles=titles, due_on=DUE)
        parts.acknowledge(session, made.actor("salma"), action)
    made.ids["action"] = action.id
    return made


def the(made: Scene) -> Action:
    return made.session.get_one(Action, made.ids["action"])


def morning(made: Scene, name: str, at: dt.datetime = LATE) -> Item:
    """The one line of their mail of that morning, its key kept."""
    session = made.session
    with clock.at(at):
        passes.plan_reminders(session, at)
        session.flush()
        found = select(Envelope).where(col(Envelope.person_id) == made.people[name], col(Envelope.kind) == "reminder")
        row = session.exec(found.order_by(col(Envelope.id).desc())).first()
        assert row
        assert row.person_id
        envelope = QueuedMessage(
            row.id, row.person_id, row.kind, row.period, row.about_kind, row.about_id or 0, row.params
        )
        whom = recipients(session, [row.person_id])[row.person_id]
        case = Case(LetterCache(session, clock.now()), envelope, whom)
        items: tuple[Item, ...] = KINDS["reminder"].load(case).letter.items
        update_links.keep(session, case.keys)
    [item] = items
    return item
