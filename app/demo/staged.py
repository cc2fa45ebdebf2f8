"""What a story is made of: one act, who acts, and where; and how a line of it is read."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from app.models.actions import Action
from app.services.followup.transitions import Words
from app.services.kernel.audit import Actor


@dataclass(frozen=True)
class StagedAct:
    """`on` counts days from the day of loading; `rest` are the parts after the bars."""

    on: int
    verb: str
    argument: str
    rest: tuple[str, ...]

    def words(self, lang: str) -> Words:
        percent = 100 if self.verb == "submit" else int(self.argument) if self.argument.isdigit() else None
        note, public = (*self.rest, "", "")[:2]
        return Words(note=note, public_summary=public, percent=percent, lang=lang)


@dataclass(frozen=True)
class Players:
    """Who acts on one action: its secretariat, its owner, its verifier."""

    secretariat: Actor
    owner: Actor
    verifier: Actor
    of_post: Callable[[str], Actor]  # whoever holds it


@dataclass(frozen=True)
class Scene:
    """Where an act happens."""

    session: Session
    action: Action
    players: Players
    find: Callable[[str], Action]  # another action by its place, for what takes its place
    post: Callable[[str], int]
    lang: str
    today: dt.date


def parse(line: str) -> StagedAct:
    """`-40 report 30 | note | public words` → Act(-40, "report", "30", ("note", "public words"))."""
    head, *rest = (part.strip() for part in line.split("|"))
    on, verb, *argument = head.split()
    return StagedAct(int(on), verb, " ".join(argument), tuple(rest))
