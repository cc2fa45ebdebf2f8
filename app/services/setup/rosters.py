"""Taking in a list of bodies, posts and people: tried first, then all of it or nothing."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import addresses
from app.domain.errors import DomainError, Refused, TooLarge
from app.domain.messages import N_, Message
from app.domain.roster_lines import MOST_BYTES, LineProblem, RosterLine, parse
from app.domain.sentences import rosters
from app.domain.sentences.rosters import RosterAct
from app.domain.texts import Titles, pick
from app.files import text
from app.models.people import Organisation, Person, Post
from app.queries.scope import seats
from app.services.kernel.audit import Actor
from app.services.setup import organisations, people, posts
from app.services.setup.posts import PostWords
from app.services.setup.roles import require_administrator

B = TypeVar("B", Organisation, Post)
_NO_CSV = N_("This is no CSV file. In the spreadsheet choose “Save as”, then “CSV UTF-8”.")


@dataclass(frozen=True)
class LineOutcome:
    """What one line does, or why it is refused."""

    number: int
    done: tuple[Message, ...] = ()
    refused: Message | None = None


@dataclass(frozen=True)
class RosterReport:
    """By line, those that change nothing left out."""

    outcomes: tuple[LineOutcome, ...]
    is_trial: bool

    @property
    def refused(self) -> int:
        return sum(one.refused is not None for one in self.outcomes)

    @property
    def head(self) -> Message:
        done = sum(len(one.done) for one in self.outcomes)
        return rosters.head(done, self.refused, is_trial=self.is_trial)


def decoded(data: bytes) -> str:
    """The text of a file, in whichever encoding a spreadsheet saved it."""
    if len(data) > MOST_BYTES:
        raise TooLarge(N_("The file is larger than %(limit)s kB: divide it"), "file", limit=MOST_BYTES // 1024)
    try:
        return text.decode(data)
    except Refused as refused:
        raise Refused(_NO_CSV, "file") from refused


def take_in(session: Session, actor: Actor, typed: str, *, is_trial: bool) -> RosterReport:
    """Line by line. A trial leaves nothing behind, and neither does a file with one line that is refused."""
    require_administrator(actor)
    if len(typed.encode()) > MOST_BYTES:
        raise TooLarge(N_("The file is larger than %(limit)s kB: divide it"), "text", limit=MOST_BYTES // 1024)
    found = parse(typed)
    with session.begin_nested() as attempt:
        outcomes = [*map(_problem, found.problems), *(_tried(session, actor, line) for line in found.lines)]
        report = RosterReport(tuple(sorted(filter(_says, outcomes), key=lambda one: one.number)), is_trial)
        if is_trial or report.refused:
            attempt.rollback()
            session.expire_all()
    return report


def _says(outcome: LineOutcome) -> bool:
    return bool(outcome.done or outcome.refused)


def _problem(problem: LineProblem) -> LineOutcome:
    return LineOutcome(problem.number, refused=problem.message)


def _tried(session: Session, actor: Actor, line: RosterLine) -> LineOutcome:
    try:
        with session.begin_nested():
            return LineOutcome(line.number, tuple(_line(session, actor, line)))
    except Refused as refused:
        return LineOutcome(line.number, refused=refused.message)
    except DomainError:
        return LineOutcome(line.number, refused=Message(N_("This is not yours to change")))


def _line(session: Session, actor: Actor, line: RosterLine) -> Iterator[Message]:
    body = post = person = None
    if line.names("organisation"):
        body = yield from _body(session, actor, line)
    if line.names("post"):
        if body is None:
            raise Refused(N_("Name the organisation of this post on the same line"))
        post = yield from _post(session, actor, body, line)
    if line["name"] or line["email"]:
        person = yield from _person(session, actor, line)
    if post and person and seats.holder(session, post.id) != person.id:
        posts.hand_over(session, actor, post, person, since_on=clock.today(settings().zone))
        yield rosters.told("holder", RosterAct.CHANGED, f"{_called(post)}, {person.name}")


def _body(session: Session, actor: Actor, line: RosterLine) -> Generator[Message, None, Organisation]:
    titles, region = line.titles("organisation"), line["region"].upper()
    found = _found(session, Organisation, sa.true(), line["organisation"], titles)
    if found is None:
        slug = line["organisation"]
        made = organisations.create(session, actor, titles=titles, slug=slug, region=region or None)
        yield rosters.told("organisation", RosterAct.MADE, _called(made))
        return made
    wanted = {"titles": found.titles | titles, "region": region or found.region}
    if changes := _differing(found, wanted):
        organisations.edit(session, actor, found, **changes)
        yield rosters.told("organisation", RosterAct.CHANGED, _called(found))
    return found


def _post(session: Session, actor: Actor, body: Organisation, line: RosterLine) -> Generator[Message, None, Post]:
    titles, mailbox, manages = line.titles("post"), line["mailbox"], line.is_manager
    found = _found(session, Post, col(Post.organisation_id) == body.id, line["post"], titles)
    if found is None:
        new = PostWords(titles=titles, slug=line["post"], mailbox=mailbox, is_manager=bool(manages))
        made = posts.create(session, actor, body, **new)
        yield rosters.told("post", RosterAct.MADE, _called(made))
        return made
    wanted = {
        "titles": found.titles | titles,
        "mailbox": mailbox.lower() or found.mailbox,
        "is_manager": found.is_manager if manages is None else manages,
    }
    if changes := _differing(found, wanted):
        posts.edit(session, actor, found, **changes)
        yield rosters.told("post", RosterAct.CHANGED, _called(found))
    return found


def _person(session: Session, actor: Actor, line: RosterLine) -> Generator[Message, None, Person]:
    """Known by the address alone: two people may bear one name."""
    address = addresses.email(line["email"])
    name, language = line["name"], line["language"].lower()
    found = session.scalars(sa.select(Person).where(col(Person.email) == address)).first()
    if found is None:
        made = people.create(session, actor, email=address, name=name, locale=language)
        yield rosters.told("person", RosterAct.MADE, made.name)
        return made
    if not found.is_active:
        raise Refused(N_("This person's access is disabled: choose another"))
    if changes := _differing(found, {"name": name or found.name, "locale": language or found.locale}):
        people.edit(session, actor, found, **changes)
        yield rosters.told("person", RosterAct.CHANGED, found.name)
    return found


def _found(session: Session, table: type[B], where: sa.ColumnElement[bool], slug: str, titles: Titles) -> B | None:
    """By its address where the line has one, else by a title that is the same in one language."""
    if slug:
        found = session.scalars(sa.select(table).where(col(table.slug) == slug)).first()
        if found is not None and session.scalars(sa.select(where).where(col(table.id) == found.id)).first():
            return found
        if found is not None:
            raise Refused(N_("This post belongs to another organisation"))
        return None
    same = [table.titles[lang].as_string() == title for lang, title in titles.items()]  # type: ignore[attr-defined]
    several = session.scalars(sa.select(table).where(where, sa.or_(*same)).limit(2)).all()
    if len(several) > 1:
        raise Refused(N_("Two bear this title: name the one you mean by its address"))
    return several[0] if several else None


def _differing(found: Organisation | Post | Person, wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if getattr(found, name) != value}


def _called(found: Organisation | Post) -> str:
    return pick(found.titles, settings().default_locale)[0]
