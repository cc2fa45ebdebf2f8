"""A scene behind the application: a browser for each of the cast, and a look at what their presses left behind."""

import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

SAME = {"Sec-Fetch-Site": "same-origin"}
CAST = ("amina", "karim", "salma", "leila", "youssef", "nadia", "omar")


class House:
    """A scene with one action in each state asked for, and a browser for each of the cast."""

    def __init__(self, database: Database, application: ASGIApp) -> None:
        self.database, self.application = database, application
        with database.write() as session:
            self.made: Scene = scenes.scene(session, published=True)
            self.cookies = {name: scenes.signed_in(self.made, name) for name in CAST}

    def action(self, state: State = State.IN_PROGRESS, **changes: object) -> str:
        with self.database.write() as session:
            item = scenes.action(self.made.within(session), state, **changes)
            scenes.support(self.made, item)
            return item.ref

    def browser(self, name: str) -> TestClient:
        client = TestClient(self.application, base_url="http://127.0.0.1", follow_redirects=False)
        client.cookies.update(self.cookies[name])
        client.headers.update(SAME)
        return client

    def state(self, ref: str) -> State:
        with self.database.read() as session:
            return session.scalars(sa.select(col(Action.state)).where(col(Action.ref) == ref)).one()

    def row(self, ref: str) -> Action:
        with self.database.read() as session:
            return session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()
