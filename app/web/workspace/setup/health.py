"""How the service is: its jobs, the mails, whom nobody reaches, the machine. It is only read, and nothing is done here.

A secretariat is shown what concerns mails and its own posts; what concerns the machine is for administrators.
"""

import datetime as dt
from typing import NamedTuple

from starlette.responses import Response

from app import clock, db, routes
from app.config import settings
from app.domain.messages import C_, N_
from app.domain.permissions import Role, has_role
from app.domain.sentences import wellness
from app.domain.sentences.wellness import Ages, Finding, LastTurn
from app.jobs import JOBS
from app.queries.followup import vacant_posts
from app.queries.mailing import backlog, health, inbound_counts, turns, unreachable, wording_faults
from app.queries.mailing.health import Health
from app.queries.scope import visible
from app.queries.setup import installation, machine, rooms
from app.web.workspace.frame import Asked, PageRequest, frame

router = routes.router("/{lang}/workspace/setup")
# What each job does, in the order of the table; of one that has no word here its own name is shown.
_WORDS = {
    "turn_seats": N_("Changes at posts"),
    "plan_reminders": N_("Planning of reminders"),
    "plan_digests": N_("Planning of weekly digests"),
    "release_words": N_("Publishing of words"),
    "take_inbound": N_("Reading of mails that come in"),
    "dispatch": N_("Sending of mails"),
    "seal_audit": N_("Sealing of the record"),
    "publish_head": N_("Publishing of the head"),
    "sweep": N_("Tidying of what is over"),
    "sweep_files": N_("Tidying of files"),
    "tell_chats": N_("Notices to team chats"),
}
_URGENCY = {0: N_("Sign-in"), 3: N_("Acts"), 6: N_("Reminders"), 8: N_("Digests")}


class Line(NamedTuple):
    word: str
    finding: Finding
    seconds: float = 0.0


@router.get("/health")
def show(asked: Asked) -> Response:
    rooms.require(asked.viewer)
    now, is_all = clock.now(), has_role(asked.viewer, Role.ADMINISTRATOR)
    own = visible.programme_ids(asked.session, asked.viewer, *_answering(is_all))
    waiting, reasons = backlog.by_priority(asked.session, now), health.followup(asked.session, now)
    return frame(
        asked,
        "workspace/setup/health.html",
        reasons=reasons.banner,
        mails=[*_of_mails(backlog.together(waiting.values()), reasons), *(_of_inbound(asked) if is_all else [])],
        worded_badly=wording_faults.listed(asked.session) if is_all else [],
        waiting=[(_URGENCY.get(priority, str(priority)), ages) for priority, ages in waiting.items()],
        jobs=_of_jobs(asked, now) if is_all else [],
        service=_of_service(asked, now) if is_all else [],
        vacant=vacant_posts.listed(asked.session, own, 0, unreachable.SHOWN + 1),
        unreached=unreachable.listed(asked.session, asked.viewer, now),
        most=unreachable.SHOWN,
    )


def _answering(is_all: bool) -> tuple[Role, ...]:
    return (Role.SECRETARIAT, Role.ADMINISTRATOR) if is_all else (Role.SECRETARIAT,)


def _of_jobs(asked: PageRequest, now: dt.datetime) -> list[Line]:
    pulse = turns.pulse(asked.session, now)
    lines = [Line(N_("Schedulers"), wellness.schedulers(len(pulse.schedulers), is_led=pulse.is_led))]
    for job in JOBS:
        last, every = pulse.turns.get(job.name), dt.timedelta(seconds=max(job.seconds, 60))
        told = LastTurn(last.at, last.failures, last.cause) if last else None
        lines.append(Line(_WORDS.get(job.name, job.name), wellness.turn(told, every, now), last.seconds if last else 0))
    return lines


def _of_mails(ages: Ages, found: Health) -> list[Line]:
    relay = machine.relay()
    return [
        Line(N_("Relay"), wellness.relay(relay.host, is_file=relay.is_file)),
        Line(N_("Due now"), wellness.backlog(ages)),
        Line(N_("Later"), wellness.later(ages.later)),
        Line(N_("The last seven days"), wellness.failures(found.dead, found.parked)),
    ]


def _of_inbound(asked: PageRequest) -> list[Line]:
    """Where mails are taken in at all, or were."""
    found = inbound_counts.all_time(asked.session)
    if not (found.by_outcome or settings().bounce_address or settings().reply_address):
        return []
    return [Line(N_("Mails that come in"), wellness.inbound(found.taken, found.unsigned, found.set_aside))]


def _of_service(asked: PageRequest, now: dt.datetime) -> list[Line]:
    facts, room = installation.facts(asked.session), machine.room()
    zones = wellness.zones(machine.zone_version(), is_right=machine.is_zone_right())
    return [
        Line(N_("Room on the disk"), wellness.disk(room.free, room.whole)),
        Line(C_("health", "Database"), wellness.database(facts.size)),
        Line(N_("Migrations"), wellness.revision(facts.revision, db.expected_revision())),
        Line(N_("Last backup"), wellness.backup(facts.backup_at, now)),
        Line(C_("health", "Record"), wellness.head(facts.head_on, clock.day(now, settings().zone))),
        Line(N_("Zone tables"), zones),
    ]
